"""Reads of plans and loops."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from hiring.bank.models import Question, QuestionSkill
from hiring.bank.rules import QuestionState
from hiring.db import db, in_code_order
from hiring.errors import NotFound
from hiring.loops.models import CandidateSpan, ConflictOfInterest, Loop, Plan, PlanQuestion, PlanSession, Seat
from hiring.loops.rules import LoopState, Missing, PlanState, SeatKind
from hiring.loops.sheet import AskedQuestion, AskedSkill, PlanSheet, SessionSheet, thaw_question, thaw_skill
from hiring.openings.models import Candidacy, Opening, OpeningSkill

MOST_IN_MEMORY = 200
"""Published plans that a process keeps: some 20 KB each."""
_published: dict[tuple[str, datetime], PlanSheet] = {}


def get_plan(plan_id: str) -> Plan:
    plan = db.session.get(Plan, plan_id)
    if plan is None:
        raise NotFound
    return plan


def list_plans(opening: Opening) -> list[Plan]:
    """The versions of an opening's plan, newest first."""
    return list(db.session.scalars(select(Plan).where(Plan.opening_id == opening.id).order_by(Plan.version.desc())))


def find_draft(opening: Opening) -> Plan | None:
    return next((plan for plan in list_plans(opening) if plan.state is PlanState.DRAFT), None)


def find_published(opening: Opening) -> Plan | None:
    return next((plan for plan in list_plans(opening) if plan.state is PlanState.PUBLISHED), None)


def get_session(plan: Plan, session_id: str) -> PlanSession:
    session = next((one for one in plan.sessions if one.id == session_id), None)
    if session is None:
        raise NotFound
    return session


def get_place(plan: Plan, place_id: str) -> PlanQuestion:
    """A question's place in a plan."""
    place = next((place for session in plan.sessions for place in session.questions if place.id == place_id), None)
    if place is None:
        raise NotFound
    return place


def read_skill(row: OpeningSkill) -> AskedSkill:
    """An opening's skill with the words that the bank has for it now."""
    skill = row.skill
    words = (skill.id, skill.name, skill.group_name, skill.definition, skill.anchors, skill.version)
    return AskedSkill(*words, row.weight, row.reason, row.bar, row.sessions, row.people)


def read_question(place: PlanQuestion) -> AskedQuestion:
    """A question in its place with the words that the bank has for it now."""
    return read_bank_question(place.question, place_id=place.id, is_pinned=place.is_pinned)


def read_bank_question(question: Question, *, place_id: str = "", is_pinned: bool = False) -> AskedQuestion:
    """A question of the bank as a plan would ask it."""
    return AskedQuestion(
        place_id=place_id,
        id=question.id,
        text=question.text,
        kind=question.kind,
        mode=question.mode,
        minutes=question.minutes,
        level=question.level,
        primary=tuple(skill.id for skill in question.primary),
        secondary=tuple(skill.id for skill in question.secondary),
        probes=tuple(question.probes),
        strong=tuple(question.strong),
        weak=tuple(question.weak),
        wording_group=question.wording_group,
        is_pinned=is_pinned,
        is_retired=question.state is QuestionState.RETIRED,
    )


def read_plan(plan: Plan) -> PlanSheet:
    """The plan as plain data: frozen words where it is published, the bank's where it is a draft.

    A published plan never changes again, and every save of a card asks for its own: the newest of them stay in memory.
    """
    if plan.published_at is None:
        return _read_plan(plan)
    key = (plan.id, plan.published_at)
    if key not in _published:
        if len(_published) >= MOST_IN_MEMORY:
            _published.pop(next(iter(_published)), None)  # the one that has been there for longest
        _published[key] = _read_plan(plan)
    return _published[key]


def _read_plan(plan: Plan) -> PlanSheet:
    if plan.frozen_skills is not None:
        skills = tuple(thaw_skill(kept) for kept in plan.frozen_skills)
    else:
        skills = tuple(read_skill(row) for row in plan.opening.skills)
    return PlanSheet(plan.version, skills, tuple(_read_session(session) for session in plan.sessions))


