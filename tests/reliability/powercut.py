"""Power cuts: one run of the real server is recorded, then the power is cut at a thousand moments of it."""

import random
import shutil
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hiring.sqlite import driver
from tests.reliability.figures import Figure, open_all, together
from tests.reliability.replay import FORGOTTEN, Disk, play_to, read_disk
from tests.reliability.shim import Kind, NoShim, Record, append, build_shim, open_log, read_log, shim_environment
from tests.reliability.typist import Typist
from tests.reliability.ward import Desk, make_ward, serving

DATABASE = "loopcard.db"
FILES = "loopcard.db*"
CARELESS = {"GUNICORN_CMD_ARGS": "--config python:tests.reliability.careless"}
LOST = """SELECT count(DISTINCT json_extract(changed, '$.summary')) FROM card_revisions
WHERE scorecard_id = ? AND CAST(json_extract(changed, '$.summary') AS INTEGER) BETWEEN 1 AND ?"""


@dataclass
class Outcome:
    """Of so many cuts: in how many something was lost, in how many the file was corrupt, the most saves that one took."""

    cuts: int = 0
    losing: int = 0
    corrupt: int = 0
    worst: int = 0
    acked: int = 0


def measure_power_cuts(folder: Path, *, cuts: int, writers: int = 8) -> list[Figure]:
    """The power cut at random moments while people write: what was acknowledged is there; with synchronous=NORMAL it is not."""
    names = (
        f"acknowledged saves lost, the worst of {cuts} power cuts, {writers} writers",
        f"corrupt files in {cuts} power cuts",
        "the control: cuts that lose saves with synchronous=NORMAL",
    )
    targets = ("0", "0", "more than 0")
    try:
        shim = build_shim(folder)
    except NoShim as reason:
        return [Figure(name, f"not measured: {reason}", target, holds=False) for name, target in zip(names, targets, strict=True)]
    desks = make_ward(folder / "ward", writers)
    seconds = max(1.0, cuts / 50)

    def record(name: str, settings: dict[str, str]) -> Path:
        return _record(folder / name, folder / "ward", shim, desks, seconds, settings)

    with ThreadPoolExecutor() as at_once:
        careful, careless = at_once.map(record, ("full", "normal"), ({}, CARELESS))
    kept, control = try_cuts(careful, cuts), try_cuts(careless, max(20, cuts // 10))
    return [
        Figure(names[0], f"{kept.worst} of {kept.acked}", targets[0], not kept.losing),
        Figure(names[1], str(kept.corrupt), targets[1], not kept.corrupt),
        Figure(names[2], f"{control.losing} of {control.cuts} (up to {control.worst} saves)", targets[2], control.losing > 0),
    ]


def _record(run: Path, ward: Path, shim: Path, desks: Sequence[Desk], seconds: float, settings: dict[str, str]) -> Path:
    """Let people write on a copy of the ward; the folder with the installation as it was before and the log of what came."""
    shutil.copytree(ward, run / "before")
    shutil.copytree(ward, run / "instance")
    log, ended = open_log(run / "log"), threading.Event()
    with serving(run / "instance", **shim_environment(shim, run / "instance", log=run / "log"), **settings) as server:
        typists = open_all(desks, server.port)
        threading.Timer(seconds, ended.set).start()
        together([lambda one=one: _write_until(one, log, ended) for one in typists])
    assert all(typist.acked for typist in typists), "somebody's saves were not taken"
    check_whole(run)
    return run


def check_whole(run: Path) -> None:
    """Fail where the shim missed something: the whole log played on the files from before gives the files that are there."""
    disk = read_disk(run / "before", FILES)
    for record in read_log(run / "log"):
        disk.play(record)
    for name, file in disk.files.items():
        if not name.endswith(FORGOTTEN):
            file.sync(disk.place)
            assert file.synced == (run / "instance" / name).read_bytes(), f"{name} is not what was recorded"


def _write_until(typist: Typist, log: int, ended: threading.Event) -> None:
    number = 1
    while not ended.is_set() and typist.save(str(number)) == 200:
        append(log, Record(Kind.ACKED, typist.desk.card, number))
        number += 1


def choose_places(log: Path, cuts: int, chance: random.Random) -> list[int]:
    """Where to cut: after the first acknowledgement, and half of the cuts while a checkpoint changes the database itself.

    Checkpoints are rare and short, and the one thing that WAL has to get right: chance alone would hardly meet them.
    """
    marks = [(record.kind, record.name) for record in read_log(log)]
    first = next(place for place, (kind, _) in enumerate(marks) if kind is Kind.ACKED)
    amid = [place for place, (_, name) in enumerate(marks) if place > first and name == DATABASE]
    half = cuts // 2 if amid else 0
    return sorted([chance.choice(amid) for _ in range(half)] + [chance.randint(first + 1, len(marks)) for _ in range(cuts - half)])


def try_cuts(run: Path, cuts: int) -> Outcome:
    """Cut the power so many times in a recorded run; each second cut tears sectors too."""
    chance, outcome = random.Random(3), Outcome()  # noqa: S311 - the same moments each time
    places = choose_places(run / "log", cuts, chance)
    memory = Path("/dev/shm")  # noqa: S108 - a disk would be asked to keep each of a thousand copies
    for disk in play_to(read_disk(run / "before", FILES), read_log(run / "log"), places):
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else run) as left:
            disk.write_cut(Path(left), chance if outcome.cuts % 2 else None)
            lost, is_whole = count_lost(Path(left) / DATABASE, disk)
        outcome.cuts += 1
        outcome.losing += lost > 0
        outcome.worst = max(outcome.worst, lost)
        outcome.corrupt += not is_whole
        outcome.acked = sum(disk.acked.values())
    return outcome


def count_lost(database: Path, disk: Disk) -> tuple[int, bool]:
    """How many acknowledged saves a database lacks, on the cards or among their revisions, and whether it is whole."""
    connection = driver.connect(str(database))  # pyright: ignore[reportAttributeAccessIssue]
    try:
        connection.execute("PRAGMA synchronous=OFF")
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return 0, False
        stands = {card: int(text or 0) for card, text in connection.execute("SELECT id, summary FROM scorecards")}
        lost = 0
        for card, number in disk.acked.items():
            revisions = connection.execute(LOST, (card, number)).fetchone()[0]
            lost += max(0, number - stands[card], number - revisions)
        return lost, True
    except driver.DatabaseError:  # pyright: ignore[reportAttributeAccessIssue] - "database disk image is malformed"
        return 0, False
    finally:
        connection.close()
