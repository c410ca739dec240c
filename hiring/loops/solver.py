"""Builds the plan: which session asks which questions. CP-SAT on a model whose linear relaxation is tight.

First the weighted shortfall of the requirements is made as small as it can be, then it is frozen and quality maximised: so
a plan always comes back. Interviewers will come as further variables and families of rows, a function for each.
"""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import cast

from ortools.sat.python import cp_model

from hiring.bank.rules import ENOUGH_EVIDENCE, Mode
from hiring.errors import Invalid
from hiring.loops import checker
from hiring.loops.instance import Answer, Instance, Modes, Pair, Question, Skill, Status, Unmet, order_plan, sort_parts

SCALE = 1_000
"""The model counts thousandths of points and of weights, for it knows whole numbers only."""
WORK = 0.8
"""What the solver does in a second, by its own measure. Searches end by work, so that a busy machine changes no plan."""
FIRST_WORK, POLISH_WORK, MEND_WORK, LEAST_WORK = 0.5, 0.4, 0.05, 0.01
"""The most work on a first plan, on planning two sessions anew, and on trying a mend; what it takes to build a model."""
SHARE_FOR_NEEDS, SHARE_FOR_MENDS = 0.3, 0.3
MOST_MENDED, MOST_MENDS = 5, 3
NOTHING = -(10**15)
"""Worth less than any plan."""


@dataclass
class _Budget:
    """The work that is left, and the moment by which it ends in any case."""

    work: float
    end: float

    @property
    def is_spent(self) -> bool:
        return self.work <= 0 or time.monotonic() >= self.end


@dataclass
class _Model:
    """The solver's model, and its variables: a question asked in a session, a skill marked in a session, what falls short."""

    instance: Instance
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    asked: list[tuple[Question, str, cp_model.IntVar]] = field(default_factory=list[tuple[Question, str, cp_model.IntVar]])
    marked: dict[Pair, cp_model.IntVar] = field(default_factory=dict[Pair, cp_model.IntVar])
    lacking: dict[str, cp_model.IntVar] = field(default_factory=dict[str, cp_model.IntVar])
    thin: dict[str, cp_model.IntVar] = field(default_factory=dict[str, cp_model.IntVar])

    def total_lacking(self) -> cp_model.LinearExpr:
        return _sum((self.lacking[skill.id], _weigh(skill)) for skill in self.instance.skills)

    def total_thin(self) -> cp_model.LinearExpr:
        return _sum((var, 1) for var in self.thin.values())


@dataclass(frozen=True)
class _Found:
    """A plan, its worth and a bound on the worth of any, as the model counts; the minutes and the weighted sessions it lacks."""

    plan: tuple[Pair, ...]
    worth: int
    bound: int
    thin: int = -NOTHING
    lacking: int = -NOTHING

    def is_near(self, gap: float) -> bool:
        return self.worth > NOTHING and self.bound - self.worth <= gap * abs(self.worth)


Term = tuple[cp_model.IntVar, int]
Aim = Callable[[_Model], cp_model.LinearExpr]  # adds the rows that an aim needs, and says what to maximise


def solve(instance: Instance, *, gap: float = 0.0, seconds: float = 10.0) -> Answer:
    """The best plan, or the best found when its distance to the bound is at most `gap` (a share) or `seconds` have passed.

    The same instance gives the same plan, whatever the order of its parts. Raises Invalid where pins contradict the rules.
    """
    start, work = time.monotonic(), seconds * WORK
    if instance.interviewers:
        raise Invalid("interviewers: people can't be seated yet. Leave them out, and seat them by hand.")
    if faults := checker.find_question_faults(instance, instance.pinned):
        raise Invalid(f"pinned: the pinned questions can't all stay. {faults[0]}")
    instance = sort_parts(instance)
    slim = _slim(instance)
    budget = _Budget(work * SHARE_FOR_NEEDS, start + seconds * SHARE_FOR_NEEDS)
    need = _find(slim, _aim_at_needs, _Found(instance.pinned, NOTHING, 0), 0.0, budget)
    share = 1 - SHARE_FOR_MENDS if need.worth < 0 else 1
    budget = _Budget(work * (share - SHARE_FOR_NEEDS), start + seconds * share)
    nothing = replace(need, worth=NOTHING, bound=math.ceil(checker.score_at_most(instance) * SCALE))
    best = _find(slim, lambda model: _aim_at_quality(model, need), nothing, gap, budget)
    score, bound = checker.score(instance, best.plan), best.bound / SCALE
    reached = Status.OPTIMAL if bound - score < 1 / SCALE else Status.WITHIN if bound - score <= gap * abs(score) else Status.STOPPED
    unmet = tuple(_explain(instance, best.plan, need, _Budget(work * SHARE_FOR_MENDS / MOST_MENDED, start + seconds)))
    return Answer(
        status=Status.INFEASIBLE if unmet else reached,
        objective=score,
        bound=max(bound, score),
        seconds=round(time.monotonic() - start, 3),
        questions=order_plan(instance, best.plan),
        coverage=checker.cover(instance, best.plan),
        unmet=unmet,
    )


