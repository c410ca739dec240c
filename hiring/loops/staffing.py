"""Staffs a candidate's loop from its published plan: the same questions for everybody, other people possible.

It is the plan's model with every question pinned: what is chosen is who sits where and when, with the coverage kept, the load
shared fairly, conflicts of interest and everybody's free time heeded.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hiring import audit
from hiring.accounts.queries import get_person
from hiring.bank.rules import Kind, Mode
from hiring.db import db, now
from hiring.errors import Conflict
from hiring.interviewers.queries import list_interviewers
from hiring.interviewers.rules import Judge, subtract_spans
from hiring.loops.actions import free_seat, give_seat
from hiring.loops.building import build
from hiring.loops.compiler.checker import list_missing
from hiring.loops.compiler.instance import Answer, Instance, Interviewer, Question, Session, Skill, Unmet
from hiring.loops.compiler.instance import Span as Minutes
from hiring.loops.compiler.reasons import SKILL_NEEDS
from hiring.loops.models import Loop, Seat
from hiring.loops.queries import get_loop, get_seat, list_candidate_spans, list_conflicts, list_seats_of, list_set_aside, read_plan
from hiring.loops.rules import RECENT, STARTED, SeatKind, check_freeing, cost_of_load, match_shadows
from hiring.loops.sheet import AskedQuestion, AskedSkill, PlanSheet
from hiring.permissions import Actor, Can, ensure

SECONDS = 5.0
BREAK = 10
"""Minutes between two sessions, for the candidate's sake."""


@dataclass(frozen=True)
class Staffed:
    """What staffing came to: who was seated in which session, and what of the plan falls short with this panel."""

    seated: tuple[tuple[str, str], ...]
    freed: tuple[str, ...]
    unmet: tuple[Unmet, ...]
    names: dict[str, str]

    @property
    def summary(self) -> str:
        said = "; ".join(f"{person} in {session}" for person, session in self.seated)
        parts = [f"Seated: {said}." if said else "Nobody more could be seated."]
        parts += [f"For that, {person} was moved." for person in self.freed if person not in dict(self.seated)]
        short = list(dict.fromkeys(self.names.get(one.skill or one.session, "") for one in self.unmet))
        if short:
            parts.append(f"This panel can't give what the plan asks for: {', '.join(short)}. {self.unmet[0].because}")
            parts += [f"What would help: {'; '.join(self.unmet[0].mend)}."] if self.unmet[0].mend else []
        return " ".join(parts)


def make_staffing(loop: Loop, *, without: str = "", freed: Sequence[str] = ()) -> Instance:
    """The builder's instance of a loop. without: the id of somebody who may not sit. freed: ids of seats that may change hands."""
    sheet = read_plan(loop.plan)
    codes = {session.id: f"s{number:02}" for number, session in enumerate(sheet.sessions, start=1)}
    known = {skill.id for skill in sheet.skills}
    asked = [(question, codes[session.id]) for session in sheet.sessions for question in session.questions]
    kept = [seat for seat in loop.seats if seat.is_lead and seat.id not in freed and seat.interviewer_id != without]
    free = list_candidate_spans(loop.candidacy)
    start = min((low for low, _ in free), default=None)
    return Instance(
        skills=tuple(_read_need(sheet, one) for one in sheet.skills),
        sessions=tuple(Session(codes[one.id], one.minutes, tuple(Kind), one.reserve, one.seats, one.name) for one in sheet.sessions),
        questions=tuple(_read_question(one, loop.opening.level, known) for one, _ in asked),
        level=loop.opening.level,
        interviewers=_list_people(loop, start, kept, without, known),
        pinned=tuple((one.id, code) for one, code in asked),
        seated=tuple((seat.interviewer_id, codes[seat.session_id]) for seat in kept),
        candidate_available=_as_minutes(free, start) if start else None,
        breaks=BREAK if start else 0,
        locked=tuple(codes.values()),
    )


def _read_need(sheet: PlanSheet, skill: AskedSkill) -> Skill:
    """What the panel owes a skill: no more than the plan's questions give a chance for, which no panel could mend."""
    probing = [session for session in sheet.sessions if session.cell(skill.id).is_enough]
    seats = sum(session.seats for session in probing)
    return Skill(skill.id, min(skill.sessions, len(probing)), min(skill.people, seats), skill.weight, skill.name)


def _read_question(asked: AskedQuestion, level: int, known: set[str]) -> Question:
    """A question of the plan; its level is the opening's, for it was chosen already."""
    primary, secondary = (tuple(skill for skill in skills if skill in known) for skills in (asked.primary, asked.secondary))
    return Question(asked.id, Kind(asked.kind), asked.minutes, level, Mode(asked.mode), primary, secondary)


