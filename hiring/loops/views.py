"""Pages of openings with their loops: the list, the overview, one loop's panel."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hiring.accounts.queries import get_person, list_people
from hiring.db import now
from hiring.errors import HiringError, Invalid
from hiring.loops import actions, queries
from hiring.loops import template_views as template_views  # its pages hang on the same blueprint
from hiring.loops.forms import CancelForm, ConflictForm, SeatForm, TimeForm
from hiring.loops.models import Loop, Seat
from hiring.loops.rules import SeatKind
from hiring.loops.sheet import AskedQuestion
from hiring.loops.staff_views import Page, blueprint, read_because
from hiring.openings.queries import get_candidacy, get_opening, list_openings
from hiring.permissions import Can, allows, ensure
from hiring.web import answer_form, as_choices, current_actor

__all__ = ["blueprint"]


def _loop(loop_id: str, can: Can = Can.ARRANGE_LOOP) -> Loop:
    loop = queries.get_loop(loop_id)
    ensure(current_actor(), Can.READ_LOOP, loop)
    ensure(current_actor(), can, loop)
    return loop


def _seat(seat_id: str) -> Seat:
    seat = queries.get_seat(seat_id)
    ensure(current_actor(), Can.ARRANGE_LOOP, seat.loop)
    return seat


def _back(loop: Loop) -> Response:
    return redirect(url_for("loops.show_loop", loop_id=loop.id), 303)


@blueprint.get("/openings/")
def show_openings() -> Page:
    ensure(current_actor(), Can.USE)
    openings = list_openings(current_actor())
    return render_template("loops/show_openings.html", openings=openings, loops={one.id: queries.list_loops(one) for one in openings})


@blueprint.get("/openings/<key>")
def show_opening(key: str) -> Page:
    opening = get_opening(key)
    ensure(current_actor(), Can.READ_OPENING, opening)
    plans = queries.list_plans(opening)
    loops = queries.list_loops(opening)
    return render_template(
        "loops/show_opening.html",
        opening=opening,
        plans=plans,
        published=queries.find_published(opening),
        draft=queries.find_draft(opening),
        sheets={plan.id: queries.read_plan(plan) for plan in plans[:2]},
        loops=loops,
        late={loop.id: queries.list_late(loop, now()) for loop in loops},
        live={loop.candidacy_id: loop for loop in loops if not loop.is_cancelled},
    )


@blueprint.post("/openings/<key>/candidates/<candidacy_id>/loop")
def create_loop(key: str, candidacy_id: str) -> Response:
    opening = get_opening(key)
    ensure(current_actor(), Can.COORDINATE, opening)
    loop = actions.create_loop(current_actor(), get_candidacy(opening, candidacy_id))
    flash(f"{loop.candidacy.name}'s loop is started. Next: who sits where, and when.")
    return _back(loop)


@blueprint.get("/loops/<loop_id>")
def show_loop(loop_id: str) -> Page:
    loop = _loop(loop_id, Can.READ_LOOP)
    return render_template(
        "loops/show_loop.html",
        loop=loop,
        opening=loop.opening,
        sheet=queries.read_plan(loop.plan),
        seats=sorted(loop.seats, key=lambda seat: (seat.starts_at is None, seat.starts_at, not seat.is_lead)),
        late=queries.list_late(loop, now()),
        missing=[one.said for one in queries.list_missing_cards(loop)],
        candidate_spans=queries.list_candidate_spans(loop.candidacy),
        repeated=_list_repeated(loop) if allows(current_actor(), Can.ARRANGE_LOOP, loop) else [],
        conflicts=queries.list_conflicts(loop.candidacy) if allows(current_actor(), Can.ARRANGE_LOOP, loop) else [],
    )


def _list_repeated(loop: Loop) -> list[AskedQuestion]:
    """The plan's questions that a returning candidate had in an earlier loop."""
    earlier = queries.find_earlier_questions(loop.candidacy)
    return [one for session in queries.read_plan(loop.plan).sessions for one in session.questions if one.id in earlier]


