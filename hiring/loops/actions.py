"""Writes to loops: starting one, seating its panel, conflicts of interest, and following its cards."""

from datetime import datetime

from sqlalchemy import select

from hiring import audit
from hiring.accounts.models import Person
from hiring.db import db, now
from hiring.errors import Conflict, Invalid, NotFound
from hiring.loops.models import CandidateSpan, ConflictOfInterest, Loop, PlanSession, Seat
from hiring.loops.queries import find_conflict, find_freed_seat, find_live_loop, find_published, list_seats_of, list_set_aside
from hiring.loops.rules import (
    BLIND,
    STARTED,
    LoopState,
    SeatKind,
    SeatTime,
    check_freeing,
    check_loop_move,
    find_clash,
    is_staffed,
    next_state,
    overlap,
    to_utc,
)
from hiring.openings.actions import begin
from hiring.openings.models import Candidacy
from hiring.openings.rules import check_not_closed
from hiring.permissions import Actor, Can, ensure


def create_loop(actor: Actor, candidacy: Candidacy) -> Loop:
    """Start a candidate's run of the published plan; the first loop of an opening seals its rule."""
    ensure(actor, Can.COORDINATE, candidacy)
    check_not_closed(candidacy.opening.state)
    plan = find_published(candidacy.opening)
    if plan is None:
        raise Conflict("Publish the plan first: a loop runs on a published plan.")
    if find_live_loop(candidacy) is not None:
        raise Conflict(f"{candidacy.name} has a loop already. Cancel it first to start another.")
    loop = Loop(candidacy=candidacy, plan=plan, seal_name=candidacy.opening.seal)
    db.session.add(loop)
    begin(candidacy.opening)
    db.session.flush()
    audit.record(actor, "loops.create_loop", loop.id, f"{candidacy.name}, plan version {plan.version}")
    return loop


def _seat_time(seat: Seat) -> SeatTime:
    return SeatTime(seat.id, seat.session_id, seat.interviewer_id, seat.starts_at, seat.session.minutes)


def _check_open(loop: Loop) -> None:
    if loop.state not in BLIND:
        raise Conflict(f"This loop is {loop.state}: its panel stays as it was.")


def seat_interviewer(
    actor: Actor,
    loop: Loop,
    *,
    session_id: str,
    person: Person,
    kind: SeatKind = SeatKind.LEAD,
    starts_at: datetime | None = None,
    zone: str = "UTC",
    later: bool = False,
) -> Seat:
    """Give a seat to somebody. starts_at: naive wall time in `zone`, or None while it isn't known; later: the second of a double hour."""
    ensure(actor, Can.ARRANGE_LOOP, loop)
    _check_open(loop)
    session = next((one for one in loop.plan.sessions if one.id == session_id), None)
    if session is None:
        raise Invalid("This session is not part of the loop's plan.", {"session": "Choose a session of the plan."})
    _check_person(loop, session, person)
    if kind is SeatKind.LEAD:
        taken = sum(seat.is_lead and seat.session_id == session_id for seat in loop.seats)
        if taken >= session.seats:
            said = f"All lead seats of {session.name} are taken. Seat {person.name} as a shadow, or free a seat."
            raise Invalid(said, {"kind": said})
    moment = to_utc(starts_at, zone, later=later) if starts_at else None
    return give_seat(actor, loop, session, person, kind=kind, starts_at=moment, zone=zone)


def give_seat(
    actor: Actor, loop: Loop, session: PlanSession, person: Person, *, kind: SeatKind, starts_at: datetime | None, zone: str
) -> Seat:
    """Seat somebody who may sit there. starts_at: aware, or None while it isn't known.

    Who comes back to a seat that was freed finds what they wrote in it.
    """
    seat = find_freed_seat(loop, session.id, person.id)
    if seat is None:
        seat = Seat(session_id=session.id, session=session, interviewer_id=person.id, interviewer=person)
    seat.kind_name, seat.zone, seat.starts_at = kind, zone, starts_at
    seat.freed_at = seat.freed_by = seat.freed_because = None
    _check_time(loop, seat)
    loop.seats.append(seat)
    db.session.flush()
    _follow(loop)
    audit.record(actor, "loops.seat_interviewer", loop.id, f"{person.name} as {kind} in {session.name}")
    return seat