def _list_people(loop: Loop, start: datetime | None, kept: Sequence[Seat], without: str, known: set[str]) -> tuple[Interviewer, ...]:
    """Everybody who judges something or sits here already; who shadows here, or must not judge, may not sit."""
    barred = {one.person_id: one.reason for one in list_conflicts(loop.candidacy)} | {without: "not this time"}
    barred |= {seat.interviewer_id: "shadows here" for seat in loop.seats if not seat.is_lead}
    barred |= {seat.interviewer_id: "had a card in here" for seat in list_set_aside(loop)}
    sitting = {seat.interviewer_id: seat for seat in kept}
    people = []
    for one in list_interviewers():
        if not one.skill_ids and one.id not in sitting:
            continue
        load = count_load(one.id, besides=loop)
        seat = sitting.get(one.id)
        people.append(
            Interviewer(
                one.id,
                tuple(sorted(known & one.skill_ids)),
                load=0 if seat else load,
                limit=one.limit,
                cost=0.0 if seat else cost_of_load(load, one.limit),
                available=_find_free(one, loop, seat, start) if start else None,
                conflicts=(barred[one.id],) if one.id in barred and not seat else (),
                name=one.name,
            )
        )
    return tuple(people)


def count_load(person_id: str, *, besides: Loop) -> int:
    """In how many other loops somebody sits that are not over, or that were in the last weeks: what makes the load fair over time."""
    recent = now() - RECENT
    seats = [seat for seat in list_seats_of(person_id) if seat.loop_id != besides.id and seat.is_lead]
    return len({seat.loop_id for seat in seats if seat.loop.is_blind or (seat.starts_at is not None and seat.starts_at > recent)})


def _find_free(one: Judge, loop: Loop, seat: Seat | None, start: datetime) -> tuple[Minutes, ...] | None:
    """When somebody has time, in minutes from `start`: their free spans less other interviews; a seat with a time keeps it."""
    if seat is not None and seat.starts_at is not None:
        return _as_minutes([(seat.starts_at, seat.starts_at + timedelta(minutes=seat.session.minutes))], start)
    busy = [
        (other.starts_at, other.starts_at + timedelta(minutes=other.session.minutes))
        for other in list_seats_of(one.id)
        if other.loop_id != loop.id and other.starts_at is not None and other.loop.is_blind
    ]
    if one.free is None and not busy:
        return None
    always = [(start, start + timedelta(days=60))]
    return _as_minutes(subtract_spans(one.free if one.free is not None else always, busy), start)


