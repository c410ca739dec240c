"""An installation with many interviewers, each before a card of their own, and the server that they write to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade

from hiring.accounts import actions as accounts
from hiring.application import create_app
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.commands.set_up import SHIPPED_BANK
from hiring.config import ROOT
from hiring.db import db, transaction
from hiring.loops.actions import create_loop, seat_interviewer
from hiring.loops.queries import get_loop
from hiring.openings.actions import add_candidate
from hiring.openings.queries import get_opening
from hiring.permissions import Operator, Role
from hiring.scorecards.actions import open_card
from hiring.sqlite import driver
from tests.factories import make_world
from tests.people import person
from tests.serving import environment, free_port, wait_for

OPENS = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001 - a wall time, as typed
ZONE = "Europe/Berlin"
PASSWORD = "four plain words here"
SERVER = ("--workers", "2", "--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "critical")
"""As `./run` starts it."""


@dataclass(frozen=True)
class Desk:
    """Somebody's card, the cookie with which they are signed in, and their address."""

    card: str
    cookie: str
    email: str


def make_ward(instance: Path, desks: int, database_url: str = "") -> list[Desk]:
    """A fresh installation with so many open cards, two of each candidate. database_url: elsewhere than in its folder."""
    accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    where = {"SQLALCHEMY_DATABASE_URI": database_url.replace("postgresql:", "postgresql+psycopg:")} if database_url else {}
    app = create_app(instance, TESTING=True, **where)
    with app.app_context():
        upgrade()
        with transaction():
            import_bank(Operator(), read_bank_folder(SHIPPED_BANK))
    world = make_world(app)
    made = list[Desk]()
    for number in range((desks + 1) // 2):
        made += _seat_two(app, world.slug, number)
    with app.app_context():
        db.engine.dispose()
    return made[:desks]


def _seat_two(app: Flask, slug: str, number: int) -> list[Desk]:
    """One more candidate with two interviewers of their own, each with a card."""
    with app.app_context(), transaction():
        manager, recruiter = person("manager"), person("recruiter")
        candidacy = add_candidate(recruiter, get_opening(slug), name=f"Candidate {number}", email=f"c{number}@example.org")
        loop_id = create_loop(recruiter, candidacy).id
        sitting = []
        for place, session in enumerate(get_loop(loop_id).plan.sessions):
            email = f"i{number}-{place}@example.org"
            somebody = accounts.add_person(
                Operator(),
                email=email,
                name=f"Interviewer {number} {place}",
                role=Role.INTERVIEWER,
                password_hash=accounts.hash_password(PASSWORD),
                zone=ZONE,
            )
            starts_at = OPENS + timedelta(hours=2 * place)
            seat = seat_interviewer(manager, get_loop(loop_id), session_id=session.id, person=somebody, starts_at=starts_at, zone=ZONE)
            sitting.append((somebody, seat))
        made = [
            (open_card(somebody, seat).id, accounts.open_session(somebody.id, browser="reliability"), somebody.email)
            for somebody, seat in sitting
        ]
    return [Desk(card, _make_cookie(app, token), email) for card, token, email in made]


def _make_cookie(app: Flask, token: str) -> str:
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return f"{name}={cookie.value}"


class Server:
    """gunicorn on an installation, which can be killed with all that belongs to it, and started again.

    more: what else stands in its environment.
    """

    def __init__(self, instance: Path, **more: str) -> None:
        self.port = free_port()
        self.instance = instance
        self.more = more
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Seconds from the start to the first answer."""
        began = time.monotonic()
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", *SERVER, "app:app"]
        settings = environment(self.instance, self.url) | self.more
        self.process = subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True, stderr=subprocess.DEVNULL)
        wait_for(self.url + "/health")
        return time.monotonic() - began

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End the server and its workers at once."""
        if self.process is not None:
            os.killpg(self.process.pid, how)
            self.process.wait()
            self.process = None


@contextmanager
def serving(instance: Path, **more: str) -> Iterator[Server]:
    server = Server(instance, **more)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def end_sign_in(server: Server, desk: Desk) -> None:
    """Let the author's sign-ins have been opened long ago; for a ward on SQLite."""
    connection = driver.connect(str(server.instance / "loopcard.db"), timeout=20)  # pyright: ignore[reportAttributeAccessIssue]
    told = "UPDATE sign_ins SET opened_at = '2020-01-01', seen_at = '2020-01-01' WHERE person_id = (SELECT id FROM people WHERE email = ?)"
    assert connection.execute(told, (desk.email,)).rowcount
    connection.commit()
    connection.close()
