"""Instances without a plan, made from those that have one, and a second look at the mends that an answer offers."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Answer, Instance, Skill, Status
from hiring.loops.compiler.mends import list_mends
from hiring.loops.compiler.program import weigh
from hiring.loops.compiler.reasons import explain_alone
from hiring.loops.compiler.reduction import list_people
from hiring.loops.solver import solve
from tests.loops_bench.instances import make_instance

CUTS = ((0.8, 2), (0.6, 3), (0.5, 3), (0.4, 3), (0.3, 3), (0.3, 4), (0.2, 3))
"""Shares to which the sessions are cut, and in how many each skill is wanted, until what is asked no longer fits into them."""
SHARES_KNOWN = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2)
MEND_SECONDS = 10.0
MOST_CHECKED = 6


def make_clash(variant: str, size: str, seed: int) -> Instance | None:
    """The instance of this size and seed, made harder; None where cutting it down never leads to a clash of several."""
    instance = make_instance(size, seed)
    first = min((skill for skill in instance.skills if skill.is_required), key=lambda one: (-one.weight, one.id))
    if variant == "one judge":
        return _leave_one_judge(instance, first)
    if variant == "more sessions":
        more = replace(first, sessions=len(instance.sessions) + 1)
        return replace(instance, skills=tuple(more if one is first else one for one in instance.skills))
    cuts = _cut_judges(instance) if variant == "few judges" else _cut_sessions(instance)
    return next((cut for cut in cuts if _is_clash_of_several(cut)), None)


def _leave_one_judge(instance: Instance, skill: Skill) -> Instance:
    keeps = next((one.id for one in list_people(instance) if skill.id in one.skills), "")
    people = tuple(
        one if one.id == keeps else replace(one, skills=tuple(known for known in one.skills if known != skill.id))
        for one in instance.people
    )
    return replace(instance, interviewers=people)


def _cut_sessions(instance: Instance) -> Iterator[Instance]:
    for share, times in CUTS:
        cut = tuple(replace(one, minutes=one.reserve + round(one.room * share)) for one in instance.sessions)
        skills = tuple(replace(one, sessions=times) if one.is_required else one for one in instance.skills)
        yield replace(instance, skills=skills, sessions=cut)


def _cut_judges(instance: Instance) -> Iterator[Instance]:
    """People who know some of their skills only, ever fewer of them."""
    sessions = tuple(replace(one, seats=1) for one in instance.sessions)
    for share, first in product(SHARES_KNOWN, range(4)):
        people = tuple(replace(one, skills=one.skills[first:][: max(1, round(len(one.skills) * share))]) for one in instance.people)
        yield replace(instance, sessions=sessions, interviewers=people)


def _is_clash_of_several(instance: Instance) -> bool:
    if any(explain_alone(instance, (what, one.id)) for one in instance.skills for what in ("sessions", "people") if one.is_required):
        return False
    return solve(instance, gap=1.0, seconds=MEND_SECONDS).status is Status.INFEASIBLE


def check_mends(instance: Instance, answer: Answer) -> tuple[int, int]:
    """Of the first mends offered how many work, and how many were looked at: each is done, and the whole solved again.

    A mend works where what is missing afterwards weighs no more than what the other requirements lacked before.
    """
    missing = checker.list_missing(instance, answer)
    works = checked = 0
    for one in answer.unmet:
        need = (one.what, one.skill or one.session)
        families = list_mends(instance, need, missing, is_alone=bool(explain_alone(instance, need)))
        changed = {said: mended for family in families for said, mended in family.mends}
        most = _weigh_missing(instance, {key: number for key, number in missing.items() if key[1] != need[1]})
        for said in one.mend[: MOST_CHECKED - checked]:
            after = solve(changed[said], gap=1.0, seconds=MEND_SECONDS)
            works += _weigh_missing(changed[said], checker.list_missing(changed[said], after)) <= most
            checked += 1
    return works, checked


def _weigh_missing(instance: Instance, missing: dict[tuple[str, str], int]) -> tuple[int, int]:
    """What sessions lack, and then what skills lack by weight."""
    heavy, weights = {"minutes": 1, "seats": 10, "time": 10}, {skill.id: weigh(skill) for skill in instance.skills}
    hard = sum(heavy[what] * number for (what, _), number in missing.items() if what in heavy)
    return hard, sum(weights[id] * number for (what, id), number in missing.items() if what not in heavy)
