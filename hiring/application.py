"""The application factory, which reads like a table of contents."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask, request, url_for
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from hiring.accounts.queries import load_actor
from hiring.accounts.views import blueprint as accounts
from hiring.bank.views import blueprint as bank
from hiring.commands import init_commands
from hiring.config import ROOT, find_instance, read_settings
from hiring.db import db, init_db
from hiring.debrief.views import blueprint as debrief
from hiring.formatting import FILTERS
from hiring.home.views import blueprint as home
from hiring.interviewers.views import blueprint as interviewers
from hiring.loops.views import blueprint as loops
from hiring.noting import noted
from hiring.openings.views import blueprint as openings
from hiring.permissions import Can, allows
from hiring.scorecards.views import blueprint as scorecards
from hiring.web import current_actor, init_web

PEOPLE_PAGES = ("accounts.list_people", "accounts.invite_person", "accounts.edit_person")
FEATURES = (home, accounts, bank, interviewers, openings, loops, scorecards, debrief)
NAVIGATION = (
    ("Start", "home.show_home", ("home.show_home",), Can.USE),
    ("Openings", "loops.show_openings", ("openings.", "loops.", "debrief."), Can.USE),
    ("Scorecards", "scorecards.list_scorecards", ("scorecards.",), Can.USE),
    ("Interviewers", "interviewers.list_interviewers", ("interviewers.",), Can.READ_INTERVIEWERS),
    ("Bank", "bank.list_questions", ("bank.",), Can.READ_BANK),
    ("People", "accounts.list_people", PEOPLE_PAGES, Can.MANAGE_PEOPLE),
    ("Audit", "home.list_audit", ("home.list_audit",), Can.READ_AUDIT),
)
"""Label, endpoint, the beginnings of endpoints that belong to it, and who sees it."""


def create_app(instance: Path | None = None, **settings: Any) -> Flask:
    """The app for the installation in `instance`; `settings` go over what is read there."""
    instance = instance or find_instance()
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
    if app.config["SESSION_COOKIE_SECURE"]:  # https is a proxy's work: it alone knows who asks, and by which scheme
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_db(app)
    Migrate(app, db, directory=str(ROOT / "hiring" / "migrations"), render_as_batch=True)
    app.jinja_env.filters.update(FILTERS, noted=noted)
    init_web(app, load_actor)
    for feature in FEATURES:
        app.register_blueprint(feature)
    app.jinja_env.globals.update(asset_version=_hash_assets(), navigation=_list_navigation)
    init_commands(app)
    return app


def _hash_assets() -> str:
    """Eight letters that change whenever a stylesheet or a script does, so that browsers may keep them for a year."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "static").rglob("*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _list_navigation() -> list[tuple[str, str, bool]]:
    """Label, address and whether one is there, for everything that whoever is signed in may open."""
    here = request.endpoint or ""
    actor = current_actor()
    return [(label, url_for(endpoint), here.startswith(pages)) for label, endpoint, pages, can in NAVIGATION if allows(actor, can)]
