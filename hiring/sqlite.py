"""SQLite made safe: a version that corrupts nothing, settings with a reason each, and a queue in front of its one writer."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from threading import get_ident
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from hiring.errors import UnsafeDatabase

try:
    import pysqlite3 as driver  # Debian 12's own SQLite can corrupt a WAL database; this wheel carries a mended one
except ImportError:
    import sqlite3 as driver

OLDEST = (3, 51, 3)
"""SQLite 3.7.0 to 3.51.2 can lose what a checkpoint writes at the wrong moment (its release notes, 13 March 2026)."""
PRAGMAS = {
    "journal_mode": ("WAL", "wal"),  # readers don't wait for the writer
    "synchronous": ("FULL", 2),  # NORMAL loses acknowledged marks at a power cut
    "foreign_keys": ("ON", 1),  # SQLite checks no reference unless told to
    "secure_delete": ("ON", 1),  # what is erased is overwritten
    "busy_timeout": ("5000", 5000),  # milliseconds to wait for another program that writes
}
"""What every connection is set to, and what SQLite answers where it is."""
FAR = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph"}
"""File systems of other machines: their locks can't be relied on, and a WAL database needs memory that all share."""


class Queue:
    """A lock on a file beside the database: writers come in one after the other, over all processes.

    SQLite itself lets them wait by sleeping ever longer, so that under load the unlucky ones wait for seconds while others
    pass. The kernel frees the lock when a process dies, however it dies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._inside: dict[int, int] = {}

    def enter(self) -> int | None:
        """Wait for one's turn. The ticket to give back, or None for a thread that is in already: it would wait for itself."""
        if get_ident() in self._inside:
            return None
        ticket = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(ticket, fcntl.LOCK_EX)
        except BaseException:
            os.close(ticket)
            raise
        self._inside[get_ident()] = ticket
        return ticket

    def leave(self, ticket: int) -> None:
        """Let the next one in; whatever thread cleans up, the one that entered is out."""
        self._inside = {thread: one for thread, one in self._inside.items() if one != ticket}
        os.close(ticket)


def engine_options(_: str) -> dict[str, Any]:
    """What an engine is made with, beside its address."""
    return {"module": driver}


def listen(engine: Engine, is_writing: Callable[[], bool]) -> None:
    """Give every connection of `engine` its settings, its turn and its kind of BEGIN; raises UnsafeDatabase."""
    check_version(driver.sqlite_version_info)
    path = engine.url.database
    is_file = bool(path) and path != ":memory:"
    if path and is_file:
        check_place(Path(path).parent)
    queue = Queue(Path(f"{path}.lock")) if is_file else None

    def begin(connection: Any) -> None:
        """Writers queue at once: a read that turns into a write fails where another has written meanwhile."""
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if is_writing() else 'ON'}")
        if is_writing() and queue is not None and (ticket := _take_ticket(queue)) is not None:
            connection.info["ticket"] = ticket
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")

    def leave(_: Any, record: Any) -> None:
        """The connection comes back after COMMIT or ROLLBACK, and only then."""
        ticket = record.info.pop("ticket", None)
        if queue is not None and ticket is not None:
            queue.leave(ticket)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", leave)


def _take_ticket(queue: Queue) -> int | None:
    """Enter the queue. Where its file can't be opened, on a full disk say, the database takes no writes: an error like its own."""
    try:
        return queue.enter()
    except OSError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def set_up(connection: Any, _: Any = None) -> None:
    """Set a connection up; raises UnsafeDatabase where SQLite takes a setting silently and keeps another."""
    connection.isolation_level = None  # the begin event opens transactions, not the driver
    for pragma, (wanted, answer) in PRAGMAS.items():
        connection.execute(f"PRAGMA {pragma}={wanted}")
        found = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        if found != answer:
            raise UnsafeDatabase(
                f"The database keeps {pragma} at {found} where {wanted} is needed. "
                "Put it on a disk of this machine that can be written to, or use PostgreSQL."
            )


def check_version(version: tuple[int, ...]) -> None:
    """Raise UnsafeDatabase for an SQLite that can corrupt the database."""
    if version < OLDEST:
        found, wanted = (".".join(map(str, one)) for one in (version, OLDEST))
        raise UnsafeDatabase(f"SQLite {found} can corrupt the database; {wanted} or newer is needed. The package pysqlite3 brings one.")


def check_place(folder: Path, mounts: str | None = None) -> None:
    """Raise UnsafeDatabase for a folder on another machine's disk. mounts: what the kernel says of them (Linux: /proc/mounts)."""
    if mounts is None:
        listed = Path("/proc/mounts")
        mounts = listed.read_text() if listed.exists() else ""
    points = [(Path(line.split()[1].replace("\\040", " ")), line.split()[2]) for line in mounts.splitlines()]
    over = [(point, kind) for point, kind in points if folder.resolve().is_relative_to(point)]
    point, kind = max(over, key=lambda one: len(one[0].parts), default=(folder, ""))
    if kind in FAR:
        raise UnsafeDatabase(f"{point} is on another machine ({kind}), where SQLite is not safe. Use a disk of this one, or PostgreSQL.")
