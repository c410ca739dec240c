"""The solver: as good as trying every plan, true to the rules, the same whatever the order, and clear where no plan will do."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hiring.bank.rules import Kind, Mode
from hiring.errors import Invalid
from hiring.loops.compiler import checker, reduction
from hiring.loops.compiler.instance import (
    Answer,
    Instance,
    Modes,
    Pair,
    Question,
    Session,
    Skill,
    Status,
    order_plan,
)
from hiring.loops.solver import solve

BEHAVIOURAL, TECHNICAL, SCENARIO, BACKGROUND = Kind.BEHAVIOURAL, Kind.TECHNICAL, Kind.SCENARIO, Kind.BACKGROUND
SKILLS = ("crisis", "empathy", "feedback")
often = settings(max_examples=60, deadline=None, derandomize=True, database=None)
sometimes = settings(often, max_examples=25)


@st.composite
def tiny_questions(draw: st.DrawFn, number: int) -> Question:
    strengths = draw(st.tuples(*[st.sampled_from(["", "", "primary", "secondary"])] * len(SKILLS)))
    return Question(
        f"q{number}",
        kind=draw(st.sampled_from([BEHAVIOURAL, TECHNICAL])),
        minutes=draw(st.sampled_from([5, 10])),
        level=draw(st.sampled_from([3, 3, 3, 3, 2, 5])),
        mode=draw(st.sampled_from(list(Mode))),
        primary=tuple(skill for skill, strength in zip(SKILLS, strengths, strict=True) if strength == "primary"),
        secondary=tuple(skill for skill, strength in zip(SKILLS, strengths, strict=True) if strength == "secondary"),
        group=draw(st.sampled_from(["", "", "", "g"])),
        freshness_cost=draw(st.sampled_from([0, 0, 1.5, 20])),
    )


@st.composite
def tiny_instances(draw: st.DrawFn) -> Instance:
    """Small enough to try every plan: up to five questions, two sessions, three skills; pins that are allowed."""
    questions = tuple(draw(tiny_questions(number)) for number in range(draw(st.integers(2, 5))))
    kinds = st.sampled_from([(BEHAVIOURAL,), (TECHNICAL,), (BEHAVIOURAL, TECHNICAL), (TECHNICAL, BEHAVIOURAL)])
    rooms = draw(st.lists(st.sampled_from([5, 10, 15, 25]), min_size=1, max_size=2))
    sessions = tuple(Session(f"s{number}", room + 5, draw(kinds), reserve=5) for number, room in enumerate(rooms))
    weights = st.sampled_from([0, 0.5, 1, 2.25])
    skills = tuple(Skill(skill, draw(st.sampled_from([0, 1, 1, 2])), weight=draw(weights)) for skill in SKILLS)
    modes = draw(st.sampled_from([None, None, Modes((0.3, 0.7)), Modes((0.0, 0.25))]))
    instance = Instance(skills, sessions, questions, 3, modes=modes)
    pairs = [(one.id, session.id) for one in questions for session in sessions]
    fitting = [pair for pair in pairs if not checker.find_question_faults(instance, [pair])]
    pinned = tuple(draw(st.lists(st.sampled_from(fitting), max_size=1))) if fitting else ()
    free = [one.id for one in questions if one.id not in dict(pinned)]
    excluded = tuple(draw(st.lists(st.sampled_from(free), max_size=1))) if free else ()
    return replace(instance, pinned=pinned, exclude_questions=excluded)


def measure(instance: Instance, plan: tuple[Pair, ...]) -> tuple[float, float, float]:
    """How near a plan is, the least first: minutes that sessions lack, sessions that skills lack by weight, points lost."""
    minutes, covered = {question.id: question.minutes for question in instance.questions}, checker.cover(instance, plan)
    filled = [sum(minutes[question] for question, place in plan if place == session.id) for session in instance.sessions]
    thin = sum(max(0, session.fewest - full) for session, full in zip(instance.sessions, filled, strict=True))
    lacking = sum(max(0.001, skill.weight) * max(0, skill.sessions - len(covered[skill.id].sessions)) for skill in instance.skills)
    return thin, round(lacking, 6), -checker.score(instance, plan)


def try_all(instance: Instance) -> Iterator[tuple[Pair, ...]]:
    """Every plan that breaks no rule but that on the fewest minutes."""
    places = [None, *(session.id for session in instance.sessions)]
    candidates = [question.id for question in reduction.list_candidates(instance)]
    for chosen in itertools.product(places, repeat=len(candidates)):
        plan = tuple((question, place) for question, place in zip(candidates, chosen, strict=True) if place)
        if set(instance.pinned) <= set(plan) and not checker.find_question_faults(instance, plan):
            yield plan


def make_bank(seed: int, questions: int = 60, skills: int = 8) -> Instance:
    """A made-up bank, five sessions of an hour, each skill wanted in two of them."""
    chance = random.Random(seed)  # noqa: S311 - a bank is no secret
    names = [f"k{number}" for number in range(skills)]
    rows = []
    for number in range(questions):
        probed = chance.sample(names, 3)
        kind, minutes = chance.choice(list(Kind)), chance.choice([6, 8, 10, 12])
        mode, first = chance.choice(list(Mode)), chance.choice([1, 1, 2])
        rows.append(
            Question(f"q{number:02}", kind, minutes, chance.choice([2, 3, 3, 4]), mode, tuple(probed[:first]), tuple(probed[first:]))
        )
    formats = [(BEHAVIOURAL, SCENARIO), (TECHNICAL, SCENARIO), (SCENARIO,), (BACKGROUND, BEHAVIOURAL), tuple(Kind)]
    sessions = tuple(Session(f"s{number}", 60, kinds, reserve=10) for number, kinds in enumerate(formats))
    return Instance(tuple(Skill(name, 2) for name in names), sessions, tuple(rows), 3)


BANK = make_bank(1)


@pytest.fixture(scope="module")
def plan_of_bank() -> Answer:
    return solve(BANK, gap=0.01, seconds=8)


@often
@given(tiny_instances())
def test_no_plan_is_nearer_or_better_than_the_solvers(instance: Instance) -> None:
    answer = solve(instance)
    assert measure(instance, answer.questions) == pytest.approx(min(measure(instance, plan) for plan in try_all(instance)), abs=0.01)
    assert answer.bound == pytest.approx(answer.objective, abs=0.01)


@often
@given(tiny_instances())
def test_every_answer_keeps_the_rules_and_tells_the_truth_about_itself(instance: Instance) -> None:
    answer = solve(instance)
    thin = [one for one in answer.unmet if one.what == "minutes"]
    assert checker.find_question_faults(instance, answer.questions) == []
    assert len(checker.find_faults(instance, answer.questions)) == len(thin)
    assert set(instance.pinned) <= set(answer.questions)
    assert answer.objective == checker.score(instance, answer.questions)
    assert answer.coverage == checker.cover(instance, answer.questions)
    short = {skill.id: skill.sessions - len(answer.coverage[skill.id].sessions) for skill in instance.skills}
    assert {one.skill: one.short_by for one in answer.unmet if one.skill} == {skill: by for skill, by in short.items() if by > 0}
    assert answer.status is (Status.INFEASIBLE if answer.unmet else Status.OPTIMAL)
    assert all(one.because and len(one.mend) <= 3 for one in answer.unmet)


@sometimes
@given(tiny_instances(), st.randoms(use_true_random=False))
def test_the_order_of_the_parts_changes_nothing(instance: Instance, chance: random.Random) -> None:
    def shuffled(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(chance.sample(parts, len(parts)))

    turned = replace(
        instance, skills=shuffled(instance.skills), sessions=shuffled(instance.sessions), questions=shuffled(instance.questions)
    )
    assert replace(solve(turned), seconds=0) == replace(solve(instance), seconds=0)


@sometimes
@given(tiny_instances())
def test_a_question_more_never_makes_the_plan_worse(instance: Instance) -> None:
    last = instance.questions[-1].id if instance.questions else ""
    assume(last and last not in (*dict(instance.pinned), *instance.exclude_questions))
    without = solve(replace(instance, questions=instance.questions[:-1]))
    now, before = measure(instance, solve(instance).questions), measure(instance, without.questions)
    assert [round(part, 2) for part in now] <= [round(part, 2) for part in before]


def test_a_bank_of_sixty_questions_covers_every_skill_twice(plan_of_bank: Answer) -> None:
    assert plan_of_bank.status in (Status.OPTIMAL, Status.WITHIN)
    assert checker.find_faults(BANK, plan_of_bank.questions) == []
    assert all(len(covered.sessions) >= 2 for covered in plan_of_bank.coverage.values())
    assert 0 <= plan_of_bank.bound - plan_of_bank.objective <= 0.01 * plan_of_bank.objective


def test_the_questions_of_a_session_come_in_the_order_in_which_an_hour_goes_well(plan_of_bank: Answer) -> None:
    assert plan_of_bank.questions == order_plan(BANK, plan_of_bank.questions[::-1])


def test_the_same_instance_gives_the_same_plan_again(plan_of_bank: Answer) -> None:
    turned = replace(BANK, questions=BANK.questions[::-1], skills=BANK.skills[::-1], sessions=BANK.sessions[::-1])
    assert solve(turned, gap=0.01, seconds=8).questions == plan_of_bank.questions


def test_pinned_questions_stay_and_the_rest_is_built_around_them() -> None:
    pinned = (("q00", _place_for("q00")), ("q01", _place_for("q01")), ("q02", _place_for("q02")))
    answer = solve(replace(BANK, pinned=pinned), gap=0.02, seconds=6)
    assert set(pinned) <= set(answer.questions)
    assert checker.find_faults(replace(BANK, pinned=pinned), answer.questions) == []


def _place_for(question: str) -> str:
    asked = next(one for one in BANK.questions if one.id == question)
    return next(session.id for session in BANK.sessions if asked.kind in session.kinds)


def test_a_balance_of_modes_moves_the_plan_towards_it() -> None:
    balanced = replace(BANK, modes=Modes((0.45, 0.55)))
    answer = solve(balanced, gap=0.02, seconds=6)
    asked = [next(one for one in BANK.questions if one.id == question) for question, _ in answer.questions]
    share = sum(one.minutes for one in asked if one.mode is Mode.ADAPTIVE) / sum(one.minutes for one in asked)
    assert 0.4 <= share <= 0.6


def _two_sessions(*questions: Question, need: int = 2, minutes: int = 20) -> Instance:
    sessions = (Session("s1", minutes, (TECHNICAL,), name="System design"), Session("s2", minutes, (BEHAVIOURAL,), name="People"))
    return Instance((Skill("empathy", need, name="Empathy"),), sessions, questions, 3)


def _ask(one: str, kind: Kind = BEHAVIOURAL, minutes: int = 12, **more: Any) -> Question:
    return Question(one, kind, minutes, 3, primary=more.pop("primary", ("empathy",)), **more)


LUCKY = Skill("luck", 1, weight=5)
TIGHT = _two_sessions(_ask("a"), _ask("b", TECHNICAL), _ask("c", TECHNICAL, primary=("luck",)))
SHORT: dict[str, tuple[Instance, str, tuple[str, ...]]] = {
    "the format": (
        _two_sessions(_ask("a"), _ask("b")),
        "Only one session has a format that takes behavioural questions, and no others probe Empathy.",
        (
            "Let System design take behavioural questions too",
            "One more technical question of 10 minutes with Empathy as primary",
            "Accept one session for Empathy",
        ),
    ),
    "the bank": (
        _two_sessions(_ask("a")),
        "The bank has one active question on Empathy at this level.",
        ("One more technical question of 10 minutes with Empathy as primary", "Accept one session for Empathy"),
    ),
    "an empty bank": (
        _two_sessions(),
        "The bank has no active questions on Empathy at this level.",
        ("Do without Empathy",),
    ),
    "the minutes": (
        replace(TIGHT, skills=(*TIGHT.skills, LUCKY)),
        "It can't be had together with luck marked in one session.",
        ("10 more minutes in System design", "Accept one session for Empathy"),
    ),
    "the number of sessions": (
        _two_sessions(_ask("a"), _ask("b", TECHNICAL), _ask("c", TECHNICAL), need=3),
        "The plan has two sessions, Empathy needs 3.",
        ("Accept two sessions for Empathy",),
    ),
}


@pytest.mark.parametrize(("instance", "because", "mends"), SHORT.values(), ids=SHORT.keys())
def test_a_shortfall_says_what_lacks_and_what_mends_it(instance: Instance, because: str, mends: tuple[str, ...]) -> None:
    answer = solve(instance)
    unmet = answer.unmet[0]
    assert answer.status is Status.INFEASIBLE
    assert (unmet.skill, unmet.because, unmet.mend) == ("empathy", because, mends)


def test_a_mend_that_was_offered_works() -> None:
    instance = SHORT["the minutes"][0]
    longer = replace(instance.sessions[0], minutes=instance.sessions[0].minutes + 10)
    assert solve(replace(instance, sessions=(longer, instance.sessions[1]))).unmet == ()


def test_a_session_that_no_question_fits_stays_empty_and_says_so() -> None:
    answer = solve(_two_sessions(_ask("a"), _ask("b"), need=1))
    assert answer.questions in ((("a", "s2"),), (("b", "s2"),))
    assert [(one.session, one.what, one.short_by) for one in answer.unmet] == [("s1", "minutes", 12)]
    assert answer.unmet[0].because == "The bank has 0 minutes of fitting technical questions, and System design needs at least 12."
    assert answer.unmet[0].mend == ("Let System design take behavioural questions too",)


CONTRADICTIONS: dict[str, tuple[tuple[Pair, ...], str]] = {
    "a kind": ((("a", "s1"),), "Question a is behavioural, which System design does not take."),
    "the minutes": ((("a", "s2"), ("b", "s2")), "People has 24 minutes of questions and room for 20."),
    "a level": ((("high", "s2"),), "Question high is of level 5, more than one off level 3."),
}


@pytest.mark.parametrize(("pinned", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_pins_that_contradict_the_rules_are_refused(pinned: tuple[Pair, ...], said: str) -> None:
    high = replace(_ask("high"), level=5)
    with pytest.raises(Invalid, match=said):
        solve(replace(_two_sessions(_ask("a"), _ask("b"), high), pinned=pinned))


def test_without_time_the_answer_keeps_the_pins_and_promises_nothing() -> None:
    pinned = (("q00", _place_for("q00")),)
    answer = solve(replace(BANK, pinned=pinned), seconds=0)
    assert (answer.questions, answer.status) == (pinned, Status.INFEASIBLE)
    assert all(one.because.endswith("A longer search may still find a plan that does.") for one in answer.unmet)
    assert answer.bound >= answer.objective


def test_an_instance_without_anything_has_an_empty_plan() -> None:
    answer = solve(Instance((), (), (), 3))
    assert (answer.status, answer.questions, answer.objective, answer.unmet) == (Status.OPTIMAL, (), 0, ())
