"""The alternatives for one place of a plan, with what each would change in the whole of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from hiring.bank.models import Question
from hiring.loops.models import Plan, PlanQuestion, PlanSession
from hiring.loops.queries import list_fitting_questions, read_bank_question, read_plan
from hiring.loops.rules import KINDS
from hiring.loops.sheet import PlanSheet, exchange

MOST_OFFERS = 12


@dataclass(frozen=True)
class Offer:
    """A question that could take a place, with the skills that it would open and close in the whole plan (names)."""

    question: Question
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    minutes_over: int


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
    before = sheet.count_marking()
    offers = [_weigh(sheet, before, session.id, out, question) for question in found]
    offers.sort(key=lambda offer: (max(offer.minutes_over, 0), len(offer.loses) - len(offer.gains), offer.question.id))
    return offers[:MOST_OFFERS]


def _fits(question: Question, session: PlanSession, text: str) -> bool:
    return text.casefold() in question.text.casefold() if text else question.kind in KINDS[session.format]


def _weigh(sheet: PlanSheet, before: Mapping[str, int], session_id: str, out: PlanQuestion | None, question: Question) -> Offer:
    after = exchange(sheet, session_id, out=out.id if out else None, question=read_bank_question(question))
    marking, session = after.count_marking(), after.session(session_id)
    gains = [skill.name for skill in sheet.skills if marking[skill.id] > before[skill.id]]
    loses = [skill.name for skill in sheet.skills if marking[skill.id] < before[skill.id]]
    return Offer(question, tuple(gains), tuple(loses), session.asked_minutes - session.usable_minutes)
