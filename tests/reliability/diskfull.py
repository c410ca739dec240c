"""A full disk: the real server goes on serving pages and refuses saves, and takes them again as soon as there is room.

The shim plays two disks: one on which files can't grow, and one that takes no write at all, as those do that never write
in place. For a file that can't grow the kernel's answers are the same as on a small disk of one's own.
"""

import http.client
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hiring.sqlite import driver
from tests.reliability.figures import PAUSE, Figure, open_all, together
from tests.reliability.shim import NoShim, build_shim, shim_environment
from tests.reliability.typist import FIELD, Typist
from tests.reliability.ward import make_ward, serving

DISKS = {"files can't grow": b"", "no write gets through": b"at all"}
"""What stands in the shim's switch: see shim.c."""
LONG = "x" * 9000
"""Behind each number, so that each save takes room."""
PATIENCE = 10.0
"""Seconds that somebody goes on trying when there is room again."""
TARGETS = {
    "acknowledged saves lost on a disk that is full for a while": "0",
    "other answers than 503 with Retry-After to what a full disk can't take": "0",
    "pages that could not be read while it was full": "0",
    "seconds until saves are taken again once there is room": "at most 2",
}


@dataclass
class Seen:
    """What people met. refused: statuses of saves that were not taken, "503" only with Retry-After. resumed: seconds."""

    refused: Counter[str] = field(default_factory=Counter[str])
    read: Counter[str] = field(default_factory=Counter[str])
    resumed: list[float] = field(default_factory=list[float])


def measure_disk_full(folder: Path, *, seconds: float, writers: int = 8) -> list[Figure]:
    """A disk that is full for so long, twice, while people write and read."""
    try:
        shim = build_shim(folder)
    except NoShim as reason:
        return [Figure(name, f"not measured: {reason}", target, holds=False) for name, target in TARGETS.items()]
    instance, switch, seen = folder / "instance", folder / "full", Seen()
    desks = make_ward(instance, writers)
    with serving(instance, **shim_environment(shim, instance, full=switch)) as server:
        typists = open_all(desks, server.port)
        for content in DISKS.values():
            end = time.monotonic() + seconds / 2
            together([lambda one=one, end=end: _write(one, seen, end) for one in typists])
            switch.write_bytes(content)
            end = time.monotonic() + seconds
            together([lambda one=one, end=end: _write_and_read(one, seen, end) for one in typists])
            switch.unlink()
            together([lambda one=one: seen.resumed.append(_resume(one)) for one in typists])
    return _sum_up(instance, typists, seen)


def _next(typist: Typist) -> str:
    number = int(typist.acked.split()[0]) + 1 if typist.acked else 1
    return f"{number} {LONG}"


def _save(typist: Typist, seen: Seen) -> bool:
    """One save by the page's script; whether it was taken."""
    status = typist.save(_next(typist))
    if status != 200:
        _note(seen.refused, status, typist)
    return status == 200


def _press(typist: Typist, seen: Seen) -> None:
    """The same by the page's button. It may be taken: what files have room for was freed meanwhile, by a checkpoint say."""
    text = _next(typist)
    status = _ask(typist, "POST", f"/scorecards/{typist.desk.card}", {FIELD: text, "version": str(typist.version), "do": "save"})
    if status == 303:
        typist.acked = text
        typist.open()
    else:
        _note(seen.refused, status, typist)


def _write(typist: Typist, seen: Seen, end: float) -> None:
    """Save once at least, and until it is over: the disk is to be full at another moment of the WAL's life each time."""
    while _save(typist, seen) and time.monotonic() < end:
        time.sleep(PAUSE)


def _note(where: Counter[str], status: int, typist: Typist) -> None:
    where[f"{status}" if status != 503 or typist.retry_after else "503 without Retry-After"] += 1


def _write_and_read(typist: Typist, seen: Seen, end: float) -> None:
    """Save by the page's script and by its button, and read, until it is over."""
    while time.monotonic() < end:
        if not _save(typist, seen):
            _press(typist, seen)
        for page in ("/", "/scorecards/", f"/scorecards/{typist.desk.card}", f"/scorecards/{typist.desk.card}/revisions"):
            seen.read[str(_ask(typist, "GET", page))] += 1
        time.sleep(PAUSE)


def _ask(typist: Typist, method: str, path: str, data: dict[str, str] | None = None) -> int:
    """An answer's status, 0 where none came."""
    try:
        return typist.ask(method, path, data)[0]
    except (OSError, http.client.HTTPException):
        return 0


def _resume(typist: Typist) -> float:
    """Seconds until a save is taken."""
    began = time.monotonic()
    while not _save(typist, Seen()) and time.monotonic() < began + PATIENCE:
        time.sleep(PAUSE)
    return time.monotonic() - began


def count_missing(instance: Path, typists: Sequence[Typist]) -> int:
    """Saves that were acknowledged and that no card has; all of them where the file is corrupt."""
    connection = driver.connect(str(instance / "loopcard.db"))  # pyright: ignore[reportAttributeAccessIssue]
    acked = {typist.desk.card: int(typist.acked.split()[0]) for typist in typists}
    if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        return sum(acked.values())
    stands = {card: int((text or "0").split()[0]) for card, text in connection.execute("SELECT id, summary FROM scorecards")}
    connection.close()
    return sum(max(0, number - stands[card]) for card, number in acked.items())


def _sum_up(instance: Path, typists: Sequence[Typist], seen: Seen) -> list[Figure]:
    lost, acked = count_missing(instance, typists), sum(int(typist.acked.split()[0]) for typist in typists)
    refused, read, longest = seen.refused.total(), seen.read.total(), max(seen.resumed)
    wrong, unread = refused - seen.refused["503"], read - seen.read["200"]
    results = [
        (f"{lost} of {acked}", not lost),
        (_tell(wrong, seen.refused, "503"), refused > 0 and not wrong),
        (_tell(unread, seen.read, "200"), read > 0 and not unread),
        (f"{longest:.1f}", longest <= 2),
    ]
    return [Figure(name, result, target, holds) for (name, target), (result, holds) in zip(TARGETS.items(), results, strict=True)]


def _tell(wrong: int, seen: Counter[str], right: str) -> str:
    others = ", ".join(f"{count} x {what}" for what, count in seen.items() if what != right)
    return f"{wrong} of {seen.total()}" + (f" ({others})" if others else "")
