"""Migrations: forward and back, equal to the models, and without losing a row."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from hiring.config import ROOT
from hiring.db import db, transaction
from hiring.loops.actions import free_seat
from hiring.loops.queries import get_seat
from hiring.postgresql import SETTINGS
from tests.conftest import Stock, make_app
from tests.databases import Databases
from tests.factories import World, fill
from tests.people import person
from tests.serving import environment


def test_the_newest_migration_is_what_the_models_say(tmp_path: Path, stock: Stock) -> None:
    settings = environment(tmp_path, "http://127.0.0.1:8000", stock.databases.url(stock.shipped))
    check = [sys.executable, "-m", "flask", "--app", "app", "db", "check"]
    done = subprocess.run(check, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_migration_goes_back_and_forth(tmp_path: Path, databases: Databases) -> None:
    databases.make(tmp_path)
    app = make_app(tmp_path, databases)
    with app.app_context():
        upgrade()
        whole = databases.read_schema(tmp_path)
        assert whole.count("CREATE TABLE") > len(db.metadata.tables)
        downgrade(revision="base")
        assert re.findall(r"CREATE (?!TABLE|UNIQUE)\w+|CREATE TABLE (?:public\.)?(\w+)", databases.read_schema(tmp_path)) == [
            "alembic_version"
        ]
        upgrade()
        assert databases.read_schema(tmp_path) == whole
        db.engine.dispose()


def test_running_them_again_changes_nothing(app: Flask, world: World, databases: Databases) -> None:
    fill(app, world, "ana")
    with app.app_context():
        before = databases.read_schema(Path(app.instance_path))
        upgrade()
        assert databases.read_schema(Path(app.instance_path)) == before


def test_a_database_from_before_the_seal_learns_which_cards_are_in(app: Flask, world: World) -> None:
    """And its loops are under way from the first card that is in on, no longer from the first draft."""
    fill(app, world, "ana")
    fill(app, world, "ben", submit=False)
    fill(app, world, "shadow", submit=False)
    with app.app_context():
        with transaction():
            free_seat(person("recruiter"), get_seat(world.seats["shadow"]))
            handed_in = get_seat(world.seats["ana"]).card_in_at
        for card_state, loop_state in (("submitted", "under way"), ("draft", "scheduled")):
            downgrade(revision="0008")
            with transaction():
                assert db.session.execute(text("SELECT count(*) FROM seats WHERE kind = 'shadow'")).scalar_one() == 1
                mine = {"state": card_state, "seat": world.seats["ana"]}
                db.session.execute(text("UPDATE scorecards SET state = :state WHERE seat_id = :seat"), mine)
                db.session.execute(text("UPDATE loops SET state = 'under way'"))
            upgrade()
            ana, ben = (get_seat(world.seats[part]) for part in ("ana", "ben"))
            assert (ana.card_in_at, ben.card_in_at) == (handed_in if card_state == "submitted" else None, None)
            assert (ana.loop.state.value, ana.loop.opens_after_own) == (loop_state, False)
            db.session.rollback()


def test_every_connection_is_set_up(app: Flask) -> None:
    safe = {"sqlite": {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}, "postgresql": SETTINGS}
    ask = {"sqlite": "PRAGMA", "postgresql": "SHOW"}
    with app.app_context(), db.engine.connect() as connection:
        kind = connection.dialect.name
        settings = {name: connection.exec_driver_sql(f"{ask[kind]} {name}").scalar() for name in safe[kind]}
    assert settings == safe[kind]


@pytest.mark.skipif(sys.platform != "linux", reason="the wheel with the mended SQLite is for Linux")
def test_the_sqlite_in_use_is_a_safe_one(app: Flask, kind: str) -> None:
    if kind != "sqlite":
        pytest.skip("about SQLite")
    with app.app_context(), db.engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    assert tuple(map(int, version.split("."))) >= (3, 51, 3), f"not {sqlite3.sqlite_version}, the system's"
