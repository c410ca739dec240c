"""The shim before a server's disk: what a program does to its files stands in the log, and a switch makes the disk full."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.shim import Kind, NoShim, Record, build_shim, read_log, shim_environment

WRITES = """
import os, sys
os.chdir(sys.argv[1])
folder, flags = os.getcwd() + "/", os.O_RDWR | os.O_CREAT
file = os.open(folder + "one", flags)
os.write(file, b"abc")
os.pwrite(file, b"xyz", 10)
os.fsync(file)
os.ftruncate(file, 5)
os.fdatasync(file)
more = os.open(folder + "one", os.O_WRONLY | os.O_APPEND)
os.write(more, b"end")
os.open(folder + "one", os.O_WRONLY | os.O_TRUNC)
os.rename(folder + "one", folder + "two")
os.unlink(folder + "two")
os.write(os.open(folder + "../outside", flags), b"not ours")
"""
FILLS = """
import errno, os, pathlib, sys
folder, switch, content = sys.argv[1:]
file = os.open(folder + "/one", os.O_RDWR | os.O_CREAT)
os.write(file, b"0123456789")
pathlib.Path(switch).write_text(content)
def attempt(act):
    try: return act()
    except OSError as error: return errno.errorcode[error.errno]
print(attempt(lambda: os.pwrite(file, b"over", 2)))
print(attempt(lambda: os.pwrite(file, b"beyond", 7)))
print(attempt(lambda: os.write(file, b"end")))
print(attempt(lambda: os.ftruncate(file, 20)))
print(attempt(lambda: os.ftruncate(file, 8)))
print(attempt(lambda: os.open(folder + "/new", os.O_CREAT)))
os.unlink(switch)
print(attempt(lambda: os.pwrite(file, b"beyond", 8)))
print(os.pread(file, 20, 0))
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return build_shim(tmp_path_factory.mktemp("shim"))
    except NoShim as reason:
        pytest.skip(str(reason))


def run(shim: Path, script: str, instance: Path, *more: str, **settings: Path) -> str:
    instance.mkdir()
    command = [sys.executable, "-c", script, str(instance.resolve()), *more]
    return subprocess.run(command, env=shim_environment(shim, instance, **settings), capture_output=True, text=True, check=True).stdout


def test_what_a_program_does_to_its_files_is_recorded_in_order(shim: Path, tmp_path: Path) -> None:
    run(shim, WRITES, tmp_path / "instance", log=tmp_path / "log")
    log = list(read_log(tmp_path / "log"))
    syncs = [record.number for record in log if record.kind in {Kind.SYNC, Kind.SYNCED}]
    assert syncs[0] == syncs[1] != syncs[2] == syncs[3]
    assert log == [
        Record(Kind.WRITE, "one", 0, b"abc"),
        Record(Kind.WRITE, "one", 10, b"xyz"),
        Record(Kind.SYNC, "one", syncs[0]),
        Record(Kind.SYNCED, "one", syncs[0]),
        Record(Kind.TRUNCATE, "one", 5),
        Record(Kind.SYNC, "one", syncs[2]),
        Record(Kind.SYNCED, "one", syncs[2]),
        Record(Kind.WRITE, "one", 5, b"end"),
        Record(Kind.TRUNCATE, "one", 0),
        Record(Kind.RENAME, "one", 0, b"two"),
        Record(Kind.UNLINK, "two"),
    ]


DISKS = {
    "files can't grow": ("", ["4", "3", "ENOSPC", "ENOSPC", "None", "ENOSPC", "6", "b'01over6bbeyond'"]),
    "no write gets through": ("at all", ["ENOSPC", "ENOSPC", "ENOSPC", "ENOSPC", "None", "ENOSPC", "6", "b'01234567beyond'"]),
}


@pytest.mark.parametrize(("content", "expected"), DISKS.values(), ids=DISKS)
def test_a_full_disk_takes_what_needs_no_room(shim: Path, tmp_path: Path, content: str, expected: list[str]) -> None:
    said = run(shim, FILLS, tmp_path / "instance", str(tmp_path / "full"), content, full=tmp_path / "full")
    assert said.splitlines() == expected
