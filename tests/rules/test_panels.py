"""The solver with people and times: as good as trying every panel and every timetable, and true to every rule."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.bank.rules import Kind
from hiring.errors import Invalid
from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Answer, FrameNeed, Instance, Interviewer, Pair, Question, Session, Skill, Status
from hiring.loops.compiler.reduction import list_candidates, list_people
from hiring.loops.solver import solve

KIND = Kind.BEHAVIOURAL
SKILLS = ("crisis", "empathy")
often = settings(max_examples=50, deadline=None, derandomize=True, database=None)
sometimes = settings(often, max_examples=20)
Plan = tuple[tuple[Pair, ...], tuple[Pair, ...], tuple[tuple[str, int], ...]]


@st.composite
def people(draw: st.DrawFn, number: int, *, timed: bool) -> Interviewer:
    spans = st.sampled_from([None, None, ((0, 30),), ((20, 60),), ((0, 10), (40, 80))])
    return Interviewer(
        f"p{number}",
        skills=tuple(draw(st.lists(st.sampled_from(SKILLS), unique=True, max_size=2))),
        load=draw(st.sampled_from([0, 0, 1, 2])),
        limit=2,
        cost=draw(st.sampled_from([0, 1.5, 8])),
        available=draw(spans) if timed else None,
        conflicts=draw(st.sampled_from([(), (), (), ("a friend",)])),
    )


@st.composite
def questions(draw: st.DrawFn, number: int) -> Question:
    primary = tuple(draw(st.lists(st.sampled_from(SKILLS), unique=True, max_size=1)))
    rest = [one for one in SKILLS if one not in primary]
    secondary = tuple(draw(st.lists(st.sampled_from(rest), unique=True, max_size=1)))
    frames = tuple(draw(st.lists(st.sampled_from(["career"]), max_size=1)))
    return Question(f"q{number}", KIND, draw(st.sampled_from([5, 10])), 3, primary=primary, secondary=secondary, frames=frames)


@st.composite
def tiny_panels(draw: st.DrawFn, *, timed: bool = False) -> Instance:
    """Small enough to try everything: three questions, two sessions, three people; given seats that are allowed."""
    rooms = draw(st.lists(st.sampled_from([5, 10, 20]), min_size=1, max_size=2))
    sessions = tuple(Session(f"s{number}", room, (KIND,), seats=draw(st.sampled_from([1, 1, 2]))) for number, room in enumerate(rooms))
    skills = tuple(
        Skill(one, draw(st.sampled_from([0, 1, 2])), draw(st.sampled_from([0, 1, 2])), draw(st.sampled_from([0.5, 1, 2]))) for one in SKILLS
    )
    panel = tuple(draw(people(number, timed=timed)) for number in range(draw(st.integers(0, 3))))
    bank = tuple(draw(questions(number)) for number in range(draw(st.integers(1, 3))))
    frames = draw(st.sampled_from([(), (FrameNeed("career", 1),)]))
    spans = draw(st.sampled_from([None, ((0, 40),), ((0, 12), (30, 60))])) if timed else None
    instance = Instance(skills, sessions, bank, 3, panel, candidate_available=spans, breaks=5 if timed else 0, frames=frames)
    free = [(one.id, session.id) for one in list_people(instance) for session in sessions]
    return replace(instance, seated=tuple(draw(st.lists(st.sampled_from(free), max_size=1))) if free else ())


def find_times(instance: Instance, seats: tuple[Pair, ...]) -> tuple[tuple[str, int], ...]:
    """Starts for as many sessions as can have one, found by trying all, five minutes apart."""
    if not instance.has_times:
        return ()
    for number in range(len(instance.sessions), 0, -1):
        for chosen in itertools.combinations(instance.sessions, number):
            part = replace(instance, sessions=chosen)
            for starts in itertools.product(range(0, 120, 5), repeat=number):
                times = tuple((one.id, start) for one, start in zip(chosen, starts, strict=True))
                if not list(checker._find_time_faults(part, seats, dict(times))):
                    return times
    return ()


def try_all(instance: Instance) -> Iterator[Plan]:
    """Every plan that breaks no rule but those on what may fall short."""
    places = [None, *(session.id for session in instance.sessions)]
    asked, panel = [one.id for one in list_candidates(instance)], [one.id for one in list_people(instance)]
    timed: dict[tuple[Pair, ...], tuple[tuple[str, int], ...]] = {}
    for rooms in itertools.product(places, repeat=len(panel)):
        seats = tuple((one, place) for one, place in zip(panel, rooms, strict=True) if place)
        if not set(instance.seated) <= set(seats) or checker.find_person_faults(instance, seats):
            continue
        timed[seats] = find_times(instance, seats)
        for chosen in itertools.product(places, repeat=len(asked)):
            plan = tuple((one, place) for one, place in zip(asked, chosen, strict=True) if place)
            if not checker.find_question_faults(instance, plan):
                yield plan, seats, timed[seats]


def measure(instance: Instance, plan: Plan) -> tuple[float, float, float]:
    """How near a plan is, the least first: what sessions lack, what skills lack by weight, points lost."""
    answer = Answer(Status.STOPPED, 0, 0, 0, plan[0], plan[1], times=plan[2])
    missing = checker.list_missing(instance, answer)
    heavy = {"minutes": 1, "seats": 10, "time": 10}
    weights = {skill.id: skill.weight for skill in instance.skills}
    hard = sum(heavy[what] * number for (what, _), number in missing.items() if what in heavy)
    soft = sum(weights[id] * number for (what, id), number in missing.items() if what not in heavy)
    return hard, round(soft, 6), round(-checker.score(instance, plan[0], plan[1]), 4)


@often
@given(tiny_panels())
def test_no_panel_is_nearer_or_better_than_the_solvers(instance: Instance) -> None:
    answer = solve(instance)
    assert measure(instance, (answer.questions, answer.seats, answer.times)) == min(measure(instance, plan) for plan in try_all(instance))
    assert answer.bound == pytest.approx(answer.objective, abs=0.01)


@sometimes
@given(tiny_panels(timed=True))
def test_no_timetable_is_nearer_or_better_than_the_solvers(instance: Instance) -> None:
    answer = solve(instance)
    assert measure(instance, (answer.questions, answer.seats, answer.times)) == min(measure(instance, plan) for plan in try_all(instance))


@often
@given(st.booleans().flatmap(lambda timed: tiny_panels(timed=timed)))
def test_every_answer_keeps_the_rules_and_names_what_it_lacks(instance: Instance) -> None:
    answer = solve(instance)
    assert set(instance.seated) <= set(answer.seats)
    assert answer.objective == checker.score(instance, answer.questions, answer.seats)
    assert answer.coverage == checker.cover(instance, answer.questions, answer.seats)
    missing = checker.list_missing(instance, answer)
    assert {(one.what, one.skill or one.session): one.short_by for one in answer.unmet} == missing
    assert answer.status is (Status.INFEASIBLE if missing else Status.OPTIMAL)
    faults = checker.find_faults(instance, answer.questions, answer.seats, answer.times if instance.has_times else None)
    assert len(faults) == sum(what in ("minutes", "seats", "time") for what, _ in missing)
    assert all(one.because for one in answer.unmet)
    assert bool(answer.clash) == bool(missing)


@sometimes
@given(st.booleans().flatmap(lambda timed: tiny_panels(timed=timed)))
def test_without_any_one_of_a_clash_the_rest_can_be_met(instance: Instance) -> None:
    answer = solve(instance)
    clash = [(one.what, one.id) for one in answer.clash]
    for dropped in clash:
        rest = [need for need in clash if need != dropped]
        assert any(meets(instance, plan, rest) for plan in try_all(instance)), (dropped, clash)
    assert not clash or not any(meets(instance, plan, clash) for plan in try_all(instance))


def meets(instance: Instance, plan: Plan, needs: list[Pair]) -> bool:
    answer = Answer(Status.STOPPED, 0, 0, 0, plan[0], plan[1], times=plan[2])
    return checker.list_missing(instance, answer).keys().isdisjoint(needs)


@sometimes
@given(tiny_panels())
def test_a_person_more_never_makes_the_plan_worse(instance: Instance) -> None:
    fewer = replace(instance, interviewers=instance.people[:-1])
    if instance.people and instance.people[-1].id not in dict(instance.seated):
        now, before = solve(instance), solve(fewer)
        after = measure(instance, (now.questions, now.seats, now.times))
        assert after <= measure(fewer, (before.questions, before.seats, before.times))


GIVEN: dict[str, tuple[Instance, str]] = {
    "one who is at the limit": (
        Instance((), (Session("s1", 10, (KIND,)),), (), 3, (Interviewer("ana", load=2, limit=2, name="Ana"),), seated=(("ana", "s1"),)),
        "seated: the given seats can't all stay. Ana has reached the limit of 2 loops.",
    ),
    "one who must not": (
        Instance((), (Session("s1", 10, (KIND,)),), (), 3, (Interviewer("ana", conflicts=("kin",), name="Ana"),), seated=(("ana", "s1"),)),
        "seated: the given seats can't all stay. Ana may not sit in this loop.",
    ),
}


@pytest.mark.parametrize(("instance", "said"), GIVEN.values(), ids=GIVEN.keys())
def test_given_seats_that_contradict_the_rules_are_refused(instance: Instance, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        solve(instance)


def test_sessions_are_placed_as_early_as_everybody_can_with_breaks_between() -> None:
    sessions = (Session("s1", 60, (KIND,)), Session("s2", 45, (KIND,)))
    panel = (Interviewer("ana", available=((540, 660),)), Interviewer("ben"))
    instance = Instance((), sessions, (), 3, panel, candidate_available=((480, 1020),), breaks=15, seated=(("ana", "s1"), ("ben", "s2")))
    assert solve(instance).times == (("s2", 480), ("s1", 540))


def test_two_days_are_used_where_one_is_too_short() -> None:
    sessions = tuple(Session(f"s{number}", 60, (KIND,), seats=0) for number in range(3))
    instance = Instance((), sessions, (), 3, (), candidate_available=((540, 660), (1980, 2040)), breaks=0)
    assert [minute for _, minute in solve(instance).times] == [540, 600, 1980]
