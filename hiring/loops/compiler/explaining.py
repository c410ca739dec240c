"""Why not: the requirements that clash, what falls short, and mends that have each been solved and work."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hiring.loops.compiler import checker
from hiring.loops.compiler.clashing import find_clash, list_needs
from hiring.loops.compiler.instance import NOT_SAID, Answer, Clash, Instance, Interviewer, Question, Status, Unmet
from hiring.loops.compiler.mends import Family, list_mends
from hiring.loops.compiler.program import Column, find_scale, make_program
from hiring.loops.compiler.reasons import SKILL_NEEDS, Need, explain_alone, get_session, get_skill, join, say_need
from hiring.loops.compiler.reduction import drop_dominated, list_people
from hiring.loops.compiler.search import Budget, Task, search

MOST_MENDED, MOST_MENDS, MOST_TOLD = 5, 3, 3
"""How many requirements get mends, how many each, and for how many a clash of several is looked for."""
CLASH_WORK, MENDS_WORK, MEND_WORK = 1.5, 0.8, 0.05
"""The most work on the smallest set that clashes, on all mends, and on trying one."""
MORE_QUESTIONS, MORE_PEOPLE = 60, 16
"""How many questions and people beside those of the plan a mend is tried with."""
TOGETHER = "It can't be had together with "
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
            is_skill = need[0] in SKILL_NEEDS
            return not is_skill, -get_skill(self.instance, need[1]).weight * self.missing[need] if is_skill else 0.0, need

        return sorted(self.missing, key=weigh)


def explain(instance: Instance, answer: Answer, *, is_least: bool, seconds: float) -> Answer:
    """The answer with what falls short in it, why, and what would mend it. is_least: whether less shortfall is proven impossible."""
    missing = checker.list_missing(instance, answer)
    if not missing:
        return answer
    end = time.monotonic() + seconds  # only a safety net: both budgets end by work, so a busy machine says the same
    case = _Case(instance, answer, missing, list(drop_dominated(instance, by_cost=False)))
    alone = {need: said for need in case.weightiest if (said := explain_alone(instance, need))}
    clashes = _find_clashes(case, alone, Budget(CLASH_WORK, end)) if is_least else {}
    budget, unmet, mended = Budget(MENDS_WORK, end), list[Unmet](), set[str]()
    for need in case.weightiest:
        mends = ()
        if need[1] not in mended and len(mended) < MOST_MENDED:
            mends = tuple(_find_mends(case, need, need in alone, budget))
            mended.add(need[1])
        unmet.append(_describe(case, clashes.get(need, ()), need, alone.get(need, ""), mends, is_least=is_least))
    first = next((clashes[need] for need in (*alone, *case.weightiest) if clashes.get(need)), ())
    told = tuple(Clash(what, id, say_need(instance, (what, id))) for what, id in first)
    return replace(answer, status=Status.INFEASIBLE, unmet=tuple(unmet), clash=told)


def _find_clashes(case: _Case, alone: Mapping[Need, str], budget: Budget) -> dict[Need, tuple[Need, ...]]:
    """For what is missing, the smallest sets of requirements with it that no plan meets together."""
    clashes: dict[Need, tuple[Need, ...]] = {need: (need,) for need in alone}
    met = [need for need in list_needs(case.instance) if need not in case.missing]
    told = 0
    for need in case.weightiest:
        if need not in clashes and told < MOST_TOLD and not budget.is_spent:
            clash = find_clash(case.instance, [*met, need], budget)
            clashes.update(dict.fromkeys([one for one in clash if one in case.missing], clash))
            told += 1
    if not any(clashes.values()) and not budget.is_spent:  # what is missing may fall short in turns
        clash = find_clash(case.instance, [*met, *case.missing], budget)
        clashes.update(dict.fromkeys([one for one in clash if one in case.missing], clash))
    return clashes


def _describe(case: _Case, clash: Sequence[Need], need: Need, alone: str, mends: tuple[str, ...], *, is_least: bool) -> Unmet:
    """What one requirement lacks, because of what, and what mends it."""
    what, id = need
    others = [say_need(case.instance, one) for one in clash if one != need]
    because = alone or (f"{TOGETHER}{join(others)}." if others else NOT_SAID)
    is_skill = what in SKILL_NEEDS
    return Unmet(
        skill=id if is_skill else "",
        what=what,
        short_by=case.missing[need],
        because=because + ("" if is_least else NOT_PROVEN),
        mend=(*mends[:-1][: MOST_MENDS - 1], *mends[-1:]),
        session="" if is_skill else id,
    )


def _find_mends(case: _Case, need: Need, is_alone: bool, budget: Budget) -> Iterator[str]:
    """Of each family of changes the first that works: with it the skill or session lacks nothing, and nothing else more than before."""
    families = list_mends(case.instance, need, case.missing, is_alone=is_alone)
    accepted = families.pop() if need[0] in SKILL_NEEDS else Family([])
    has_one = False
    for family in families:
        works = _find_first(case, need, family, budget) if not (has_one and family.is_large) else None
        if works is not None:
            has_one = True
            yield works
    yield from (said for said, _ in accepted.mends)  # needs no trial: the plan itself is the proof


def _find_first(case: _Case, need: Need, family: Family, budget: Budget) -> str | None:
    """The first change that works with the plan's questions as they are, or else with new ones in the sessions that it changes."""
    for is_held in (True, False):
        trial = _Trial(case, need, budget, is_held)
        is_vain = family.most is not None and len(family.mends) > 1 and not trial.works(family.most, is_rough=True)
        for said, changed in family.mends if not is_vain else ():
            if trial.works(changed):
                return said
    return None