def _as_minutes(spans: Sequence[tuple[datetime, datetime]], start: datetime) -> tuple[Minutes, ...]:
    """Spans in whole minutes from `start`, those before it left out."""
    counted = [(int((low - start).total_seconds() // 60), int((high - start).total_seconds() // 60)) for low, high in spans]
    return tuple((max(low, 0), high) for low, high in counted if high > max(low, 0))


def staff_loop(actor: Actor, loop: Loop) -> Staffed:
    """Fill the free lead seats of a loop; who sits already stays."""
    _check_staffable(actor, loop)
    instance, loop_id = make_staffing(loop), loop.id
    db.session.rollback()  # no transaction is open while the builder works
    answer = build(instance, seconds=SECONDS)
    return _seat(actor, get_loop(loop_id), instance, answer)


def replace_interviewer(actor: Actor, seat: Seat, *, because: str = "") -> Staffed:
    """Give a seat to somebody else, so that the coverage stays and as little as possible changes.

    First with everybody else where they are; where that loses coverage, one other may change places too. because: why the
    seat is freed, where its card is in.
    """
    loop, seat_id, gone = seat.loop, seat.id, seat.interviewer_id
    _check_staffable(actor, loop)
    check_freeing(is_in=seat.is_in, because=because)
    before = _count_short(make_staffing(loop), ())
    loop_id, others = loop.id, [] if loop.state in STARTED else list_movable(loop, seat_id)
    best: tuple[int, Instance, Answer, tuple[str, ...]] | None = None
    for freed in ((), *((one,) for one in others)):
        instance = make_staffing(get_loop(loop_id), without=gone, freed=(seat_id, *freed))
        db.session.rollback()
        answer = build(instance, seconds=SECONDS)
        short = _count_short(instance, answer.seats)
        if best is None or short < best[0]:
            best = (short, instance, answer, freed)
        if short <= before:
            break
    assert best is not None
    _, instance, answer, freed = best
    names = [get_seat(one).interviewer.name for one in freed]
    for one in (seat_id, *freed):
        free_seat(actor, get_seat(one), because=because if one == seat_id else "")
    done = _seat(actor, get_loop(loop_id), instance, answer)
    return replace(done, freed=tuple(names))


def list_movable(loop: Loop, besides: str) -> list[str]:
    """The ids of the other lead seats whose session hasn't begun."""
    moment = now()
    return [one.id for one in loop.seats if one.is_lead and one.id != besides and (one.starts_at is None or one.starts_at > moment)]


def _count_short(instance: Instance, seats: Sequence[tuple[str, str]]) -> int:
    """How many sessions and raters the skills lack with a panel; with the given seats where it is empty."""
    answer = Answer("stopped", 0, 0, 0, instance.pinned, tuple(seats) or instance.seated)  # type: ignore[arg-type]
    missing = list_missing(instance, answer)
    return sum(number for (what, _), number in missing.items() if what in SKILL_NEEDS)


def _check_staffable(actor: Actor, loop: Loop) -> None:
    ensure(actor, Can.ARRANGE_LOOP, loop)
    if not loop.is_blind:
        raise Conflict(f"This loop is {loop.state}: its panel stays as it was.")
    if not any(one.skill_ids for one in list_interviewers()):
        raise Conflict("Nobody has said yet who can judge which skill. Say so under Interviewers, or seat people by hand.")


def _seat(actor: Actor, loop: Loop, instance: Instance, answer: Answer) -> Staffed:
    """Give the seats of the answer that are not taken yet."""
    sessions = {f"s{number:02}": session for number, session in enumerate(loop.plan.sessions, start=1)}
    free = list_candidate_spans(loop.candidacy)
    start = min((low for low, _ in free), default=None)
    times, seated = dict(answer.times), list[tuple[str, str]]()
    for person_id, code in answer.seats:
        if person_id in loop.panelist_ids:
            continue
        person = get_person(person_id)
        starts_at = start + timedelta(minutes=times[code]) if start and code in times else None
        give_seat(actor, loop, sessions[code], person, kind=SeatKind.LEAD, starts_at=starts_at, zone=person.zone)
        seated.append((person.name, sessions[code].name))
    names = {one.id: one.name for one in instance.skills} | {code: one.name for code, one in sessions.items()}
    unmet = tuple(one for one in answer.unmet if one.what != "minutes")
    audit.record(actor, "loops.staff_loop", loop.id, ", ".join(name for name, _ in seated))
    return Staffed(tuple(seated), (), unmet, names)


def seat_shadows(actor: Actor, loop: Loop) -> list[tuple[str, str]]:
    """Seat somebody who still learns beside the leads of each session, where there is one; names of people and sessions."""
    ensure(actor, Can.ARRANGE_LOOP, loop)
    if not any(seat.is_lead for seat in loop.seats):
        raise Conflict("Seat the leads first: shadows sit beside them.")
    sheet = read_plan(loop.plan)
    barred = {one.person_id for one in list_conflicts(loop.candidacy)} | loop.panelist_ids
    taken = {seat.session_id for seat in loop.seats if not seat.is_lead}
    wishes: dict[str, list[str]] = {}
    for one in list_interviewers():
        skills = {session.id: {skill.id for skill in sheet.skills_marked_in(session.id)} for session in sheet.sessions}
        lessons = [id for id, marked in skills.items() if id not in taken and marked - one.skill_ids and _has_time(one, loop, id)]
        if one.id not in barred and one.skill_ids:
            wishes[one.id] = sorted(lessons, key=lambda id: -len(skills[id] - one.skill_ids))
    sessions, seated = {session.id: session for session in loop.plan.sessions}, list[tuple[str, str]]()
    for person_id, session_id in match_shadows(wishes):
        person, session = get_person(person_id), sessions[session_id]
        lead = next(seat for seat in loop.seats if seat.is_lead and seat.session_id == session_id)
        give_seat(actor, loop, session, person, kind=SeatKind.SHADOW, starts_at=lead.starts_at, zone=person.zone)
        seated.append((person.name, session.name))
    return seated


def _has_time(one: Judge, loop: Loop, session_id: str) -> bool:
    lead = next((seat for seat in loop.seats if seat.is_lead and seat.session_id == session_id), None)
    if lead is None or lead.starts_at is None:
        return lead is not None
    end = lead.starts_at + timedelta(minutes=lead.session.minutes)
    spans = _find_free(one, loop, None, lead.starts_at)
    return spans is None or any(low <= 0 and high * 60 >= (end - lead.starts_at).total_seconds() for low, high in spans)
