"""The shim before a server's disk: made by the system's C compiler, switched by its environment, and the log that it keeps."""

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("shim.c")
HEAD = struct.Struct("=IIQQ")
"""Kind, length of the name, number, length of the data; then the name and the data."""


class NoShim(Exception):
    """It can't be made on this machine; the text says why."""


class Kind(IntEnum):
    """What a record tells. The first six come from the shim, in its own numbers; the last from whoever was answered."""

    WRITE = 1
    TRUNCATE = 2
    SYNC = 3
    SYNCED = 4
    UNLINK = 5
    RENAME = 6
    ACKED = 7


@dataclass(frozen=True)
class Record:
    """name: the file, below the folder (of ACKED: the card). number: where it was written, the new size, which sync, which text."""

    kind: Kind
    name: str
    number: int = 0
    data: bytes = b""


def build_shim(folder: Path) -> Path:
    """Compile the shim into `folder`; raises NoShim."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if sys.platform != "linux":
        raise NoShim("only on Linux")
    if compiler is None:
        raise NoShim("no C compiler")
    made = folder / "shim.so"
    done = subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", made, SOURCE], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoShim(f"the C compiler says: {done.stderr.strip().splitlines()[0]}")
    return made


def shim_environment(shim: Path, instance: Path, *, log: Path | None = None, full: Path | None = None) -> dict[str, str]:
    """What a server's environment needs to have the shim before the files in `instance`."""
    places = {"SHIM_LOG": log, "SHIM_FULL": full}
    given = {name: str(path) for name, path in places.items() if path is not None}
    return {"LD_PRELOAD": str(shim), "SHIM_FOLDER": str(instance.resolve()), **given}


def append(log: int, record: Record) -> None:
    """Put a record into an open log, as the shim does: one write at the end is one place in the order."""
    name = record.name.encode()
    os.write(log, HEAD.pack(record.kind, len(name), record.number, len(record.data)) + name + record.data)


def open_log(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def read_log(path: Path) -> Iterator[Record]:
    """The records in their order."""
    with path.open("rb") as file:
        while head := file.read(HEAD.size):
            kind, name_length, number, data_length = HEAD.unpack(head)
            yield Record(Kind(kind), file.read(name_length).decode(), number, file.read(data_length))
