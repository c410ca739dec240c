"""SQLite made safe: what is refused at the start, and the queue in front of its writer."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hiring.config import ROOT
from hiring.errors import UnsafeDatabase
from hiring.sqlite import Queue, check_place, check_version, driver, set_up

VERSIONS = {(3, 40, 1): False, (3, 51, 2): False, (3, 51, 3): True, (3, 53, 4): True, (4, 0, 0): True}


@pytest.mark.parametrize(("version", "is_safe"), VERSIONS.items())
def test_an_sqlite_that_can_corrupt_the_database_is_refused(version: tuple[int, ...], is_safe: bool) -> None:
    if is_safe:
        check_version(version)
    else:
        with pytest.raises(UnsafeDatabase, match="pysqlite3"):
            check_version(version)


def test_a_database_that_keeps_another_journal_is_refused() -> None:
    with pytest.raises(UnsafeDatabase, match="journal_mode at memory where WAL"):
        set_up(driver.connect(":memory:"))  # pyright: ignore[reportAttributeAccessIssue] - the wheel has no types


MOUNTS = "rootfs / ext4 rw 0 0\nserver:/x /srv/far nfs4 rw 0 0\n/dev/sdb /srv/far/near ext4 rw 0 0\nshare /srv/with\\040space cifs rw 0 0\n"
PLACES = {
    "/srv": True,
    "/srv/far": False,
    "/srv/far/deep": False,
    "/srv/farther": True,
    "/srv/far/near/x": True,
    "/srv/with space/x": False,
}


@pytest.mark.parametrize(("folder", "is_safe"), PLACES.items())
def test_a_folder_on_another_machine_is_refused(folder: str, is_safe: bool) -> None:
    if is_safe:
        check_place(Path(folder), MOUNTS)
    else:
        with pytest.raises(UnsafeDatabase, match="another machine"):
            check_place(Path(folder), MOUNTS)


def test_writers_come_in_one_after_the_other(tmp_path: Path) -> None:
    queue, inside, most = Queue(tmp_path / "lock"), 0, 0

    def write() -> None:
        nonlocal inside, most
        for _ in range(50):
            ticket = queue.enter()
            assert ticket is not None
            inside += 1
            most = max(most, inside)
            time.sleep(0)
            inside -= 1
            queue.leave(ticket)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, inside) == (1, 0)


def test_who_is_in_does_not_wait_for_themselves(tmp_path: Path) -> None:
    queue = Queue(tmp_path / "lock")
    ticket = queue.enter()
    assert ticket is not None
    assert queue.enter() is None
    queue.leave(ticket)
    again = queue.enter()
    assert again is not None
    queue.leave(again)


def test_a_writer_that_is_killed_lets_the_next_one_in(tmp_path: Path) -> None:
    code = "from pathlib import Path; from hiring.sqlite import Queue; import sys, time;"
    code += "Queue(Path(sys.argv[1])).enter(); print('in', flush=True); time.sleep(60)"
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "lock")], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    entered = threading.Event()

    def wait() -> None:
        ticket = Queue(tmp_path / "lock").enter()
        entered.set()
        assert ticket is not None
        os.close(ticket)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert not entered.wait(0.2)
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    waiting.join(10)
    assert entered.is_set()
