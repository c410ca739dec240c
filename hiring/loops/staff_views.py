"""Pages of staffing a loop: seats filled from the plan, somebody replaced, shadows, and when the candidate is free."""

from datetime import datetime

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from hiring.accounts.queries import get_person
from hiring.db import db
from hiring.errors import HiringError, Invalid
from hiring.interviewers.rules import to_utc
from hiring.loops import actions, queries
from hiring.loops.build_views import Page, blueprint
from hiring.loops.forms import CandidateTimeForm, FreeForm
from hiring.loops.models import Loop
from hiring.loops.staffing import replace_interviewer, seat_shadows, staff_loop
from hiring.permissions import Can, ensure
from hiring.web import answer_form, current_actor


def _loop(loop_id: str) -> Loop:
    loop = queries.get_loop(loop_id)
    ensure(current_actor(), Can.ARRANGE_LOOP, loop)
    return loop


def read_because() -> str:
    """Why a seat is freed; raises Invalid for a reason as long as a book."""
    form = FreeForm()
    if not form.validate_on_submit():
        raise Invalid("The seat is not freed. " + " ".join(form.because.errors))
    return form.because.data or ""


def _back(loop_id: str) -> Response:
    return redirect(url_for("loops.show_loop", loop_id=loop_id), 303)


@blueprint.post("/loops/<loop_id>/staff")
def staff(loop_id: str) -> Page:
    """Fill the free lead seats; no transaction is open while the builder works."""
    flash(staff_loop(current_actor(), _loop(loop_id)).summary)
    return _back(loop_id)


@blueprint.post("/seats/<seat_id>/replace")
def replace_seat(seat_id: str) -> Page:
    """Give a seat to somebody else, with as few changes as keep the coverage."""
    seat = queries.get_seat(seat_id)
    loop_id = _loop(seat.loop_id).id
    flash(replace_interviewer(current_actor(), seat, because=read_because()).summary)
    return _back(loop_id)


@blueprint.post("/loops/<loop_id>/shadows")
def add_shadows(loop_id: str) -> Page:
    seated = seat_shadows(current_actor(), _loop(loop_id))
    said = "; ".join(f"{person} in {session}" for person, session in seated)
    flash(f"Shadows: {said}." if said else "Nobody is free who would learn something here.")
    return _back(loop_id)


@blueprint.route("/loops/<loop_id>/candidate-times", methods=["GET", "POST"])
def edit_candidate_times(loop_id: str) -> Page:
    """When the candidate is free; with it, staffing gives times as well as seats."""
    loop, zone = _loop(loop_id), get_person(current_actor().id).zone
    form = CandidateTimeForm(data={"zone": zone})
    spans = queries.list_candidate_span_rows(loop.candidacy)
    if not form.validate_on_submit():
        return answer_form("loops/edit_candidate_times.html", form, loop=loop, spans=spans)
    try:
        actions.add_candidate_span(current_actor(), loop.candidacy, **_read_span(form))
    except HiringError as error:
        loop = queries.get_loop(loop_id)
        return answer_form(
            "loops/edit_candidate_times.html", form, error, loop=loop, spans=queries.list_candidate_span_rows(loop.candidacy)
        )
    flash("The time is noted.")
    return redirect(url_for("loops.edit_candidate_times", loop_id=loop_id), 303)


def _read_span(form: CandidateTimeForm) -> dict[str, datetime]:
    """From the day and two wall times to two moments; raises Invalid at the field."""
    day, start, end, zone = form.day.data, form.start.data, form.until.data, form.zone.data or "UTC"
    if day is None or start is None or end is None:
        raise Invalid("Enter a day, and from when to when.", {"day": "Enter a day."})
    low, high = datetime.combine(day, start), datetime.combine(day, end)  # wall times, as typed
    return {"starts_at": to_utc(low, zone, field="start"), "ends_at": to_utc(high, zone, field="until")}


@blueprint.post("/loops/<loop_id>/candidate-times/<span_id>/remove")
def remove_candidate_time(loop_id: str, span_id: str) -> Page:
    actions.remove_candidate_span(current_actor(), _loop(loop_id).candidacy, span_id)
    db.session.flush()
    flash("The time is removed.")
    return redirect(url_for("loops.edit_candidate_times", loop_id=loop_id), 303)
