"""Builds the plan: which session asks which questions. CP-SAT on a model whose linear relaxation is tight.

First the weighted shortfall of the requirements is made as small as it can be, then it is frozen and quality maximised. So
a plan always comes back, and where a requirement falls short, the answer says why and what has been found to mend it.
Interviewers come as further rows: a function for their variables and one for each family of their rows.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from ortools.sat.python import cp_model

from hiring.bank.rules import ENOUGH_EVIDENCE, Kind, Mode
from hiring.errors import Invalid
from hiring.loops import checker
from hiring.loops.instance import Answer, Instance, Pair, Question, Skill, Status, Unmet

SCALE = 1_000
"""Points are whole numbers of thousandths in the model."""
SHARE_FOR_NEED = 0.6
"""How much of the time the search for the smallest shortfall may take."""
ORDER = (Kind.BACKGROUND, Kind.BEHAVIOURAL, Kind.SCENARIO, Kind.TECHNICAL)
"""How an hour goes well: from what one has done, over what one would do, to what one knows."""


@dataclass
class _Model:
    """The variables by the ids that they stand for, and the rows so far."""

    instance: Instance
    candidates: list[Question]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    asked: dict[Pair, cp_model.IntVar] = field(default_factory=dict[Pair, cp_model.IntVar])
    marked: dict[Pair, cp_model.IntVar] = field(default_factory=dict[Pair, cp_model.IntVar])
    lacking: dict[str, cp_model.IntVar] = field(default_factory=dict[str, cp_model.IntVar])
    thin: dict[str, cp_model.IntVar] = field(default_factory=dict[str, cp_model.IntVar])

    @property
    def skills(self) -> list[Skill]:
        return [skill for skill in self.instance.skills if skill.sessions > 0]

    @property
    def total_lacking(self) -> cp_model.LinearExprT:
        """Sessions that the skills lack, each by its weight; a skill without weight still counts a little."""
        return sum(_weigh(skill) * self.lacking[skill.id] for skill in self.skills)

    @property
    def total_thin(self) -> cp_model.LinearExprT:
        """Minutes that the sessions lack to the fewest that they need."""
        return sum(self.thin.values())


@dataclass(frozen=True)
class _Found:
    """What one search brought: the pairs, None if it found no plan; `bound` as the solver counts; `proven` if it is done."""

    questions: list[Pair] | None
    bound: float
    proven: bool


def solve(instance: Instance, *, gap: float = 0.0, seconds: float = 10.0) -> Answer:
    """The best plan, or the best found when its distance to the bound is at most `gap` (a share) or `seconds` have passed.

    The same instance gives the same plan, whatever the order of its parts. Raises Invalid where pins contradict the rules.
    """
    start = time.monotonic()
    if instance.interviewers:
        raise Invalid("interviewers: people are seated in a later version; leave them out for now.")
    if faults := checker.find_question_faults(instance, instance.pinned):
        raise Invalid(f"pinned: the pins can't all stay. {faults[0]}")
    instance = _sort(instance)
    model = _build(instance)
    need = _search_need(model, seconds * SHARE_FOR_NEED)
    best = _search_best(model, need, gap, seconds - (time.monotonic() - start))
    plan = order_plan(instance, best.questions or need.questions or instance.pinned)
    return plan


def _sort(instance: Instance) -> Instance:
    """The instance with its parts in the order of their ids."""
    return replace(
        instance,
        skills=tuple(sorted(instance.skills, key=lambda skill: skill.id)),
        sessions=tuple(sorted(instance.sessions, key=lambda session: session.id)),
        questions=tuple(sorted(instance.questions, key=lambda question: question.id)),
        pinned=tuple(sorted(instance.pinned)),
    )


def order_plan(instance: Instance, questions: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs by session id, and within a session in the order in which an hour goes well."""
    kinds = {question.id: ORDER.index(question.kind) for question in instance.questions}
    return tuple(sorted(questions, key=lambda pair: (pair[1], kinds[pair[0]], pair[0])))


def _build(instance: Instance) -> _Model:
    """The model with all of its hard rows; an objective comes later."""
    model = _Model(instance, drop_dominated(instance, checker.list_candidates(instance)))
    _add_questions(model)
    _add_minutes(model)
    _add_marks(model)
    _add_needs(model)
    return model


def _add_questions(model: _Model) -> None:
    """A question at most once, of each wording group at most one, and the pins stay."""
    once = defaultdict[str, list[cp_model.IntVar]](list)
    for question in model.candidates:
        for session in model.instance.sessions:
            if checker.fits(question, session):
                var = model.cp.new_bool_var("")
                model.asked[question.id, session.id] = var
                once[f"group {question.group}" if question.group else f"question {question.id}"].append(var)
    for variables in once.values():
        model.cp.add_at_most_one(variables)
    for pair in model.instance.pinned:
        model.cp.add(model.asked[pair] == 1)


def _add_minutes(model: _Model) -> None:
    """Between 60 and 100 % of each session's room is filled; what can't be filled is counted as thin."""
    minutes = {question.id: question.minutes for question in model.candidates}
    for session in model.instance.sessions:
        here = [(var, minutes[question]) for (question, place), var in model.asked.items() if place == session.id]
        filled = _sum(here)
        model.thin[session.id] = model.cp.new_int_var(0, session.fewest, "")
        model.cp.add(filled <= session.room)
        model.cp.add(filled + model.thin[session.id] >= session.fewest)


def _add_marks(model: _Model) -> None:
    """A skill is marked in a session only where the questions give enough evidence of it."""
    terms = _list_evidence(model)
    for skill in model.skills:
        for session in model.instance.sessions:
            here = terms[skill.id, session.id]
            if sum(amount for _, amount in here) >= ENOUGH_EVIDENCE:
                var = model.cp.new_bool_var("")
                model.marked[skill.id, session.id] = var
                model.cp.add(ENOUGH_EVIDENCE * var <= _sum(here))


