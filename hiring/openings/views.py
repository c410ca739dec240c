"""Pages of an opening: what it asks for, who runs it, who applies. Its overview, with plan and loops, is in loops."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hiring.accounts.queries import get_person, list_people
from hiring.bank.queries import list_skills
from hiring.errors import Invalid
from hiring.openings import actions, queries
from hiring.openings.forms import CandidateForm, CreateOpeningForm, ManagerForm, OpeningForm, read_rules
from hiring.openings.models import Opening
from hiring.openings.rules import OPENING_MOVES, OpeningState, Seal, SkillRule
from hiring.permissions import Can, ensure
from hiring.web import answer_form, as_choices, current_actor

blueprint = Blueprint("openings", __name__, url_prefix="/openings")
Page = str | Response | tuple[str, int]


def _to(opening: Opening, anchor: str = "") -> Response:
    return redirect(url_for("loops.show_opening", key=opening.slug, _anchor=anchor or None), 303)


@blueprint.route("/new", methods=["GET", "POST"])
def create_opening() -> Page:
    ensure(current_actor(), Can.CREATE_OPENING)
    skills = list_skills()
    form = CreateOpeningForm(data={"skills": [skill.id for skill in skills]})
    form.skills.choices = as_choices({skill.id: skill.name for skill in skills})
    if not form.validate_on_submit():
        return answer_form("openings/create_opening.html", form, skills=skills)
    chosen = [skill for skill in skills if skill.id in set(form.skills.data or [])]
    try:
        said, manager = _read_opening(form), get_person(current_actor().id)
        opening = actions.create_opening(current_actor(), **said, skills=chosen, manager=manager)
    except Invalid as error:
        return answer_form("openings/create_opening.html", form, error, skills=list_skills())
    flash(f"{opening.title} is created. Next: its plan.")
    return _to(opening)


@blueprint.route("/<key>/edit", methods=["GET", "POST"])
def edit_opening(key: str) -> Page:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.EDIT_OPENING, opening)
    form = OpeningForm(data={"title": opening.title, "level": str(opening.level), "seal": opening.seal.value})
    if not form.validate_on_submit():
        return answer_form("openings/edit_opening.html", form, opening=opening, states=_next_states(opening))
    actions.edit_opening(current_actor(), opening, **_read_opening(form))
    flash("The opening is saved.")
    return _to(opening)


def _read_opening(form: OpeningForm) -> dict[str, Any]:
    return {"title": form.title.data or "", "level": int(form.level.data), "seal": Seal(form.seal.data)}


def _next_states(opening: Opening) -> list[OpeningState]:
    return sorted(OPENING_MOVES[opening.state])


@blueprint.post("/<key>/state")
def move_opening(key: str) -> Response:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.EDIT_OPENING, opening)
    wanted = request.form.get("state", "")
    if wanted not in set(OpeningState):
        raise Invalid("Choose one of the states that are offered.")
    actions.move_opening(current_actor(), opening, OpeningState(wanted))
    flash(f"{opening.title} is {wanted}.")
    return _to(opening)


@blueprint.route("/<key>/rule", methods=["GET", "POST"])
def edit_rule(key: str) -> Page:
    """Weights and bars: one row a skill, posted as fields named by the skill's id."""
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.EDIT_OPENING, opening)
    rules = {row.skill_id: row.rule for row in opening.skills}
    skills = [skill for skill in list_skills(with_retired=True) if not skill.is_retired or skill.id in rules]
    problem, faults = "", {}
    if request.method == "POST":
        posted = read_rules(request.form, [skill.id for skill in skills])
        try:
            actions.set_rule(current_actor(), opening, posted, reason=request.form.get("rule_reason", ""))
        except Invalid as error:
            problem, faults, rules = str(error), error.fields, {rule.skill_id: rule for rule in posted}
        else:
            flash("The rule is declared: weights, must-haves and bars.")
            return _to(opening)
    data = {"opening": opening, "skills": skills, "rules": rules, "blank": SkillRule(""), "posted": request.form}
    return render_template("openings/edit_rule.html", problem=problem, faults=faults, **data), 422 if problem else 200


@blueprint.route("/<key>/candidates/new", methods=["GET", "POST"])
def add_candidate(key: str) -> Page:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.COORDINATE, opening)
    form = CandidateForm()
    if not form.validate_on_submit():
        return answer_form("openings/add_candidate.html", form, opening=opening)
    try:
        candidacy = actions.add_candidate(current_actor(), opening, name=form.name.data or "", email=form.email.data or "")
    except Invalid as error:
        return answer_form("openings/add_candidate.html", form, error, opening=opening)
    flash(f"{candidacy.name} is added.")
    return _to(opening, "candidates")


@blueprint.route("/<key>/candidates/<candidacy_id>", methods=["GET", "POST"])
def edit_candidate(key: str, candidacy_id: str) -> Page:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.COORDINATE, opening)
    candidacy = queries.get_candidacy(opening, candidacy_id)
    form = CandidateForm(data={"name": candidacy.name, "email": candidacy.candidate.email or ""})
    if not form.validate_on_submit():
        return answer_form("openings/edit_candidate.html", form, opening=opening, candidacy=candidacy)
    try:
        actions.edit_candidate(current_actor(), candidacy, name=form.name.data or "", email=form.email.data or "")
    except Invalid as error:
        return answer_form("openings/edit_candidate.html", form, error, opening=opening, candidacy=candidacy)
    flash("The candidate is saved.")
    return _to(opening, "candidates")


@blueprint.route("/<key>/managers", methods=["GET", "POST"])
def add_manager(key: str) -> Page:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.EDIT_OPENING, opening)
    form = ManagerForm()
    others = [person for person in list_people(active_only=True) if person.id not in opening.manager_ids]
    form.person.choices = as_choices({person.id: f"{person.name} ({person.role})" for person in others})
    if not form.validate_on_submit():
        return answer_form("openings/add_manager.html", form, opening=opening)
    person = get_person(form.person.data)
    actions.add_manager(current_actor(), opening, person)
    flash(f"{person.name} manages this opening too.")
    return redirect(url_for("openings.add_manager", key=opening.slug), 303)


@blueprint.post("/<key>/managers/<person_id>/remove")
def remove_manager(key: str, person_id: str) -> Response:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.EDIT_OPENING, opening)
    person = get_person(person_id)
    actions.remove_manager(current_actor(), opening, person)
    flash(f"{person.name} no longer manages this opening.")
    return _to(opening)


@blueprint.post("/<key>/candidates/<candidacy_id>/withdraw")
def withdraw_candidate(key: str, candidacy_id: str) -> Response:
    opening = queries.get_opening(key)
    ensure(current_actor(), Can.COORDINATE, opening)
    candidacy = queries.get_candidacy(opening, candidacy_id)
    withdraws = candidacy.withdrawn_at is None
    actions.withdraw_candidate(current_actor(), candidacy, withdraws=withdraws)
    flash(f"{candidacy.name} has withdrawn, and is no longer compared." if withdraws else f"{candidacy.name} is back.")
    return _to(opening, "candidates")
