"""Pages of the bank: questions, skills, frames, and YAML in and out."""

from enum import StrEnum
from math import ceil
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from hiring.bank import actions, files, queries
from hiring.bank.forms import ImportForm, QuestionForm, SkillForm, describe_question, describe_skill
from hiring.bank.models import Question, Skill
from hiring.bank.queries import PER_PAGE, QuestionFilters
from hiring.bank.rules import LEVELS, FrameKind, Kind, Mode, QuestionState, SkillGroup, Strength, clean_line
from hiring.errors import Conflict, HiringError, Invalid
from hiring.permissions import Can, ensure
from hiring.web import answer_form, current_actor

blueprint = Blueprint("bank", __name__, url_prefix="/bank")
Page = str | BaseResponse | tuple[str, int]
Choice = TypeVar("Choice", bound=StrEnum)
ON_SKILL_PAGE = 50
MOST_FAULTS_SHOWN = 200


def _choose(values: type[Choice], name: str) -> Choice | None:
    """The value of a filter in the address; one that nobody knows filters nothing."""
    given = request.args.get(name, "")
    return values(given) if given in {*values} else None


def _read_filters() -> QuestionFilters:
    level = request.args.get("level", type=int)
    return QuestionFilters(
        text=clean_line(request.args.get("q", ""))[:200],
        skill_id=request.args.get("skill", ""),
        kind=_choose(Kind, "kind"),
        mode=_choose(Mode, "mode"),
        level=level if level in LEVELS else None,
        frame_id=request.args.get("frame", ""),
        state=_choose(QuestionState, "state"),
    )


def _write_filters(filters: QuestionFilters) -> dict[str, Any]:
    """The filters as they stand in an address."""
    named = {
        "q": filters.text,
        "skill": filters.skill_id,
        "kind": filters.kind,
        "mode": filters.mode,
        "level": filters.level,
        "frame": filters.frame_id,
        "state": filters.state,
    }
    return {name: value for name, value in named.items() if value}


@blueprint.get("/")
def list_questions() -> Page:
    ensure(current_actor(), Can.READ_BANK)
    filters = _read_filters()
    page = max(1, request.args.get("page", 1, type=int))
    pages = max(1, ceil(queries.count_questions(filters) / PER_PAGE))
    questions, total = queries.list_questions(filters, page=min(page, pages))
    return render_template(
        "bank/list_questions.html",
        questions=questions,
        total=total,
        page=min(page, pages),
        pages=pages,
        filters=filters,
        wanted=_write_filters(filters),
        skills=queries.list_skills(with_retired=True),
        frames=queries.list_frames(),
        levels=LEVELS,
        choices={"kind": Kind, "mode": Mode, "state": QuestionState},
    )


@blueprint.get("/questions/<question_id>")
def show_question(question_id: str) -> Page:
    ensure(current_actor(), Can.READ_BANK)
    question = queries.get_question(question_id)
    frames = [frame for frame in queries.list_frames() if frame.id in question.frame_ids]
    return render_template("bank/show_question.html", question=question, frames=frames, levels=LEVELS)


def _answer_question(template: str, form: QuestionForm, error: HiringError | None = None, *, question: Question | None = None) -> Page:
    """The page of a question's form; after a conflict it shows what is saved, and the next save goes over it."""
    if question is not None and isinstance(error, Conflict):
        form.version.data = str(question.version)
    data = {} if question is None else {"question": question, "is_stale": isinstance(error, Conflict)}
    return answer_form(template, form, error, skills=_offer(form, question), frames=queries.list_frames(), **data)


def _offer(form: QuestionForm, question: Question | None) -> list[Skill]:
    """Skills that may be ticked: all in use, and those that the question has already."""
    kept = {link.skill_id for link in question.links} if question else set()
    skills = [skill for skill in queries.list_skills(with_retired=True) if not skill.is_retired or skill.id in kept]
    form.offer({skill.id: skill.name for skill in skills}, {frame.id: frame.name for frame in queries.list_frames()})
    return skills


def _seen_version(form: QuestionForm | SkillForm) -> int:
    given = form.version.data or ""
    return int(given) if given.isdecimal() and len(given) < 10 else 0


@blueprint.route("/questions/new", methods=["GET", "POST"])
def create_question() -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    form = QuestionForm(data={"primary": [request.args.get("skill", "")]})
    _offer(form, None)
    if not form.validate_on_submit():
        return _answer_question("bank/create_question.html", form)
    try:
        question = actions.create_question(current_actor(), form.read())
    except Invalid as error:
        return _answer_question("bank/create_question.html", form, error)
    flash("The question is in the bank.")
    return redirect(url_for("bank.show_question", question_id=question.id), 303)


