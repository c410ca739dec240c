"""One measurement in a process of its own, so that imports stay out of the seconds and memory can be read: `-m ...trial TASK`.

TASK and what is printed are JSON. The exact solver has a process of its own too (`oracle`): two solvers share none.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hiring.loops import solver
from hiring.loops.compiler import checker, explaining
from hiring.loops.compiler.instance import Answer, Instance, Status, write_answer
from tests.loops_bench.clashes import check_mends, make_clash
from tests.loops_bench.greedy import plan_greedily
from tests.loops_bench.instances import make_instance

LONGEST = 60.0
NEAR = 0.01


class Clocked:
    """Solves, and keeps the seconds of wall and CPU time, of the first plan and of the explanation, which is no part of the search."""

    def __init__(self, instance: Instance, *, gap: float, seconds: float) -> None:
        self.explained = self.explained_cpu = self.first = 0.0
        self.began, cpu = time.perf_counter(), time.process_time()
        solver.explain = self._explain
        self.answer = solver.solve(instance, gap=gap, seconds=seconds, report=self._hear)
        solver.explain = explaining.explain
        self.whole, self.cpu = time.perf_counter() - self.began, time.process_time() - cpu - self.explained_cpu
        self.wall = self.whole - self.explained
        self.first = self.first or self.wall

    def _explain(self, *args: Any, **options: Any) -> Answer:
        began, cpu = time.perf_counter(), time.process_time()
        answer = explaining.explain(*args, **options)
        self.explained, self.explained_cpu = time.perf_counter() - began, time.process_time() - cpu
        return answer

    def _hear(self, _: Answer) -> None:
        self.first = self.first or time.perf_counter() - self.began


def is_proven(answer: Answer) -> bool:
    """Whether nothing better is left to find, be it a plan that meets all or the nearest one."""
    if answer.status is not Status.INFEASIBLE:
        return answer.status is Status.OPTIMAL
    is_least = not any(one.because.endswith(explaining.NOT_PROVEN) for one in answer.unmet)
    return is_least and answer.bound - answer.objective < 1e-6 * max(1.0, abs(answer.bound))


def measure_ours(task: dict[str, Any]) -> dict[str, Any]:
    """Within 1 %, then to the proof: seconds, peak memory, and whether the checker finds what the answer doesn't say."""
    instance = make_instance(task["size"], task["seed"])
    near = Clocked(instance, gap=NEAR, seconds=LONGEST)
    peak = read_peak()
    proof = Clocked(instance, gap=0.0, seconds=task["limit"])
    return {
        "first": near.first,
        "near": _describe(instance, near),
        "proof": _describe(instance, proof),
        "megabytes": {"near": peak, "proof": read_peak()},
    }


def read_peak() -> float:
    """The most memory that this process has held so far, in MB. Linux counts in units of 1,024 bytes, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def _describe(instance: Instance, clocked: Clocked) -> dict[str, Any]:
    answer = clocked.answer
    missing = checker.list_missing(instance, answer)
    faults = checker.find_faults(instance, answer.questions, answer.seats, answer.times if instance.has_times else None)
    named = {(one.what, one.skill or one.session): one.short_by for one in answer.unmet}
    return {
        "wall": clocked.wall,
        "cpu": clocked.cpu,
        "explained": clocked.explained,
        "status": answer.status.value,
        "objective": answer.objective,
        "bound": answer.bound,
        "proven": is_proven(answer),
        "sound": named == missing and len(faults) == sum(what in ("minutes", "seats", "time") for what, _ in missing),
    }


def measure_greedy(task: dict[str, Any]) -> dict[str, Any]:
    instance = make_instance(task["size"], task["seed"])
    began = time.perf_counter()
    questions, seats = plan_greedily(instance)
    wall = time.perf_counter() - began
    plan = Answer(Status.STOPPED, 0, 0, 0, questions, seats)
    is_valid = not checker.find_faults(instance, questions, seats) and not checker.list_missing(instance, plan)
    return {"wall": wall, "valid": is_valid, "objective": checker.score(instance, questions, seats)}


def measure_clash(task: dict[str, Any]) -> dict[str, Any]:
    """An instance that has no plan: how long the search took, how long the reasons, and whether what is offered helps."""
    instance = make_clash(task["variant"], task["size"], task["seed"])
    if instance is None:
        return {"made": False}
    clocked = Clocked(instance, gap=NEAR, seconds=task["limit"])
    answer = clocked.answer
    works, checked = check_mends(instance, answer) if task["mends"] else (0, 0)
    return {
        "made": answer.status is Status.INFEASIBLE,
        "search": clocked.wall,
        "explained": clocked.explained,
        "clash": len(answer.clash),
        "unmet": len(answer.unmet),
        "mends": sum(len(one.mend) for one in answer.unmet),
        "works": works,
        "checked": checked,
    }


def repeat(task: dict[str, Any]) -> dict[str, Any]:
    """The answer, all but its seconds."""
    answer = solver.solve(make_instance(task["size"], task["seed"]), gap=NEAR, seconds=LONGEST)
    return write_answer(replace(answer, seconds=0.0))


MEASURES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "ours": measure_ours,
    "greedy": measure_greedy,
    "clash": measure_clash,
    "repeat": repeat,
}

if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    print(json.dumps(MEASURES[wanted["what"]](wanted)))
