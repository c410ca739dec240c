"""Where a ward keeps its data: in a file, or on a PostgreSQL that can be killed with the app's server."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from hiring.sqlite import driver
from tests.postgresql import Cluster


class Place(Protocol):
    """named: what is said of it in the table. url: what DATABASE_URL says, nothing for the usual file."""

    named: str
    url: str

    def kill(self) -> None:
        """Whatever keeps the data dies at once, with all that belongs to it."""

    def start(self) -> None:
        """Bring it back."""

    def ask(self, question: str) -> list[Any]:
        """The rows that a query gives."""
        ...

    def is_whole(self) -> bool:
        """Whether all of it can be read, and nothing in it is broken."""
        ...


class InFile:
    """SQLite, which is no process: it dies with the app's server and is back with it."""

    named = ""
    url = ""

    def __init__(self, instance: Path) -> None:
        self.path = instance / "loopcard.db"

    def kill(self) -> None:
        """Nothing runs."""

    def start(self) -> None:
        """Nothing has to."""

    def ask(self, question: str) -> list[Any]:
        connection = driver.connect(str(self.path))  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs
        try:
            return connection.execute(question).fetchall()
        finally:
            connection.close()

    def is_whole(self) -> bool:
        return self.ask("PRAGMA integrity_check") == [("ok",)]


class OnServer:
    """PostgreSQL as users run it, with a checksum on each page."""

    named = " on PostgreSQL"

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.cluster.ask("CREATE DATABASE hiring OWNER loopcard")
        self.url = cluster.url("hiring")

    def kill(self) -> None:
        self.cluster.kill()

    def start(self) -> None:
        self.cluster.start()

    def ask(self, question: str) -> list[Any]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(question.encode()).fetchall()

    def is_whole(self) -> bool:
        """Reads every table to its end; a page that doesn't fit its checksum is an error."""
        dumped = subprocess.run([self.cluster.programs / "pg_dump", self.url], stdout=subprocess.DEVNULL, check=False)
        return dumped.returncode == 0


@contextmanager
def on_postgresql() -> Iterator[OnServer]:
    cluster = Cluster()
    try:
        yield OnServer(cluster)
    finally:
        cluster.remove()
