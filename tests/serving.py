"""What starts a real server takes: a free port, an environment of its own, and the patience until it answers."""

import os
import socket
import time
import urllib.request
from pathlib import Path

PATIENCE = 20
"""Seconds until a server has to answer."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(instance: Path, url: str, database: str = "") -> dict[str, str]:
    """What the app's own processes are told. database: another one than the file in `instance`, which may lose data for speed."""
    where = {"DATABASE_URL": database, "LOOPCARD_MAY_LOSE_DATA": "1"} if database else {}
    return {**os.environ, "LOOPCARD_INSTANCE": str(instance), "LOOPCARD_URL": url, **where}


def wait_for(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"{url} does not answer")
