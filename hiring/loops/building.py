"""Has a plan built by a process of its own: OR-Tools stays out of the web process, and a search that hangs can be killed.

A short build is waited for. A long one goes on behind the page: its process writes each better plan into a file of its own,
so that any process of ours can say how far it has come, and whoever stops it keeps the best plan so far.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from hiring.errors import Invalid, NotFound, Unavailable
from hiring.loops.compiler.instance import Answer, Clash, Cover, Instance, Status, Unmet, write_instance

WORKER = "hiring.loops.worker"
ROOT = Path(__file__).resolve().parents[2]
GRACE = 10.0
"""Seconds beyond those of the search that the worker has to start, to read and to write."""
KEPT = 3_600
"""Seconds for which the file of a build is kept."""
ENDED = "Building ended without an answer. Try again; if it stays so, tell your administrator."
# Nothing but the way to the libraries: secrets of the web process are no business of the worker.
ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1"}

_children: dict[int, "subprocess.Popen[bytes]"] = {}
"""The workers that this process started: only it can lay them to rest."""


@dataclass(frozen=True)
class Progress:
    """How far a build has come: its best plan so far or at the end, or why there is none."""

    answer: Answer | None
    is_running: bool
    seconds: float
    error: str = ""


def build(instance: Instance, *, gap: float = 0.01, seconds: float = 8.0) -> Answer:
    """The solver's answer. Raises Invalid where the instance can't be, Unavailable where the worker died or took too long."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", WORKER],
            input=_write_task(instance, gap, seconds),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds + GRACE,
            cwd=ROOT,
            env=ENVIRONMENT,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable("Building took too long and was stopped. Try again, or with fewer sessions or skills.") from error
    except OSError as error:
        raise Unavailable("The planner could not be started. Try again in a minute; if it stays so, tell your administrator.") from error
    result = _read_line(done.stdout)
    if "error" in result:
        raise Invalid(str(result["error"]))
    if done.returncode != 0 or "answer" not in result:
        raise Unavailable("The planner stopped without an answer. Try again; if it stays so, tell your administrator.")
    return read_answer(result["answer"])


def _write_task(instance: Instance, gap: float, seconds: float, *, progress: bool = False) -> str:
    return json.dumps({"instance": write_instance(instance), "gap": gap, "seconds": seconds, "progress": progress})


def start_build(folder: Path, instance: Instance, *, gap: float, seconds: float, note: dict[str, Any]) -> str:
    """Start a build behind the page; its id, by which it is found in the folder. note: what whoever takes its plan wants to know."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _clear(folder)
    build_id = uuid4().hex
    output, task = folder / f"{build_id}.jsonl", folder / f"{build_id}.task"
    task.write_text(_write_task(instance, gap, seconds, progress=True), encoding="utf-8")
    try:
        with task.open(encoding="utf-8") as source, output.open("w", encoding="utf-8") as target:
            process = _spawn(source, target)
    except OSError as error:
        raise Unavailable("The planner could not be started. Try again in a minute; if it stays so, tell your administrator.") from error
    finally:
        task.unlink(missing_ok=True)
    (folder / f"{build_id}.note").write_text(json.dumps(note), encoding="utf-8")
    _children[process.pid] = process
    (folder / f"{build_id}.pid").write_text(str(process.pid))
    return build_id


def read_note(folder: Path, build_id: str) -> dict[str, Any]:
    """What was noted when the build began."""
    output, _ = _find_files(folder, build_id)
    return json.loads(output.with_suffix(".note").read_text(encoding="utf-8"))


def _spawn(source: IO[str], target: IO[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", WORKER],
        stdin=source,
        stdout=target,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env=ENVIRONMENT,
        start_new_session=True,
    )


def wait_for_build(folder: Path, build_id: str, *, seconds: float) -> Progress:
    """How far the build has come when it ends, or when so many seconds have passed."""
    end = time.monotonic() + seconds
    while (progress := read_build(folder, build_id)).is_running and time.monotonic() < end:
        time.sleep(0.02)
    return progress


def read_build(folder: Path, build_id: str) -> Progress:
    """How far a build has come. Raises NotFound where there is none of this id, or no longer."""
    output, pid = _find_files(folder, build_id)
    is_running = _is_running(pid)
    lines = [line for line in output.read_text(encoding="utf-8").splitlines() if line.endswith("}")]
    seconds = time.time() - pid.stat().st_mtime
    if not lines:
        return Progress(None, is_running, seconds, "" if is_running else ENDED)
    result = _read_line(lines[-1])
    answer = result.get("answer") or result.get("progress")
    is_over = "answer" in result or "error" in result
    return Progress(read_answer(answer) if answer else None, is_running and not is_over, seconds, str(result.get("error", "")))


def stop_build(folder: Path, build_id: str) -> Progress:
    """End a build; what it had found stays."""
    _, pid = _find_files(folder, build_id)
    if _is_running(pid):
        os.kill(int(pid.read_text()), signal.SIGKILL)
    return wait_for_build(folder, build_id, seconds=2)


def _find_files(folder: Path, build_id: str) -> tuple[Path, Path]:
    output, pid = folder / f"{build_id}.jsonl", folder / f"{build_id}.pid"
    if not re.fullmatch("[0-9a-f]{32}", build_id) or not output.exists() or not pid.exists():
        raise NotFound("This build is over and its plan is no longer kept. Build again.")
    return output, pid


def _is_running(pid: Path) -> bool:
    """Whether the worker is at work; one that has ended and was ours is laid to rest."""
    number = int(pid.read_text())
    if number in _children:
        if _children[number].poll() is None:
            return True
        del _children[number]
    try:
        command = Path(f"/proc/{number}/cmdline").read_text()
    except OSError:
        return False
    return WORKER in command


def _clear(folder: Path) -> None:
    """Remove the files of builds that are long over."""
    for path in folder.glob("*.*"):
        if time.time() - path.stat().st_mtime > KEPT:
            path.unlink(missing_ok=True)


def _read_line(text: str) -> dict[str, Any]:
    """What the worker wrote last; nothing if it died before it had written all of it."""
    try:
        return json.loads(text.strip().rpartition("\n")[2])
    except ValueError:
        return {}


def read_answer(data: dict[str, Any]) -> Answer:
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
        clash=tuple(Clash(**row) for row in data["clash"]),
        times=tuple((session, minute) for session, minute in data["times"]),
    )
