"""PostgreSQL made safe: a server that loses nothing, one writer at a time, and readers that can't write."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, ExceptionContext, event, make_url

from hiring.errors import UnsafeDatabase

QUEUE = 0x4C6F6F70
"""The number of the lock that whoever writes takes first: "Loop". Locks of other databases on the same server are others."""
SETTINGS = {
    "timezone": "UTC",  # as all moments are stored
    "default_transaction_isolation": "read committed",  # a snapshot from before one's turn would hide what the last writer wrote
    "lock_timeout": "10s",  # of waiting for one's turn to write; then the answer is 503, and the page asks again
    "statement_timeout": "30s",  # of one statement; our longest take a part of a second
    "idle_in_transaction_session_timeout": "1min",  # a client whose machine is gone gives the queue free
}
"""What every connection is set to."""
PATIENCE = {
    "connect_timeout": 5,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds until a server whose machine is gone is given up; TCP's own is 15 minutes
}
"""How long to wait for a server that doesn't answer; what DATABASE_URL says goes before it."""
LOSES = {
    "fsync": "a crash of its machine can corrupt the database",
    "full_page_writes": "a crash of its machine can corrupt the database",
    "synchronous_commit": "a crash of the server loses marks that were acknowledged",
}
"""Settings of the server that must not be off, and what happens where they are."""


def engine_options(url: str) -> dict[str, Any]:
    """What an engine is made with, beside its address."""
    said = make_url(url).query
    patience = {name: value for name, value in PATIENCE.items() if name not in said}
    return {"pool_pre_ping": True, "connect_args": patience}  # the server may have been started anew since


def listen(engine: Engine, is_writing: Callable[[], bool], *, may_lose_data: bool = False) -> None:
    """Give every connection of `engine` its settings, and its transactions their turn and kind. may_lose_data: for tests alone."""

    def connect(connection: Any, _: Any) -> None:
        set_up(connection, may_lose_data=may_lose_data)

    def begin(connection: Any) -> None:
        """Writers come in one after the other, as they asked; COMMIT or ROLLBACK, or their death, lets the next one in."""
        if is_writing():
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({QUEUE})")
        else:  # all of a page is of one moment, as on SQLite
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)
    event.listen(engine, "handle_error", hide_rows)


def set_up(connection: Any, *, may_lose_data: bool = False) -> None:
    """Set a connection up; raises UnsafeDatabase for a server that could lose what it says it keeps."""
    connection.autocommit = True  # what is set in a transaction goes when that is rolled back
    found = dict(connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*LOSES, "server_encoding"]]).fetchall())
    try:
        check_server(found, may_lose_data=may_lose_data)
    except UnsafeDatabase:
        connection.close()  # the pool never saw it
        raise
    for name, value in SETTINGS.items():
        connection.execute("SELECT set_config(%s, %s, false)", [name, value])
    connection.autocommit = False


def check_server(found: Mapping[str, str], *, may_lose_data: bool = False) -> None:
    """Raise UnsafeDatabase for settings of a server with which it could lose what it says it keeps, or not keep every name."""
    if found["server_encoding"] != "UTF8":
        raise UnsafeDatabase(
            f"The database is encoded as {found['server_encoding']}, which can't hold every name. Make one with ENCODING 'UTF8'."
        )
    for name, consequence in LOSES.items():
        if found[name] == "off" and not may_lose_data:
            raise UnsafeDatabase(f"PostgreSQL runs with {name} = off: {consequence}. Turn it on (ALTER SYSTEM SET {name} = on).")


def hide_rows(context: ExceptionContext) -> None:
    """Keep of an error what it says, and not the row that it quotes: an error stands in a log, and a row may be a mark or a note."""
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if said is None:  # an error of the driver or of the line, which knows no rows
        return
    if wrapped is not None:
        wrapped.args = tuple(part.replace(str(error), said) if isinstance(part, str) else part for part in wrapped.args)
    error.args = (said,)
