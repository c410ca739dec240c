"""Calendars (.ics) in: what a person's calendar leaves free within their working hours.

A calendar comes from anywhere and may say anything, a repetition without end included. So it is read in a process of its
own (`worker`), which is killed past its time.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Collection
from datetime import datetime, time
from pathlib import Path

from hiring.errors import Invalid, Unavailable
from hiring.interviewers.files.limits import LARGEST, MOST_SECONDS
from hiring.interviewers.rules import WORKING_DAYS, WORKING_HOURS, Span

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 3 * MOST_SECONDS
"""Seconds by the clock: a busy machine costs nobody their calendar, a sleeping one blocks no page for ever."""
TOO_HARD = "This calendar takes too long to work out. Export only the coming weeks, or leave out events that repeat very often."
BROKEN = "This calendar can't be read. Export it once more as an .ics file from your calendar program, and upload that file unchanged."


def read_calendar(
    data: bytes,
    *,
    start: datetime,
    end: datetime,
    zone: str,
    hours: tuple[time, time] = WORKING_HOURS,
    weekdays: Collection[int] = WORKING_DAYS,
) -> list[Span]:
    """What is free between two moments within working hours; raises Invalid at `file` where the calendar is of no use.

    hours: from when to when, in `zone`; weekdays: 0 is Monday. Spans are sorted, apart from each other, in UTC.
    """
    if len(data) > LARGEST:
        raise refuse(f"This file has more than {LARGEST // 1024**2} MB. Export only the coming weeks, or a single calendar.")
    task = {
        "data": base64.b64encode(data).decode(),
        "start": start.isoformat(),
        "end": end.isoformat(),
        "zone": zone,
        "hours": [one.isoformat() for one in hours],
        "weekdays": sorted(weekdays),
    }
    answer = _ask(json.dumps(task))
    if "error" in answer:
        raise Invalid(answer["error"], answer["fields"])
    return [(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)) for starts_at, ends_at in answer["spans"]]


def refuse(said: str) -> Invalid:
    """An error at the field of the file."""
    return Invalid(said, {"file": said})


def _ask(task: str) -> dict:
    """The worker's answer; where it gave none, it ran into its limits or into something that its library can't read."""
    command = [sys.executable, "-m", "hiring.interviewers.files.worker"]
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, input=task, capture_output=True, encoding="utf-8", timeout=PATIENCE, cwd=ROOT, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise refuse(TOO_HARD) from error
    except OSError as error:
        raise Unavailable("The calendar could not be read just now. Please try again.") from error
    if done.returncode < 0:  # a signal: out of its time
        raise refuse(TOO_HARD)
    if done.returncode > 0:
        raise refuse(BROKEN)
    return json.loads(done.stdout)
