"""Pages of interviewers: who can judge what, and when somebody is free."""

from collections import defaultdict
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hiring.accounts.models import Person
from hiring.accounts.queries import get_person
from hiring.bank.models import Skill
from hiring.bank.queries import list_skills
from hiring.db import db, now
from hiring.errors import Invalid
from hiring.formatting import count
from hiring.interviewers import actions, files, queries
from hiring.interviewers.forms import CalendarForm, InterviewerForm, SpanForm
from hiring.interviewers.rules import SENIORITIES, Judge, SpanSource, count_judges, group_by_day, make_span
from hiring.permissions import Can, ensure
from hiring.web import answer_form, current_actor

blueprint = Blueprint("interviewers", __name__, url_prefix="/interviewers")
Page = str | Response | tuple[str, int]
MOST_COLUMNS = 8
"""How many people fit beside each other; more are named in each row instead."""


def _group(skills: list[Skill]) -> dict[str, list[Skill]]:
    groups: dict[str, list[Skill]] = defaultdict(list)
    for skill in skills:
        groups[skill.group_name].append(skill)
    return dict(groups)


@blueprint.get("/")
def list_interviewers() -> Page:
    ensure(current_actor(), Can.READ_INTERVIEWERS)
    skills, judges = list_skills(), queries.list_interviewers()
    judging = [judge for judge in judges if judge.skill_ids]
    return render_template(
        "interviewers/list_interviewers.html",
        groups=_group(skills),
        judges=judges,
        judging=judging,
        by_skill=count_judges(judges, [skill.id for skill in skills]),
        has_columns=len(judging) <= MOST_COLUMNS,
        seniorities=SENIORITIES,
    )


def _offer(form: InterviewerForm, judge: Judge) -> dict[str, list[Skill]]:
    """Skills that may be ticked, by group: all in use, and the retired ones that the person judges already."""
    skills = [skill for skill in list_skills(with_retired=True) if not skill.is_retired or skill.id in judge.skill_ids]
    form.offer({skill.id: skill.name for skill in skills})
    return _group(skills)


@blueprint.route("/<person_id>", methods=["GET", "POST"])
def edit_interviewer(person_id: str) -> Page:
    ensure(current_actor(), Can.EDIT_INTERVIEWERS)
    judge = queries.get_interviewer(person_id)
    form = InterviewerForm(data={"seniority": judge.seniority, "limit": judge.limit, "skills": [*judge.skill_ids]})
    groups = _offer(form, judge)
    if not form.validate_on_submit():
        return answer_form("interviewers/edit_interviewer.html", form, judge=judge, groups=groups)
    whole = {skill.id for group in form.groups.data or [] for skill in groups.get(group, [])}
    skill_ids = {*(form.skills.data or []), *whole}
    actions.describe_interviewer(
        current_actor(), get_person(person_id), seniority=form.seniority.data, limit=form.limit.data or 0, skill_ids=skill_ids
    )
    flash(f"{judge.name} can judge {count(len(skill_ids), 'skill')}.")
    return redirect(url_for("interviewers.list_interviewers"), 303)


def _get_person(person_id: str) -> Person:
    """Somebody whose free time one may say."""
    person = get_person(person_id)
    ensure(current_actor(), Can.EDIT_FREE_TIME, person)
    return person


def _answer_times(person_id: str, form: SpanForm | CalendarForm, error: Invalid | None = None) -> Page:
    """The page of somebody's free time with both of its forms, of which the one that was sent keeps what was typed."""
    judge, rows = queries.get_interviewer(person_id), queries.list_free_spans(person_id)
    return answer_form(
        "interviewers/edit_times.html",
        form,
        error,
        span_form=form if isinstance(form, SpanForm) else SpanForm(formdata=None),
        calendar_form=form if isinstance(form, CalendarForm) else CalendarForm(formdata=None),
        judge=judge,
        is_own=judge.id == current_actor().id,
        days=group_by_day({row.id: row.span for row in rows}, judge.zone),
        from_calendar={row.id for row in rows if row.source == SpanSource.CALENDAR.value},
        today=now(),
    )


@blueprint.route("/<person_id>/times", methods=["GET", "POST"])
def edit_times(person_id: str) -> Page:
    person = _get_person(person_id)
    form = CalendarForm() if request.form.get("do") == "calendar" else SpanForm()
    if not form.validate_on_submit():
        return _answer_times(person_id, form)
    try:
        flash(_take_calendar(person, form) if isinstance(form, CalendarForm) else _take_span(person, form))
    except Invalid as error:
        return _answer_times(person_id, form, error)
    return redirect(url_for("interviewers.edit_times", person_id=person_id), 303)


def _take_span(person: Person, form: SpanForm) -> str:
    assert form.day.data is not None
    assert form.starts.data is not None
    assert form.ends.data is not None
    actions.add_free_span(current_actor(), person, make_span(form.day.data, form.starts.data, form.ends.data, person.zone))
    return "The time is added."


def _take_calendar(person: Person, form: CalendarForm) -> str:
    assert form.opens.data is not None
    assert form.closes.data is not None
    data, zone, start = form.file.data.read(), person.zone, now()
    db.session.rollback()  # no transaction is open while the calendar is read
    spans = files.read_calendar(
        data,
        start=start,
        end=start + timedelta(weeks=form.weeks.data),
        zone=zone,
        hours=(form.opens.data, form.closes.data),
        weekdays=form.days.data or [],
    )
    actions.set_free_time(current_actor(), person, spans, SpanSource.CALENDAR)
    if not spans:
        return "The calendar is read: it leaves nothing free in these working hours. Add a time by hand, or choose other hours."
    return f"The calendar is read: {count(len(spans), 'free time')} found."


@blueprint.post("/<person_id>/times/<span_id>/remove")
def remove_free_span(person_id: str, span_id: str) -> Page:
    person = _get_person(person_id)
    actions.remove_free_span(current_actor(), person, queries.get_free_span(person_id, span_id))
    flash("The time is removed.")
    return redirect(url_for("interviewers.edit_times", person_id=person_id), 303)


@blueprint.post("/<person_id>/times/forget")
def forget_free_time(person_id: str) -> Page:
    actions.forget_free_time(current_actor(), _get_person(person_id))
    flash("All of these times are gone: loops are planned as if every time would do.")
    return redirect(url_for("interviewers.edit_times", person_id=person_id), 303)
