"""Fixtures of all tests: an app of its own for each, on a copy of a database that was migrated once."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache

from hiring.accounts import actions as accounts
from hiring.application import create_app
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.config import ROOT
from hiring.db import db, transaction
from hiring.permissions import Operator
from hiring.printing import WEB_FONTS, find_web_font
from hiring.sqlite import Queue
from tests.databases import KINDS, Databases
from tests.factories import World, make_world

# Argon2 at its cheapest: tests check what a password opens, not how long that takes.
accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


ON_BOTH = {
    *(f"actions/test_{noun}.py" for noun in ("revisions", "scorecards")),
    "test_migrations.py",
    "test_races.py",
}
"""The tests that every run does on both databases: what panelists write, at once too, and the tables that it goes to."""


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: what walks pages in a browser waits more than it works."""
    return (os.cpu_count() or 1) + 1


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=list(KINDS), default="sqlite", help="where all tests keep their data")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = metafunc.config.getoption("--database")
    here = metafunc.definition.path.relative_to(Path(__file__).parent).as_posix()
    if "kind" in metafunc.fixturenames and here in ON_BOTH and chosen == "sqlite":
        metafunc.parametrize("kind", list(KINDS))


class Compiled(BytecodeCache):
    """Templates as one app of this process has compiled them, for the next: to compile them takes longer than to fill them."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def make_app(instance: Path, databases: Databases, **settings: object) -> Flask:
    where = {"SQLALCHEMY_DATABASE_URI": databases.url(instance), "LOOPCARD_MAY_LOSE_DATA": True}
    app = create_app(instance, **{"TESTING": True, "WTF_CSRF_ENABLED": False, **where, **settings})
    app.jinja_env.bytecode_cache = COMPILED
    return app


def settle(app: Flask) -> None:
    """Leave nobody connected and, on SQLite, everything in the one file, so that the database can be copied."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


@dataclass
class Stock:
    """The databases of one kind, with those that tests begin with; each is made when the first test asks for it."""

    databases: Databases
    folder: Path

    @cached_property
    def shipped(self) -> Path:
        """An installation at the newest migration, with the shipped bank in its database."""
        instance = self.folder / "shipped"
        instance.mkdir(parents=True)
        self.databases.make(instance)
        app = make_app(instance, self.databases)
        with app.app_context():
            upgrade()
            with transaction():
                import_bank(Operator(), read_bank_folder(ROOT / "hiring" / "bank" / "content" / "tech_lead"))
        settle(app)
        return instance

    @cached_property
    def world(self) -> tuple[Path, World]:
        """The same with a small world in it."""
        instance = self.folder / "world"
        instance.mkdir(parents=True)
        self.databases.copy(self.shipped, instance)
        app = make_app(instance, self.databases)
        world = make_world(app)
        settle(app)
        return instance, world


class Stocks:
    """The stock of each kind of database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, Stock] = {}

    def of(self, kind: str) -> Stock:
        if kind not in self.made:
            self.made[kind] = Stock(KINDS[kind](), self.folder / kind)
        return self.made[kind]


@pytest.fixture(scope="session")
def stocks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocks]:
    stocks = Stocks(tmp_path_factory.mktemp("stocks"))
    yield stocks
    for stock in stocks.made.values():
        stock.databases.close()


@pytest.fixture(scope="session")
def usual_stock(pytestconfig: pytest.Config, stocks: Stocks) -> Stock:
    """Of the kind that --database names, for what many tests share."""
    return stocks.of(str(pytestconfig.getoption("--database")))


@pytest.fixture
def kind(pytestconfig: pytest.Config) -> str:
    """The kind of database that a test runs on."""
    return str(pytestconfig.getoption("--database"))


@pytest.fixture
def stock(stocks: Stocks, kind: str) -> Stock:
    return stocks.of(kind)


@pytest.fixture
def databases(stock: Stock) -> Databases:
    return stock.databases


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of a run see."""
    mine = tmp_path_factory.getbasetemp()
    return mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine


@contextmanager
def one_at_a_time(shared: Path, name: str) -> Iterator[None]:
    """What is inside is done by one worker after the other: the first makes something, and the others find it."""
    queue = Queue(shared / f"{name}.lock")
    ticket = queue.enter()
    assert ticket is not None
    try:
        yield
    finally:
        queue.leave(ticket)


@pytest.fixture(scope="session")
def web_fonts(shared: Path) -> Path:
    """The folder with the web fonts, cut once for all workers of a run: an app whose test asks for them starts with these."""
    with one_at_a_time(shared, "fonts"):
        for name in WEB_FONTS:
            find_web_font(name, str(shared))
    return shared / "fonts"


@pytest.fixture
def app(request: pytest.FixtureRequest, tmp_path: Path, stock: Stock) -> Iterator[Flask]:
    """An app with the shipped bank, and the small world where a test asks for it; otherwise nobody is in it."""
    stock.databases.copy(stock.world[0] if "world" in request.fixturenames else stock.shipped, tmp_path)
    if "web_fonts" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("web_fonts"), tmp_path / "fonts")
    app = make_app(tmp_path, stock.databases)
    yield app
    with app.app_context():
        db.engine.dispose()
    stock.databases.drop(tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def world(stock: Stock) -> World:
    """A small opening with people in every part, a published plan, and a loop that is scheduled."""
    return stock.world[1]
