"""An independent exact solver: the model of the loop builder written down a second time, solved by HiGHS.

It shares no line with the product's model and knows none of its reductions, so that where both prove, equal values mean something.
"""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from hiring.loops.compiler.instance import Instance
from tests.loops_bench.instances import make_instance


@dataclass
class _Rows:
    """A mixed-integer program as it grows: variables with costs, rows as triplets."""

    cost: list[float] = field(default_factory=list[float])
    high: list[float] = field(default_factory=list[float])
    cells: list[tuple[int, int, float]] = field(default_factory=list[tuple[int, int, float]])
    bounds: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    def var(self, worth: float, high: float = 1) -> int:
        self.cost.append(-worth)
        self.high.append(high)
        return len(self.cost) - 1

    def row(self, terms: Sequence[tuple[int, float]], low: float, high: float = np.inf) -> None:
        self.cells += [(len(self.bounds), variable, factor) for variable, factor in terms]
        self.bounds.append((low, high))


def solve_exactly(instance: Instance, *, seconds: float = 60.0) -> tuple[float | None, bool]:
    """The best objective of a plan that meets every requirement, None where there is none; and whether that is proven."""
    rows = _Rows()
    asked = _write_questions(rows, instance)
    seated = _write_people(rows, instance)
    _write_skills(rows, instance, asked, seated)
    matrix = csr_array(
        ([value for _, _, value in rows.cells], ([row for row, _, _ in rows.cells], [column for _, column, _ in rows.cells])),
        shape=(len(rows.bounds), len(rows.cost)),
    )
    low, high = _to_array(low for low, _ in rows.bounds), _to_array(high for _, high in rows.bounds)
    found = milp(
        np.array(rows.cost),
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(len(rows.cost)),
        bounds=Bounds(_to_array([0.0] * len(rows.cost)), _to_array(rows.high)),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    return (None if found.x is None else -float(found.fun)), found.status in (0, 2)


def _to_array(values: Iterable[float]) -> Any:
    """An array, of a type that says nothing: SciPy's annotations allow single numbers only."""
    return np.array(list(values))


def _write_questions(rows: _Rows, instance: Instance) -> dict[tuple[int, int], int]:
    asked, groups = dict[tuple[int, int], int](), dict[str, list[tuple[int, float]]]()
    needed = {skill.id for skill in instance.skills if skill.sessions or skill.people}
    for number, question in enumerate(instance.questions):
        if abs(question.level - instance.level) > 1 or question.id in instance.exclude_questions:
            continue
        if not needed.intersection(question.primary + question.secondary):  # it could only fill time
            continue
        cost = question.freshness_cost + 4 * abs(question.level - instance.level)
        for place, session in enumerate(instance.sessions):
            if question.kind in session.kinds:
                asked[number, place] = rows.var(-cost)
                groups.setdefault(question.group or question.id, []).append((asked[number, place], 1))
    for terms in groups.values():
        rows.row(terms, 0, 1)
    for place, session in enumerate(instance.sessions):
        room = session.minutes - session.reserve
        rows.row([(one, instance.questions[number].minutes) for (number, at), one in asked.items() if at == place], 0.6 * room, room)
    return asked


def _write_people(rows: _Rows, instance: Instance) -> dict[tuple[int, int], int]:
    seated = dict[tuple[int, int], int]()
    for number, person in enumerate(instance.people):
        if person.load < person.limit and not person.conflicts:
            for place in range(len(instance.sessions)):
                seated[number, place] = rows.var(-person.cost)
            rows.row([(seated[number, place], 1) for place in range(len(instance.sessions))], 0, 1)
    for place, session in enumerate(instance.sessions):
        rows.row([(one, 1) for (_, at), one in seated.items() if at == place], session.seats, session.seats)
    return seated


def _write_skills(rows: _Rows, instance: Instance, asked: dict[tuple[int, int], int], seated: dict[tuple[int, int], int]) -> None:
    for skill in instance.skills:
        if not skill.sessions and not skill.people:
            continue
        early, further = rows.var(10 * skill.weight, 2 * skill.sessions + 2), rows.var(3 * skill.weight, 4)
        often = rows.var(5 * skill.weight, skill.sessions + 1)
        given = {
            key: 2 * (skill.id in instance.questions[key[0]].primary) + (skill.id in instance.questions[key[0]].secondary) for key in asked
        }
        rows.row([(asked[key], amount) for key, amount in given.items() if amount] + [(early, -1), (further, -1)], 0)
        marks, judges = list[tuple[int, float]](), list[tuple[int, float]]()
        for place, session in enumerate(instance.sessions):
            mark, judge = rows.var(0), rows.var(0, session.seats)
            able = [(one, 1.0) for (number, at), one in seated.items() if at == place and skill.id in instance.people[number].skills]
            rows.row([(asked[key], amount) for key, amount in given.items() if amount and key[1] == place] + [(mark, -2)], 0)
            rows.row([*able, (mark, -1)], 0)
            rows.row([*able, (judge, -1)], 0)
            rows.row([(mark, session.seats), (judge, -1)], 0)
            marks.append((mark, 1))
            judges.append((judge, 1))
        rows.row(marks, skill.sessions)
        rows.row(judges, skill.people)
        rows.row([*marks, (often, -1)], 0)


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    made = make_instance(wanted["size"], wanted["seed"])
    began = time.perf_counter()
    best, proven = solve_exactly(made, seconds=wanted["limit"])
    print(json.dumps({"wall": time.perf_counter() - began, "objective": best, "proven": proven}))
