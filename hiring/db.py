"""The database: its session, what all tables share, and the only commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import Flask, Response, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from hiring import postgresql, sqlite

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class Base(DeclarativeBase):
    """The parent of all tables; named constraints, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:
    Model = Base  # what a type checker can follow
else:
    Model = db.Model


class in_code_order(FunctionElement[str]):
    """A text to order by, on every database as SQLite and Python order texts: PostgreSQL's own order is its locale's."""

    inherit_cache = True
    type = String()


@compiles(in_code_order)
def _compile_in_code_order(element: in_code_order, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(in_code_order, "postgresql")
def _compile_for_postgresql(element: in_code_order, compiler: SQLCompiler, **how: Any) -> str:
    return f'{compiler.process(element.clauses, **how)} COLLATE "C"'


class UTCDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC and read back aware; a naive one is refused, for nobody knows when it was."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """An id that can't be guessed: 122 random bits in 32 characters."""
    return uuid4().hex


def now() -> datetime:
    """This moment, in UTC. Rules never call it: they are told the time."""
    return datetime.now(UTC)


def one_of(column: str, values: type[StrEnum]) -> str:
    """The text of a check constraint that keeps `column` to the values of a StrEnum."""
    quoted = (f"'{value.replace(chr(39), chr(39) * 2)}'" for value in values)
    return f"{column} IN ({', '.join(quoted)})"


def engine_options(url: str) -> dict[str, Any]:
    """What an engine on the database at `url` is made with."""
    neighbour = sqlite if url.startswith("sqlite") else postgresql
    # What a failing statement was to write may be a mark or a note: it must not stand in a log.
    return {"hide_parameters": True} | neighbour.engine_options(url)


def listen(engine: Engine, *, may_lose_data: bool = False) -> None:
    """Make every connection of `engine` safe, and its transactions of the kind that `writing` asks for; raises UnsafeDatabase."""
    if engine.dialect.name == "sqlite":
        sqlite.listen(engine, _writing.get)
    else:
        postgresql.listen(engine, _writing.get, may_lose_data=may_lose_data)


def init_db(app: Flask) -> None:
    """Attach the database to `app`, and the one commit of each request."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    db.init_app(app)
    with app.app_context():
        listen(db.engine, may_lose_data=app.config["LOOPCARD_MAY_LOSE_DATA"])
    app.before_request(_open)
    app.after_request(_finish)


def _open() -> None:
    _writing.set(request.method not in SAFE_METHODS)


def _finish(response: Response) -> Response:
    """The only commit of a request: where the method writes and the answer is not an error."""
    if response.status_code >= 400:
        db.session.rollback()
    else:
        if not _writing.get():
            # Nothing that a reader changed is kept. It ends by COMMIT all the same: at a ROLLBACK, psycopg gives up the statements
            # that it had prepared, and PostgreSQL then plans each of them anew, which takes longer than to run them.
            db.session.expunge_all()
        db.session.commit()
    _writing.set(False)
    return response


def is_writing() -> bool:
    """Whether what is changed now is kept with the rest of the request or command."""
    return _writing.get()


@contextmanager
def writing() -> Iterator[None]:
    """Let the transactions that begin in here write; the commit is the caller's."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """One commit around a command's work; nothing of it stays if it fails. What was read before is read anew."""
    db.session.rollback()
    with writing():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


@contextmanager
def apart() -> Iterator[Session]:
    """A short transaction of its own, for what must last although the request fails.

    In a request that writes, what the request had not committed is undone first: two writers in one thread would
    wait for each other for ever.
    """
    if _writing.get():
        db.session.rollback()
    with writing(), Session(db.engine) as session, session.begin():
        yield session
