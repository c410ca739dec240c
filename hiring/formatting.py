"""Jinja filters: how marks, spreads, minutes and moments are written."""

from datetime import datetime
from zoneinfo import ZoneInfo

EMPTY = "–"


def mark(value: float | None) -> str:
    """A mark or a score: whole numbers bare, others with one decimal, none as a dash."""
    if value is None:
        return EMPTY
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"


def score(value: float | None) -> str:
    """An aggregate: always two decimals, so that columns line up and nothing looks exact that isn't."""
    return EMPTY if value is None else f"{value:.2f}"


def spread(low: float | None, high: float | None) -> str:
    """The lowest to the highest mark."""
    if low is None or high is None:
        return EMPTY
    return mark(low) if low == high else f"{mark(low)}–{mark(high)}"


def percent(share: float | None) -> str:
    """A share of 1 as whole percent."""
    return EMPTY if share is None else f"{share * 100:.0f} %"


def minutes(value: int) -> str:
    """A length of time in words that fit a table."""
    hours, rest = divmod(value, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def moment(value: datetime | None, zone: str = "UTC") -> str:
    """A moment in a zone, as people say it."""
    if value is None:
        return EMPTY
    return f"{value.astimezone(ZoneInfo(zone)):%a %-d %b %Y, %H:%M}"


def day(value: datetime | None, zone: str = "UTC") -> str:
    """The day of a moment in a zone."""
    return EMPTY if value is None else f"{value.astimezone(ZoneInfo(zone)):%-d %B %Y}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 question`, `3 questions`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


FILTERS = {function.__name__: function for function in (mark, score, spread, percent, minutes, moment, day, count)}
"""What templates know by these names, the documents' too."""
