"""The installation that the states start from: an opening with three candidates' panels, and everything that a page can name."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache

from hiring.accounts import actions as accounts
from hiring.application import create_app
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.commands.set_up import SHIPPED_BANK
from hiring.db import db, now, transaction
from hiring.interviewers.actions import add_free_span
from hiring.loops.actions import add_candidate_span, create_loop, seat_interviewer
from hiring.loops.plan_actions import start_plan
from hiring.loops.queries import get_plan
from hiring.loops.rules import SeatKind
from hiring.loops.template_actions import save_template
from hiring.openings.actions import add_candidate
from hiring.openings.queries import get_candidacy, get_opening
from hiring.permissions import Operator, Role
from tests.factories import World, make_world
from tests.people import PARTS, person

AUTHORS = ("ana", "ben", "shadow")
BUILD = "b" * 32
FILE = "loopcard.db"


@dataclass(frozen=True)
class Table:
    """A candidate's panel: who sits there, and whether as a lead."""

    name: str
    candidacy: str
    loop: str
    seats: dict[str, str]
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Place:
    """Ids and addresses, and the moment at which all of it stood. names: what else an address can be made of."""

    world: World
    tables: tuple[Table, ...]
    people: dict[str, str]
    names: dict[str, list[str]]
    moment: datetime


def open_app(instance: Path) -> Flask:
    """An app on a file of its own; all of them sign with one key, so that a cookie is the same everywhere."""
    instance.mkdir(parents=True, exist_ok=True)
    accounts.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    uri = f"sqlite:///{instance / FILE}"
    app = create_app(instance, TESTING=True, WTF_CSRF_ENABLED=False, SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI=uri)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(instance.parent))  # two apps, and one work of compiling
    return app


def settle(app: Flask) -> None:
    """Put everything into the one file, so that it can be copied."""
    with app.app_context():
        with db.engine.connect() as connection:
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()


def make_place(instance: Path, shipped: Path | None = None) -> Place:
    """A fresh installation in `instance`. shipped: a database with the shipped bank in it, where there is one already."""
    app = open_app(instance)
    if shipped is not None:
        shutil.copy(shipped, instance / FILE)
    with app.app_context():
        upgrade()
        if shipped is None:
            with transaction():
                import_bank(Operator(), read_bank_folder(SHIPPED_BANK))
    world = make_world(app)
    panel = (("ana", True), ("ben", True), ("shadow", False))
    with app.app_context(), transaction():
        # Ben knows of the opening and not of Emil: he sits on the other panels alone.
        second = _add_table(world, "Dora Candidate", panel, day=2)
        third = _add_table(world, "Emil Candidate", (("ana", True), ("shadow", True)), day=3)
    with app.app_context(), transaction():
        names = _add_names(world)
        people = {part: person(part).id for part in PARTS}
    settle(app)
    first = Table("Cleo Candidate", world.candidacy, world.loop, world.seats, panel)
    return Place(world, (first, second, third), people, names, now())


def _add_table(world: World, name: str, parts: tuple[tuple[str, bool], ...], *, day: int) -> Table:
    manager, seats, sessions = person("manager"), {}, get_plan(world.plan).sessions
    candidacy = add_candidate(person("recruiter"), get_opening(world.slug), name=name, email=f"{name[:4].lower()}@example.org")
    loop = create_loop(manager, candidacy)
    for hour, (part, is_lead) in enumerate(parts):
        seat = seat_interviewer(
            manager,
            loop,
            session_id=sessions[hour if is_lead else 0].id,
            person=person(part),
            kind=SeatKind.LEAD if is_lead else SeatKind.SHADOW,
            starts_at=datetime(2026, 12, day, 9 + hour if is_lead else 9),  # noqa: DTZ001 - a wall time, as typed
            zone="Europe/Berlin",
        )
        seats[part] = seat.id
    return Table(name, candidacy.id, loop.id, seats, parts)


def _add_names(world: World) -> dict[str, list[str]]:
    """A draft of the next plan, a template, an invitation and times: what addresses besides those of cards speak of."""
    admin, noon = person("admin"), now() + timedelta(days=7)
    _, token = accounts.invite_person(admin, email="new@example.org", name="New", role=Role.INTERVIEWER)
    opening = get_opening(world.slug)
    draft = start_plan(admin, opening)
    save_template(admin, draft, name="Ours")
    add_free_span(admin, person("ben"), (noon, noon + timedelta(hours=1)))
    candidacy = get_candidacy(opening, world.candidacy)
    add_candidate_span(admin, candidacy, starts_at=noon, ends_at=noon + timedelta(hours=4))
    first = draft.sessions[0]
    return {
        "plan_id": [world.plan, draft.id],
        "session_id": [first.id],
        "place_id": [first.questions[0].id],
        "question_id": [first.questions[0].question_id],
        "token": [token],
    }


def add_build(instance: Path, plan_id: str) -> None:
    """The files of a build that is over, as `start_build` leaves them."""
    folder = instance / "builds"
    folder.mkdir(exist_ok=True)
    (folder / f"{BUILD}.jsonl").write_text('{"error": "stopped"}\n')
    (folder / f"{BUILD}.note").write_text(json.dumps({"plan": plan_id, "digest": ""}))
    (folder / f"{BUILD}.pid").write_text("999999999")
