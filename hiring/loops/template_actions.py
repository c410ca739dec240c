"""Writes of templates: a plan saved as one, a draft started from one or from another opening's plan."""

from collections.abc import Sequence

from sqlalchemy import select

from hiring import audit
from hiring.bank.models import Question
from hiring.bank.rules import QuestionState
from hiring.db import db, in_code_order
from hiring.errors import Conflict, NotFound
from hiring.loops.models import Plan, PlanQuestion, PlanSession, PlanTemplate
from hiring.loops.plan_actions import make_session, start_plan
from hiring.loops.queries import find_draft
from hiring.loops.rules import Session, SessionFormat
from hiring.loops.templates import SHIPPED, Template, check_name
from hiring.openings.models import Opening
from hiring.permissions import Actor, Can, ensure


def list_templates() -> list[Template]:
    """The newest version of each saved template by name, then the shipped ones."""
    rows = db.session.scalars(select(PlanTemplate).order_by(in_code_order(PlanTemplate.name), PlanTemplate.version.desc()))
    newest: dict[str, PlanTemplate] = {}
    for row in rows:
        newest.setdefault(row.name, row)
    return [_read(row) for row in newest.values() if not row.is_retired] + list(SHIPPED)


def get_template(key: str) -> Template:
    found = next((one for one in list_templates() if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def _read(row: PlanTemplate) -> Template:
    sessions = tuple(
        Session(one["name"], SessionFormat(one["format"]), one["minutes"], one["reserve"], one["seats"]) for one in row.sessions
    )
    questions = tuple(tuple(one["questions"]) for one in row.sessions)
    return Template(row.id, row.name, row.about, sessions, tuple(one["id"] for one in row.skills), questions, row.version)


def save_template(actor: Actor, plan: Plan, *, name: str, about: str = "") -> PlanTemplate:
    """Keep a plan's sessions, skills and questions under a name; a name that is taken makes its next version."""
    ensure(actor, Can.EDIT_OPENING, plan)
    check_name(name)
    earlier = db.session.scalar(select(PlanTemplate).where(PlanTemplate.name == name.strip()).order_by(PlanTemplate.version.desc()))
    row = PlanTemplate(name=name.strip(), about=about.strip(), version=earlier.version + 1 if earlier else 1, created_by=actor.name)
    row.skills = [{"id": one.skill_id, "sessions": one.sessions, "people": one.people} for one in plan.opening.skills]
    row.sessions = [
        {
            "name": one.name,
            "format": one.format.value,
            "minutes": one.minutes,
            "reserve": one.reserve,
            "seats": one.seats,
            "questions": [place.question_id for place in one.questions],
        }
        for one in plan.sessions
    ]
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "loops.save_template", row.id, f"{row.name}, version {row.version}")
    return row


def retire_template(actor: Actor, key: str) -> None:
    """Take a saved template off the list; the plans that were made from it stay as they are."""
    ensure(actor, Can.EDIT_BANK)
    row = db.session.get(PlanTemplate, key)
    if row is None:
        raise NotFound
    row.is_retired = True
    audit.record(actor, "loops.retire_template", row.id, row.name)


def start_from_template(actor: Actor, opening: Opening, template: Template) -> Plan:
    """A draft with the template's sessions, and its questions as far as they are still in use."""
    plan = _start_empty(actor, opening)
    _fill(plan, template.sessions, template.questions)
    audit.record(actor, "loops.start_from_template", plan.id, f"{template.name}, version {template.version}")
    return plan


def copy_plan(actor: Actor, opening: Opening, source: Plan) -> Plan:
    """A draft with the sessions and questions of another opening's plan."""
    ensure(actor, Can.READ_OPENING, source)
    plan = _start_empty(actor, opening)
    sessions = [Session(one.name, one.format, one.minutes, one.reserve, one.seats) for one in source.sessions]
    _fill(plan, sessions, [[place.question_id for place in one.questions] for one in source.sessions])
    audit.record(actor, "loops.copy_plan", plan.id, source.id)
    return plan


def _start_empty(actor: Actor, opening: Opening) -> Plan:
    ensure(actor, Can.EDIT_OPENING, opening)
    if find_draft(opening) is not None:
        raise Conflict("This opening has a draft already. Discard it first, or go on with it.")
    plan = start_plan(actor, opening)
    plan.sessions = []
    db.session.flush()
    return plan


def _fill(plan: Plan, sessions: Sequence[Session], questions: Sequence[Sequence[str]]) -> None:
    for position, wanted in enumerate(sessions):
        session: PlanSession = make_session(wanted, position)
        ids = questions[position] if position < len(questions) else ()
        found = [question for one in ids if (question := db.session.get(Question, one)) and question.state is QuestionState.ACTIVE]
        session.questions = [PlanQuestion(question=question, position=place) for place, question in enumerate(found)]
        plan.sessions.append(session)
    db.session.flush()
