"""From a draft plan to what the solver reads, from its answer back to the plan, and the alternatives for one place."""

from dataclasses import dataclass

from hiring.bank.models import Question
from hiring.bank.rules import Kind, Mode
from hiring.db import db
from hiring.errors import Conflict
from hiring.loops.building import build
from hiring.loops.compiler.instance import Answer, Instance, Modes, Unmet
from hiring.loops.compiler.instance import Question as SolverQuestion
from hiring.loops.compiler.instance import Session as SolverSession
from hiring.loops.compiler.instance import Skill as SolverSkill
from hiring.loops.models import Plan, PlanQuestion, PlanSession
from hiring.loops.plan_actions import place_questions
from hiring.loops.queries import get_plan, list_fitting_questions, read_bank_question, read_plan
from hiring.loops.rules import KINDS, check_draft
from hiring.loops.sheet import PlanSheet, exchange
from hiring.permissions import Actor, Can, ensure

BALANCED = Modes(adaptive_share=(0.3, 0.7))
"""Which share of the minutes adaptive questions should take, so that neither mode crowds the other out."""
MOST_OFFERS = 12


@dataclass(frozen=True)
class Built:
    """What building came to: a sentence, and what falls short where full coverage can't be had."""

    summary: str
    unmet: tuple[Unmet, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Offer:
    """A question that could take a place, with the skills that it would open and close in the whole plan (names)."""

    question: Question
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    minutes_over: int


def make_instance(plan: Plan) -> Instance:
    """The solver's instance of a draft: its sessions and pins, the opening's skills, and every active question that fits."""
    skills = [
        SolverSkill(row.skill_id, sessions=min(row.sessions, len(plan.sessions)), weight=row.weight, name=row.skill.name)
        for row in plan.opening.skills
    ]
    sessions = [
        SolverSession(code, one.minutes, KINDS[one.format], reserve=one.reserve, seats=one.seats, name=one.name)
        for code, one in _number_sessions(plan).items()
    ]
    pinned = _check_pins(plan)
    fitting = {question.id: question for question in list_fitting_questions([skill.id for skill in skills], plan.opening.level)}
    known = {skill.id for skill in skills}
    # What a person pinned fits by their word, whatever its kind.
    kinds = {
        place.question_id: KINDS[place.session.format][0] for place, _ in pinned if place.question.kind not in KINDS[place.session.format]
    }
    questions = [_read_question(question, known, kinds.get(question.id)) for question in fitting.values()]
    return Instance(
        skills=tuple(skills),
        sessions=tuple(sessions),
        questions=tuple(questions),
        level=plan.opening.level,
        pinned=tuple((place.question_id, code) for place, code in pinned if place.question_id in fitting),
        modes=BALANCED,
    )


def _number_sessions(plan: Plan) -> dict[str, PlanSession]:
    """The sessions by their place in the day: with ids made by chance, equal plans would come out differently."""
    return {f"s{number:02}": session for number, session in enumerate(plan.sessions, start=1)}


def _check_pins(plan: Plan) -> list[tuple[PlanQuestion, str]]:
    """The pinned places with the number of their session; raises Conflict where the pins alone go over the minutes."""
    pinned = []
    for code, session in _number_sessions(plan).items():
        places = [place for place in session.questions if place.is_pinned]
        asked, usable = sum(place.question.minutes for place in places), session.minutes - session.reserve
        if asked > usable:
            raise Conflict(
                f"What is pinned in {session.name} takes {asked} minutes, {usable} are usable. Unpin a question, or make it longer."
            )
        pinned += [(place, code) for place in places]
    return pinned


def _read_question(question: Question, known: set[str], kind: Kind | None) -> SolverQuestion:
    asked = read_bank_question(question)
    return SolverQuestion(
        asked.id,
        kind=kind or Kind(asked.kind),
        minutes=asked.minutes,
        level=asked.level,
        mode=Mode(asked.mode),
        primary=tuple(skill for skill in asked.primary if skill in known),
        secondary=tuple(skill for skill in asked.secondary if skill in known),
        group=asked.wording_group,
        frames=tuple(question.frame_ids),
    )


def build_sessions(actor: Actor, plan: Plan) -> Built:
    """Choose the questions of every session, keeping what is pinned; nothing changes where the solver fails."""
    ensure(actor, Can.EDIT_OPENING, plan)
    check_draft(plan.state)
    if not plan.sessions:
        raise Conflict("The plan has no session yet. Add one, then build.")
    plan_id, instance, before = plan.id, make_instance(plan), _list_ids(plan)
    db.session.rollback()  # no transaction is open while the solver works
    answer = build(instance)
    plan = get_plan(plan_id)
    if _list_ids(plan) != before or make_instance(plan) != instance:
        raise Conflict("Somebody changed sessions, pins or skills while the plan was being built. Build it again.")
    place_questions(actor, plan, _chosen(answer, plan))
    sheet = read_plan(plan)
    summary = (
        f"Built version {plan.version}: {sheet.question_count} questions, {sheet.covered_count} of {len(sheet.skills)} skills covered."
    )
    names = {skill.id: skill.name for skill in sheet.skills} | {code: one.name for code, one in _number_sessions(plan).items()}
    return Built(summary, answer.unmet, names)


def _list_ids(plan: Plan) -> list[str]:
    return [session.id for session in plan.sessions]


def _chosen(answer: Answer, plan: Plan) -> dict[str, list[Question]]:
    """Session id to its questions, in the order of the answer."""
    sessions, chosen = _number_sessions(plan), dict[str, list[Question]]()
    for question_id, code in answer.questions:
        chosen.setdefault(sessions[code].id, []).append(db.session.get_one(Question, question_id))
    return chosen


def offer_questions(plan: Plan, session: PlanSession, *, out: PlanQuestion | None = None, text: str = "") -> list[Offer]:
    """The best questions for a place in `session`: fewest skills left uncovered first, then the most opened.

    out: the place whose question would go. text: only questions in whose words it occurs.
    """
    sheet = read_plan(plan)
    others = [question for one in sheet.sessions for question in one.questions if out is None or question.place_id != out.id]
    used = {question.id for question in others} | ({out.question_id} if out else set())
    wordings = {question.wording_group for question in others} - {""}
    found = [
        question
        for question in list_fitting_questions([skill.id for skill in sheet.skills], plan.opening.level)
        if question.id not in used and question.wording_group not in wordings and _fits(question, session, text)
    ]
    offers = [_weigh(sheet, session.id, out, question) for question in found]
    offers.sort(key=lambda offer: (max(offer.minutes_over, 0), len(offer.loses) - len(offer.gains), offer.question.id))
    return offers[:MOST_OFFERS]


def _fits(question: Question, session: PlanSession, text: str) -> bool:
    return text.casefold() in question.text.casefold() if text else question.kind in KINDS[session.format]


def _weigh(sheet: PlanSheet, session_id: str, out: PlanQuestion | None, question: Question) -> Offer:
    after = exchange(sheet, session_id, out=out.id if out else None, question=read_bank_question(question))
    before = {skill.id: len(sheet.sessions_marking(skill.id)) for skill in sheet.skills}
    gains = [skill.name for skill in sheet.skills if len(after.sessions_marking(skill.id)) > before[skill.id]]
    loses = [skill.name for skill in sheet.skills if len(after.sessions_marking(skill.id)) < before[skill.id]]
    session = after.session(session_id)
    return Offer(question, tuple(gains), tuple(loses), session.asked_minutes - session.usable_minutes)
