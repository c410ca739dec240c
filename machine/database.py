"""Prints how the database stands: `current`, `behind`, or `settings:` and what is wrong with them."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from hiring.config import BadSettings, find_instance, read_settings
from hiring.db import engine_options, listen
from hiring.errors import UnsafeDatabase

try:
    settings = read_settings(find_instance())
    url = settings["SQLALCHEMY_DATABASE_URI"]
    engine = create_engine(url, **engine_options(url))
    listen(engine, may_lose_data=settings["LOOPCARD_MAY_LOSE_DATA"])
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
except (BadSettings, UnsafeDatabase) as problem:
    print("settings:", problem)
except OperationalError as problem:
    print("settings: The database can't be opened:", " ".join(str(problem.orig).split()))
else:
    newest = ScriptDirectory("hiring/migrations").get_heads()
    print("current" if heads and set(heads) == set(newest) else "behind")
