"""Has a plan built by a process of its own: OR-Tools stays out of the web process, and a search that hangs can be killed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hiring.errors import Invalid, Unavailable
from hiring.loops.instance import Answer, Cover, Instance, Status, Unmet, write_instance

WORKER = "hiring.loops.worker"
ROOT = Path(__file__).resolve().parents[2]
GRACE = 10.0
"""Seconds beyond those of the search that the worker has to start, to read and to write."""


def build(instance: Instance, *, gap: float = 0.01, seconds: float = 8.0) -> Answer:
    """The solver's answer. Raises Invalid where the instance can't be, Unavailable where the worker died or took too long."""
    task = json.dumps({"instance": write_instance(instance), "gap": gap, "seconds": seconds})
    try:
        # Nothing but the way to the libraries: secrets of the web process are no business of the worker.
        done = subprocess.run(
            [sys.executable, "-m", WORKER],
            input=task,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds + GRACE,
            cwd=ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable("Building took too long and was stopped. Try again, or with fewer sessions or skills.") from error
    except OSError as error:
        raise Unavailable("The planner could not be started. Try again in a minute; if it stays so, tell your administrator.") from error
    result = _read(done.stdout)
    if "error" in result:
        raise Invalid(str(result["error"]))
    if done.returncode != 0 or "answer" not in result:
        raise Unavailable("The planner stopped without an answer. Try again; if it stays so, tell your administrator.")
    return _read_answer(result["answer"])


def _read(text: str) -> dict[str, Any]:
    """What the worker wrote; nothing if it died before it had written all of it."""
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _read_answer(data: dict[str, Any]) -> Answer:
    """The answer that `write_answer` wrote; it comes from our own worker and is not checked again."""
    return Answer(
        status=Status(data["status"]),
        objective=data["objective"],
        bound=data["bound"],
        seconds=data["seconds"],
        questions=tuple((question, session) for question, session in data["questions"]),
        seats=tuple((person, session) for person, session in data["seats"]),
        coverage={skill: Cover(tuple(row["sessions"]), tuple(row["people"])) for skill, row in data["coverage"].items()},
        unmet=tuple(Unmet(**{**row, "mend": tuple(row["mend"])}) for row in data["unmet"]),
    )
