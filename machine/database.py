"""Prints how the database stands: `current`, `behind`, or `settings:` and what is wrong with them."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from hiring.config import BadSettings, find_instance, read_settings
from hiring.db import sqlite

try:
    url = read_settings(find_instance())["SQLALCHEMY_DATABASE_URI"]
except BadSettings as problem:
    print("settings:", problem)
else:
    engine = create_engine(url, **({"module": sqlite} if url.startswith("sqlite") else {}))
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    newest = ScriptDirectory("hiring/migrations").get_heads()
    print("current" if heads and set(heads) == set(newest) else "behind")
