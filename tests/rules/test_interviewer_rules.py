"""What interviewers can judge and when they are free: spans, wall times, and who is left for a skill."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.errors import Invalid
from hiring.interviewers import rules
from hiring.interviewers.rules import Judge, Span
from hiring.permissions import Role

DAY = datetime(2026, 11, 2, tzinfo=UTC)
HOURS = st.lists(st.tuples(st.integers(0, 47), st.integers(1, 12)), max_size=8)


def spans(*given: tuple[float, float]) -> list[Span]:
    return [(DAY + timedelta(hours=starts), DAY + timedelta(hours=ends)) for starts, ends in given]


def hours(some: list[Span]) -> set[int]:
    """Every hour that is in one of these spans."""
    return {hour for hour in range(72) if any(one <= DAY + timedelta(hours=hour) < other for one, other in some)}


def judge(name: str, *skill_ids: str) -> Judge:
    return Judge(name, name, "UTC", Role.INTERVIEWER, skill_ids=frozenset(skill_ids))


@pytest.mark.parametrize(
    ("given", "merged"),
    [
        ([], []),
        ([(9, 10)], [(9, 10)]),
        ([(11, 12), (9, 10)], [(9, 10), (11, 12)]),
        ([(9, 10), (10, 11)], [(9, 11)]),
        ([(9, 11), (10, 12)], [(9, 12)]),
        ([(9, 12), (10, 11)], [(9, 12)]),
        ([(9, 10), (9, 10)], [(9, 10)]),
    ],
)
def test_spans_that_meet_or_overlap_become_one(given: list[tuple[float, float]], merged: list[tuple[float, float]]) -> None:
    assert rules.merge_spans(spans(*given)) == spans(*merged)


def test_merged_spans_are_in_utc_wherever_they_came_from() -> None:
    there = timezone(timedelta(hours=5))
    merged = rules.merge_spans([*spans((9, 10)), (datetime(2026, 11, 2, 15, tzinfo=there), datetime(2026, 11, 2, 16, tzinfo=there))])
    assert merged == spans((9, 11))
    assert {one.tzinfo for one in merged[0]} == {UTC}


@pytest.mark.parametrize(
    ("busy", "left"),
    [
        ([], [(9, 12), (13, 17)]),
        ([(0, 24)], []),
        ([(9, 12)], [(13, 17)]),
        ([(10, 11)], [(9, 10), (11, 12), (13, 17)]),
        ([(11, 14)], [(9, 11), (14, 17)]),
        ([(8, 9), (12, 13), (17, 18)], [(9, 12), (13, 17)]),
        ([(10, 11), (14, 15), (10.5, 11.5)], [(9, 10), (11.5, 12), (13, 14), (15, 17)]),
        ([(10, 10)], [(9, 12), (13, 17)]),
    ],
)
def test_busy_time_is_cut_out(busy: list[tuple[float, float]], left: list[tuple[float, float]]) -> None:
    assert rules.subtract_spans(spans((9, 12), (13, 17)), spans(*busy)) == spans(*left)


@given(HOURS, HOURS)
def test_cutting_and_crossing_hold_for_every_hour(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    mine, theirs = (spans(*((starts, starts + length) for starts, length in some)) for some in (one, other))
    assert hours(rules.subtract_spans(mine, theirs)) == hours(mine) - hours(theirs)
    assert hours(rules.intersect_spans(mine, theirs)) == hours(mine) & hours(theirs)
    assert hours(rules.merge_spans(mine)) == hours(mine)


def test_what_is_over_is_dropped_and_what_is_under_way_stays() -> None:
    assert rules.drop_past(spans((8, 9), (9, 10), (9, 11), (12, 13)), DAY + timedelta(hours=10)) == spans((9, 11), (12, 13))
    with pytest.raises(Invalid, match="over already"):
        rules.check_coming(spans((8, 9))[0], DAY + timedelta(hours=9))


@pytest.mark.parametrize(
    ("day", "starts", "ends", "zone", "span"),
    [
        (date(2026, 11, 2), time(9), time(10), "UTC", "02 09:00-10:00"),
        (date(2026, 11, 2), time(9), time(10), "Europe/Berlin", "02 08:00-09:00"),
        (date(2026, 11, 2), time(22), time(0), "UTC", "02 22:00-00:00"),
        # The hour that comes twice belongs to it, and the night is an hour longer or shorter.
        (date(2026, 10, 25), time(1), time(4), "Europe/Berlin", "24 23:00-03:00"),
        (date(2026, 3, 29), time(1), time(4), "Europe/Berlin", "29 00:00-02:00"),
        (date(2026, 3, 8), time(1), time(4), "America/New_York", "08 06:00-08:00"),
    ],
)
def test_a_time_is_meant_in_its_zone(day: date, starts: time, ends: time, zone: str, span: str) -> None:
    made = rules.make_span(day, starts, ends, zone)
    assert f"{made[0]:%d %H:%M}-{made[1]:%H:%M}" == span


@pytest.mark.parametrize(
    ("day", "starts", "ends", "zone", "field"),
    [
        (date(2026, 11, 2), time(10), time(9), "UTC", "ends"),
        (date(2026, 11, 2), time(10), time(10), "UTC", "ends"),
        (date(2026, 3, 29), time(2, 30), time(4), "Europe/Berlin", "starts"),
        (date(2026, 3, 29), time(1), time(2, 30), "Europe/Berlin", "ends"),
        (date(2026, 3, 8), time(2, 30), time(4), "America/New_York", "starts"),
        (date(1999, 12, 31), time(9), time(10), "UTC", "day"),
        (date(9999, 12, 31), time(9), time(0), "UTC", "day"),
    ],
)
def test_a_time_that_can_t_be_is_refused_at_its_field(day: date, starts: time, ends: time, zone: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.make_span(day, starts, ends, zone)
    assert list(refusal.value.fields) == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"hours": (time(17), time(9))}, "closes"),
        ({"weekdays": ()}, "days"),
        ({"end": DAY + timedelta(days=401)}, "weeks"),
        ({"end": DAY}, "weeks"),
    ],
)
def test_a_week_that_nobody_works_is_refused(changes: dict, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.list_working_hours(**{"start": DAY, "end": DAY + timedelta(days=7), "zone": "UTC", **changes})
    assert list(refusal.value.fields) == [field]


def test_spans_stand_under_the_day_of_their_zone_in_order() -> None:
    late, early, next_day = spans((23, 26), (1, 2), (30, 31))
    days = rules.group_by_day({"late": late, "early": early, "next": next_day}, "America/New_York")
    assert [(str(day), list(of_day)) for day, of_day in days.items()] == [
        ("2026-11-01", ["early"]),
        ("2026-11-02", ["late"]),
        ("2026-11-03", ["next"]),
    ]
    assert [f"{one:%H:%M}" for one in days[date(2026, 11, 2)]["late"]] == ["18:00", "21:00"]


def test_a_skill_knows_who_is_left_for_it() -> None:
    ana, ben = judge("ana", "empathy", "reviews"), judge("ben", "reviews")
    found = rules.count_judges([ana, ben], ["reviews", "empathy", "resilience"])
    assert found == {"reviews": [ana, ben], "empathy": [ana], "resilience": []}


@pytest.mark.parametrize(
    ("seniority", "limit", "skills", "wrong"),
    [
        (1, 1, [], set()),
        (5, 20, ["reviews"], set()),
        (0, 3, [], {"seniority"}),
        (6, 21, [], {"seniority", "limit"}),
        (3, 0, ["reviews", "juggling"], {"limit", "skills"}),
    ],
)
def test_a_description_is_checked_field_by_field(seniority: int, limit: int, skills: list[str], wrong: set[str]) -> None:
    if not wrong:
        rules.check_description(seniority, limit, skills, ["reviews"])
        return
    with pytest.raises(Invalid) as refusal:
        rules.check_description(seniority, limit, skills, ["reviews"])
    assert set(refusal.value.fields) == wrong


@pytest.mark.parametrize(
    "some", [spans((10, 9)), spans((9, 9)), [(DAY.replace(year=1999), DAY)], spans(*((hour, hour + 0.5) for hour in range(1001)))]
)
def test_spans_that_can_t_be_kept_are_refused(some: list[Span]) -> None:
    with pytest.raises(Invalid):
        rules.check_spans(some)
