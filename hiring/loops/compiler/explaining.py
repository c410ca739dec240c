"""Why not: the smallest set of requirements that clash, what falls short, and mends that have each been solved and work."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Answer, Clash, Instance, Question, Status, Unmet
from hiring.loops.compiler.mends import list_mends
from hiring.loops.compiler.program import Column, Program, find_scale, make_program
from hiring.loops.compiler.reasons import Need, explain_alone, get_skill, join, say_need
from hiring.loops.compiler.reduction import drop_dominated, drop_dominated_people
from hiring.loops.compiler.search import Budget, Task, find_core, search

MOST_MENDED, MOST_MENDS = 5, 3
CLASH_WORK, MENDS_WORK, MEND_WORK = 2.0, 1.2, 0.05
"""The most work on the smallest set that clashes, on all mends, and on trying one."""
TOGETHER = "It can't be had together with "
TOO_TIGHT = "All that is asked does not fit into these sessions together."
NOT_PROVEN = " A longer search may still find a plan that does."


@dataclass(frozen=True)
class _Case:
    """An answer that falls short, by how much in what, and the questions from which a better one may be made."""

    instance: Instance
    answer: Answer
    missing: Mapping[Need, int]
    pool: Sequence[Question]

    @property
    def weightiest(self) -> list[Need]:
        """What is missing, sessions' own needs last and the heaviest skills first."""

        def weigh(need: Need) -> tuple[bool, float, Need]:
            is_skill = need[0] in ("sessions", "people")
            return not is_skill, -get_skill(self.instance, need[1]).weight * self.missing[need] if is_skill else 0.0, need

        return sorted(self.missing, key=weigh)


def explain(instance: Instance, answer: Answer, *, is_least: bool, seconds: float) -> Answer:
    """The answer with what falls short in it, why, and what would mend it. is_least: whether less shortfall is proven impossible."""
    missing = checker.list_missing(instance, answer)
    if not missing:
        return answer
    case = _Case(instance, answer, missing, list(drop_dominated(instance, by_cost=False)))
    clash = _find_clash(case, Budget(CLASH_WORK, time.monotonic() + seconds)) if is_least else ()
    budget = Budget(MENDS_WORK, time.monotonic() + seconds)  # ends by work: a busy machine offers the same mends
    unmet, mended = list[Unmet](), set[str]()
    for need in case.weightiest:
        alone = explain_alone(instance, need)
        mends = ()
        if need[1] not in mended and len(mended) < MOST_MENDED:
            mends = tuple(_find_mends(case, need, bool(alone), budget))
            mended.add(need[1])
        unmet.append(_describe(case, clash, need, alone, mends, is_least=is_least))
    told = tuple(Clash(what, id, say_need(instance, (what, id))) for what, id in clash)
    return replace(answer, status=Status.INFEASIBLE, unmet=tuple(unmet), clash=told)


def _find_clash(case: _Case, budget: Budget) -> tuple[Need, ...]:
    """The smallest set of requirements that no plan meets together: leave out any one, and a plan meets the rest."""
    for need in case.weightiest:
        if explain_alone(case.instance, need):
            return (need,)
    program = _make_program(case.instance, case.pool)
    core = find_core(Task(case.instance, program, {}), list(program.lack), budget)
    kept = [(name[1], name[2]) for name in core]
    for need in list(kept):
        rest = [one for one in kept if one != need]
        if _is_impossible(case.instance, program, rest, budget):
            kept = rest
    return tuple(kept)


def _is_impossible(instance: Instance, program: Program, needs: Sequence[Need], budget: Budget) -> bool:
    searched = search(Task(instance, program, {}, {("short", *need): 0 for need in needs}), budget)
    return searched.found is None and searched.is_proven


def _describe(case: _Case, clash: Sequence[Need], need: Need, alone: str, mends: tuple[str, ...], *, is_least: bool) -> Unmet:
    """What one requirement lacks, because of what, and what mends it."""
    what, id = need
    others = [say_need(case.instance, one) for one in clash if one != need]
    because = alone or (f"{TOGETHER}{join(others)}." if need in clash and others else TOO_TIGHT)
    is_skill = what in ("sessions", "people")
    return Unmet(
        skill=id if is_skill else "",
        what=what,
        short_by=case.missing[need],
        because=because + ("" if is_least else NOT_PROVEN),
        mend=(*mends[:-1][: MOST_MENDS - 1], *mends[-1:]),
        session="" if is_skill else id,
    )


def _find_mends(case: _Case, need: Need, is_alone: bool, budget: Budget) -> Iterator[str]:
    """Of each family of changes the first that works: with it the skill or session lacks nothing, and nothing else more than before.

    Each is tried with the plan's questions as they are, and then with new ones in the sessions that it changes.
    """
    families = list_mends(case.instance, need, case.missing, is_alone=is_alone)
    accepted = families.pop() if need[0] in ("sessions", "people") else iter(())
    for family in families:
        tried = list(family)
        for is_held in (True, False):
            works = next((said for said, changed in tried if not budget.is_spent and _works(case, need, changed, budget, is_held)), None)
            if works is not None:
                yield works
                break
    yield from (said for said, _ in accepted)  # needs no trial: the plan itself is the proof


def _works(case: _Case, need: Need, changed: Instance, budget: Budget, is_held: bool) -> bool:
    same = {session.id for session in changed.sessions if session in case.instance.sessions}
    new = [question for question in changed.questions if question not in case.instance.questions] if not is_held else []
    if not is_held and len(same) == len(changed.sessions) and not new:
        return False
    kept = {question for question, session in case.answer.questions if is_held or session in same}
    chosen = {question for question, _ in case.answer.questions}
    pool = [one for one in changed.questions if one.id in chosen] + new
    pool += [] if is_held else [one for one in case.pool if one.id not in chosen]
    program = _make_program(changed, pool)
    for name in program.lack:
        most = 0 if name[2] == need[1] else case.missing.get((name[1], name[2]), 0)
        column = program.columns[name]
        program.columns[name] = Column(column.low, min(column.high, most), column.rows)
    held = {
        name: int((name[1], name[2]) in case.answer.questions)
        for name in program.columns
        if name[0] == "ask" and (name[1] in kept or (name[2] in same and not new))
    }
    return search(Task(changed, program, {}, held), budget, MEND_WORK).found is not None


def _make_program(instance: Instance, questions: Sequence[Question]) -> Program:
    return make_program(instance, questions, list(drop_dominated_people(instance)), find_scale(instance))
