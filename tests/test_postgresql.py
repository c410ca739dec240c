"""PostgreSQL made safe: what is refused at the start, what an error may say, and what a server that goes away does to the app."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import String, column, select, values
from sqlalchemy.exc import IntegrityError

from hiring import config
from hiring.accounts.models import Person
from hiring.application import create_app
from hiring.audit import AuditEvent, record
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.commands.set_up import SHIPPED_BANK
from hiring.config import ROOT, BadSettings, read_settings
from hiring.db import db, in_code_order, now, transaction, writing
from hiring.errors import UnsafeDatabase
from hiring.permissions import Operator
from hiring.postgresql import LOSES, check_server
from tests.conftest import Stock, make_app
from tests.databases import Server
from tests.factories import World, enter, make_world
from tests.people import email_of
from tests.postgresql import Cluster
from tests.serving import environment

SAFE = {**dict.fromkeys(LOSES, "on"), "server_encoding": "UTF8"}
PASSWORD = "Tr0ub4dor"


@pytest.fixture
def kind() -> str:
    return "postgresql"


@pytest.mark.parametrize("setting", LOSES)
def test_a_server_that_can_lose_what_it_says_it_keeps_is_refused(setting: str) -> None:
    check_server(SAFE)
    check_server({**SAFE, setting: "off"}, may_lose_data=True)
    with pytest.raises(UnsafeDatabase, match=f"{setting} = off"):
        check_server({**SAFE, setting: "off"})


def test_a_database_that_can_t_hold_every_name_is_refused() -> None:
    with pytest.raises(UnsafeDatabase, match="LATIN1"):
        check_server({**SAFE, "server_encoding": "LATIN1"}, may_lose_data=True)


def state(instance: Path, url: str, **more: str) -> str:
    """What `./run` is told of a database before it starts."""
    settings = {**environment(instance, "http://127.0.0.1:8000"), "DATABASE_URL": url, **more}
    asked = [sys.executable, "-m", "machine.database"]
    done = subprocess.run(asked, cwd=ROOT, env=settings, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_start_is_told_how_the_database_stands(tmp_path: Path, stock: Stock) -> None:
    url, hurry = stock.databases.url(stock.shipped), {"LOOPCARD_MAY_LOSE_DATA": "1"}
    assert state(tmp_path, url, **hurry) == "current"
    assert state(tmp_path, url).startswith("settings: PostgreSQL runs with fsync = off: a crash of its machine can corrupt the database.")
    stock.databases.make(tmp_path)
    assert state(tmp_path, stock.databases.url(tmp_path).replace("postgresql+psycopg", "postgres"), **hurry) == "behind"
    stock.databases.drop(tmp_path)
    assert "does not exist" in state(tmp_path, stock.databases.url(tmp_path), **hurry)


@pytest.mark.parametrize("where", ["127.0.0.1:1", "nowhere.invalid"])
def test_a_server_that_does_not_answer_is_named_without_the_password(tmp_path: Path, where: str) -> None:
    said = state(tmp_path, f"postgresql://ana:{PASSWORD}@{where}/hiring")
    assert said.startswith("settings: The database can't be opened:")
    assert where.split(":")[0] in said
    assert PASSWORD not in said


UNREADABLE = {
    "another kind of database": f"mysql://ana:{PASSWORD}@localhost/hiring",
    "a port that is none": f"postgresql://ana@localhost:{PASSWORD}/hiring",
    "a password with an @": f"postgresql://ana:x@{PASSWORD}/x@localhost/hiring",
    "no address at all": PASSWORD,
}


@pytest.mark.parametrize("url", UNREADABLE.values(), ids=UNREADABLE)
def test_an_address_that_can_t_be_read_is_refused_and_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(BadSettings, match="DATABASE_URL") as caught:
        read_settings(tmp_path)
    assert PASSWORD not in str(caught.value)


def test_without_its_driver_the_way_to_install_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://localhost/hiring")
    assert read_settings(tmp_path)["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://localhost/hiring"
    monkeypatch.setattr(config, "find_spec", lambda _: None)
    with pytest.raises(BadSettings, match=r"requirements-postgresql\.txt"):
        read_settings(tmp_path)


def test_an_error_quotes_no_row(app: Flask, world: World) -> None:
    """PostgreSQL tells the values of the row that it refuses; they may be a mark or a note, and errors stand in the log."""
    with app.app_context(), writing():
        db.session.add(Person(email=email_of("ana"), name="Canary", role_name="interviewer", created_at=now()))
        with pytest.raises(IntegrityError) as caught:
            db.session.flush()
        db.session.rollback()
    for error in (caught.value, caught.value.orig):
        assert "uq_people_email" in str(error)
        assert "Canary" not in str(error)
        assert email_of("ana") not in str(error)


def test_texts_are_ordered_as_on_sqlite(app: Flask) -> None:
    """Not as the server's locale would have them, where hyphens, capitals and accents weigh little."""
    names = ["zoë", "Zoe", "ana", "äna", "Ana", "a-b", "ab"]
    texts = values(column("name", String), name="texts").data([(name,) for name in names])
    with app.app_context():
        assert db.session.scalars(select(texts.c.name).order_by(in_code_order(texts.c.name))).all() == sorted(names)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A server as users run it, to be killed."""
    cluster = Cluster()
    yield cluster
    cluster.remove()


@pytest.fixture
def exposed(cluster: Cluster, tmp_path: Path) -> Iterator[tuple[Flask, World]]:
    """An app on it, with a page for each moment at which the server may be killed."""
    databases = Server(cluster)
    databases.make(tmp_path)
    app = make_app(tmp_path, databases, TESTING=False, LOOPCARD_MAY_LOSE_DATA=False)
    with app.app_context():
        upgrade()
        with transaction():
            import_bank(Operator(), read_bank_folder(SHIPPED_BANK))

    def before_a_read() -> str:
        cluster.kill()
        return str(db.session.scalar(select(Person.name)))

    def before_the_commit() -> str:
        record(None, "tests.lose")
        db.session.flush()
        cluster.kill()
        return "kept"

    app.add_url_rule("/before-a-read", view_func=before_a_read)
    app.add_url_rule("/before-the-commit", view_func=before_the_commit, methods=["POST"])
    yield app, make_world(app)
    with app.app_context():
        db.engine.dispose()


def test_a_server_that_is_killed_is_told_as_such_and_found_again(cluster: Cluster, exposed: tuple[Flask, World]) -> None:
    app, world = exposed
    ana = enter(app, world, "ana")
    for kill in (cluster.kill, lambda: ana.get("/before-a-read"), lambda: ana.post("/before-the-commit")):
        assert ana.get("/").status_code == 200
        answer = kill()
        if answer is not None:
            assert (answer.status_code, "The database is busy or away" in answer.text) == (503, True)
        for answer in (ana.get("/"), ana.get("/health"), ana.post(f"/scorecards/seat/{world.seats['ana']}")):
            assert (answer.status_code, "Nothing of your last step was saved" in answer.text) == (503, True)
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        cluster.start()
    assert ana.get("/").status_code == 200
    assert ana.post(f"/scorecards/seat/{world.seats['ana']}").status_code == 303
    with app.app_context():
        assert db.session.query(AuditEvent).where(AuditEvent.act == "tests.lose").count() == 0


def test_an_app_that_starts_before_its_server_serves_as_soon_as_that_answers(cluster: Cluster, exposed: tuple[Flask, World]) -> None:
    first, world = exposed
    url = first.config["SQLALCHEMY_DATABASE_URI"]
    cluster.kill()
    app = create_app(Path(first.instance_path), SQLALCHEMY_DATABASE_URI=url)
    assert enter(app, world, "ana").get("/").status_code == 503
    cluster.start()
    assert enter(app, world, "ana").get("/").status_code == 200
    with app.app_context():
        db.engine.dispose()
