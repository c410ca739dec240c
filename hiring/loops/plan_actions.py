"""Writes to plans: sessions, questions, the built answer, publishing and the next version."""

from collections.abc import Collection, Mapping, Sequence

from hiring import audit
from hiring.bank.models import Question
from hiring.bank.rules import QuestionState
from hiring.db import db, now
from hiring.errors import Conflict, Invalid
from hiring.loops.models import Plan, PlanQuestion, PlanSession
from hiring.loops.queries import find_draft, find_published, list_plans, read_plan, read_question, read_skill
from hiring.loops.rules import PlanState, Session, SessionFormat, check_draft, check_session
from hiring.loops.sheet import find_faults, freeze
from hiring.openings.models import Opening
from hiring.permissions import Actor, Can, ensure

STANDARD_SESSIONS = (
    Session("Leading people", SessionFormat.BEHAVIOURAL, 60),
    Session("Technical leadership", SessionFormat.TECHNICAL, 75),
    Session("Delivery under pressure", SessionFormat.SCENARIO, 60),
    Session("Engineering judgement", SessionFormat.MIXED, 75),
    Session("Career and collaboration", SessionFormat.MIXED, 60),
)
"""What a new plan starts with. Five conversations mark the shipped framework's 19 skills twice."""


def _editable(actor: Actor, plan: Plan) -> None:
    ensure(actor, Can.EDIT_OPENING, plan)
    check_draft(plan.state)


def start_plan(actor: Actor, opening: Opening) -> Plan:
    """A draft to work on: the one there is, a copy of the published plan, or one with the standard sessions."""
    ensure(actor, Can.EDIT_OPENING, opening)
    draft = find_draft(opening)
    if draft is not None:
        return draft
    published, versions = find_published(opening), list_plans(opening)
    plan = Plan(opening=opening, version=versions[0].version + 1 if versions else 1)
    db.session.add(plan)
    if published is None:
        plan.sessions = [make_session(wanted, position) for position, wanted in enumerate(STANDARD_SESSIONS)]
    else:
        _copy_sessions(published, plan)
    db.session.flush()
    audit.record(actor, "loops.start_plan", plan.id, f"version {plan.version}")
    return plan


def _copy_sessions(published: Plan, plan: Plan) -> None:
    for one in published.sessions:
        copy = make_session(Session(one.name, one.format, one.minutes, one.reserve, one.seats), one.position)
        copy.panel_ids, copy.judged_ids = list(one.panel_ids), list(one.judged_ids)
        copy.questions = [
            PlanQuestion(question=place.question, position=place.position, is_pinned=place.is_pinned)
            for place in one.questions
            if place.question.state is QuestionState.ACTIVE
        ]
        plan.sessions.append(copy)


def make_session(wanted: Session, position: int) -> PlanSession:
    session = PlanSession(position=position, questions=[])
    _shape(session, wanted)
    return session


def _shape(session: PlanSession, wanted: Session) -> None:
    session.name, session.format_name = wanted.name.strip(), wanted.format
    session.minutes, session.reserve, session.seats = wanted.minutes, wanted.reserve, wanted.seats


def add_session(actor: Actor, plan: Plan, wanted: Session) -> PlanSession:
    _editable(actor, plan)
    check_session(wanted)
    session = make_session(wanted, len(plan.sessions))
    plan.sessions.append(session)
    db.session.flush()
    audit.record(actor, "loops.add_session", plan.id, session.name)
    return session


def edit_session(actor: Actor, plan: Plan, session: PlanSession, wanted: Session) -> None:
    _editable(actor, plan)
    check_session(wanted)
    _shape(session, wanted)
    db.session.flush()
    audit.record(actor, "loops.edit_session", plan.id, session.name)


def remove_session(actor: Actor, plan: Plan, session: PlanSession) -> None:
    _editable(actor, plan)
    plan.sessions.remove(session)
    _number(plan.sessions)
    db.session.flush()
    audit.record(actor, "loops.remove_session", plan.id, session.name)


def _number(rows: Sequence[PlanSession] | Sequence[PlanQuestion]) -> None:
    for position, row in enumerate(rows):
        row.position = position


def move_session(actor: Actor, plan: Plan, session: PlanSession, *, by: int) -> None:
    """Move a session earlier (`by` negative) or later in the day."""
    _editable(actor, plan)
    order = sorted(plan.sessions, key=lambda one: one.position)
    _shift(order, order.index(session), by)
    db.session.flush()
    db.session.expire(plan, ["sessions"])


def move_question(actor: Actor, plan: Plan, place: PlanQuestion, *, by: int) -> None:
    """Move a question up (`by` negative) or down in its session."""
    _editable(actor, plan)
    order = sorted(place.session.questions, key=lambda one: one.position)
    _shift(order, order.index(place), by)
    db.session.flush()
    db.session.expire(place.session, ["questions"])


