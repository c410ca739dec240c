"""CP-SAT on a program: the best plan that it finds with so much work, or the proof that there is no better one."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from hiring.loops.compiler.instance import Instance
from hiring.loops.compiler.program import Name, Program
from hiring.loops.compiler.times import add_times

LEAST_WORK = 0.02
"""What it takes to build a model, by the solver's own measure of work."""


@dataclass
class Budget:
    """The work that is left, and the moment by which it ends in any case. Searches end by work: a busy machine changes no plan."""

    work: float
    end: float

    @property
    def is_spent(self) -> bool:
        return self.work <= 0 or time.monotonic() >= self.end


@dataclass(frozen=True)
class Found:
    """A plan as the program's columns (only those that are not 0), what it is worth, and what falls short in it."""

    values: Mapping[Name, int]
    worth: int
    lack: int

    def pairs(self, kind: str) -> tuple[tuple[str, str], ...]:
        return tuple((name[1], name[2]) for name, value in self.values.items() if name[0] == kind and value)


@dataclass
class Searched:
    """What a search came to: a plan or none, a bound on the aim, and whether nothing better is left to find."""

    found: Found | None
    bound: float
    is_proven: bool


@dataclass
class Task:
    """A program to search: what to maximise, the aim that is enough, columns held at a value, limits on what falls short.

    start: a plan that is known, from which the search goes on. gap: the share of the aim within which a bound of its own ends it.
    """

    instance: Instance
    program: Program
    aim: Mapping[Name, int]
    held: Mapping[Name, int] = field(default_factory=dict[Name, int])
    most_lack: int | None = None
    least: int | None = None
    enough: float = math.inf
    on_better: Callable[[Found], None] | None = None
    start: Mapping[Name, int] | None = None
    gap: float = 0.0


class _Watch(cp_model.CpSolverSolutionCallback):
    """Stops at a plan that is good enough, and tells of each better one."""

    def __init__(self, task: Task, read: Callable[["_Watch"], Found]) -> None:
        super().__init__()
        self.task, self.read = task, read

    def on_solution_callback(self) -> None:
        if self.task.on_better is not None:
            self.task.on_better(self.read(self))
        if self.objective_value >= self.task.enough:
            self.stop_search()


def search(task: Task, budget: Budget, work: float = math.inf) -> Searched:
    """The plan with the highest aim of all that keep the rows; nothing where no work is left."""
    if budget.is_spent:
        return Searched(None, math.inf, is_proven=False)
    model, variables = _build(task)
    solver = _make_solver(budget, work)
    solver.parameters.relative_gap_limit = task.gap

    def read(source: cp_model.CpSolver | _Watch) -> Found:
        value = source.value if isinstance(source, cp_model.CpSolver) else source.Value
        values = {name: number for name, variable in variables.items() if (number := value(variable))}
        return Found(values, _count(task.program.worth, values), _count(task.program.lack, values))

    status = solver.solve(model, _Watch(task, read))
    budget.work -= LEAST_WORK + solver.response_proto.deterministic_time
    if status == cp_model.INFEASIBLE:
        return Searched(None, -math.inf, is_proven=True)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Searched(None, math.inf, is_proven=False)
    return Searched(read(solver), solver.best_objective_bound, is_proven=status == cp_model.OPTIMAL)


def _make_solver(budget: Budget, work: float) -> cp_model.CpSolver:
    """One worker and a fixed seed; `linearization_level` is what matters, for the model's relaxation is tight."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.linearization_level = 2
    solver.parameters.cp_model_probing_level = 0
    solver.parameters.symmetry_level = 0
    solver.parameters.find_big_linear_overlap = False  # it is most of the work on a large bank
    solver.parameters.max_deterministic_time = max(LEAST_WORK, min(work, budget.work))
    solver.parameters.max_time_in_seconds = max(0.01, budget.end - time.monotonic())
    return solver


def find_core(task: Task, names: Sequence[Name], budget: Budget) -> list[Name]:
    """Some of the named columns that can't all be 0 at once; none where the work did not suffice to tell."""
    if budget.is_spent:
        return []
    model, variables = _build(task)
    literals: dict[int, Name] = {}
    for name in names:
        if name in variables:
            literal = model.new_bool_var("")
            model.add(variables[name] == 0).only_enforce_if(literal)
            model.add_assumption(literal)
            literals[literal.index] = name
    solver = _make_solver(budget, budget.work)
    status = solver.solve(model)
    budget.work -= LEAST_WORK + solver.response_proto.deterministic_time
    if status != cp_model.INFEASIBLE:
        return []
    core = {literals[index] for index in solver.sufficient_assumptions_for_infeasibility() if index in literals}
    return [name for name in literals.values() if name in core or not core]


def _count(weights: Mapping[Name, int], values: Mapping[Name, int]) -> int:
    return sum(weights[name] * value for name, value in values.items() if name in weights)


def _build(task: Task) -> tuple[cp_model.CpModel, dict[Name, cp_model.IntVar]]:
    """The model and its variables; a column that is held at nothing is left out."""
    model, variables = cp_model.CpModel(), dict[Name, cp_model.IntVar]()
    terms = defaultdict[Name, list[tuple[cp_model.IntVar, int]]](list)
    for name, column in task.program.columns.items():
        low = high = task.held.get(name, -1)
        if low < 0:
            low, high = column.low, column.high
        if high <= 0:
            continue
        variable = variables[name] = model.new_bool_var("") if (low, high) == (0, 1) else model.new_int_var(low, high, "")
        for row, factor in column.rows.items():
            terms[row].append((variable, factor))
    for row, (low, high) in task.program.rows.items():
        if terms[row]:
            model.add_linear_constraint(_sum(terms[row]), low, high)
        elif not low <= 0 <= high:
            model.add_bool_or([])
    if task.most_lack is not None:
        model.add(_sum([(variables[name], weight) for name, weight in task.program.lack.items() if name in variables]) <= task.most_lack)
    goal = _sum([(variables[name], weight) for name, weight in task.aim.items() if name in variables])
    if task.least is not None:
        model.add(goal >= task.least)
    model.maximize(goal)
    if task.instance.has_times:
        add_times(model, task.instance, variables)
    if task.start is not None:
        for name, variable in variables.items():
            model.add_hint(variable, task.start.get(name, 0))
    return model, variables


def _sum(terms: list[tuple[cp_model.IntVar, int]]) -> cp_model.LinearExpr:
    """Each variable times its factor."""
    return cp_model.LinearExpr.weighted_sum([variable for variable, _ in terms], [factor for _, factor in terms])  # type: ignore[return-value]