def _slim(instance: Instance) -> Instance:
    """The instance with nothing but what a best plan may need."""
    required = tuple(skill for skill in instance.skills if skill.is_required)
    return replace(instance, skills=required, questions=tuple(checker.drop_dominated(instance)))


def _add_questions(model: _Model) -> None:
    """A question at most once, of each wording group at most one, and the pins stay."""
    once = defaultdict[Pair, list[cp_model.IntVar]](list)
    for question in model.instance.questions:
        for session in model.instance.sessions:
            if checker.fits(question, session):
                var = model.cp.new_bool_var("")
                model.asked.append((question, session.id, var))
                once[("group", question.group) if question.group else ("question", question.id)].append(var)
    for variables in once.values():
        model.cp.add_at_most_one(variables)
    pinned = set(model.instance.pinned)
    model.cp.add(_sum((var, 1) for question, place, var in model.asked if (question.id, place) in pinned) == len(pinned))


def _add_minutes(model: _Model) -> None:
    """Between 60 and 100 % of each session's room is filled; the minutes that can't be filled are counted."""
    for session in model.instance.sessions:
        filled = _sum((var, question.minutes) for question, place, var in model.asked if place == session.id)
        thin = model.thin[session.id] = model.cp.new_int_var(0, session.fewest, "")
        model.cp.add(filled <= session.room)
        model.cp.add(filled + thin >= session.fewest)


def _add_marks(model: _Model) -> None:
    """A skill is marked only where there is enough evidence of it, and in as many sessions as it needs, or it lacks some."""
    terms = _list_evidence(model)
    for skill in model.instance.skills:
        for session in model.instance.sessions:
            marked = model.marked[skill.id, session.id] = model.cp.new_bool_var("")
            model.cp.add(ENOUGH_EVIDENCE * marked <= _sum(terms[skill.id, session.id]))
        lacking = model.lacking[skill.id] = model.cp.new_int_var(0, skill.sessions, "")
        model.cp.add(_sum((model.marked[skill.id, one.id], 1) for one in model.instance.sessions) + lacking >= skill.sessions)


def _add_quality(model: _Model) -> cp_model.LinearExpr:
    """The objective in thousandths of points, as `checker.score` counts it."""
    terms, quality = _list_evidence(model), list[Term]()
    for skill in model.instance.skills:
        early = model.cp.new_int_var(0, skill.target, "")
        further = model.cp.new_int_var(0, checker.MOST_FURTHER, "")
        marked = model.cp.new_int_var(0, skill.sessions + 1, "")
        model.cp.add(early + further <= _sum(term for session in model.instance.sessions for term in terms[skill.id, session.id]))
        model.cp.add(marked <= _sum((model.marked[skill.id, one.id], 1) for one in model.instance.sessions))
        worths = ((early, checker.EVIDENCE_WORTH), (further, checker.FURTHER_WORTH), (marked, checker.SESSION_WORTH))
        quality += [(var, worth * round(skill.weight * SCALE)) for var, worth in worths]
    quality += [(var, -round(checker.question_cost(model.instance, question) * SCALE)) for question, _, var in model.asked]
    if model.instance.modes:
        quality.append(_add_modes(model, model.instance.modes))
    return _sum(quality)


def _add_modes(model: _Model, modes: Modes) -> Term:
    """What it costs that the adaptive minutes leave their share, in thousandths of points."""
    low, high = (round(share * SCALE) for share in modes.adaptive_share)
    total = _sum((var, question.minutes) for question, _, var in model.asked)
    adaptive = _sum((var, question.minutes) for question, _, var in model.asked if question.mode is Mode.ADAPTIVE)
    outside = model.cp.new_int_var(0, SCALE * sum(session.room for session in model.instance.sessions), "")
    model.cp.add(outside >= low * total - SCALE * adaptive)
    model.cp.add(outside >= SCALE * adaptive - high * total)
    return outside, -checker.MODE_COST


def _list_evidence(model: _Model) -> dict[Pair, list[Term]]:
    """By skill and session, the variables of the questions that give evidence, and how much."""
    terms = defaultdict[Pair, list[Term]](list)
    for question, session, var in model.asked:
        for skill, amount in question.evidence.items():
            terms[skill, session].append((var, amount))
    return terms


def _sum(terms: Iterable[Term]) -> cp_model.LinearExpr:
    """Each variable times its factor; of no terms it is the number 0, which the model takes as well."""
    pairs = list(terms)
    return cast(cp_model.LinearExpr, cp_model.LinearExpr.weighted_sum([var for var, _ in pairs], [factor for _, factor in pairs]))


def _weigh(skill: Skill) -> int:
    """A skill without weight still counts a little: to lack nothing is better than to lack it."""
    return max(1, round(skill.weight * SCALE))


def _aim_at_needs(model: _Model) -> cp_model.LinearExpr:
    """The least shortfall: of minutes first, for they are a hard rule wherever they can be kept."""
    most = 1 + sum(_weigh(skill) * skill.sessions for skill in model.instance.skills)
    return -most * model.total_thin() - model.total_lacking()


