"""Migrations: forward and back, equal to the models, and without losing a row."""

import os
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
from tests.conftest import make_app
from tests.factories import World, fill
from tests.people import person


def schema(app: Flask) -> list[tuple[str, str]]:
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").all()
    return [(name, sql) for name, sql in rows]


def test_the_newest_migration_is_what_the_models_say(tmp_path: Path, shipped_database: Path) -> None:
    environment = {**os.environ, "LOOPCARD_INSTANCE": str(tmp_path), "DATABASE_URL": f"sqlite:///{shipped_database}"}
    check = [sys.executable, "-m", "flask", "--app", "app", "db", "check"]
    done = subprocess.run(check, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_migration_goes_back_and_forth(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    with app.app_context():
        upgrade()
        whole = schema(app)
        downgrade(revision="base")
        assert [name for name, _ in schema(app)] == ["alembic_version"] or len(schema(app)) <= 2
        upgrade()
        assert schema(app) == whole
        db.engine.dispose()


def test_running_them_again_changes_nothing(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    with app.app_context():
        before = schema(app)
        upgrade()
        assert schema(app) == before


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
    with app.app_context(), db.engine.connect() as connection:
        settings = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.skipif(sys.platform != "linux", reason="the wheel with the mended SQLite is for Linux")
def test_the_sqlite_in_use_is_a_safe_one(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        version = connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()
    assert tuple(map(int, version.split("."))) >= (3, 51, 3), f"not {sqlite3.sqlite_version}, the system's"
