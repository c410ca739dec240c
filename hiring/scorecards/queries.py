"""Reads of scorecards, and of the kit that each is filled from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, lazyload, selectinload

from hiring.db import db
from hiring.errors import NotFound
from hiring.formatting import day
from hiring.loops.models import Loop, Plan, PlanSession, Seat
from hiring.loops.queries import list_seats_of, read_plan
from hiring.loops.rules import SeatKind
from hiring.scorecards.models import Amendment, CardRevision, RefusedText, Scorecard
from hiring.scorecards.rules import TAKES_CARDS, CardState
from hiring.scorecards.sheet import Amended, Entries, Kit, QuestionEntry, Revision, Ruled, SkillEntry, fold
from hiring.scorecards.training import Compared, Pair, Progress, count_progress

WITH_ITS_PLACE = (
    joinedload(Scorecard.seat).joinedload(Seat.session).lazyload(PlanSession.questions),
    joinedload(Scorecard.seat)
    .joinedload(Seat.loop)
    .options(
        lazyload(Loop.seats).joinedload(Seat.session).lazyload(PlanSession.questions),
        joinedload(Loop.plan).lazyload(Plan.sessions).lazyload(PlanSession.questions),
    ),
)
"""Where a card belongs, without the questions of its plan: `read_plan` knows them already, and a card is saved every second."""


def get_card(card_id: str) -> Scorecard:
    card = db.session.get(Scorecard, card_id, options=WITH_ITS_PLACE)
    if card is None:
        raise NotFound
    return card


def find_card_of_seat(seat: Seat) -> Scorecard | None:
    return db.session.scalar(select(Scorecard).where(Scorecard.seat_id == seat.id))


def list_cards_of(person_id: str) -> list[Scorecard]:
    """The cards that somebody wrote, drafts too, by the time of their session; those without a time last."""
    query = select(Scorecard).join(Scorecard.seat).where(Seat.interviewer_id == person_id)
    return list(db.session.scalars(query.order_by(Seat.starts_at.is_(None), Seat.starts_at, Scorecard.id)))


def list_cards_of_loops(loops: Sequence[Loop]) -> list[Scorecard]:
    """Every card of these loops with marks and notes, drafts too; private notes stay behind and can't be read from these."""
    query = (
        select(Scorecard)
        .join(Scorecard.seat)
        .where(Seat.loop_id.in_([loop.id for loop in loops]), Seat.freed_at.is_(None))
        .options(selectinload(Scorecard.marks), selectinload(Scorecard.notes))
        .options(selectinload(Scorecard.amendments).selectinload(Amendment.rulings))
        .options(defer(Scorecard.private_notes, raiseload=True))
    )
    return list(db.session.scalars(query.order_by(Seat.loop_id, Seat.created_at, Scorecard.id)))


def find_last_revision(card: Scorecard) -> int | None:
    """The number of the card's newest revision; None where nothing was saved yet."""
    return db.session.scalar(select(func.max(CardRevision.number)).where(CardRevision.scorecard_id == card.id))


def find_revision_by_key(card: Scorecard, key: str) -> CardRevision | None:
    """The save that the page called `key`, if it arrived."""
    return db.session.scalar(select(CardRevision).where(CardRevision.scorecard_id == card.id, CardRevision.key == key))


def list_refused(card: Scorecard, known: Sequence[Revision] = ()) -> list[RefusedText]:
    """What its author typed that the card could not take, the newest first; without what came to stand in a revision after all."""
    query = select(RefusedText).where(RefusedText.scorecard_id == card.id)
    found = db.session.scalars(query.order_by(RefusedText.refused_at.desc(), RefusedText.id))
    stood = {field for revision in known for field in revision.fields.items()}
    return [one for one in found if one.fields.items() - stood]


def find_last_refused(card_id: str, session: Session) -> Mapping[str, str] | None:
    """The fields of the newest text that was refused."""
    query = select(RefusedText.fields).where(RefusedText.scorecard_id == card_id)
    return session.scalar(query.order_by(RefusedText.refused_at.desc(), RefusedText.id).limit(1))


def read_revisions(card: Scorecard) -> list[Revision]:
    """The card's saves, the oldest first, each with all fields as they stood after it."""
    query = select(CardRevision).where(CardRevision.scorecard_id == card.id).order_by(CardRevision.number)
    return fold([(row.number, row.saved_at, row.changed) for row in db.session.scalars(query)])


def get_amendment(amendment_id: str) -> Amendment:
    """An amendment with its rulings and its card."""
    found = db.session.get(Amendment, amendment_id, options=[selectinload(Amendment.rulings), joinedload(Amendment.scorecard)])
    if found is None:
        raise NotFound
    return found


def list_amended(card: Scorecard) -> dict[str, tuple[Amended, ...]]:
    """By skill id what the author said otherwise after the reveal, the earliest first."""
    said: dict[str, tuple[Amended, ...]] = {}
    for one in card.amendments:
        ruled = tuple(Ruled(ruling.counts, ruling.reason, ruling.ruled_by, ruling.ruled_at) for ruling in one.rulings)
        said[one.skill_id] = (*said.get(one.skill_id, ()), Amended(one.id, one.given, one.reason, one.made_at, ruled))
    return said


