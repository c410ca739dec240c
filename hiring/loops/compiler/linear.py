"""What any plan can be worth at most: the program's linear relaxation, solved by GLOP.

A bank of 10,000 questions gives some 30,000 columns, of which the best plan needs forty. So the relaxation starts with the
likeliest questions and takes in more only where its prices say that they would help; when none would, its value bounds all.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.linear_solver import pywraplp

from hiring.loops.compiler.checker import question_cost
from hiring.loops.compiler.instance import Instance, Question
from hiring.loops.compiler.program import NO_LIMIT, Column, Name, Program, Scale, add_question, list_rows, list_sessions

FIRST, BATCH = 400, 200
"""How many questions the relaxation starts with, and takes in at a time."""
PENALTY = 50
"""Times the worth of all evidence of a skill: what a missing session costs while prices are sought."""
TINY = 1e-6


@dataclass(frozen=True)
class Relaxed:
    """The relaxation's value (a bound on the worth of any plan), what falls short in it and need not, the price of each column.

    gains: by column what taking it in whole would add to the value at most, never above 0 for those left out.
    """

    bound: int
    lacking: float
    gains: dict[Name, float]
    values: dict[Name, float]


class _Linear:
    """GLOP's copy of a program, to which columns can be added between solves."""

    def __init__(self, program: Program, worth: Mapping[Name, float]) -> None:
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.solver.SetSolverSpecificParametersAsString("use_dual_simplex:true")  # a quarter of the time of the primal one
        endless = self.solver.infinity()
        self.rows = {
            name: self.solver.Constraint(low, high if high < NO_LIMIT else endless, "") for name, (low, high) in program.rows.items()
        }
        self.columns: dict[Name, pywraplp.Variable] = {}
        self.goal = self.solver.Objective()
        self.goal.SetMaximization()
        for name, column in program.columns.items():
            self.add(name, column, worth.get(name, 0))
        self.goal.SetOffset(-sum(worth[name] * program.columns[name].low for name in program.lack))  # lost in every plan: no matter

    def add(self, name: Name, column: Column, worth: float) -> None:
        variable = self.columns[name] = self.solver.NumVar(column.low, column.high, "")
        for row, factor in column.rows.items():
            if row not in self.rows:
                self.rows[row] = self.solver.Constraint(0, 1, "")  # only questions bring rows of their own: once each
            self.rows[row].SetCoefficient(variable, factor)
        if worth:
            self.goal.SetCoefficient(variable, worth)

    def solve(self) -> dict[Name, float] | None:
        """The price of each row, or None where nothing keeps all rows."""
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        return {name: row.dual_value() for name, row in self.rows.items()}


def relax(instance: Instance, questions: Sequence[Question], program: Program, scale: Scale, *, near: float) -> Relaxed | None:
    """The relaxation over `questions`, of which `program` holds none yet; None where it has no solution at all.

    near: the share of its value by which the bound may be loose.
    """
    linear = _Linear(program, _price_lacks(program))
    waiting = sorted(questions, key=lambda question: (-_promise(program, instance, question, scale), question.id))
    first, shelf = _pick_first(waiting, {question for question, _ in instance.pinned}), None
    while first:
        _take_in(linear, instance, first, scale)
        prices = linear.solve()
        if prices is None:
            return None
        shelf = _Shelf(instance, questions, program, scale) if shelf is None else shelf
        shelf.drop(first)
        gains = shelf.price(prices)
        helpful = gains.max(axis=1, initial=-math.inf)
        loose = float(helpful[helpful > 0].sum())
        best = [index for index in np.argsort(-helpful, kind="stable")[:BATCH] if helpful[index] > TINY]
        first = [questions[index] for index in best] if loose > near * abs(linear.goal.Value()) else []
    return _read(linear, program, shelf, questions)


def find_linear_core(program: Program, lacks: Collection[Name]) -> list[Name]:
    """Some of the named columns that can't all be 0 at once, as the relaxation's prices prove it; none where they prove nothing."""
    linear = _Linear(replace(program, lack={}), dict.fromkeys(lacks, -1.0))
    prices = linear.solve()
    if prices is None or linear.goal.Value() > -TINY:
        return []
    return [name for name in lacks if any(abs(prices[row]) > TINY for row in program.columns[name].rows)]


def _price_lacks(program: Program) -> dict[Name, float]:
    """The worth of each column. What falls short costs so much that the relaxation avoids it wherever it can."""
    worth: dict[Name, float] = dict(program.worth)
    dear, heaviest = PENALTY * max([1, *program.worth.values()]), max([1, *program.lack.values()])
    is_limited = ("limit",) in program.rows
    return worth | {name: 0.0 if is_limited else -dear * max(0.01, weight / heaviest) for name, weight in program.lack.items()}


