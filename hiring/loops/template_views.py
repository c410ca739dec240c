"""Pages of templates: starting a plan from one or from another opening's, and saving a plan as one."""

from flask import flash, redirect, render_template, request, url_for

from hiring.errors import Conflict, Invalid
from hiring.loops import queries
from hiring.loops.forms import TemplateForm
from hiring.loops.models import Plan
from hiring.loops.plan_actions import start_plan as start_standard
from hiring.loops.plan_views import Page, blueprint, get_plan_for
from hiring.loops.template_actions import copy_plan, get_template, list_templates, retire_template, save_template, start_from_template
from hiring.openings.models import Opening
from hiring.openings.queries import get_opening, list_openings
from hiring.permissions import Can, ensure
from hiring.web import answer_form, current_actor


@blueprint.route("/plans/start/<key>", methods=["GET", "POST"])
def start_plan(key: str) -> Page:
    """Choose what a plan starts from; an opening with a published plan starts its next version from that."""
    opening = get_opening(key)
    ensure(current_actor(), Can.EDIT_OPENING, opening)
    if request.method == "POST":
        plan = _start(opening, request.form.get("from", ""))
        return redirect(url_for("loops.show_plan", plan_id=plan.id), 303)
    skills = {row.skill_id: row.skill.name for row in opening.skills}
    offered = [(one, [skills[id] for id in one.find_uncovered(list(skills))]) for one in list_templates()]
    others = [(one, plan) for one in list_openings(current_actor()) if one.id != opening.id and (plan := queries.find_published(one))]
    return render_template("loops/start_plan.html", opening=opening, offered=offered, others=others, draft=queries.find_draft(opening))


def _start(opening: Opening, wanted: str) -> Plan:
    kind, _, key = wanted.partition(":")
    if kind == "template":
        return start_from_template(current_actor(), opening, get_template(key))
    if kind == "plan":
        return copy_plan(current_actor(), opening, queries.get_plan(key))
    if kind:
        raise Conflict("Choose one of the plans that are offered.")
    return start_standard(current_actor(), opening)


@blueprint.route("/plans/<plan_id>/template", methods=["GET", "POST"])
def save_as_template(plan_id: str) -> Page:
    plan = get_plan_for(plan_id)
    form = TemplateForm()
    if not form.validate_on_submit():
        return answer_form("loops/save_as_template.html", form, plan=plan, templates=list_templates())
    try:
        row = save_template(current_actor(), plan, name=form.name.data or "", about=form.about.data or "")
    except Invalid as error:
        return answer_form("loops/save_as_template.html", form, error, plan=queries.get_plan(plan_id), templates=list_templates())
    flash(f"Saved as template “{row.name}”, version {row.version}.")
    return redirect(url_for("loops.show_plan", plan_id=plan_id), 303)


@blueprint.post("/plans/templates/<template_id>/retire")
def drop_template(template_id: str) -> Page:
    """Take a saved template off the list."""
    retire_template(current_actor(), template_id)
    flash("The template is no longer offered. Plans that were made from it stay as they are.")
    return redirect(url_for("loops.show_openings"), 303)