def _check_person(loop: Loop, session: PlanSession, person: Person) -> None:
    if not person.is_active:
        raise Invalid(f"{person.name} can't sign in any more.", {"person": f"{person.name} can't sign in any more."})
    if person.id in loop.panelist_ids:
        said = f"{person.name} sits in this loop already. Two marks for a skill have to come from two people."
        raise Invalid(said, {"person": said})
    aside = next((seat for seat in list_set_aside(loop) if seat.interviewer_id == person.id), None)
    if aside is not None and aside.session_id != session.id:
        said = f"{person.name}'s card for {aside.session.name} was in when the seat was freed. They can come back to that seat alone."
        raise Invalid(said, {"session": said})
    conflict = find_conflict(loop.candidacy, person.id)
    if conflict is not None:
        said = f"{person.name} has a conflict of interest with {loop.candidacy.name}."
        raise Invalid(said, {"person": said})


def _check_time(loop: Loop, seat: Seat) -> None:
    elsewhere = [other for other in list_seats_of(seat.interviewer_id) if other.loop_id != loop.id and other.loop.is_blind]
    busy = next((other for other in elsewhere if overlap(_seat_time(seat), _seat_time(other))), None)
    if busy is not None:
        said = f"{seat.interviewer.name} sits in another interview at that time, for {busy.opening.title}."
        raise Invalid(said, {"starts_at": said})
    clash = find_clash(_seat_time(seat), [_seat_time(other) for other in loop.seats if other is not seat])
    if clash is not None:
        other = next(one for one in loop.seats if one.id == clash.seat_id)
        said = f"{loop.candidacy.name} sits in {other.session.name} with {other.interviewer.name} at that time."
        raise Invalid(said, {"starts_at": said})


def time_seat(actor: Actor, seat: Seat, *, starts_at: datetime | None, zone: str, later: bool = False) -> None:
    """Set when a seat's session starts: naive wall time in `zone`."""
    ensure(actor, Can.ARRANGE_LOOP, seat.loop)
    _check_open(seat.loop)
    seat.starts_at, seat.zone = (to_utc(starts_at, zone, later=later) if starts_at else None), zone
    _check_time(seat.loop, seat)
    db.session.flush()
    _follow(seat.loop)
    audit.record(actor, "loops.time_seat", seat.loop_id, seat.interviewer.name)


def free_seat(actor: Actor, seat: Seat, *, because: str = "") -> None:
    """Take somebody off the panel. A card that is in needs a reason; nothing here depends on whether there is a draft.

    What was written stays its author's to read and counts nowhere; the seat is free for somebody else.
    """
    ensure(actor, Can.ARRANGE_LOOP, seat.loop)
    hold_loop(seat.loop)
    _check_open(seat.loop)
    check_freeing(is_in=seat.is_in, because=because)
    _free(actor, seat, because)
    audit.record(actor, "loops.free_seat", seat.loop_id, f"{seat.interviewer.name}: {because.strip()}".removesuffix(": "))


def _free(actor: Actor, seat: Seat, because: str) -> None:
    seat.freed_at, seat.freed_by, seat.freed_because = now(), actor.name, because.strip() or None
    db.session.flush()
    db.session.expire(seat.loop, ["seats"])
    _follow(seat.loop)


def hold_loop(loop: Loop) -> None:
    """Wait until nobody else changes this loop, and read its seats anew: two last cards may come in at the same moment."""
    db.session.flush()
    db.session.execute(select(Loop.id).where(Loop.id == loop.id).with_for_update())
    db.session.refresh(loop, ["state_name", "version"])
    db.session.scalars(select(Seat).where(Seat.loop_id == loop.id).execution_options(populate_existing=True)).all()
    db.session.expire(loop, ["seats"])