@blueprint.route("/questions/<question_id>/edit", methods=["GET", "POST"])
def edit_question(question_id: str) -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    question = queries.get_question(question_id)
    before = queries.read_question(question)
    form = QuestionForm(data=describe_question(before, question.version))
    del form.state
    _offer(form, question)
    if not form.validate_on_submit():
        return _answer_question("bank/edit_question.html", form, question=question)
    try:
        actions.change_question(current_actor(), question, form.read(before), version=_seen_version(form))
    except (Invalid, Conflict) as error:
        return _answer_question("bank/edit_question.html", form, error, question=question)
    flash("The question is saved.")
    return redirect(url_for("bank.show_question", question_id=question.id), 303)


@blueprint.post("/questions/<question_id>/retire")
def retire_question(question_id: str) -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    actions.retire_question(current_actor(), queries.get_question(question_id))
    flash("The question is retired: new plans leave it out.")
    return redirect(url_for("bank.show_question", question_id=question_id), 303)


@blueprint.post("/questions/<question_id>/activate")
def activate_question(question_id: str) -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    actions.activate_question(current_actor(), queries.get_question(question_id))
    flash("The question is active: plans may use it.")
    return redirect(url_for("bank.show_question", question_id=question_id), 303)


@blueprint.get("/skills")
def list_skills() -> Page:
    ensure(current_actor(), Can.READ_BANK)
    return render_template(
        "bank/list_skills.html",
        skills=queries.list_skills(with_retired=True),
        counts=queries.count_by_skill(),
        groups=list(SkillGroup),
        strengths=list(Strength),
    )


@blueprint.get("/skills/<skill_id>")
def show_skill(skill_id: str) -> Page:
    ensure(current_actor(), Can.READ_BANK)
    skill = queries.get_skill(skill_id)
    found = {}
    for strength in Strength:
        filters = QuestionFilters(skill_id=skill.id, state=QuestionState.ACTIVE, strength=strength)
        found[strength] = queries.list_questions(filters, per_page=ON_SKILL_PAGE)
    return render_template("bank/show_skill.html", skill=skill, found=found, levels=LEVELS)


@blueprint.route("/skills/new", methods=["GET", "POST"])
def create_skill() -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    form = SkillForm()
    if not form.validate_on_submit():
        return answer_form("bank/create_skill.html", form)
    try:
        skill = actions.create_skill(current_actor(), form.read())
    except Invalid as error:
        return answer_form("bank/create_skill.html", form, error)
    flash(f"{skill.name} is in the bank. It needs questions next.")
    return redirect(url_for("bank.show_skill", skill_id=skill.id), 303)


@blueprint.route("/skills/<skill_id>/edit", methods=["GET", "POST"])
def edit_skill(skill_id: str) -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    skill = queries.get_skill(skill_id)
    before = queries.read_skill(skill)
    form = SkillForm(data=describe_skill(before, skill.version))
    if not form.validate_on_submit():
        return answer_form("bank/edit_skill.html", form, skill=skill, is_stale=False)
    try:
        actions.change_skill(current_actor(), skill, form.read(before), version=_seen_version(form))
    except (Invalid, Conflict) as error:
        is_stale = isinstance(error, Conflict)
        form.version.data = str(skill.version) if is_stale else form.version.data
        return answer_form("bank/edit_skill.html", form, error, skill=skill, is_stale=is_stale)
    flash(f"{skill.name} is saved, version {skill.version}.")
    return redirect(url_for("bank.show_skill", skill_id=skill.id), 303)


@blueprint.get("/frames")
def list_frames() -> Page:
    ensure(current_actor(), Can.READ_BANK)
    skills = {skill.id: skill for skill in queries.list_skills(with_retired=True)}
    return render_template(
        "bank/list_frames.html", frames=queries.list_frames(), kinds=list(FrameKind), skills=skills, counts=queries.count_by_frame()
    )


def _read_upload(form: ImportForm) -> str:
    return files.decode(form.file.data.read()) if form.file.data else form.text.data or ""


@blueprint.route("/import", methods=["GET", "POST"])
def import_bank() -> Page:
    ensure(current_actor(), Can.EDIT_BANK)
    form = ImportForm()
    if not form.validate_on_submit():
        return answer_form("bank/import_bank.html", form, faults=[], checked=None, shown=MOST_FAULTS_SHOWN)
    try:
        bank = files.read_bank(_read_upload(form), queries.read_known())
    except files.Faulty as error:
        return answer_form("bank/import_bank.html", form, error, faults=error.faults, checked=None, shown=MOST_FAULTS_SHOWN)
    done = actions.import_bank(current_actor(), bank, only_check=form.only_check.data)
    if form.only_check.data:
        return render_template("bank/import_bank.html", form=form, problem="", faults=[], checked=done, shown=MOST_FAULTS_SHOWN)
    flash(f"The bank is imported: {done.created} created, {done.changed} changed, {done.unchanged} unchanged.")
    return redirect(url_for("bank.list_questions"), 303)


@blueprint.get("/export")
def export_bank() -> Response:
    ensure(current_actor(), Can.READ_BANK)
    headers = {"Content-Disposition": 'attachment; filename="loopcard-bank.yaml"'}
    return Response(files.write_bank(queries.read_bank()), mimetype="application/yaml", headers=headers)
