"""Settings of one installation: from instance/ and the environment, checked at start."""

import os
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SHORTEST_SECRET = 32
UPLOAD_LIMIT = 4 * 1024 * 1024
"""Bytes that one request may carry: some 2,300 questions; `flask bank import` takes larger banks."""
DIALECTS = {"sqlite": "sqlite", **dict.fromkeys(("postgresql", "postgres", "postgresql+psycopg"), "postgresql+psycopg")}
"""The beginnings that DATABASE_URL may have, and what SQLAlchemy calls them."""


class BadSettings(Exception):
    """The installation can't start like this; the text says what to change."""


def find_instance() -> Path:
    """The folder of this installation: LOOPCARD_INSTANCE, or instance/ beside the code."""
    return Path(os.environ.get("LOOPCARD_INSTANCE") or ROOT / "instance").resolve()


def _secret_key(instance: Path) -> str:
    """The key that signs cookies: from the environment, else made once and kept for this user's eyes only."""
    from_environment = os.environ.get("SECRET_KEY")
    if from_environment is not None:
        if len(from_environment) < SHORTEST_SECRET:
            raise BadSettings(f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters: make it longer, or leave it out.")
        return from_environment
    path = instance / "secret_key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _database_url(instance: Path) -> str:
    """Where the database is: DATABASE_URL, else a file in `instance`. What it holds is never repeated, for it may be a password."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        return f"sqlite:///{instance / 'loopcard.db'}"
    scheme, _, rest = given.partition("://")
    if scheme not in DIALECTS:
        raise BadSettings("DATABASE_URL has to begin with postgresql:// or sqlite:///, and it doesn't.")
    url = f"{DIALECTS[scheme]}://{rest}"
    try:
        make_url(url)
        is_clear = rest.count("@") <= 1  # else a part of the password would be taken for the host, and told as such
    except (ArgumentError, ValueError):
        is_clear = False
    if not is_clear:
        raise BadSettings(
            "DATABASE_URL can't be read. Its form is postgresql://user:password@host:5432/database; "
            "in user and password, write @ as %40, / as %2F, : as %3A, # as %23, ? as %3F and % as %25."
        )
    if DIALECTS[scheme] != "sqlite" and find_spec("psycopg") is None:
        raise BadSettings(
            "DATABASE_URL names PostgreSQL, and its driver is not installed. ./run installs it; "
            "by hand: pip install --require-hashes -r requirements-postgresql.txt"
        )
    return url


def read_settings(instance: Path) -> dict[str, Any]:
    """Flask's settings for the installation in `instance`; raises BadSettings with what to do about it."""
    instance.mkdir(parents=True, exist_ok=True)
    url = os.environ.get("LOOPCARD_URL", "http://127.0.0.1:8000")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise BadSettings(f"LOOPCARD_URL is {url!r}: give the address that people type, such as https://loopcard.example.org.")
    plain = parts.scheme == "http"
    if plain and parts.hostname not in LOOPBACK:
        raise BadSettings("LOOPCARD_URL is plain http for other machines: serve it as https, or keep to 127.0.0.1.")
    return {
        "SECRET_KEY": _secret_key(instance),
        "SQLALCHEMY_DATABASE_URI": _database_url(instance),
        # For tests alone, whose PostgreSQL forgoes fsync: it lets a server pass that can lose what it says it keeps.
        "LOOPCARD_MAY_LOSE_DATA": os.environ.get("LOOPCARD_MAY_LOSE_DATA") == "1",
        "LOOPCARD_URL": url,
        "TRUSTED_HOSTS": sorted({parts.hostname, *(LOOPBACK if plain else ())}),
        "MAX_CONTENT_LENGTH": UPLOAD_LIMIT,
        "MAX_FORM_MEMORY_SIZE": UPLOAD_LIMIT,
        # The __Host- prefix needs https; on plain loopback the browser would drop the cookie.
        "SESSION_COOKIE_NAME": "loopcard" if plain else "__Host-loopcard",
        "SESSION_COOKIE_SECURE": not plain,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The token lives as long as its session: an interview may last longer than any fixed number of minutes.
        "WTF_CSRF_TIME_LIMIT": None,
    }