def follow_card(seat: Seat, card_in_at: datetime | None) -> None:
    """Note on a seat since when its card is in, or that it no longer is; the loop follows.

    Raises Conflict where the seat was freed or the panel revealed while this was on its way.
    """
    hold_loop(seat.loop)
    _check_open(seat.loop)
    if seat.is_freed:
        raise Conflict("This seat was freed a moment ago: its card counts nowhere.")
    seat.card_in_at = card_in_at
    _follow(seat.loop)


def _follow(loop: Loop) -> None:
    """Set the loop's state by its seats: under way from the first card that is in, ready when every lead card is.

    Once there are cards, a time that is taken away or was never given holds nothing up.
    """
    leads = [seat for seat in loop.seats if seat.is_lead]
    started = loop.state in STARTED or any(seat.is_in for seat in loop.seats)
    wanted = {session.id: session.seats for session in loop.plan.sessions}
    staffed = is_staffed(wanted, [_seat_time(seat) for seat in leads], timed=not started)
    loop.state_name = next_state(loop.state, staffed=staffed, started=started, all_in=all(seat.is_in for seat in leads))
    db.session.flush()


def cancel_loop(actor: Actor, loop: Loop, *, reason: str) -> None:
    """End a loop before its reveal; what was recorded is kept and never computed."""
    ensure(actor, Can.ARRANGE_LOOP, loop)
    if not reason.strip():
        raise Invalid("Say why the loop is cancelled.", {"reason": "Say why the loop is cancelled."})
    check_loop_move(loop.state, LoopState.CANCELLED)
    loop.state_name = LoopState.CANCELLED
    audit.record(actor, "loops.cancel_loop", loop.id, reason.strip())


def declare_conflict(actor: Actor, loop: Loop, person: Person, *, reason: str) -> None:
    """Put on record that somebody may not judge this candidate; if they sit on the panel, their seat is freed."""
    ensure(actor, Can.DECLARE_CONFLICT, loop)
    if actor.id != person.id:
        ensure(actor, Can.ARRANGE_LOOP, loop)
    if not reason.strip():
        raise Invalid("Say what the conflict is.", {"reason": "Say what the conflict is, in a few words."})
    if find_conflict(loop.candidacy, person.id) is not None:
        raise Conflict(f"{person.name}'s conflict of interest is on record already.")
    db.session.add(
        ConflictOfInterest(
            candidacy_id=loop.candidacy_id,
            person_id=person.id,
            person=person,
            reason=reason.strip(),
            declared_by=actor.name,
            declared_at=now(),
        )
    )
    seat = next((one for one in loop.seats if one.interviewer_id == person.id), None)
    db.session.flush()
    if seat is not None and loop.state in BLIND:
        _free(actor, seat, "A conflict of interest is on record.")
    audit.record(actor, "loops.declare_conflict", loop.id, person.name)


def add_candidate_span(actor: Actor, candidacy: Candidacy, *, starts_at: datetime, ends_at: datetime) -> None:
    """Note that a candidate is free from one moment to another (aware)."""
    ensure(actor, Can.COORDINATE, candidacy)
    if ends_at <= starts_at:
        raise Invalid("The time has to end after it begins.", {"until": "The time has to end after it begins."})
    db.session.add(CandidateSpan(candidacy_id=candidacy.id, starts_at=starts_at, ends_at=ends_at))
    db.session.flush()
    audit.record(actor, "loops.add_candidate_span", candidacy.id)


def remove_candidate_span(actor: Actor, candidacy: Candidacy, span_id: str) -> None:
    ensure(actor, Can.COORDINATE, candidacy)
    span = db.session.get(CandidateSpan, span_id)
    if span is None or span.candidacy_id != candidacy.id:
        raise NotFound
    db.session.delete(span)
    db.session.flush()
    audit.record(actor, "loops.remove_candidate_span", candidacy.id)
