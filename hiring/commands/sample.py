"""`flask sample`: an opening with seven candidates and their marks, to see the whole of the tool on the first day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from ruamel.yaml import YAML

from hiring.accounts.actions import add_person, hash_password
from hiring.accounts.models import Person
from hiring.accounts.queries import find_person_by_email
from hiring.accounts.rules import check_password
from hiring.bank.queries import list_skills
from hiring.commands.acting import OPERATOR, acting
from hiring.commands.passwords import make_password
from hiring.commands.removal import remove_sample
from hiring.db import db, now, transaction
from hiring.debrief.actions import decide, reveal_panel
from hiring.debrief.rules import Outcome
from hiring.errors import HiringError
from hiring.interviewers.actions import describe_interviewer
from hiring.loops.actions import create_loop, seat_interviewer
from hiring.loops.compiling import build_sessions
from hiring.loops.models import Loop, Plan
from hiring.loops.plan_actions import publish_plan, start_plan
from hiring.loops.queries import get_plan
from hiring.openings.actions import add_candidate, add_manager, create_opening, set_rule
from hiring.openings.models import Opening
from hiring.openings.rules import SkillRule
from hiring.permissions import Actor, Can, Role, ensure
from hiring.scorecards.actions import open_card, submit_scorecard
from hiring.scorecards.queries import read_kit
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Entries, Kit, QuestionEntry, SkillEntry

CONTENT = Path(__file__).parent / "content"
ZONE = "Europe/Berlin"
PEOPLE = (
    ("hanna.berg@example.org", "Hanna Berg", Role.HIRING_MANAGER),
    ("ruth.adeyemi@example.org", "Ruth Adeyemi", Role.RECRUITER),
    ("ana.ferreira@example.org", "Ana Ferreira", Role.INTERVIEWER),
    ("ben.whitaker@example.org", "Ben Whitaker", Role.INTERVIEWER),
    ("chiara.conti@example.org", "Chiara Conti", Role.INTERVIEWER),
    ("dev.malhotra@example.org", "Dev Malhotra", Role.INTERVIEWER),
    ("eva.novak@example.org", "Eva Novak", Role.INTERVIEWER),
)
PANEL = [email for email, _, role in PEOPLE if role is Role.INTERVIEWER]
SENIORITIES = dict(zip(PANEL, (4, 3, 5, 2, 3), strict=True))
NOT_JUDGED = dict(
    zip(
        PANEL,
        (
            {"resource-management", "team-management", "organization", "empathy"},
            {"resource-management", "team-management", "facilitating-communication", "innovative-thinking", "resilience"},
            {"system-maintenance", "performance-optimization", "prototyping-and-tooling"},
            {"organization", "crisis-response", "feedback", "open-mindedness", "empathy", "action-orientation"},
            {"continuous-delivery", "system-maintenance", "performance-optimization", "prototyping-and-tooling"},
        ),
        strict=True,
    )
)
"""Skills that somebody of the panel leaves to the others: each is left with three at least."""
LOAD_LIMIT = 9
"""Seven loops are under way in the sample, and each of the panel sits in all of them."""
TITLE = "Tech lead, Payments"
WEIGHTS = {"crisis-response": (1.5, "Payments stop a few times a year, and this team answers for them at night.")}
BARS = {"crisis-response": 3.0, "open-communication": 3.0}
UNDECIDED_CARDS = 3
"""How many cards of the last candidate are in: their panel is not revealed yet."""

sample_group = AppGroup("sample", help="A sample opening to look at.")


@dataclass(frozen=True)
class Script:
    """What the panel recorded about one candidate: cards by session, and up to three entries for each skill."""

    name: str
    email: str
    cards: list[dict[str, str]]
    marks: dict[str, list[dict[str, str]]]
    decision: dict[str, str] | None = None


@cache
def read_scripts() -> tuple[Script, ...]:
    """The candidates of the sample, in the order of their files."""
    yaml = YAML(typ="safe")
    return tuple(Script(**yaml.load(path)) for path in sorted(CONTENT.glob("*.yaml")))


def load_sample(password: str, *, admin_email: str | None = None) -> Opening:
    """Make the sample by the same actions that people use; where that fails, nothing of it stays."""
    for email, _, _ in PEOPLE:
        check_password(password, email=email)
    password_hash = hash_password(password)
    try:
        return _make_sample(password_hash, admin_email)
    except HiringError:
        with transaction():
            remove_sample(OPERATOR)
        raise


def _make_sample(password_hash: str, admin_email: str | None) -> Opening:
    """Each step is done by the person who would do it."""
    with transaction():
        for email, name, role in PEOPLE:
            if find_person_by_email(email) is None:
                add_person(OPERATOR, email=email, name=name, role=role, password_hash=password_hash, zone=ZONE, is_sample=True)
    with transaction():
        _describe_panel(_person(PEOPLE[0][0]))
    with transaction():
        plan_id = _open_opening(admin_email).id
    with transaction():
        build_sessions(_person(PEOPLE[0][0]), get_plan(plan_id))
    with transaction():
        plan = get_plan(plan_id)
        publish_plan(_person(PEOPLE[0][0]), plan)
        for number, script in enumerate(read_scripts()):
            _run_loop(plan, script, number)
        return plan.opening


def _person(email: str) -> Person:
    person = find_person_by_email(email)
    if person is None:
        raise click.ClickException(f"{email} is missing: remove the sample and load it again.")
    return person


def _describe_panel(manager: Person) -> None:
    known = {skill.id for skill in list_skills()}
    for email in PANEL:
        describe_interviewer(manager, _person(email), seniority=SENIORITIES[email], limit=LOAD_LIMIT, skill_ids=known - NOT_JUDGED[email])


def _open_opening(admin_email: str | None) -> Plan:
    manager = _person(PEOPLE[0][0])
    opening = create_opening(manager, title=TITLE, level=3, skills=list_skills(), manager=manager, is_sample=True)
    admin = find_person_by_email(admin_email) if admin_email else None
    if admin is not None:
        add_manager(manager, opening, admin)
    rules = [SkillRule(row.skill_id, *WEIGHTS.get(row.skill_id, (1.0, "")), bar=BARS.get(row.skill_id)) for row in opening.skills]
    set_rule(manager, opening, rules)
    return start_plan(manager, opening)


def _run_loop(plan: Plan, script: Script, number: int) -> None:
    """One candidate's loop from the first seat on; the last one stops half-way, one has been decided."""
    recruiter, manager = _person(PEOPLE[1][0]), _person(PEOPLE[0][0])
    candidacy = add_candidate(recruiter, plan.opening, name=script.name, email=script.email, is_sample=True)
    loop = create_loop(recruiter, candidacy)
    day = (now() - timedelta(days=28 - 3 * number)).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    day -= timedelta(days=max(day.weekday() - 4, 0))  # nobody interviews at the weekend
    _seat_panel(recruiter, loop, number, day)
    is_last = number == len(read_scripts()) - 1
    asked: dict[str, int] = {}
    by_session = {seat.session_id: seat for seat in loop.seats}
    for position, session in enumerate(plan.sessions):
        if is_last and position == UNDECIDED_CARDS:
            return
        seat = by_session[session.id]
        card = open_card(seat.interviewer, seat)
        entries = _fill(read_kit(card), script, position, asked)
        submit_scorecard(seat.interviewer, card, entries, card.version, accepts_unsupported=True)
    reveal_panel(manager, loop)
    if script.decision:
        decide(manager, loop, Outcome(script.decision["outcome"]), script.decision["reason"])