@dataclass(frozen=True)
class _Trial:
    """Whether changes help with a need: with the plan's questions as they are (`is_held`), or with new ones in what is changed."""

    case: _Case
    need: Need
    budget: Budget
    is_held: bool

    def works(self, changed: Instance, *, is_rough: bool = False) -> bool:
        """Whether the need lacks nothing after the change, and nothing else more than before. is_rough: minutes may lack."""
        same = {session.id for session in changed.sessions if session in self.case.instance.sessions}
        new = changed.questions[len(self.case.instance.questions) :]
        is_same_trial = bool(new) if self.is_held else not new and len(same) == len(changed.sessions)
        if is_same_trial or explain_alone(changed, self.need):
            return False
        if not new:
            held = tuple(pair for pair in self.case.answer.questions if self.is_held or pair[1] in same)
            changed = replace(changed, pinned=held, locked=tuple(one.id for one in changed.sessions if self.is_held or one.id in same))
        questions = self._pick_questions(changed, more=0 if self.is_held or new else MORE_QUESTIONS)
        program = make_program(changed, questions, self._pick_people(changed), find_scale(changed))
        for name in program.lack:
            column, most = program.columns[name], self._get_most(name[1], name[2])
            if column.low > most:
                return False
            if not (is_rough and name[1] == "minutes"):
                program.columns[name] = Column(column.low, min(column.high, most), column.rows)
        return search(Task(changed, program, {}), self.budget, MEND_WORK).found is not None

    def _get_most(self, what: str, id: str) -> int:
        """How much of a need may be missing after a change."""
        return 0 if id == self.need[1] else self.case.missing.get((what, id), 0)

    def _pick_questions(self, changed: Instance, more: int) -> list[Question]:
        """The plan's questions, those that the change brings, and some that help with the need."""
        chosen, (what, id) = {question for question, _ in self.case.answer.questions}, self.need
        if what in SKILL_NEEDS:
            helping = [one for one in self.case.pool if id in one.evidence]
        else:
            helping = [one for one in self.case.pool if checker.fits(one, get_session(changed, id))]
        picked = [one for one in changed.questions if one.id in chosen] + list(changed.questions[len(self.case.instance.questions) :])
        return picked + [one for one in helping if one.id not in chosen][:more]

    def _pick_people(self, changed: Instance) -> list[Interviewer]:
        """Who sits in the plan, whom the change is about, who can judge the skill, and some others."""
        seated, before = {person for person, _ in self.case.answer.seats}, set(self.case.instance.people)
        people = list_people(changed)
        near = [one for one in people if one.id in seated or one not in before or self.need[1] in one.skills]
        return near + [one for one in people if one not in near][:MORE_PEOPLE]