def count_cards_in(loop: Loop) -> tuple[int, int]:
    """How many lead cards of the loop are submitted, and how many lead seats it has."""
    leads = select(func.count()).select_from(Seat).where(Seat.loop_id == loop.id, Seat.kind_name == SeatKind.LEAD)
    leads = leads.where(Seat.freed_at.is_(None))
    submitted = leads.join(Scorecard, Scorecard.seat_id == Seat.id).where(Scorecard.state_name == CardState.SUBMITTED)
    return db.session.scalar(submitted) or 0, db.session.scalar(leads) or 0


def read_blank_kit(seat: Seat) -> Kit:
    """The seat's kit with nothing filled in."""
    plan = read_plan(seat.loop.plan)
    session, skills = plan.session(seat.session_id), plan.skills_marked_in(seat.session_id)
    blank = Entries(
        {skill.id: SkillEntry() for skill in skills},
        {question.place_id: QuestionEntry() for question in session.questions},
    )
    return Kit(session, skills, plan.version, blank)


def read_kit(card: Scorecard) -> Kit:
    """The card's kit in the words of its plan's own version, with what is filled so far."""
    blank = read_blank_kit(card.seat)
    entries = Entries(
        {**blank.entries.skills, **{mark.skill_id: SkillEntry(mark.given, mark.evidence) for mark in card.marks}},
        {
            **blank.entries.questions,
            **{note.plan_question_id: QuestionEntry(note.was_asked, note.notes, note.minutes) for note in card.notes},
        },
        card.recommendation,
        card.why_not,
        card.summary,
        card.debrief_notes,
        card.private_notes,
    )
    return Kit(blank.session, blank.skills, blank.plan_version, entries)


@dataclass(frozen=True)
class Task:
    """A seat of somebody's with its card, if there is one yet."""

    seat: Seat
    card: Scorecard | None
    is_over: bool


@dataclass(frozen=True)
class Desk:
    """What lies before an interviewer, by what it asks of them."""

    to_fill: list[Task]
    drafts: list[Task]
    arranging: list[Task]
    submitted: list[Task]
    closed: list[Task]
    set_aside: list[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.to_fill or self.drafts or self.arranging or self.submitted or self.closed or self.set_aside)


def read_desk(person_id: str, moment: datetime) -> Desk:
    """Somebody's seats and cards by what is to be done; the earliest first, but what is submitted newest first."""
    cards = {card.seat_id: card for card in list_cards_of(person_id)}
    seats = {seat.id: seat for seat in list_seats_of(person_id)} | {card.seat_id: card.seat for card in cards.values()}
    desk = Desk([], [], [], [], [], [])
    for seat in seats.values():
        card, state = cards.get(seat.id), seat.loop.state
        task = Task(seat, card, seat.starts_at is not None and moment >= seat.starts_at + timedelta(minutes=seat.session.minutes))
        if seat.is_freed:
            desk.set_aside.append(task)
        elif card is not None and card.is_submitted:
            desk.submitted.append(task)
        elif card is not None and seat.loop.is_blind:
            desk.drafts.append(task)
        elif state in TAKES_CARDS:
            desk.to_fill.append(task)
        elif seat.loop.is_blind:
            desk.arranging.append(task)
        elif card is not None:
            desk.closed.append(task)
    desk.submitted.sort(key=lambda task: task.card.submitted_at if task.card and task.card.submitted_at else moment, reverse=True)
    return desk


def read_head(card: Scorecard) -> list[str]:
    """Who marked whom, where and when: the head of a card as text."""
    seat = card.seat
    session = f"{seat.session.name}, by {seat.interviewer.name}{'' if seat.is_lead else ' (shadow)'}"
    handed_in = f"Submitted {day(card.submitted_at, seat.zone)}, anchors of plan version {card.loop.plan.version}"
    return [f"{card.loop.candidacy.name}: {card.opening.title}", session, handed_in]


def compare_card(card: Scorecard) -> Compared:
    """A shadow's card beside those of the leads of the same session, skill by skill; raises NotFound for a lead's own card."""
    if card.seat.is_lead:
        raise NotFound
    kit = read_kit(card)
    leads = [one for one in list_cards_of_loops([card.loop]) if one.is_on_record and one.seat.is_lead]
    beside = [
        (one.seat.interviewer.name, {mark.skill_id: SkillEntry(mark.given, mark.evidence) for mark in one.marks})
        for one in leads
        if one.seat.session_id == card.seat.session_id
    ]
    pairs = (
        Pair(skill.id, skill.name, kit.entries.skills[skill.id], entries.get(skill.id, SkillEntry()), name)
        for skill in kit.skills
        for name, entries in beside
    )
    return Compared(card.seat_id, tuple(pairs))


@dataclass(frozen=True)
class Training:
    """Somebody's shadowed sessions that are revealed, and what they show of each skill."""

    sessions: list[tuple[Scorecard, Compared]]
    progress: list[Progress]


def read_training(person_id: str) -> Training:
    """What somebody has shown as a shadow, in panels that are revealed."""
    cards = [one for one in list_cards_of(person_id) if one.is_on_record and one.panel_is_revealed and not one.seat.is_lead]
    sessions = [(card, compare_card(card)) for card in cards]
    return Training(sessions, count_progress(compared for _, compared in sessions))
