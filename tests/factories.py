"""What tests start from: an opening with a plan, a panel and cards, made by the actions that people use."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from hiring.accounts.actions import open_session
from hiring.bank.models import QuestionSkill
from hiring.bank.queries import get_question, get_skill
from hiring.bank.rules import Strength
from hiring.db import db, transaction
from hiring.debrief.actions import reveal_panel
from hiring.loops.actions import create_loop, seat_interviewer
from hiring.loops.plan_actions import add_question, add_session, publish_plan, start_plan
from hiring.loops.queries import get_loop, get_seat
from hiring.loops.rules import SeatKind, Session, SessionFormat
from hiring.openings.actions import add_candidate, create_opening
from hiring.openings.rules import Seal
from hiring.scorecards.actions import open_card, save_card, submit_scorecard
from hiring.scorecards.queries import read_kit
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Entries, SkillEntry
from tests.people import add_people, person

SKILLS = ("crisis-response", "empathy")
SECRET = "Canary: held the bridge for ninety minutes"
"""What a card says in the tests; whoever may not read it must find it nowhere."""


@dataclass(frozen=True)
class World:
    """Ids and addresses of what `make_world` made."""

    opening: str
    slug: str
    plan: str
    candidacy: str
    loop: str
    seats: dict[str, str]
    tokens: dict[str, str]


def make_world(app: Flask) -> World:
    """One opening, two skills, two sessions that both mark them, one candidate, Ana and Ben as leads and a shadow."""
    with app.app_context(), transaction():
        people = add_people()
        manager = people["manager"]
        opening = create_opening(manager, title="Tech lead, Ledger", level=3, skills=[get_skill(one) for one in SKILLS], manager=manager)
        plan = start_plan(manager, opening)
        plan.sessions = []
        for name, questions in (("First talk", _questions(0)), ("Second talk", _questions(1))):
            session = add_session(manager, plan, Session(name, SessionFormat.MIXED, 60))
            for question in questions:
                add_question(manager, plan, session, get_question(question))
        publish_plan(manager, plan)
        candidacy = add_candidate(people["recruiter"], opening, name="Cleo Candidate", email="cleo@example.org")
        loop = create_loop(people["recruiter"], candidacy)
        seats = {}
        for hour, (part, session, kind) in enumerate(
            (("ana", 0, SeatKind.LEAD), ("ben", 1, SeatKind.LEAD), ("shadow", 0, SeatKind.SHADOW)), start=9
        ):
            starts_at = datetime(2026, 12, 1, 9 if kind is SeatKind.SHADOW else hour)  # noqa: DTZ001 - a wall time, as typed
            seat = seat_interviewer(
                manager,
                loop,
                session_id=plan.sessions[session].id,
                person=people[part],
                kind=kind,
                starts_at=starts_at,
                zone="Europe/Berlin",
            )
            seats[part] = seat.id
        tokens = {part: open_session(somebody.id, browser="tests") for part, somebody in people.items()}
        return World(opening.id, opening.slug, plan.id, candidacy.id, loop.id, seats, tokens)


def enter(app: Flask, world: World, part: str) -> FlaskClient:
    """A browser in which somebody of the world is signed in already."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = world.tokens[part]
    return client


def _questions(turn: int) -> list[str]:
    """The ids of one question for each skill, other ones for each turn."""
    ids = {
        skill: db.session.scalars(
            select(QuestionSkill.question_id)
            .where(QuestionSkill.skill_id == skill, QuestionSkill.strength == Strength.PRIMARY, QuestionSkill.position == 0)
            .order_by(QuestionSkill.question_id)
        ).all()
        for skill in SKILLS
    }
    return [found[turn] for found in ids.values()]


def fill(app: Flask, world: World, part: str, given: Given = Given.FOUR, *, evidence: str = SECRET, submit: bool = True) -> str:
    """Fill somebody's card with the same mark for every skill; returns its id."""
    with app.app_context(), transaction():
        author = person(part)
        card = open_card(author, get_seat(world.seats[part]))
        kit = read_kit(card)
        skills = {skill.id: SkillEntry(given, evidence) for skill in kit.skills}
        entries = Entries(skills, {}, Recommendation.YES, summary=f"{evidence}. To be hired.")
        if submit:
            submit_scorecard(author, card, entries, card.version, accepts_unsupported=True)
        else:
            save_card(author, card, entries, card.version)
        return card.id


def open_after_own(app: Flask, world: World) -> None:
    """Let the world's loop open its cards to leads whose own is in, as if its opening had chosen so before."""
    with app.app_context(), transaction():
        get_loop(world.loop).seal_name = Seal.OWN


def reveal(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        reveal_panel(person("manager"), get_loop(world.loop))
