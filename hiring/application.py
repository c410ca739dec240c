"""The application factory, which reads like a table of contents."""

from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined

from hiring.accounts.queries import load_actor
from hiring.accounts.views import blueprint as accounts
from hiring.bank.views import blueprint as bank
from hiring.commands import init_commands
from hiring.config import ROOT, read_settings
from hiring.db import db, init_db
from hiring.debrief.views import blueprint as debrief
from hiring.formatting import init_formatting
from hiring.home.views import blueprint as home
from hiring.loops.views import blueprint as loops
from hiring.openings.views import blueprint as openings
from hiring.scorecards.views import blueprint as scorecards
from hiring.web import init_web

FEATURES = (home, accounts, bank, openings, loops, scorecards, debrief)


def create_app(instance: Path | None = None, **settings: Any) -> Flask:
    """The app for the installation in `instance`; `settings` go over what is read there."""
    instance = instance or ROOT / "instance"
    app = Flask(
        "hiring",
        root_path=str(ROOT / "hiring"),
        instance_path=str(instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        static_url_path="/static",
    )
    app.config.from_mapping(read_settings(instance))
    app.config.from_mapping(settings)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_db(app)
    Migrate(app, db, directory=str(ROOT / "hiring" / "migrations"), render_as_batch=True)
    init_formatting(app)
    init_web(app, load_actor)
    for feature in FEATURES:
        app.register_blueprint(feature)
    init_commands(app)
    return app