def _read_session(session: PlanSession) -> SessionSheet:
    return SessionSheet(
        session.id,
        session.name,
        session.format,
        session.minutes,
        session.reserve,
        session.seats,
        tuple(thaw_question(place.frozen) if place.frozen else read_question(place) for place in session.questions),
        session.is_locked,
        tuple(session.panel_ids or ()),
        tuple(session.judged_ids or ()),
    )


def list_fitting_questions(skill_ids: Sequence[str], level: int) -> list[Question]:
    """Active questions at most one level off that probe any of the skills, by id."""
    query = (
        select(Question)
        .where(Question.state_name == QuestionState.ACTIVE, Question.level.between(level - 1, level + 1))
        .where(Question.links.any(QuestionSkill.skill_id.in_(skill_ids)))
        .order_by(in_code_order(Question.id))
    )
    return list(db.session.scalars(query))


def find_last_asked(*, besides: Opening) -> dict[str, datetime]:
    """By question, when a loop of another opening last asked it: the ledger of what was asked, read for freshness."""
    query = (
        select(PlanQuestion.question_id, func.max(Seat.starts_at))
        .join(Seat, Seat.session_id == PlanQuestion.session_id)
        .join(Loop, Loop.id == Seat.loop_id)
        .join(Candidacy, Candidacy.id == Loop.candidacy_id)
        .where(Candidacy.opening_id != besides.id, Loop.state_name != LoopState.CANCELLED)
        .where(Seat.starts_at.is_not(None), Seat.freed_at.is_(None))
        .group_by(PlanQuestion.question_id)
    )
    return {question_id: asked_at for question_id, asked_at in db.session.execute(query) if asked_at is not None}


def get_loop(loop_id: str) -> Loop:
    loop = db.session.get(Loop, loop_id)
    if loop is None:
        raise NotFound
    return loop


def get_seat(seat_id: str) -> Seat:
    """A seat that somebody holds."""
    seat = db.session.get(Seat, seat_id)
    if seat is None or seat.is_freed:
        raise NotFound
    return seat


def find_freed_seat(loop: Loop, session_id: str, person_id: str) -> Seat | None:
    """The seat in this session that somebody had before it was freed."""
    query = select(Seat).where(Seat.loop_id == loop.id, Seat.session_id == session_id, Seat.interviewer_id == person_id)
    return db.session.scalar(query.where(Seat.freed_at.is_not(None)))


def list_set_aside(loop: Loop) -> list[Seat]:
    """The freed seats whose card is in: it counts nowhere as long as its author has no seat."""
    query = select(Seat).where(Seat.loop_id == loop.id, Seat.freed_at.is_not(None), Seat.card_in_at.is_not(None))
    return list(db.session.scalars(query.order_by(Seat.freed_at, Seat.id)))


def has_other_cards_in(seat: Seat) -> bool:
    """Whether another card of the loop is in, be its seat freed or not: whoever could read it then has read it."""
    query = select(func.count()).select_from(Seat).where(Seat.loop_id == seat.loop_id, Seat.id != seat.id, Seat.card_in_at.is_not(None))
    return bool(db.session.scalar(query))


def list_missing_cards(loop: Loop) -> list[Missing]:
    """The lead cards that aren't in, in the plan's order, and the lead seats that nobody has."""
    missing = []
    for session in loop.plan.sessions:
        leads = [seat for seat in loop.seats if seat.is_lead and seat.session_id == session.id]
        missing += [Missing(seat.interviewer.name, session.name, seat.ends_at, seat.id) for seat in leads if not seat.is_in]
        missing += [Missing("", session.name)] * max(0, session.seats - len(leads))
    return missing


