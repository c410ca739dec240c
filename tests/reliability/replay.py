"""What a disk holds after the power went: the log of a run is played up to a moment, and what was not synced is lost.

The disk that is meant here keeps what was synced, for ever, and of all else a part that nobody chooses: nothing, or any
half of the sectors, in any order. That a file exists, was renamed or removed counts as kept at once.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.shim import Kind, Record

SECTOR = 512
"""Bytes that a disk writes whole or not at all."""
FORGOTTEN = "-shm"
"""SQLite's index of the WAL is memory that lives in a file; every start makes it anew."""


@dataclass
class File:
    """synced: what no power cut takes. waiting: what came since, in order, each with its place in the log."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, Record]] = field(default_factory=list[tuple[int, Record]])

    def sync(self, begun: int) -> None:
        """Keep what had been recorded before the place in the log where the sync began."""
        for place, record in self.waiting:
            if place < begun:
                _change(self.synced, record)
        self.waiting = [(place, record) for place, record in self.waiting if place > begun]

    def cut(self, chance: random.Random | None) -> bytes:
        """What is left of it: what was synced and, where chance rules, half of the sectors that were waiting."""
        left = bytearray(self.synced)
        if chance is not None:
            kept: dict[int, bool] = {}
            for _, record in self.waiting:
                for piece in _in_sectors(record):
                    sector = -1 if piece.kind is Kind.TRUNCATE else piece.number // SECTOR
                    if kept.setdefault(sector, chance.random() < 0.5):
                        _change(left, piece)
        return bytes(left)


@dataclass
class Disk:
    """The files of a folder, and what was acknowledged to somebody by now: card to number. place: how far the log is played."""

    files: dict[str, File]
    acked: dict[str, int] = field(default_factory=dict[str, int])
    place: int = 0
    syncs: dict[tuple[str, int], int] = field(default_factory=dict[tuple[str, int], int])

    def play(self, record: Record) -> None:
        """Let the next record of the log happen."""
        match record.kind:
            case Kind.WRITE | Kind.TRUNCATE:
                self._file(record.name).waiting.append((self.place, record))
            case Kind.SYNC:
                self.syncs[record.name, record.number] = self.place
            case Kind.SYNCED:
                self._file(record.name).sync(self.syncs.pop((record.name, record.number)))
            case Kind.UNLINK:
                self.files.pop(record.name, None)
            case Kind.RENAME:
                self.files[record.data.decode()] = self.files.pop(record.name, File())
            case Kind.ACKED:
                self.acked[record.name] = record.number
        self.place += 1

    def write_cut(self, folder: Path, chance: random.Random | None) -> None:
        """Write into `folder` what is left if the power goes now; chance: None loses all that was not synced."""
        for name, file in self.files.items():
            if not name.endswith(FORGOTTEN):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(file.cut(chance))

    def _file(self, name: str) -> File:
        return self.files.setdefault(name, File())


def read_disk(folder: Path, pattern: str = "*") -> Disk:
    """A disk on which all is synced that lies in `folder`."""
    files = [path for path in folder.rglob(pattern) if path.is_file()]
    return Disk({str(path.relative_to(folder)): File(bytearray(path.read_bytes())) for path in files})


def play_to(disk: Disk, log: Iterable[Record], places: Iterable[int]) -> Iterator[Disk]:
    """The disk as it stands before each of these places in the log, which are in order."""
    records = iter(log)
    for place in places:
        while disk.place < place:
            disk.play(next(records))
        yield disk


def _in_sectors(record: Record) -> Iterator[Record]:
    """A write in pieces, none of which crosses from one sector into the next."""
    if record.kind is Kind.TRUNCATE:
        yield record
        return
    start = record.number
    while start < record.number + len(record.data):
        end = start - start % SECTOR + SECTOR
        yield Record(record.kind, record.name, start, record.data[start - record.number : end - record.number])
        start = end


def _change(content: bytearray, record: Record) -> None:
    """Do to a file what the record says; what it never wrote before that reads as zeros."""
    missing = record.number - len(content)
    if missing > 0:
        content.extend(bytes(missing))
    if record.kind is Kind.TRUNCATE:
        del content[record.number :]
    else:
        content[record.number : record.number + len(record.data)] = record.data
