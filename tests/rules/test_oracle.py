"""The solver against an exact solver that shares no line with its model, and against a careful greedy."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Answer, Instance, Status
from hiring.loops.solver import solve
from tests.loops_bench.greedy import plan_greedily
from tests.loops_bench.instances import make_instance
from tests.loops_bench.oracle import solve_exactly

SMALL = (0, 1, 2, 5, 10, 11)
MEDIUM = (0, 1, 2)
ENOUGH = 30.0
"""Seconds that no search here comes near to, but on a machine that does much else."""


def keeps_all(instance: Instance, answer: Answer) -> bool:
    """Whether the checker finds neither a broken rule nor a shortfall."""
    return not checker.find_faults(instance, answer.questions, answer.seats) and not checker.list_missing(instance, answer)


@pytest.mark.parametrize("seed", SMALL)
def test_the_proven_plan_is_worth_what_the_exact_solver_proves(seed: int) -> None:
    instance = make_instance("small", seed)
    answer = solve(instance, seconds=ENOUGH)
    assert answer.status is Status.OPTIMAL
    assert keeps_all(instance, answer)
    assert answer.objective == checker.score(instance, answer.questions, answer.seats)
    assert solve_exactly(instance, seconds=ENOUGH) == (pytest.approx(answer.objective, rel=1e-6), True)


@pytest.mark.parametrize("seed", SMALL)
def test_no_greedy_plan_is_worth_more(seed: int) -> None:
    instance = make_instance("small", seed)
    questions, seats = plan_greedily(instance)
    if keeps_all(instance, Answer(Status.STOPPED, 0, 0, 0, questions, seats)):
        assert solve(instance, seconds=ENOUGH).objective >= checker.score(instance, questions, seats)


@pytest.mark.parametrize("seed", MEDIUM)
def test_a_plan_of_a_thousand_questions_comes_within_one_percent(seed: int) -> None:
    instance = make_instance("medium", seed)
    answer = solve(instance, gap=0.01, seconds=ENOUGH)
    assert answer.status in (Status.WITHIN, Status.OPTIMAL)
    assert keeps_all(instance, answer)
    assert answer.objective <= answer.bound <= 1.01 * answer.objective + 1e-6


def _with_one_judge(instance: Instance) -> Instance:
    skill = next(one.id for one in instance.skills if one.people)
    keeper = next(one.id for one in instance.people if one.is_free and skill in one.skills)
    people = (replace(one, skills=tuple(known for known in one.skills if known != skill or one.id == keeper)) for one in instance.people)
    return replace(instance, interviewers=tuple(people))


def _with_too_many_sessions(instance: Instance) -> Instance:
    first, *others = instance.skills
    return replace(instance, skills=(replace(first, sessions=len(instance.sessions) + 1), *others))


@pytest.mark.parametrize("harden", [_with_one_judge, _with_too_many_sessions])
@pytest.mark.parametrize("seed", SMALL[:2])
def test_both_say_where_there_is_no_plan(seed: int, harden: Callable[[Instance], Instance]) -> None:
    instance = harden(make_instance("small", seed))
    assert solve_exactly(instance, seconds=ENOUGH) == (None, True)
    answer = solve(instance, gap=0.01, seconds=ENOUGH)
    assert answer.status is Status.INFEASIBLE
    assert {(one.what, one.skill or one.session): one.short_by for one in answer.unmet} == checker.list_missing(instance, answer)
