"""Writes to interviewers: what they can judge, how much they take on, when they are free."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete

from hiring import audit
from hiring.accounts.models import Person
from hiring.bank.queries import list_skills
from hiring.db import db, now
from hiring.interviewers import queries
from hiring.interviewers.models import FreeSpan, Interviewer, JudgedSkill
from hiring.interviewers.rules import Span, SpanSource, check_coming, check_description, check_spans, merge_spans
from hiring.permissions import Actor, Can, ensure


def describe_interviewer(actor: Actor, person: Person, *, seniority: int, limit: int, skill_ids: Collection[str]) -> None:
    """Say what somebody can judge, how senior they are, and how many loops they may have under way at once."""
    ensure(actor, Can.EDIT_INTERVIEWERS)
    check_description(seniority, limit, skill_ids, [skill.id for skill in list_skills(with_retired=True)])
    row = _get_row(person)
    row.seniority, row.load_limit = seniority, limit
    db.session.execute(delete(JudgedSkill).where(JudgedSkill.person_id == person.id))
    db.session.add_all(JudgedSkill(person_id=person.id, skill_id=skill_id) for skill_id in sorted({*skill_ids}))
    detail = f"{person.name}: skills {', '.join(sorted({*skill_ids})) or 'none'}; seniority {seniority}; limit {limit}"
    audit.record(actor, "interviewers.describe_interviewer", person.id, detail)
    db.session.flush()


def set_free_time(actor: Actor, person: Person, spans: Sequence[Span], source: SpanSource) -> None:
    """Replace all free time of one source; with none left, the person is free at no time, not always."""
    ensure(actor, Can.EDIT_FREE_TIME, person)
    kept = _replace_spans(person, spans, source)
    audit.record(actor, "interviewers.set_free_time", person.id, f"{person.name}: {len(kept)} spans, {source}")
    db.session.flush()


def add_free_span(actor: Actor, person: Person, span: Span) -> None:
    """Add a time to what was entered; where it meets or overlaps another of these, they become one."""
    ensure(actor, Can.EDIT_FREE_TIME, person)
    check_coming(span, now())
    entered = [row.span for row in queries.list_spans_of(person.id, SpanSource.ENTERED)]
    _replace_spans(person, [*entered, span], SpanSource.ENTERED)
    audit.record(actor, "interviewers.add_free_span", person.id, f"{person.name}: {_describe(span)}")
    db.session.flush()


def remove_free_span(actor: Actor, person: Person, row: FreeSpan) -> None:
    """Take one span away; after the last one the person is free at no time, until `forget_free_time`."""
    ensure(actor, Can.EDIT_FREE_TIME, person)
    _get_row(person).gave_times = True
    db.session.delete(row)
    audit.record(actor, "interviewers.remove_free_span", person.id, f"{person.name}: {_describe(row.span)}")
    db.session.flush()


def forget_free_time(actor: Actor, person: Person) -> None:
    """Go back to having said nothing: the person counts as always free."""
    ensure(actor, Can.EDIT_FREE_TIME, person)
    db.session.execute(delete(FreeSpan).where(FreeSpan.person_id == person.id))
    _get_row(person).gave_times = False
    audit.record(actor, "interviewers.forget_free_time", person.id, person.name)
    db.session.flush()


def _get_row(person: Person) -> Interviewer:
    row = queries.find_interviewer(person.id)
    if row is None:
        row = Interviewer(person_id=person.id)
        db.session.add(row)
    return row


def _replace_spans(person: Person, spans: Sequence[Span], source: SpanSource) -> list[Span]:
    """Keep the rows that stay as they are, so that a page which is open elsewhere still names them rightly."""
    check_spans(spans)
    wanted = merge_spans(spans)
    asked = {*wanted}
    before = {row.span: row for row in queries.list_spans_of(person.id, source)}
    for span, row in before.items():
        if span not in asked:
            db.session.delete(row)
    new = (FreeSpan(person_id=person.id, starts_at=span[0], ends_at=span[1], source=source.value) for span in wanted if span not in before)
    db.session.add_all(new)
    _get_row(person).gave_times = True
    return wanted


def _describe(span: Span) -> str:
    return f"{span[0]:%Y-%m-%d %H:%M} to {span[1]:%Y-%m-%d %H:%M} UTC"