def _read(linear: _Linear, program: Program, shelf: "_Shelf | None", questions: Sequence[Question]) -> Relaxed | None:
    if shelf is None:
        prices = linear.solve()
        if prices is None:
            return None
    gains = {name: variable.reduced_cost() for name, variable in linear.columns.items()}
    values = {name: value for name, variable in linear.columns.items() if (value := variable.solution_value()) > TINY}
    lacking = 0.0 if ("limit",) in program.rows else sum(values.get(name, 0.0) - program.columns[name].low for name in program.lack)
    value = linear.goal.Value()
    if shelf is not None:
        left = shelf.gains
        value += float(np.maximum(left.max(axis=1, initial=-math.inf), 0).sum())
        for index, session in zip(*np.nonzero(left > -math.inf), strict=True):
            gains["ask", questions[index].id, shelf.sessions[session]] = float(left[index, session])
    return Relaxed(math.floor(value + TINY * max(1.0, abs(value))), lacking, gains, values)


class _Shelf:
    """The questions that the relaxation may still take in, as arrays: what they would add is one product of matrices."""

    def __init__(self, instance: Instance, questions: Sequence[Question], program: Program, scale: Scale) -> None:
        self.sessions = [session.id for session in instance.sessions]
        self.places = {question.id: index for index, question in enumerate(questions)}
        self.keys = [("once", question.group or question.id) for question in questions]
        shared: dict[Name, list[tuple[int, int]]] = {}
        for index, question in enumerate(questions):
            for row, factor in list_rows(program, instance, question).items():
                if row[0] != "once":
                    shared.setdefault(row, []).append((index, factor))
        self.shared = {row: (np.array([at for at, _ in cells]), np.array([by for _, by in cells])) for row, cells in shared.items()}
        self.minutes = np.array([float(question.minutes) for question in questions])
        self.worth = np.array([-float(scale.whole(question_cost(instance, question))) for question in questions])
        self.may = np.zeros((len(questions), len(self.sessions)), dtype=bool)
        columns = {session: place for place, session in enumerate(self.sessions)}
        for index, question in enumerate(questions):
            for session in list_sessions(instance, question):
                self.may[index, columns[session.id]] = True
        self.gains = np.full(self.may.shape, -math.inf)

    def drop(self, questions: Iterable[Question]) -> None:
        for question in questions:
            self.may[self.places[question.id]] = False

    def price(self, prices: Mapping[Name, float]) -> np.ndarray:
        """What each question would add in each session, in shape (questions, sessions); -inf where it can't stand."""
        once = self.worth - np.array([prices.get(key, 0.0) for key in self.keys])
        for row, (cells, factors) in self.shared.items():
            once[cells] -= prices.get(row, 0.0) * factors
        gains = np.repeat(once[:, None], len(self.sessions), axis=1)
        for place, session in enumerate(self.sessions):
            gains[:, place] -= self.minutes * (prices.get(("room", session), 0.0) + prices.get(("fill", session), 0.0))
            for row, (cells, factors) in self.shared.items():
                if row[0] == "total":
                    gains[cells, place] -= prices.get(("evidence", row[1], session), 0.0) * factors
        self.gains = np.where(self.may, gains, -math.inf)
        return self.gains


def _pick_first(waiting: Sequence[Question], pinned: set[str]) -> list[Question]:
    """The pinned questions, the most promising ones over all, and of each skill and kind."""
    taken, seen = [one for one in waiting if one.id in pinned], dict[tuple[str, str], int]()
    for question in waiting:
        keys = [(skill, question.kind.value) for skill in question.primary]
        if question.id not in pinned and (len(taken) < FIRST or any(seen.get(key, 0) < 3 for key in keys)):
            taken.append(question)
            for key in keys:
                seen[key] = seen.get(key, 0) + 1
    return taken


def _promise(program: Program, instance: Instance, question: Question, scale: Scale) -> float:
    """What a question's evidence is worth for each of its minutes, costs taken off."""
    worth = sum(program.worth.get(("early", skill), 0) * amount for skill, amount in question.evidence.items())
    return (worth - scale.whole(question_cost(instance, question))) / question.minutes


def _take_in(linear: _Linear, instance: Instance, questions: Iterable[Question], scale: Scale) -> None:
    held = Program(rows=dict.fromkeys(linear.rows, (0, 0)))
    for question in questions:
        add_question(held, instance, question, scale)
    for name, column in held.columns.items():
        linear.add(name, column, held.worth.get(name, 0))
