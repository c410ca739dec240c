"""The file that is deleted when the disk is full: made by set-up, made again, and never what fills the disk."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from hiring.commands.set_up import RESERVE, keep_reserve


def test_a_reserve_is_made_and_made_again_after_it_was_used(tmp_path: Path) -> None:
    for before in (None, b"", b"a start that was interrupted"):
        (tmp_path / "reserve").unlink(missing_ok=True)
        if before is not None:
            (tmp_path / "reserve").write_bytes(before)
        assert keep_reserve(tmp_path)
        assert (tmp_path / "reserve").stat().st_size == RESERVE
    made = (tmp_path / "reserve").stat().st_mtime_ns
    assert keep_reserve(tmp_path)
    assert (tmp_path / "reserve").stat().st_mtime_ns == made


def test_no_reserve_is_made_where_it_would_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nearly_full = shutil.disk_usage(tmp_path)._replace(free=4 * RESERVE - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: nearly_full)
    assert not keep_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def quota(size: int) -> Iterator[None]:
    """Files may not grow beyond this."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, was[1]))
    try:
        yield
    finally:  # it holds for all of the tests' process
        resource.setrlimit(resource.RLIMIT_FSIZE, was)


def test_half_a_reserve_is_not_left_lying_about(tmp_path: Path) -> None:
    with quota(RESERVE // 2):
        assert not keep_reserve(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("web_fonts")
def test_set_up_makes_the_reserve_and_says_where_it_can_not(app: Flask) -> None:
    runner, path = app.test_cli_runner(), Path(app.instance_path) / "reserve"
    with quota(RESERVE // 2):
        told = runner.invoke(args=["set-up", "--no-sample"])
    assert (told.exit_code, path.exists()) == (0, False)
    assert "The disk is nearly full" in told.stderr
    assert "nearly full" not in runner.invoke(args=["set-up", "--no-sample"]).output
    assert path.stat().st_size == RESERVE
