"""How migrations run: one transaction for all; on SQLite, references unchecked while tables are rebuilt and checked before the commit."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Engine

from hiring.db import UTCDateTime, db, writing


class BrokenReferences(Exception):
    """A migration would leave rows that refer to nothing; nothing of it is kept."""


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise BrokenReferences(f"{len(broken)} rows refer to nothing: {broken[:5]}")


def _name_own_types(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """Write a moment's column as the plain type that it is stored as: migrations outlive our classes."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False


def _migrate(engine: Engine) -> None:
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if on_sqlite:
            # Rebuilding a parent table with references checked deletes its children; inside a transaction this has no effect.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")  # pyright: ignore[reportOptionalMemberAccess, reportAttributeAccessIssue]
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            # Both databases can undo a schema change; of SQLite Alembic has to be told, or a killed migration can't be run again.
            transactional_ddl=True,
            compare_type=True,
            render_item=_name_own_types,
        )
        with context.begin_transaction():
            if not on_sqlite:  # a table may take longer to change than any page takes; who waits for a lock still gives up
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            context.run_migrations()
            if on_sqlite:
                _check_references(connection)
    engine.dispose()  # the connection with references unchecked must not come back


with writing():
    _migrate(db.engine)
