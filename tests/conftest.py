"""Fixtures of all tests: an app of its own for each, on a copy of a database that was migrated once."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from hiring.accounts import actions as accounts
from hiring.application import create_app
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.config import ROOT
from hiring.db import db, transaction
from hiring.permissions import Operator
from hiring.printing import WEB_FONTS, find_web_font
from hiring.sqlite import Queue
from tests.factories import World, make_world

# Argon2 at its cheapest: tests check what a password opens, not how long that takes.
accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def make_app(instance: Path, **settings: object) -> Flask:
    return create_app(instance, **{"TESTING": True, "WTF_CSRF_ENABLED": False, **settings})


def settle(app: Flask) -> None:
    """Put everything into the one file, so that it can be copied."""
    with app.app_context():
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


@pytest.fixture(scope="session")
def shipped_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database at the newest migration, with the shipped bank in it."""
    instance = tmp_path_factory.mktemp("shipped")
    app = make_app(instance)
    with app.app_context():
        upgrade()
        with transaction():
            import_bank(Operator(), read_bank_folder(ROOT / "hiring" / "bank" / "content" / "tech_lead"))
    settle(app)
    return instance / "loopcard.db"


@pytest.fixture(scope="session")
def world_database(tmp_path_factory: pytest.TempPathFactory, shipped_database: Path) -> tuple[Path, World]:
    """The same with a small world in it."""
    instance = tmp_path_factory.mktemp("world")
    shutil.copy(shipped_database, instance / "loopcard.db")
    app = make_app(instance)
    world = make_world(app)
    settle(app)
    return instance / "loopcard.db", world


@pytest.fixture(scope="session")
def web_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the web fonts, cut once for all workers of a run: an app whose test asks for them starts with these."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared
    queue = Queue(shared / "fonts.lock")
    ticket = queue.enter()
    assert ticket is not None
    for name in WEB_FONTS:
        find_web_font(name, str(shared))
    queue.leave(ticket)
    return shared / "fonts"


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app with the shipped bank, and the small world where a test asks for it; otherwise nobody is in it."""
    if "world" in request.fixturenames:
        database = request.getfixturevalue("world_database")[0]
    else:
        database = request.getfixturevalue("shipped_database")
    shutil.copy(database, tmp_path / "loopcard.db")
    if "web_fonts" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("web_fonts"), tmp_path / "fonts")
    app = make_app(tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def world(world_database: tuple[Path, World]) -> World:
    """A small opening with people in every part, a published plan, and a loop that is scheduled."""
    return world_database[1]