def list_late(loop: Loop, moment: datetime) -> dict[str, str]:
    """By the seats of leads whose session is over and whose card isn't in: how late it is, in words."""
    if not loop.is_blind:
        return {}
    return {one.seat_id: late for one in list_missing_cards(loop) if (late := one.late(moment))}


def say_late(loop: Loop, moment: datetime) -> list[str]:
    """Who is late, by name, and how late: never what they think."""
    late = list_late(loop, moment)
    return [f"{seat.interviewer.name}: {late[seat.id]}" for seat in loop.seats if seat.id in late]


def list_loops_with_missing(moment: datetime) -> list[Loop]:
    """The blind loops in which a lead's session has begun and the card isn't in, of all openings, the oldest first."""
    waits = Loop.seats.any(
        (Seat.kind_name == SeatKind.LEAD) & Seat.freed_at.is_(None) & Seat.card_in_at.is_(None) & (Seat.starts_at < moment)
    )
    query = select(Loop).where(Loop.state_name.in_([LoopState.SCHEDULED, LoopState.UNDER_WAY]), waits)
    return list(db.session.scalars(query.order_by(Loop.created_at, Loop.id)))


def list_loops(opening: Opening) -> list[Loop]:
    """The opening's loops in the order of its candidates, cancelled ones last."""
    query = select(Loop).join(Loop.candidacy).where(Candidacy.opening_id == opening.id).options(selectinload(Loop.seats))
    found = db.session.scalars(query.order_by(Candidacy.position, Loop.created_at))
    return sorted(found, key=lambda loop: loop.is_cancelled)


def find_live_loop(candidacy: Candidacy) -> Loop | None:
    query = select(Loop).where(Loop.candidacy_id == candidacy.id, Loop.state_name != LoopState.CANCELLED)
    return db.session.scalar(query.order_by(Loop.created_at.desc()))


def list_seats_of(person_id: str) -> list[Seat]:
    """The seats that somebody holds in loops that are not cancelled, by time; those without a time last."""
    query = select(Seat).join(Seat.loop).where(Seat.interviewer_id == person_id, Seat.freed_at.is_(None))
    query = query.where(Loop.state_name != LoopState.CANCELLED)
    return list(db.session.scalars(query.order_by(Seat.starts_at.is_(None), Seat.starts_at, Seat.id)))


def list_conflicts(candidacy: Candidacy) -> list[ConflictOfInterest]:
    query = select(ConflictOfInterest).where(ConflictOfInterest.candidacy_id == candidacy.id)
    return list(db.session.scalars(query.order_by(ConflictOfInterest.declared_at)))


def find_conflict(candidacy: Candidacy, person_id: str) -> ConflictOfInterest | None:
    return next((one for one in list_conflicts(candidacy) if one.person_id == person_id), None)


def list_candidate_spans(candidacy: Candidacy) -> list[tuple[datetime, datetime]]:
    """When a candidate is free, by time; none where nobody asked."""
    return [(row.starts_at, row.ends_at) for row in list_candidate_span_rows(candidacy)]


def list_candidate_span_rows(candidacy: Candidacy) -> list[CandidateSpan]:
    query = select(CandidateSpan).where(CandidateSpan.candidacy_id == candidacy.id).order_by(CandidateSpan.starts_at)
    return list(db.session.scalars(query))


def find_earlier_questions(candidacy: Candidacy) -> set[str]:
    """Ids of the questions that this candidate was asked in other loops: the ledger of a returning candidate."""
    query = (
        select(PlanQuestion.question_id)
        .join(Seat, Seat.session_id == PlanQuestion.session_id)
        .join(Loop, Loop.id == Seat.loop_id)
        .join(Candidacy, Candidacy.id == Loop.candidacy_id)
        .where(Candidacy.candidate_id == candidacy.candidate_id, Loop.state_name != LoopState.CANCELLED)
        .where(Candidacy.id != candidacy.id, Seat.freed_at.is_(None))
    )
    return set(db.session.scalars(query))
