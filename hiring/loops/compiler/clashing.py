"""The smallest set of requirements that no plan meets together: leave out any one, and a plan meets the rest.

What people alone or questions alone make impossible is looked for first: these are small problems, and most clashes are of
one of the two. Each set is proven again with nothing in the model but what the set is about.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Instance, Question
from hiring.loops.compiler.linear import find_linear_core
from hiring.loops.compiler.program import NO_LIMIT, Scale, make_program
from hiring.loops.compiler.reasons import Need
from hiring.loops.compiler.reduction import drop_dominated, drop_dominated_people
from hiring.loops.compiler.search import Budget, Task, find_core, search

FEW, FEW_WORK = 8, 0.05
"""How many questions of each skill, and how much work, a quick look for a plan takes."""


@dataclass(frozen=True)
class _View:
    """What is looked at: the people, the questions or both. What is impossible in part of it is impossible in all of it."""

    peopled: bool
    asked: bool

    def shows(self, need: Need) -> bool:
        return need[0] in ("sessions", "time") or (self.asked if need[0] == "minutes" else self.peopled)


WHOLE = _View(peopled=True, asked=True)
VIEWS = (_View(peopled=True, asked=False), _View(peopled=False, asked=True), WHOLE)


def list_needs(instance: Instance) -> list[Need]:
    """All that a plan has to meet; what belongs to sessions first, for it is the first to be left out of a clash."""
    needs: list[Need] = [("minutes", session.id) for session in instance.sessions]
    if instance.interviewers is not None:
        needs += [("seats", session.id) for session in instance.sessions]
    if instance.has_times:
        needs += [("time", session.id) for session in instance.sessions]
    needs += [("sessions", skill.id) for skill in instance.skills if skill.sessions]
    if instance.interviewers is not None:
        needs += [("people", skill.id) for skill in instance.skills if skill.people]
    return needs


def find_clash(instance: Instance, needs: Sequence[Need], budget: Budget) -> tuple[Need, ...]:
    """The smallest clash among the needs; empty where there is none, or none was found with the work that is left."""
    for view in VIEWS if instance.interviewers is not None else (WHOLE,):
        priced = _find_core(instance, needs, view, budget, by_prices=True)
        core = _shrink(instance, priced, view, budget, by_prices=True) if priced else _find_core(instance, needs, view, budget)
        if core:
            return tuple(_shrink(instance, core if priced else _shrink(instance, core, view, budget), WHOLE, budget))
    return ()


def _shrink(instance: Instance, needs: Sequence[Need], view: _View, budget: Budget, *, by_prices: bool = False) -> list[Need]:
    """The needs without those that the others clash without, as far as this view shows it."""
    kept, needed = list(needs), set[Need]()
    while (need := next((one for one in kept if one not in needed), None)) is not None and not budget.is_spent:
        core = _find_core(instance, [one for one in kept if one != need], view, budget, by_prices=by_prices)
        kept = core or kept
        needed.add(need)
    return kept


def _find_core(instance: Instance, needs: Sequence[Need], view: _View, budget: Budget, *, by_prices: bool = False) -> list[Need]:
    """Some of the needs that clash in this view; none where a plan meets them all, or where the work did not suffice to tell.

    by_prices: only those that the linear relaxation proves, which is quick.
    """
    shown = [need for need in needs if view.shows(need)]
    narrowed, lacks = _narrow(instance, shown, view), [("short", *need) for need in shown]
    questions, people = _pick_questions(instance, narrowed, shown, view), list(drop_dominated_people(narrowed))
    if view is WHOLE and not by_prices:  # a plan is the quickest proof, and a few questions are enough for most
        program = make_program(narrowed, _pick_few(narrowed, questions), people, Scale(1))
        if search(Task(narrowed, program, {}, dict.fromkeys(lacks, 0)), budget, FEW_WORK).found is not None:
            return []
    program = make_program(narrowed, questions, people, Scale(1))
    if not view.asked:
        program.rows |= {row: (-NO_LIMIT, NO_LIMIT) for row in program.rows if row[0] in ("evidence", "fill")}
    core = find_linear_core(program, lacks)
    if not core and not by_prices:
        core = find_core(Task(narrowed, program, {}), lacks, budget)
    return [(name[1], name[2]) for name in core]


def _pick_questions(instance: Instance, narrowed: Instance, needs: Sequence[Need], view: _View) -> list[Question]:
    """The questions that matter for the needs: minutes can be filled with questions on any skill, so then all candidates do."""
    pool = instance if any(what == "minutes" for what, _ in needs) else narrowed
    return list(drop_dominated(narrowed, of=pool, by_cost=False)) if view.asked else []


def _pick_few(instance: Instance, questions: Sequence[Question]) -> list[Question]:
    """Some questions of each skill and for each session, and those that are pinned."""
    taken, pinned = Counter[str](), {question for question, _ in instance.pinned}
    picked = list[Question]()
    for question in questions:
        keys = [skill.id for skill in instance.skills if skill.is_required and skill.id in question.primary]
        keys += [session.id for session in instance.sessions if checker.fits(question, session)]
        if question.id in pinned or any(taken[key] < FEW for key in keys):
            picked.append(question)
            taken.update(keys)
    return picked


def _narrow(instance: Instance, needs: Sequence[Need], view: _View) -> Instance:
    """The instance with no more than what the needs are about, and nothing that only costs."""
    wanted = set(needs)
    skills = tuple(
        replace(
            skill,
            sessions=skill.sessions if ("sessions", skill.id) in wanted else 0,
            people=skill.people if ("people", skill.id) in wanted else 0,
        )
        for skill in instance.skills
    )
    people = tuple(replace(person, cost=0) for person in instance.people) if view.peopled and instance.interviewers is not None else None
    seated = instance.seated if view.peopled else ()
    return replace(instance, skills=skills, interviewers=people, seated=seated, modes=None, frames=())
