"""Reads of interviewers: what they can judge and when they are free."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from hiring.accounts.models import Person
from hiring.accounts.queries import get_person, list_people
from hiring.db import db, now
from hiring.errors import NotFound
from hiring.interviewers.models import FreeSpan, Interviewer, JudgedSkill
from hiring.interviewers.rules import Judge, Span, SpanSource, drop_past, is_coming, merge_spans


def list_interviewers(*, active_only: bool = True, moment: datetime | None = None) -> list[Judge]:
    """Everybody by name, also who was never described; `moment` is from when on free time counts, and now if left out."""
    return _read_judges(list_people(active_only=active_only), moment or now())


def get_interviewer(person_id: str, *, moment: datetime | None = None) -> Judge:
    """One of them; raises NotFound where there is no such person."""
    return _read_judges([get_person(person_id)], moment or now())[0]


def _read_judges(people: Sequence[Person], moment: datetime) -> list[Judge]:
    """Three queries, however many people there are; for one person they ask for that one's rows alone."""
    one = people[0].id if len(people) == 1 else None
    rows, skills, spans = select(Interviewer), select(JudgedSkill.person_id, JudgedSkill.skill_id), select(FreeSpan)
    if one is not None:
        rows, skills, spans = (
            rows.where(Interviewer.person_id == one),
            skills.where(JudgedSkill.person_id == one),
            spans.where(FreeSpan.person_id == one),
        )
    described = {row.person_id: row for row in db.session.scalars(rows)}
    judged: dict[str, set[str]] = defaultdict(set)
    for person_id, skill_id in db.session.execute(skills):
        judged[person_id].add(skill_id)
    free: dict[str, list[Span]] = defaultdict(list)
    for row in db.session.scalars(spans):
        free[row.person_id].append(row.span)
    return [_read_judge(person, described.get(person.id), judged[person.id], free[person.id], moment) for person in people]


def _read_judge(person: Person, row: Interviewer | None, skill_ids: set[str], spans: list[Span], moment: datetime) -> Judge:
    plain = Judge(person.id, person.name, person.zone, person.role)
    gave_times = bool(spans) or (row is not None and row.gave_times)
    return Judge(
        plain.id,
        plain.name,
        plain.zone,
        plain.role,
        seniority=row.seniority if row else plain.seniority,
        limit=row.load_limit if row else plain.limit,
        skill_ids=frozenset(skill_ids),
        free=tuple(drop_past(merge_spans(spans), moment)) if gave_times else None,
    )


def find_interviewer(person_id: str) -> Interviewer | None:
    """What was said of this person, if anything was."""
    return db.session.get(Interviewer, person_id)


def list_free_spans(person_id: str, *, moment: datetime | None = None) -> list[FreeSpan]:
    """The spans that are still to come, the next one first; past ones stay in the table."""
    moment = moment or now()
    return [row for row in _all_spans(person_id) if is_coming(row.span, moment)]


def list_spans_of(person_id: str, source: SpanSource) -> list[FreeSpan]:
    """All spans of one source, past ones too."""
    return [row for row in _all_spans(person_id) if row.source == source.value]


def _all_spans(person_id: str) -> list[FreeSpan]:
    query = select(FreeSpan).where(FreeSpan.person_id == person_id).order_by(FreeSpan.starts_at, FreeSpan.ends_at, FreeSpan.id)
    return list(db.session.scalars(query))


def get_free_span(person_id: str, span_id: str) -> FreeSpan:
    """A span of this person's."""
    row = db.session.get(FreeSpan, span_id)
    if row is None or row.person_id != person_id:
        raise NotFound
    return row