def _seat_form(loop: Loop) -> SeatForm:
    session_id = request.args.get("session", "")
    form = SeatForm(data={"session": session_id, "kind": SeatKind.LEAD.value, "zone": get_person(current_actor().id).zone})
    form.session.choices = as_choices({one.id: one.name for one in loop.plan.sessions})
    barred = {one.person_id for one in queries.list_conflicts(loop.candidacy)} | loop.panelist_ids
    form.person.choices = as_choices({"": "Choose …"} | {one.id: one.name for one in list_people(active_only=True) if one.id not in barred})
    return form


@blueprint.route("/loops/<loop_id>/seats/new", methods=["GET", "POST"])
def seat_interviewer(loop_id: str) -> Page:
    loop = _loop(loop_id)
    form = _seat_form(loop)
    if not form.validate_on_submit():
        return answer_form("loops/seat_interviewer.html", form, loop=loop)
    try:
        seat = actions.seat_interviewer(
            current_actor(),
            loop,
            session_id=form.session.data,
            person=get_person(form.person.data),
            kind=SeatKind(form.kind.data),
            starts_at=form.starts_at.data,
            zone=form.zone.data,
            later=form.later.data,
        )
    except HiringError as error:
        return answer_form("loops/seat_interviewer.html", form, error, loop=queries.get_loop(loop_id))
    flash(f"{seat.interviewer.name} sits in {seat.session.name}.")
    return _back(loop)


@blueprint.route("/seats/<seat_id>/time", methods=["GET", "POST"])
def time_seat(seat_id: str) -> Page:
    seat = _seat(seat_id)
    wall = _wall(seat)
    form = TimeForm(data={"starts_at": wall, "zone": seat.zone, "later": wall is not None and wall.fold == 1})
    if not form.validate_on_submit():
        return answer_form("loops/time_seat.html", form, seat=seat, loop=seat.loop)
    try:
        actions.time_seat(current_actor(), seat, starts_at=form.starts_at.data, zone=form.zone.data, later=form.later.data)
    except HiringError as error:
        seat = queries.get_seat(seat_id)
        return answer_form("loops/time_seat.html", form, error, seat=seat, loop=seat.loop)
    flash("The time is saved.")
    return _back(seat.loop)


def _wall(seat: Seat) -> datetime | None:
    return None if seat.starts_at is None else seat.starts_at.astimezone(ZoneInfo(seat.zone)).replace(tzinfo=None)


@blueprint.post("/seats/<seat_id>/free")
def free_seat(seat_id: str) -> Response:
    seat = _seat(seat_id)
    actions.free_seat(current_actor(), seat, because=read_because())
    flash(f"The seat is free: {seat.interviewer.name} no longer sits in this loop.")
    return _back(seat.loop)


@blueprint.route("/loops/<loop_id>/conflicts/new", methods=["GET", "POST"])
def declare_conflict(loop_id: str) -> Page:
    loop = _loop(loop_id, Can.DECLARE_CONFLICT)
    form = ConflictForm(data={"person": current_actor().id})
    coordinates = allows(current_actor(), Can.ARRANGE_LOOP, loop)
    people = list_people(active_only=True) if coordinates else [get_person(current_actor().id)]
    form.person.choices = as_choices({one.id: one.name for one in people})
    if not form.validate_on_submit():
        return answer_form("loops/declare_conflict.html", form, loop=loop)
    person = get_person(form.person.data)
    try:
        actions.declare_conflict(current_actor(), loop, person, reason=form.reason.data or "")
    except HiringError as error:
        return answer_form("loops/declare_conflict.html", form, error, loop=queries.get_loop(loop_id))
    flash(f"{person.name}'s conflict of interest is on record.")
    return _back(loop) if allows(current_actor(), Can.READ_LOOP, loop) else redirect(url_for("home.show_home"), 303)


@blueprint.post("/loops/<loop_id>/cancel")
def cancel_loop(loop_id: str) -> Page:
    loop, form = _loop(loop_id), CancelForm()
    if not form.validate_on_submit():
        raise Invalid("The loop is not cancelled. " + " ".join(form.reason.errors))
    actions.cancel_loop(current_actor(), loop, reason=form.reason.data or "")
    flash(f"{loop.candidacy.name}'s loop is cancelled. What was recorded is kept and never computed.")
    return redirect(url_for("loops.show_opening", key=loop.opening.slug, _anchor="candidates"), 303)
