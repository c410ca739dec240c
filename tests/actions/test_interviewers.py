"""What is kept of interviewers, who may say it, and what reads it back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from hiring.audit import list_events
from hiring.db import db, now, transaction
from hiring.errors import Forbidden, Invalid, NotFound
from hiring.interviewers import actions, queries
from hiring.interviewers.models import FreeSpan
from hiring.interviewers.rules import Judge, Span, SpanSource
from tests.people import PARTS, add_people, person

NOON = (now() + timedelta(days=7)).replace(hour=12, minute=0, second=0, microsecond=0)
CALENDAR, ENTERED = SpanSource.CALENDAR, SpanSource.ENTERED


def span(starts: float, ends: float) -> Span:
    """Hours after a noon that is to come."""
    return NOON + timedelta(hours=starts), NOON + timedelta(hours=ends)


@pytest.fixture
def people(app: Flask) -> Iterator[Flask]:
    """An app context with everybody in it."""
    with app.app_context():
        with transaction():
            add_people()
        yield app


def read(part: str, moment: datetime | None = None) -> Judge:
    return queries.get_interviewer(person(part).id, moment=moment)


def add(part: str, *spans: Span) -> None:
    with transaction():
        for one in spans:
            actions.add_free_span(person(part), person(part), one)


def set_calendar(part: str, *spans: Span) -> None:
    with transaction():
        actions.set_free_time(person(part), person(part), spans, CALENDAR)


def test_who_was_never_described_is_there_with_the_defaults(people: Flask) -> None:
    found = queries.list_interviewers()
    assert {judge.name for judge in found} == {name for name, _ in PARTS.values()}
    assert {(judge.seniority, judge.limit, judge.skill_ids, judge.free) for judge in found} == {(3, 3, frozenset(), None)}
    assert [judge.name for judge in found] == sorted(judge.name for judge in found)


def test_a_description_replaces_the_one_before_and_is_in_the_trail(people: Flask) -> None:
    for skills, limit in (({"empathy", "reviews"}, 9), ({"reviews", "resilience"}, 4)):
        with transaction():
            actions.describe_interviewer(person("recruiter"), person("ben"), seniority=5, limit=limit, skill_ids=skills)
    ben = read("ben")
    assert (ben.seniority, ben.limit, ben.skill_ids) == (5, 4, {"reviews", "resilience"})
    assert ben.free is None
    newest = list_events(act="interviewers.")[0]
    assert (newest.actor_name, newest.thing_id) == ("Ruth Recruiter", ben.id)
    assert newest.detail == "Ben Panel: skills resilience, reviews; seniority 5; limit 4"


def test_a_description_that_can_t_be_changes_nothing(people: Flask) -> None:
    with pytest.raises(Invalid, match="no skill called juggling"), transaction():
        actions.describe_interviewer(person("admin"), person("ben"), seniority=3, limit=3, skill_ids={"juggling"})
    assert read("ben").skill_ids == frozenset()


def test_nobody_says_of_themselves_what_they_can_judge(people: Flask) -> None:
    with pytest.raises(Forbidden), transaction():
        actions.describe_interviewer(person("ben"), person("ben"), seniority=5, limit=20, skill_ids={"empathy"})


@pytest.mark.parametrize("part", PARTS)
def test_free_time_is_said_by_oneself_and_by_who_coordinates(people: Flask, part: str) -> None:
    with transaction():
        if part in {"ana", "shadow", "outsider"}:
            with pytest.raises(Forbidden):
                actions.add_free_span(person(part), person("ben"), span(0, 1))
        else:
            actions.add_free_span(person(part), person("ben"), span(0, 1))
            assert read("ben").free == (span(0, 1),)


def test_times_that_meet_become_one_and_the_others_keep_their_rows(people: Flask) -> None:
    add("ben", span(0, 1), span(5, 6))
    before = {row.span: row.id for row in queries.list_free_spans(person("ben").id)}
    add("ben", span(1, 2))
    after = {row.span: row.id for row in queries.list_free_spans(person("ben").id)}
    assert list(after) == [span(0, 2), span(5, 6)]
    assert after[span(5, 6)] == before[span(5, 6)]


def test_a_new_calendar_replaces_the_last_one_and_leaves_alone_what_was_entered(people: Flask) -> None:
    add("ben", span(0, 1))
    set_calendar("ben", span(3, 4), span(6, 7))
    set_calendar("ben", span(0.5, 2))
    assert [(row.span, row.source) for row in queries.list_free_spans(person("ben").id)] == [
        (span(0, 1), ENTERED),
        (span(0.5, 2), CALENDAR),
    ]
    assert read("ben").free == (span(0, 2),)


def test_a_calendar_that_leaves_nothing_means_never_and_none_means_always(people: Flask) -> None:
    assert read("ben").free is None
    set_calendar("ben")
    assert read("ben").free == ()
    with transaction():
        actions.forget_free_time(person("ben"), person("ben"))
    assert read("ben").free is None


def test_who_takes_away_their_last_time_is_not_free_at_all_times(people: Flask) -> None:
    add("ben", span(0, 1))
    with transaction():
        [row] = queries.list_free_spans(person("ben").id)
        actions.remove_free_span(person("ben"), person("ben"), row)
    assert read("ben").free == ()


def test_past_times_are_kept_and_not_listed(people: Flask) -> None:
    add("ben", span(0, 1), span(2, 4))
    later = NOON + timedelta(hours=3)
    assert [row.span for row in queries.list_free_spans(person("ben").id, moment=later)] == [span(2, 4)]
    assert read("ben", later).free == (span(2, 4),)
    assert read("ben", NOON + timedelta(days=1)).free == ()
    assert db.session.query(FreeSpan).count() == 2


def test_a_time_that_is_over_is_not_taken(people: Flask) -> None:
    with pytest.raises(Invalid, match="over already"), transaction():
        actions.add_free_span(person("ben"), person("ben"), (NOON - timedelta(days=30), NOON - timedelta(days=29)))


def test_a_span_is_found_under_its_own_person_alone(people: Flask) -> None:
    add("ben", span(0, 1))
    [row] = queries.list_free_spans(person("ben").id)
    assert queries.get_free_span(person("ben").id, row.id) is row
    for owner, one in ((person("ana").id, row.id), (person("ben").id, "nothing")):
        with pytest.raises(NotFound):
            queries.get_free_span(owner, one)
    with pytest.raises(NotFound):
        queries.get_interviewer("nobody")


def test_who_has_left_is_no_interviewer_any_more(people: Flask) -> None:
    with transaction():
        person("ben").is_active = False
    assert "Ben Panel" not in {judge.name for judge in queries.list_interviewers()}
    assert "Ben Panel" in {judge.name for judge in queries.list_interviewers(active_only=False)}


def test_the_list_takes_as_many_queries_for_eight_people_as_for_one(people: Flask) -> None:
    for part in PARTS:
        add(part, span(0, 1), span(2, 3))
    db.session.expire_all()
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert len(queries.list_interviewers()) == len(PARTS)
    event.remove(db.engine, "before_cursor_execute", note)
    assert len([one for one in asked if one.startswith("SELECT")]) == 4
