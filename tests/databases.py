"""Where the tests' databases are: each installation has one of its own, a file in its folder or a database on a server."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg

from hiring import postgresql, sqlite
from tests.postgresql import Cluster


class Databases(Protocol):
    """One way to keep databases, each named by the folder of its installation."""

    def url(self, instance: Path) -> str: ...

    def make(self, instance: Path) -> None:
        """Make an empty one."""

    def copy(self, source: Path, target: Path) -> None:
        """Make the database of `target` like that of `source`, to which nobody may be connected."""

    def drop(self, instance: Path) -> None:
        """Take it away; whoever is connected to it loses it."""

    def read_all(self, instance: Path) -> bytes:
        """All that is kept, to look for what must not be in it."""
        ...

    def read_schema(self, instance: Path) -> str:
        """The statements that would make its tables and indexes, in a fixed order."""
        ...

    @contextmanager
    def keep_busy(self, instance: Path) -> Iterator[None]:
        """Somebody else has the turn to write meanwhile."""
        ...

    def close(self) -> None: ...


class Files:
    """SQLite."""

    def url(self, instance: Path) -> str:
        return f"sqlite:///{instance / 'loopcard.db'}"

    def make(self, instance: Path) -> None:
        """SQLite makes its file itself."""

    def copy(self, source: Path, target: Path) -> None:
        shutil.copy(source / "loopcard.db", target / "loopcard.db")

    def drop(self, instance: Path) -> None:
        (instance / "loopcard.db").unlink()

    def read_all(self, instance: Path) -> bytes:
        return b"".join(path.read_bytes() for path in instance.glob("loopcard.db*"))

    def read_schema(self, instance: Path) -> str:
        connection = sqlite.driver.connect(instance / "loopcard.db")  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs
        rows = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
        connection.close()
        return "\n".join(sql for (sql,) in rows)

    @contextmanager
    def keep_busy(self, instance: Path) -> Iterator[None]:
        other = sqlite.driver.connect(instance / "loopcard.db", isolation_level=None)  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs
        other.execute("BEGIN IMMEDIATE")
        yield
        other.close()

    def close(self) -> None:
        """Nothing runs."""


class Server:
    """PostgreSQL, on a server of its own."""

    def __init__(self, cluster: Cluster | None = None) -> None:
        self.cluster = cluster or Cluster(in_a_hurry=True)

    def name(self, instance: Path) -> str:
        return "t" + hashlib.sha256(str(instance).encode()).hexdigest()[:20]

    def url(self, instance: Path) -> str:
        return self.cluster.url(self.name(instance)).replace("postgresql://", "postgresql+psycopg://")

    def make(self, instance: Path) -> None:
        self.cluster.ask(f"CREATE DATABASE {self.name(instance)} OWNER loopcard")

    def copy(self, source: Path, target: Path) -> None:
        # The files as they are: twice as quick as through the log where nothing is synced.
        self.cluster.ask(f"CREATE DATABASE {self.name(target)} TEMPLATE {self.name(source)} OWNER loopcard STRATEGY FILE_COPY")

    def drop(self, instance: Path) -> None:
        self.cluster.ask(f"DROP DATABASE {self.name(instance)} WITH (FORCE)")

    def read_all(self, instance: Path) -> bytes:
        return self._dump(instance)

    def read_schema(self, instance: Path) -> str:
        # The dump is fenced by a word that it makes up anew each time.
        return re.sub(r"\\(un)?restrict \w+", "", self._dump(instance, "--schema-only").decode())

    def _dump(self, instance: Path, *options: str) -> bytes:
        command = [self.cluster.programs / "pg_dump", *options, self.cluster.url(self.name(instance))]
        return subprocess.run(command, capture_output=True, check=True).stdout

    @contextmanager
    def keep_busy(self, instance: Path) -> Iterator[None]:
        with psycopg.connect(self.cluster.url(self.name(instance))) as other:
            other.execute(f"SELECT pg_advisory_xact_lock({postgresql.QUEUE})".encode())
            yield

    def close(self) -> None:
        self.cluster.remove()


KINDS: dict[str, type[Files] | type[Server]] = {"sqlite": Files, "postgresql": Server}
