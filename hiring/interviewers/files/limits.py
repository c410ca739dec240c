"""How much of a calendar is read before it is refused."""

LARGEST = 1024**2
"""Bytes of a file: some 2,000 events with their descriptions."""
MOST_OCCURRENCES = 5_000
"""Events and repetitions within the time that is asked for; nobody has more than a hundred on a day."""
MOST_SECONDS = 10
"""Of the processor's time. A full calendar of ten years takes about three."""
MOST_MEMORY = 1024**3
"""Bytes of address space."""