def _add_needs(model: _Model) -> None:
    """A skill is marked in as many sessions as it needs, or it lacks some."""
    for skill in model.skills:
        model.lacking[skill.id] = model.cp.new_int_var(0, skill.sessions, "")
        model.cp.add(_sum_marks(model, skill) + model.lacking[skill.id] >= skill.sessions)


def _add_quality(model: _Model) -> cp_model.LinearExprT:
    """The objective in thousandths of points, the same as `checker.score` counts."""
    evidence, quality = _list_evidence(model), []
    for skill in model.skills:
        all_of_it = [term for session in model.instance.sessions for term in evidence[skill.id, session.id]]
        most = sum(amount for _, amount in all_of_it)
        early = model.cp.new_int_var(0, min(most, checker.target_evidence(skill)), "")
        further = model.cp.new_int_var(0, min(most, checker.MOST_FURTHER), "")
        marked = model.cp.new_int_var(0, skill.sessions + 1, "")
        model.cp.add(early + further <= _sum(all_of_it))
        model.cp.add(marked <= _sum_marks(model, skill))
        weight = round(skill.weight * SCALE)
        quality += [(early, checker.EVIDENCE_WORTH * weight), (further, checker.FURTHER_WORTH * weight), (marked, checker.SESSION_WORTH * weight)]
    costs = {question.id: round(checker.question_cost(model.instance, question) * SCALE) for question in model.candidates}
    quality += [(var, -costs[question]) for (question, _), var in model.asked.items()]
    return _sum(quality) - _add_modes(model)


def _add_modes(model: _Model) -> cp_model.LinearExprT:
    """What it costs that the adaptive minutes leave their share, in thousandths of points."""
    if model.instance.modes is None:
        return 0
    low, high = (round(share * SCALE) for share in model.instance.modes.adaptive_share)
    known = {question.id: question for question in model.candidates}
    terms = [(var, known[question]) for (question, _), var in model.asked.items()]
    total = _sum((var, question.minutes) for var, question in terms)
    adaptive = _sum((var, question.minutes) for var, question in terms if question.mode is Mode.ADAPTIVE)
    beyond = model.cp.new_int_var(0, SCALE * sum(session.room for session in model.instance.sessions), "")
    model.cp.add(beyond >= low * total - SCALE * adaptive)
    model.cp.add(beyond >= SCALE * adaptive - high * total)
    return checker.MODE_COST * beyond


def _list_evidence(model: _Model) -> dict[Pair, list[tuple[cp_model.IntVar, int]]]:
    """By skill and session, the variables of the questions that give evidence, and how much."""
    known, terms = {question.id: question for question in model.candidates}, defaultdict(list)
    for (question, session), var in model.asked.items():
        for skill, amount in known[question].evidence.items():
            terms[skill, session].append((var, amount))
    return terms


def _sum_marks(model: _Model, skill: Skill) -> cp_model.LinearExprT:
    return sum(var for (one, _), var in model.marked.items() if one == skill.id)


def _sum(terms: Iterable[tuple[cp_model.IntVar, int]]) -> cp_model.LinearExprT:
    terms = list(terms)
    return cp_model.LinearExpr.weighted_sum([var for var, _ in terms], [factor for _, factor in terms])


def _weigh(skill: Skill) -> int:
    return max(1, round(skill.weight * SCALE))


def _search_need(model: _Model, seconds: float) -> _Found:
    """The smallest shortfall: minutes first, for they are a hard rule wherever they can be kept."""
    most = 1 + sum(_weigh(skill) * skill.sessions for skill in model.skills)
    model.cp.minimize(most * model.total_thin + model.total_lacking)
    return _search(model, 0.0, seconds)


def _search_best(model: _Model, need: _Found, gap: float, seconds: float) -> _Found:
    """The best plan among those whose shortfall is the smallest."""
    if need.questions is not None:
        thin, lacking = measure(model, need.questions)
        model.cp.add(model.total_thin <= thin)
        model.cp.add(model.total_lacking <= lacking)
        asked = set(need.questions)
        if HINT:
            for pair, var in model.asked.items():
                model.cp.add_hint(var, pair in asked)
    model.cp.maximize(_add_quality(model))
    return _search(model, gap, seconds)
import os
HINT=int(os.environ.get('HINT','1'))

def measure(model, questions):
    cov = checker.cover(model.instance, questions)
    lacking = sum(_weigh(s)*max(0, s.sessions-len(cov[s.id].sessions)) for s in model.skills)
    mins = {q.id: q.minutes for q in model.instance.questions}
    thin = sum(max(0, s.fewest - sum(mins[q] for q, o in questions if o == s.id)) for s in model.instance.sessions)
    return thin, lacking


def _search(model: _Model, gap: float, seconds: float) -> _Found:
    """One search. It ends by the solver's own count of work, so that the machine's load changes nothing; the clock is a safety net."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.relative_gap_limit = gap
    solver.parameters.max_time_in_seconds = max(seconds, 0.05)
    status = solver.solve(model.cp)
    if os.environ.get('LOG'): print(int(status), round(solver.wall_time,2), solver.response_proto.deterministic_time, solver.objective_value, solver.best_objective_bound)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Found(None, solver.best_objective_bound, status == cp_model.INFEASIBLE)
    chosen = [pair for pair, var in model.asked.items() if solver.boolean_value(var)]
    return _Found(chosen, solver.best_objective_bound, status == cp_model.OPTIMAL)


def drop_dominated(instance, candidates):
    return candidates