def _shift(order: list[PlanSession] | list[PlanQuestion], at: int, by: int) -> None:
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))  # type: ignore[arg-type]
    _number(order)


def add_question(actor: Actor, plan: Plan, session: PlanSession, question: Question) -> PlanQuestion:
    """Put a question at the end of a session; it is pinned, for a person chose it."""
    _editable(actor, plan)
    _check_addable(plan, question)
    place = PlanQuestion(question=question, position=len(session.questions), is_pinned=True)
    session.questions.append(place)
    db.session.flush()
    audit.record(actor, "loops.add_question", plan.id, f"{question.id} in {session.name}")
    return place


def _check_addable(plan: Plan, question: Question, *, besides: PlanQuestion | None = None) -> None:
    if question.state is not QuestionState.ACTIVE:
        raise Conflict("Only active questions can be asked.")
    for session in plan.sessions:
        for place in session.questions:
            if place is besides:
                continue
            same_wording = bool(question.wording_group) and place.question.wording_group == question.wording_group
            if place.question_id == question.id or same_wording:
                raise Conflict(f"{session.name} asks this already. A plan asks nothing twice.")


def swap_question(actor: Actor, plan: Plan, place: PlanQuestion, question: Question) -> None:
    """Ask another question in the same place; it is pinned, for a person chose it."""
    _editable(actor, plan)
    _check_addable(plan, question, besides=place)
    before, place.question, place.is_pinned = place.question_id, question, True
    db.session.flush()
    audit.record(actor, "loops.swap_question", plan.id, f"{before} for {question.id}")


def pin_question(actor: Actor, plan: Plan, place: PlanQuestion, *, pinned: bool) -> None:
    """Keep a question where it is when the plan is built again, or let it go."""
    _editable(actor, plan)
    place.is_pinned = pinned
    audit.record(actor, "loops.pin_question" if pinned else "loops.unpin_question", plan.id, place.question_id)


def lock_session(actor: Actor, plan: Plan, session: PlanSession, *, locked: bool) -> None:
    """Keep all of a session as it is when the plan is built again, or let it go."""
    _editable(actor, plan)
    session.is_locked = locked
    audit.record(actor, "loops.lock_session" if locked else "loops.unlock_session", plan.id, session.name)


def remove_question(actor: Actor, plan: Plan, place: PlanQuestion) -> None:
    _editable(actor, plan)
    session = place.session
    session.questions.remove(place)
    _number(session.questions)
    db.session.flush()
    audit.record(actor, "loops.remove_question", plan.id, place.question_id)


def place_questions(
    actor: Actor, plan: Plan, chosen: Mapping[str, Sequence[Question]], panels: Mapping[str, Mapping[str, Collection[str]]] | None = None
) -> None:
    """Make the sessions ask what the builder chose: session id to questions in order. Pins stay pinned.

    panels: session id to the ids of the people whom it proposes for it, each with the ids of the skills that they can judge.
    """
    _editable(actor, plan)
    pinned = {(session.id, place.question_id) for session in plan.sessions for place in session.questions if place.is_pinned}
    for session in plan.sessions:
        kept = {place.question_id: place for place in session.questions}
        places = [kept.get(question.id) or PlanQuestion(question=question) for question in chosen.get(session.id, ())]
        for place in places:
            place.is_pinned = (session.id, place.question_id or place.question.id) in pinned
        session.questions = places
        panel = (panels or {}).get(session.id, {})
        session.panel_ids, session.judged_ids = list(panel), sorted({skill for skills in panel.values() for skill in skills})
        _number(places)
    db.session.flush()
    audit.record(actor, "loops.build_plan", plan.id, f"version {plan.version}")


def publish_plan(actor: Actor, plan: Plan) -> None:
    """Freeze the plan with its words; the version before it stays with the loops that run on it."""
    _editable(actor, plan)
    faults = find_faults(read_plan(plan))
    if faults:
        raise Invalid("The plan can't be published yet: " + " ".join(faults))
    earlier = find_published(plan.opening)
    if earlier is not None:
        earlier.state_name = PlanState.REPLACED
    plan.frozen_skills = [freeze(read_skill(row)) for row in plan.opening.skills]
    for session in plan.sessions:
        for place in session.questions:
            place.frozen = freeze(read_question(place))
    plan.state_name, plan.published_at, plan.published_by = PlanState.PUBLISHED, now(), actor.name
    db.session.flush()
    audit.record(actor, "loops.publish_plan", plan.id, f"version {plan.version}")


def discard_plan(actor: Actor, plan: Plan) -> None:
    """Throw a draft away; published versions stay."""
    _editable(actor, plan)
    audit.record(actor, "loops.discard_plan", plan.id, f"version {plan.version}")
    db.session.delete(plan)
    db.session.flush()
