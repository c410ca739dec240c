"""A disk without room: saves are refused in a way that invites to try again, pages are read on, and room alone mends it."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from hiring.accounts.models import SignIn
from hiring.db import db, now, transaction
from hiring.scorecards.rules import LONGEST_NOTE
from hiring.web import RETRY_AFTER
from tests.factories import World
from tests.people import sign_in

JSON = {"Accept": "application/json"}
LONG = "x" * LONGEST_NOTE


@contextmanager
def no_page_more(app: Flask) -> Iterator[None]:
    """SQLite may not add a page: the statement that needs one fails with "database or disk is full"."""

    def limit(connection: object, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")  # pyright: ignore[reportAttributeAccessIssue] - never fewer than there are

    with app.app_context():
        event.listen(db.engine, "connect", limit)
        db.engine.dispose()
        yield
        event.remove(db.engine, "connect", limit)
        db.engine.dispose()


@contextmanager
def no_byte_more(app: Flask) -> Iterator[None]:
    """The kernel lets the WAL not grow: COMMIT fails, after the view has done its work."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (Path(app.instance_path, "loopcard.db-wal").stat().st_size, was[1]))
    try:
        yield
    finally:  # it holds for all of the tests' process
        resource.setrlimit(resource.RLIMIT_FSIZE, was)


Limit = Callable[[Flask], AbstractContextManager[None]]
both_limits = pytest.mark.parametrize("limit", [no_page_more, no_byte_more])


@both_limits
def test_a_full_disk_refuses_saves_and_takes_them_again_when_there_is_room(app: Flask, world: World, limit: Limit) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as it is outside of tests
    client = sign_in(app, "ana")
    card = client.post(f"/scorecards/seat/{world.seats['ana']}").location
    assert client.post(f"{card}/draft", data={"summary": "Kept.", "version": "1"}, headers=JSON).status_code == 200
    with limit(app):
        told = client.post(f"{card}/draft", data={"summary": LONG, "version": "2"}, headers=JSON)
        page = client.post(card, data={"summary": LONG, "version": "2", "do": "save"})
        read = client.get(card)
    assert (told.status_code, page.status_code, read.status_code) == (503, 503, 200)
    assert told.headers["Retry-After"] == page.headers["Retry-After"] == str(RETRY_AFTER)
    assert "disk" in told.json["error"]  # pyright: ignore[reportOptionalSubscript]
    assert "Nothing of your last step was saved" in page.text
    assert "Kept." in read.text
    assert "Draft saved" not in page.text + read.text
    assert client.post(f"{card}/draft", data={"summary": LONG, "version": "2"}, headers=JSON).status_code == 200
    assert LONG in client.get(card).text


@both_limits
def test_who_comes_back_after_a_while_reads_on_although_that_cannot_be_noted(app: Flask, world: World, limit: Limit) -> None:
    client = sign_in(app, "ana")
    with app.app_context(), transaction():
        for one in db.session.query(SignIn):
            one.seen_at = now() - timedelta(hours=1)
    with limit(app):
        assert client.get("/").status_code == 200


def test_a_folder_that_takes_no_new_file_lets_pages_be_read(app: Flask, world: World) -> None:
    """The queue's lock is a file; without room for it nobody writes."""
    client = sign_in(app, "ana")
    with app.app_context(), transaction():
        for one in db.session.query(SignIn):
            one.seen_at = now() - timedelta(hours=1)
    Path(app.instance_path, "loopcard.db.lock").unlink()
    Path(app.instance_path, "loopcard.db.lock").mkdir()
    assert client.get("/").status_code == 200
    answer = client.post(f"/scorecards/seat/{world.seats['ana']}")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == str(RETRY_AFTER)


FAULTS = {"a full disk": ("/dev/full", 503), "another fault of a file": ("/nowhere/at/all", 500)}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(("path", "status"), FAULTS.values(), ids=FAULTS)
def test_a_file_that_finds_no_room_is_no_fault_of_ours(app: Flask, world: World, path: str, status: int) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # as it is outside of tests
    app.add_url_rule("/writes", view_func=lambda: str(Path(path).write_text("something")))
    answer = sign_in(app, "ana").get("/writes")
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == (str(RETRY_AFTER) if status == 503 else None)
    assert ("disk is full" in answer.text) == (status == 503)
