"""The process that plans: `python -m hiring.loops.worker` reads one task from stdin and writes its answer to stdout, all JSON.

With "progress" in the task, each better plan is written as a line of its own on the way, so that whoever stops the process
has the best one so far.

OR-Tools takes 0.5 s and 90 MB to load, so it lives here and never in the web process; `building` is the way in.
"""

import json
import sys
from typing import Any, TextIO

from hiring.errors import HiringError, Invalid
from hiring.loops.compiler.instance import MOST_SECONDS, Answer, write_answer
from hiring.loops.compiler.reading import read_instance
from hiring.loops.solver import solve


def run(source: TextIO, target: TextIO) -> int:
    """Answer {"instance", "gap", "seconds"} with {"answer"} and 0, or with {"error": a sentence} and 2."""

    def tell(answer: Answer) -> None:
        target.write(json.dumps({"progress": write_answer(answer)}) + "\n")
        target.flush()

    try:
        task = _read_task(source)
        instance = read_instance(task.get("instance"))
        gap = _read_number(task, "gap", default=0.0, most=1.0)
        seconds = _read_number(task, "seconds", default=10.0, most=MOST_SECONDS)
        found = solve(instance, gap=gap, seconds=seconds, report=tell if task.get("progress") else None)
        result: dict[str, Any] = {"answer": write_answer(found)}
    except HiringError as error:
        result = {"error": str(error)}
    target.write(json.dumps(result) + "\n")
    return 2 if "error" in result else 0


def _read_task(source: TextIO) -> dict[str, Any]:
    try:
        task = json.load(source)
    except ValueError as error:
        raise Invalid(f"The task is not JSON: {error}.") from error
    if not isinstance(task, dict):
        raise Invalid("The task must be an object with an instance.")
    return task


def _read_number(task: dict[str, Any], name: str, *, default: float, most: float) -> float:
    value = task.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Invalid(f"{name}: must be a number from 0 to {most:,g}.")
    return float(value)


if __name__ == "__main__":
    sys.exit(run(sys.stdin, sys.stdout))