def _aim_at_quality(model: _Model, need: _Found) -> cp_model.LinearExpr:
    """The best quality among the plans that fall no shorter than `need`."""
    model.cp.add(model.total_thin() <= need.thin)
    model.cp.add(model.total_lacking() <= need.lacking)
    return _add_quality(model)


def _aim_at_mend(model: _Model, unmet: Unmet, need: _Found) -> cp_model.LinearExpr:
    """Any plan that meets one need and leaves the others no worse off."""
    here = [skill for skill in model.instance.skills if skill.id == unmet.skill]
    model.cp.add(_sum([(model.lacking[skill.id], 1) for skill in here] + [(model.thin[one], 1) for one in [unmet.session] if one]) == 0)
    model.cp.add(model.total_thin() <= need.thin - (unmet.short_by if unmet.session else 0))
    model.cp.add(model.total_lacking() <= need.lacking - sum(unmet.short_by * _weigh(skill) for skill in here))
    return _sum([])


def _find(instance: Instance, aim: Aim, start: _Found, gap: float, budget: _Budget) -> _Found:
    """The best plan for an aim: a short search, then polish, then a search for a better plan, or for the proof that there is none.

    Polish plans two sessions anew while the others stay, until that helps no more: far quicker than one search for all.
    """
    found = _search(instance, aim, start, gap, budget, FIRST_WORK)
    waiting = both = list(combinations([session.id for session in instance.sessions], 2))
    while waiting and not found.is_near(gap) and not budget.is_spent:
        free, *waiting = waiting
        others = tuple(pair for pair in found.plan if pair[1] not in free)
        near = _search(replace(instance, pinned=instance.pinned + others), aim, found, 0.0, budget, POLISH_WORK)
        if near.worth > found.worth:
            found = replace(near, bound=found.bound)
            waiting += [one for one in both if one not in waiting]
    return _search(instance, aim, found, gap, budget, budget.work)


def _search(instance: Instance, aim: Aim, start: _Found, gap: float, budget: _Budget, work: float) -> _Found:
    """`start` with a better plan, or a lower bound, or both, as far as they were found with so much work."""
    if start.is_near(gap) or budget.is_spent:
        return start
    model = _Model(instance)
    for add_rows in (_add_questions, _add_minutes, _add_marks):
        add_rows(model)
    goal = aim(model)
    model.cp.add(goal >= start.worth + 1)
    model.cp.maximize(goal)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.find_big_linear_overlap = False  # it is most of the work on a large bank
    solver.parameters.relative_gap_limit = gap
    solver.parameters.max_deterministic_time = min(work, budget.work)
    solver.parameters.max_time_in_seconds = max(0.01, budget.end - time.monotonic())
    status = solver.solve(model.cp)
    budget.work -= LEAST_WORK + solver.response_proto.deterministic_time
    if status == cp_model.INFEASIBLE:
        return replace(start, bound=start.worth)
    # A search that ended before it began gives 0 for its bound, which is none.
    bound = min(start.bound, math.floor(solver.best_objective_bound or start.bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return replace(start, bound=bound)
    plan = tuple((question.id, session) for question, session, var in model.asked if solver.boolean_value(var))
    return _Found(plan, solver.value(goal), bound, solver.value(model.total_thin()), solver.value(model.total_lacking()))


def _explain(instance: Instance, plan: tuple[Pair, ...], need: _Found, each: _Budget) -> Iterator[Unmet]:
    """What falls short, why, and what mends it."""
    for place, unmet in enumerate(checker.list_unmet(instance, plan)):
        found = _find_mends(instance, plan, unmet, need, replace(each)) if place < MOST_MENDED else []
        because = unmet.because or (checker.TOO_SHORT if any(found[:1]) else checker.TOO_TIGHT)
        mends = [said for said in found if said]
        proven = "" if need.is_near(0) else checker.NOT_PROVEN
        yield replace(unmet, because=because + proven, mend=(*mends[:-1][: MOST_MENDS - 1], *mends[-1:]))


def _find_mends(instance: Instance, plan: tuple[Pair, ...], unmet: Unmet, need: _Found, budget: _Budget) -> list[str]:
    """Of each family of changes the first with which solving again succeeds, or nothing.

    Tried with the plan as it is, then with new questions for the sessions that changed, and only then with any plan.
    """
    families = [list(family) for family in checker.list_mends(instance, unmet)]
    found, nothing = [""] * len(families), _Found((), NOTHING, 0)
    for holds in (lambda _: True, lambda session: session in instance.sessions, lambda _: False):
        for index, family in enumerate(families):
            for said, changed in family:
                if not found[index] and not budget.is_spent:
                    held = {session.id for session in changed.sessions if holds(session)}
                    tried = _slim(replace(changed, pinned=instance.pinned + tuple(pair for pair in plan if pair[1] in held)))
                    works = _search(tried, lambda model: _aim_at_mend(model, unmet, need), nothing, 0.0, budget, MEND_WORK)
                    found[index] = said if works.worth > NOTHING else ""
    return found