def _seat_panel(recruiter: Person, loop: Loop, number: int, day: datetime) -> None:
    starts = day
    for position, session in enumerate(loop.plan.sessions):
        person = _person(PANEL[(position + number) % len(PANEL)])
        seat_interviewer(recruiter, loop, session_id=session.id, person=person, starts_at=starts, zone=ZONE)
        starts += timedelta(minutes=session.minutes + 15)


def _fill(kit: Kit, script: Script, position: int, asked: dict[str, int]) -> Entries:
    """What the script has for the skills of this session: each later session takes a skill's next entry."""
    skills = {}
    for skill in kit.skills:
        turn = asked.get(skill.id, 0)
        asked[skill.id] = turn + 1
        kept = script.marks[skill.id]
        entry: dict[str, Any] = kept[turn] if turn < len(kept) else {"given": Given.NOT_ASKED, "evidence": ""}
        skills[skill.id] = SkillEntry(Given(entry["given"]), entry["evidence"])
    card = script.cards[position]
    questions = {question.place_id: QuestionEntry(was_asked=True, minutes=question.minutes) for question in kit.session.questions}
    recommendation = Recommendation(card["recommendation"])
    return Entries(skills, questions, recommendation, card.get("why_not", ""), card["summary"], card["debrief_notes"])


@sample_group.command("load")
@click.option("--password", help="Of the sample's people; made here and printed when left out.")
@acting
def load(actor: Actor, password: str | None) -> None:
    """Load the sample opening with its people and candidates."""
    ensure(actor, Can.MANAGE_PEOPLE)
    if any(opening.is_sample for opening in db.session.query(Opening)):
        raise click.ClickException("The sample is loaded already. `flask sample remove` takes it away.")
    made = make_password() if password is None else ""
    opening = load_sample(password or made, admin_email=getattr(actor, "email", None))
    click.echo(f"The sample is loaded: {opening.title} ({opening.slug})." + (f" Its people's password: {made}" if made else ""))


@sample_group.command("remove")
@acting
def remove(actor: Actor) -> None:
    """Take the sample away, with its people, candidates and marks; nothing else is touched."""
    ensure(actor, Can.MANAGE_PEOPLE)
    with transaction():
        kept = remove_sample(actor)
    click.echo("The sample is gone." + (f" Kept, because they take part elsewhere: {', '.join(kept)}." if kept else ""))
