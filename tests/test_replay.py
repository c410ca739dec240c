"""The replay of a power cut, on logs written by hand: what was synced is kept, and of all else only what luck leaves."""

import random
from pathlib import Path

import pytest

from hiring.sqlite import driver
from tests.reliability.powercut import choose_places, count_lost
from tests.reliability.replay import SECTOR, Disk, File, play_to, read_disk
from tests.reliability.shim import Kind, Record, append, open_log, read_log

OLD, NEW = b"o" * SECTOR, b"n" * SECTOR


def write(at: int, data: bytes) -> Record:
    return Record(Kind.WRITE, "file", at, data)


def mark(kind: Kind, number: int = 0) -> Record:
    return Record(kind, "file", number)


def luck(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same each time


def left_of(*log: Record, before: bytes = b"", chance: random.Random | None = None) -> bytes:
    """What stands in the file if the power goes after these records."""
    disk = Disk({"file": File(bytearray(before))})
    for record in log:
        disk.play(record)
    return disk.files["file"].cut(chance)


def test_what_was_synced_is_kept_and_what_came_after_is_lost() -> None:
    assert left_of(write(0, b"kept"), mark(Kind.SYNC, 1), mark(Kind.SYNCED, 1), write(4, b"lost")) == b"kept"


def test_a_sync_that_has_not_ended_keeps_nothing() -> None:
    assert left_of(write(0, b"lost"), mark(Kind.SYNC, 1)) == b""


def test_a_sync_keeps_only_what_was_written_before_it_began() -> None:
    assert left_of(write(0, b"kept"), mark(Kind.SYNC, 1), write(4, b"lost"), mark(Kind.SYNCED, 1)) == b"kept"


def test_of_two_syncs_at_once_each_keeps_what_it_saw() -> None:
    log = (mark(Kind.SYNC, 1), write(0, b"kept"), mark(Kind.SYNC, 2), write(4, b"lost"), mark(Kind.SYNCED, 2))
    assert left_of(*log) == b"kept"
    assert left_of(*log, mark(Kind.SYNCED, 1)) == b"kept"
    assert left_of(*log[:-1], mark(Kind.SYNCED, 1)) == b""


def test_another_files_sync_keeps_nothing_of_this_one() -> None:
    assert left_of(write(0, b"lost"), Record(Kind.SYNC, "other", 1), Record(Kind.SYNCED, "other", 1)) == b""


def test_a_file_is_cut_and_grows_in_the_order_of_the_log() -> None:
    synced = (mark(Kind.SYNC, 1), mark(Kind.SYNCED, 1))
    assert left_of(write(0, b"long text"), mark(Kind.TRUNCATE, 4), write(6, b"end"), *synced) == b"long\0\0end"
    assert left_of(write(0, b"long text"), write(6, b"end"), mark(Kind.TRUNCATE, 4), *synced) == b"long"
    assert left_of(mark(Kind.TRUNCATE, 0), before=b"stands until it is synced") == b"stands until it is synced"


def test_a_torn_write_leaves_whole_sectors_of_either_kind() -> None:
    left = left_of(write(0, NEW * 64), before=OLD * 64, chance=luck(1))
    sectors = [left[at : at + SECTOR] for at in range(0, len(left), SECTOR)]
    assert len(sectors) == 64
    assert set(sectors) == {OLD, NEW}
    assert 16 <= sectors.count(NEW) <= 48


def test_a_sector_is_torn_where_the_disk_has_its_borders_and_not_the_write() -> None:
    log = (write(100, b"n" * SECTOR), write(300, b"m" * 50))
    seen = {left_of(*log, before=b"o" * 2 * SECTOR, chance=luck(seed)) for seed in range(30)}
    first = {left[:SECTOR] for left in seen}
    second = {left[SECTOR:] for left in seen}
    assert first == {OLD, b"o" * 100 + b"n" * 200 + b"m" * 50 + b"n" * (SECTOR - 350)}
    assert second == {OLD, b"n" * 100 + b"o" * (SECTOR - 100)}


def test_what_was_synced_is_never_torn() -> None:
    log = (write(0, NEW * 8), mark(Kind.SYNC, 1), mark(Kind.SYNCED, 1))
    assert {left_of(*log, before=OLD * 8, chance=luck(seed)) for seed in range(20)} == {NEW * 8}


def test_a_log_is_read_back_and_played_to_each_moment(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "before" / "file").write_bytes(b"0")
    (tmp_path / "before" / "file-shm").write_bytes(b"memory")
    told = [write(0, b"1"), mark(Kind.SYNC, 1), mark(Kind.SYNCED, 1), Record(Kind.ACKED, "card", 1), Record(Kind.RENAME, "file", 0, b"new")]
    log = open_log(tmp_path / "log")
    for record in told:
        append(log, record)
    assert list(read_log(tmp_path / "log")) == told
    found = []
    for disk in play_to(read_disk(tmp_path / "before"), read_log(tmp_path / "log"), [0, 2, 3, 5]):
        folder = tmp_path / f"cut-{disk.place}"
        folder.mkdir()
        disk.write_cut(folder, None)
        found.append(({path.name: path.read_bytes() for path in folder.iterdir()}, dict(disk.acked)))
    assert found == [({"file": b"0"}, {}), ({"file": b"0"}, {}), ({"file": b"1"}, {}), ({"new": b"1"}, {"card": 1})]


@pytest.mark.parametrize(
    ("summary", "revisions", "lost"),
    [("3", ["1", "2", "3"], 0), ("4", ["1", "2", "3", "4"], 0), ("2", ["1", "2"], 1), ("3", ["1", "3"], 1), ("", [], 3)],
)
def test_a_save_is_lost_that_is_missing_on_the_card_or_among_its_revisions(
    tmp_path: Path, summary: str, revisions: list[str], lost: int
) -> None:
    database = tmp_path / "loopcard.db"
    connection = driver.connect(str(database))  # pyright: ignore[reportAttributeAccessIssue] - the wheel has no types
    connection.execute("CREATE TABLE scorecards (id, summary)")
    connection.execute("CREATE TABLE card_revisions (scorecard_id, changed)")
    connection.execute("INSERT INTO scorecards VALUES ('card', ?)", (summary,))
    connection.executemany("INSERT INTO card_revisions VALUES ('card', json_object('summary', ?))", [(one,) for one in revisions])
    connection.commit()
    connection.close()
    assert count_lost(database, Disk({}, {"card": 3})) == (lost, True)
    database.write_bytes(b"no database" * 100)
    assert count_lost(database, Disk({}, {"card": 3})) == (0, False)


def test_half_of_the_cuts_fall_into_a_checkpoint(tmp_path: Path) -> None:
    log = open_log(tmp_path / "log")
    names = ["loopcard.db"] + ["loopcard.db-wal"] * 500 + ["loopcard.db"] * 3 + ["loopcard.db-wal"] * 500
    for place, name in enumerate(names):
        append(log, Record(Kind.ACKED, "card", 1) if place == 100 else Record(Kind.WRITE, name))
    places = choose_places(tmp_path / "log", 20, luck(1))
    assert len(places) == 20
    assert places == sorted(places)
    assert min(places) > 100
    assert sum(place in {501, 502, 503} for place in places) >= 10
    assert len(set(places)) > 10
