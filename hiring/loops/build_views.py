"""Pages of building a plan: one press, a longer search with its progress, and what-if."""

from pathlib import Path

from flask import Response as FlaskResponse
from flask import current_app, flash, jsonify, redirect, render_template, url_for

from hiring.db import db
from hiring.errors import HiringError
from hiring.interviewers.queries import list_interviewers
from hiring.loops import building, queries
from hiring.loops.compiling import Built, compare_builds, name_things, number_sessions, start_building, take_build
from hiring.loops.forms import WhatIfForm
from hiring.loops.models import Plan
from hiring.loops.plan_views import Page, blueprint, get_plan_for, show
from hiring.loops.what_if import Change, compare, leave_out, shorten, weigh
from hiring.web import as_choices, current_actor

PATIENCE = 4.0
"""Seconds for which a page waits for its build before it shows progress instead."""


def _folder() -> Path:
    return Path(current_app.instance_path) / "builds"


@blueprint.post("/plans/<plan_id>/build/<any(once, best):how>")
def build_plan(plan_id: str, how: str) -> Page:
    """Choose the questions of every session; no transaction is open while the builder works."""
    plan = get_plan_for(plan_id)
    try:
        build_id = start_building(current_actor(), plan, _folder(), is_best=how == "best")
        progress = building.wait_for_build(_folder(), build_id, seconds=0 if how == "best" else PATIENCE)
        if progress.is_running:
            return redirect(url_for("loops.show_build", plan_id=plan_id, build_id=build_id), 303)
        return _take(queries.get_plan(plan_id), build_id)
    except HiringError as error:
        db.session.rollback()
        return show(queries.get_plan(plan_id), problem=str(error)), error.status


@blueprint.get("/plans/<plan_id>/builds/<build_id>")
def show_build(plan_id: str, build_id: str) -> Page:
    """How far a build has come: its best plan so far, and how much better one could still be."""
    plan = get_plan_for(plan_id)
    progress = building.read_build(_folder(), build_id)
    return render_template("loops/show_build.html", plan=plan, build_id=build_id, progress=progress, told=_tell_progress(progress))


@blueprint.get("/plans/<plan_id>/builds/<build_id>/progress")
def read_progress(plan_id: str, build_id: str) -> FlaskResponse:
    get_plan_for(plan_id)
    progress = building.read_build(_folder(), build_id)
    return jsonify({"running": progress.is_running, "told": _tell_progress(progress)})


def _tell_progress(progress: building.Progress) -> str:
    """A line on where the search stands."""
    seconds = f"{progress.seconds:.0f} s"
    if progress.answer is None:
        return progress.error or f"Looking for a first plan, {seconds}."
    best = progress.answer
    gap = (best.bound - best.objective) / abs(best.objective) if best.objective else 0.0
    said = "proven to be the best" if gap <= 0 else f"at most {gap:.1%} below the best there can be"
    covered = sum(len(one.sessions) > 0 for one in best.coverage.values())
    return f"Best plan so far: {len(best.questions)} questions, {covered} skills marked, {said}. {seconds}."


@blueprint.post("/plans/<plan_id>/builds/<build_id>/take")
def take_best(plan_id: str, build_id: str) -> Page:
    """Stop a build, if it still runs, and keep the best plan that it found."""
    plan = get_plan_for(plan_id)
    try:
        return _take(plan, build_id)
    except HiringError as error:
        db.session.rollback()
        return show(queries.get_plan(plan_id), problem=str(error)), error.status


def _take(plan: Plan, build_id: str) -> Page:
    built: Built = take_build(current_actor(), plan, _folder(), build_id)
    if built.unmet:
        return show(plan, built=built)
    flash(built.summary)
    return redirect(url_for("loops.show_plan", plan_id=plan.id), 303)


@blueprint.route("/plans/<plan_id>/what-if", methods=["GET", "POST"])
def what_if(plan_id: str) -> Page:
    """What building would give without a person, with a shorter session, or with a skill that weighs more; nothing is changed."""
    plan = get_plan_for(plan_id)
    form = _what_if_form(plan)
    told, problem, status = None, "", 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        names = name_things(plan) | {one.id: one.name for one in list_interviewers()}
        try:
            told, status = compare(*compare_builds(plan, _list_changes(form)), names), 200
        except HiringError as error:
            problem, status = str(error), error.status
        db.session.rollback()
        plan = queries.get_plan(plan_id)
    return render_template("loops/what_if.html", plan=plan, form=form, told=told, problem=problem), status


def _what_if_form(plan: Plan) -> WhatIfForm:
    form = WhatIfForm()
    sessions = {code: f"{one.name} ({one.minutes} min)" for code, one in number_sessions(plan).items()}
    form.person.choices = as_choices({"": "Nobody"} | {one.id: one.name for one in list_interviewers() if one.skill_ids})
    form.session.choices = as_choices({"": "None"} | sessions)
    form.skill.choices = as_choices({"": "None"} | {row.skill_id: row.skill.name for row in plan.opening.skills})
    return form


def _list_changes(form: WhatIfForm) -> list[Change]:
    changes = [leave_out(form.person.data)] if form.person.data else []
    changes += [shorten(form.session.data, form.minutes.data or 0)] if form.session.data else []
    return changes + ([weigh(form.skill.data, form.weight.data or 1.0)] if form.skill.data else [])
