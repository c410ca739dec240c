"""The process that reads a calendar: one task from stdin, its answer to stdout, both JSON; limits of its own on time and memory."""

import base64
import json
import sys
from datetime import datetime, time
from typing import Any, TextIO

from hiring.errors import Invalid
from hiring.interviewers.files.limits import MOST_MEMORY, MOST_SECONDS
from hiring.interviewers.files.reading import find_free_time

try:
    import resource  # how a process is kept to its share, where the system knows of it
except ImportError:
    resource = None


def run(source: TextIO, target: TextIO) -> None:
    """Answer a task of `read_calendar` with {"spans": pairs of moments} or {"error", "fields"}."""
    task = json.load(source)
    opens, closes = map(time.fromisoformat, task["hours"])
    try:
        spans = find_free_time(
            base64.b64decode(task["data"]),
            start=datetime.fromisoformat(task["start"]),
            end=datetime.fromisoformat(task["end"]),
            zone=task["zone"],
            hours=(opens, closes),
            weekdays=task["weekdays"],
        )
        answer: dict[str, Any] = {"spans": [(starts_at.isoformat(), ends_at.isoformat()) for starts_at, ends_at in spans]}
    except Invalid as error:
        answer = {"error": str(error), "fields": error.fields}
    json.dump(answer, target)


def _limit_itself() -> None:
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        if sys.platform == "linux":  # elsewhere an address space has no useful bound
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


if __name__ == "__main__":
    _limit_itself()
    run(sys.stdin, sys.stdout)
