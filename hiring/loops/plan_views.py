"""Pages of a plan: the coverage matrix, its sessions with their questions, building and publishing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hiring.bank.queries import get_question, list_skills
from hiring.db import db
from hiring.errors import Invalid, NotFound
from hiring.interviewers.queries import list_interviewers
from hiring.loops import plan_actions, queries
from hiring.loops.compiling import Built
from hiring.loops.forms import SessionForm
from hiring.loops.judging import read_judging
from hiring.loops.models import Plan
from hiring.loops.offering import offer_questions
from hiring.loops.rules import Session, SessionFormat
from hiring.loops.sheet import PlanSheet, find_faults, find_warnings, say_change
from hiring.permissions import Can, ensure
from hiring.web import answer_form, current_actor

blueprint = Blueprint("loops", __name__)
Page = str | Response | tuple[str, int]


def get_plan_for(plan_id: str, can: Can = Can.EDIT_OPENING) -> Plan:
    """The plan, if the person may do that with its opening."""
    plan = queries.get_plan(plan_id)
    ensure(current_actor(), can, plan)
    return plan


def _back(plan: Plan, anchor: str = "") -> Response:
    return redirect(url_for("loops.show_plan", plan_id=plan.id, _anchor=anchor or None), 303)


def show(plan: Plan, *, built: Built | None = None, problem: str = "") -> str:
    """The page of a plan: the matrix by sessions and by people, then its sessions as hours with their questions."""
    sheet = queries.read_plan(plan)
    judging = read_judging(sheet, [(one.id, one.name, one.skill_ids) for one in list_interviewers()])
    return render_template(
        "loops/show_plan.html",
        plan=plan,
        opening=plan.opening,
        sheet=sheet,
        judging=judging,
        faults=find_faults(sheet) if plan.is_draft else [],
        warnings=find_warnings(sheet) + (judging.find_warnings() if judging else []),
        versions=queries.list_plans(plan.opening),
        draft=queries.find_draft(plan.opening),
        names={skill.id: skill.name for skill in list_skills()},
        built=built,
        problem=problem,
    )


def _tell(said: str, before: PlanSheet, plan: Plan) -> None:
    """Say what was done, and what it broke or mended."""
    flash(" ".join(part for part in (said, say_change(before, queries.read_plan(plan))) if part))


@blueprint.get("/plans/<plan_id>")
def show_plan(plan_id: str) -> Page:
    return show(get_plan_for(plan_id, Can.READ_OPENING))


@blueprint.post("/plans/<plan_id>/publish")
def publish_plan(plan_id: str) -> Page:
    plan = get_plan_for(plan_id)
    try:
        plan_actions.publish_plan(current_actor(), plan)
    except Invalid as error:
        db.session.rollback()
        return show(queries.get_plan(plan_id), problem=str(error)), error.status
    flash(f"Version {plan.version} is published and frozen. Candidates' loops can start on it.")
    return redirect(url_for("loops.show_opening", key=plan.opening.slug, _anchor="candidates"), 303)


@blueprint.post("/plans/<plan_id>/discard")
def discard_plan(plan_id: str) -> Response:
    plan = get_plan_for(plan_id)
    slug = plan.opening.slug
    plan_actions.discard_plan(current_actor(), plan)
    flash("The draft is gone. Published versions stay as they are.")
    return redirect(url_for("loops.show_opening", key=slug), 303)


@blueprint.route("/plans/<plan_id>/sessions/new", methods=["GET", "POST"])
def add_session(plan_id: str) -> Page:
    plan = get_plan_for(plan_id)
    form = SessionForm(data={"form": SessionFormat.MIXED.value, "minutes": 60, "reserve": 10, "seats": 1})
    if not form.validate_on_submit():
        return answer_form("loops/add_session.html", form, plan=plan)
    try:
        session = plan_actions.add_session(current_actor(), plan, _wanted(form))
    except Invalid as error:
        return answer_form("loops/add_session.html", form, error, plan=queries.get_plan(plan_id))
    return _back(plan, f"session-{session.id}")


def _wanted(form: SessionForm) -> Session:
    numbers = (form.minutes.data or 0, form.reserve.data or 0, form.seats.data or 0)
    return Session(form.name.data or "", SessionFormat(form.form.data), *numbers)


@blueprint.route("/plans/<plan_id>/sessions/<session_id>", methods=["GET", "POST"])
def edit_session(plan_id: str, session_id: str) -> Page:
    plan = get_plan_for(plan_id)
    session = queries.get_session(plan, session_id)
    form = SessionForm(
        data={"name": session.name, "form": session.format, "minutes": session.minutes, "reserve": session.reserve, "seats": session.seats}
    )
    if not form.validate_on_submit():
        return answer_form("loops/edit_session.html", form, plan=plan, session=session)
    before = queries.read_plan(plan)
    try:
        plan_actions.edit_session(current_actor(), plan, session, _wanted(form))
    except Invalid as error:
        plan = queries.get_plan(plan_id)
        return answer_form("loops/edit_session.html", form, error, plan=plan, session=queries.get_session(plan, session_id))
    _tell(f"{session.name} is changed.", before, plan)
    return _back(plan, f"session-{session.id}")


@blueprint.post("/plans/<plan_id>/sessions/<session_id>/remove")
def remove_session(plan_id: str, session_id: str) -> Response:
    plan = get_plan_for(plan_id)
    before = queries.read_plan(plan)
    plan_actions.remove_session(current_actor(), plan, queries.get_session(plan, session_id))
    _tell("The session is removed.", before, plan)
    return _back(plan)


@blueprint.post("/plans/<plan_id>/sessions/<session_id>/move")
def move_session(plan_id: str, session_id: str) -> Response:
    plan = get_plan_for(plan_id)
    plan_actions.move_session(current_actor(), plan, queries.get_session(plan, session_id), by=_direction())
    return _back(plan, f"session-{session_id}")


@blueprint.post("/plans/<plan_id>/sessions/<session_id>/<any(lock, unlock):act>")
def lock_session(plan_id: str, session_id: str, act: str) -> Response:
    """Keep a session as it is when the plan is built again, or let it go."""
    plan = get_plan_for(plan_id)
    plan_actions.lock_session(current_actor(), plan, queries.get_session(plan, session_id), locked=act == "lock")
    return _back(plan, f"session-{session_id}")


def _direction() -> int:
    return -1 if request.form.get("to") == "up" else 1


@blueprint.route("/plans/<plan_id>/sessions/<session_id>/questions/new", methods=["GET", "POST"])
def add_question(plan_id: str, session_id: str) -> Page:
    plan = get_plan_for(plan_id)
    session = queries.get_session(plan, session_id)
    if request.method == "POST":
        before = queries.read_plan(plan)
        plan_actions.add_question(current_actor(), plan, session, get_question(request.form.get("question", "")))
        _tell("The question is added and pinned.", before, plan)
        return _back(plan, f"session-{session.id}")
    text = request.args.get("q", "").strip()
    offers = offer_questions(plan, session, text=text)
    return render_template("loops/add_question.html", plan=plan, session=session, place=None, offers=offers, text=text)


@blueprint.route("/plans/<plan_id>/questions/<place_id>/swap", methods=["GET", "POST"])
def swap_question(plan_id: str, place_id: str) -> Page:
    plan = get_plan_for(plan_id)
    place = queries.get_place(plan, place_id)
    if request.method == "POST":
        before = queries.read_plan(plan)
        plan_actions.swap_question(current_actor(), plan, place, get_question(request.form.get("question", "")))
        _tell("The question is swapped and pinned.", before, plan)
        return _back(plan, f"session-{place.session_id}")
    text = request.args.get("q", "").strip()
    offers = offer_questions(plan, place.session, out=place, text=text)
    return render_template("loops/swap_question.html", plan=plan, session=place.session, place=place, offers=offers, text=text)


@blueprint.post("/plans/<plan_id>/questions/<place_id>/<act>")
def change_question(plan_id: str, place_id: str, act: str) -> Response:
    """Pin, unpin, move or remove a question of the plan."""
    plan = get_plan_for(plan_id)
    place = queries.get_place(plan, place_id)
    anchor = f"session-{place.session_id}"
    if act == "move":
        plan_actions.move_question(current_actor(), plan, place, by=_direction())
    elif act in {"pin", "unpin"}:
        plan_actions.pin_question(current_actor(), plan, place, pinned=act == "pin")
    elif act == "remove":
        before = queries.read_plan(plan)
        plan_actions.remove_question(current_actor(), plan, place)
        _tell("The question is removed.", before, plan)
    else:
        raise NotFound
    return _back(plan, anchor)
