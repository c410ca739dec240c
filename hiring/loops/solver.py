"""Builds the plan: which session asks which questions, who sits in it, and when.

The linear relaxation says what any plan can be worth at most, and which few columns a good one is made of. CP-SAT plans with
these, then plans two or three sessions anew while the others stay; what is left goes to a search over all columns that could
still be in a better plan. Where requirements can't all be met, their weighted shortfall is made as small as it can be first.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from hiring.errors import Invalid
from hiring.loops.compiler import checker
from hiring.loops.compiler.explaining import explain
from hiring.loops.compiler.instance import Answer, Instance, Interviewer, Question, Status, order_plan, sort_parts
from hiring.loops.compiler.linear import Relaxed, relax
from hiring.loops.compiler.program import NO_LIMIT, Name, Program, Scale, find_scale, make_program, with_limit
from hiring.loops.compiler.reduction import drop_dominated, drop_dominated_people, list_candidates
from hiring.loops.compiler.search import Budget, Found, Searched, Task, search
from hiring.loops.compiler.times import place_early

WORK = 0.8
"""What CP-SAT does in a second, by its own measure."""
KERNEL_QUESTIONS, KERNEL_PEOPLE = 100, 50
"""How many questions and people a first plan is made of."""
FIRST_WORK, POLISH_WORK = 3.0, 0.1
NEAR = 0.01
FEW_COLUMNS = 700
"""So few are searched all at once as quickly as in parts."""
VAIN, STUCK = 6, 0.02
"""After so many vain parts in a row, within this share of the bound, the search goes over to all that is left."""
SHARE_FOR_NEEDS = 0.5
"""The share of all work that may go into making the shortfall least."""
REPORT_EVERY = 0.2
"""Seconds between two reports at the least."""

NOTHING = -(10**15)
"""Worth less than any plan."""

Report = Callable[[Answer], None]


@dataclass
class _State:
    """What is known while the search goes on: the best plan, the bound, and what it is all about."""

    instance: Instance
    scale: Scale
    gap: float
    budget: Budget
    report: Report | None
    questions: list[Question]
    people: list[Interviewer]
    best: Found | None = None
    bound: float = math.inf
    need: int = 0
    told: float = 0.0

    @property
    def enough(self) -> float:
        """The worth from which on a plan is within the gap of the bound."""
        return self.bound / (1 + self.gap) if self.bound > 0 else self.bound / (1 - min(self.gap, 0.5))

    @property
    def is_near(self) -> bool:
        """Whether the best plan is so near to the bound that a search over all that is left is quicker than polish."""
        return self.best is not None and self.best.worth >= min(self.enough, self.bound / (1 + NEAR))

    @property
    def plan(self) -> Found:
        """The best plan; only asked for when there is one."""
        assert self.best is not None
        return self.best

    @property
    def is_done(self) -> bool:
        return self.best is not None and self.best.worth >= self.enough

    def take(self, searched: Searched) -> bool:
        """Keep what a search found if it is better; whether it was."""
        found = searched.found
        if found is None or (self.best is not None and found.lack >= self.best.lack and found.worth <= self.best.worth):
            return False
        self.best = found
        self.tell(found)
        return True

    def tell(self, found: Found) -> None:
        """Report a better plan, now and then."""
        moment = time.monotonic()
        if self.report is not None and moment - self.told > REPORT_EVERY:
            self.told = moment
            self.report(_write(self, found))


def solve(instance: Instance, *, gap: float = 0.0, seconds: float = 10.0, report: Report | None = None) -> Answer:
    """The best plan, or the best found when its distance to the bound is at most `gap` (a share) or `seconds` have passed.

    The same instance gives the same plan, whatever the order of its parts. Raises Invalid where pins or given seats
    contradict the rules. report: called with better plans on the way.
    """
    started = time.monotonic()
    _check_given(instance)
    instance = sort_parts(instance)
    people = list(drop_dominated_people(instance))
    budget = Budget(seconds * WORK, started + seconds)
    state = _State(instance, find_scale(instance), gap, budget, report, list_candidates(instance), people)
    program = _make_program(state, people)
    state.need = program.least_lack
    relaxed = relax(instance, state.questions, program, state.scale, near=gap / 20)
    if relaxed is not None and relaxed.lacking < 1e-6:
        _improve(state, relaxed)
    is_least = state.best is not None
    if state.best is None:
        is_least = _meet_needs(state)
        limited = _make_program(state, people, limit=state.need)
        relaxed = None if state.need == NO_LIMIT else relax(instance, state.questions, limited, state.scale, near=gap / 20)
        if relaxed is not None:
            _improve(state, relaxed)
    answer = explain(instance, _write(state, state.plan), is_least=is_least, seconds=seconds)
    return replace(answer, seconds=round(time.monotonic() - started, 3))


def _check_given(instance: Instance) -> None:
    """Raise Invalid where what is given can't be kept, whatever is chosen beside it."""
    if faults := checker.find_question_faults(instance, instance.pinned):
        raise Invalid(f"pinned: the pinned questions can't all stay. {faults[0]}")
    if faults := checker.find_person_faults(instance, instance.seated):
        raise Invalid(f"seated: the given seats can't all stay. {faults[0]}")


def _make_program(state: _State, people: Sequence[Interviewer], questions: Sequence[Question] = (), limit: int | None = None) -> Program:
    program = make_program(state.instance, questions, people, state.scale)
    return program if limit is None else with_limit(program, limit)


def _improve(state: _State, relaxed: Relaxed) -> None:
    """The best plan among those that fall no shorter than `need`, as near to the bound as the gap asks for."""
    state.bound = relaxed.bound
    if len(relaxed.gains) > FEW_COLUMNS:
        _plan_in_kernel(state, relaxed)
        _polish(state, relaxed)
        if state.best is None:
            return
    _prove(state, relaxed)


def _plan_in_kernel(state: _State, relaxed: Relaxed) -> None:
    """A first plan, made of the columns that the relaxation is made of."""
    program = _make_kernel(state, relaxed, KERNEL_QUESTIONS)
    least = state.best.worth + 1 if state.best is not None else None
    task = Task(state.instance, program, program.worth, most_lack=state.need, least=least, enough=-math.inf, on_better=state.tell)
    state.take(search(task, state.budget, FIRST_WORK))


def _make_kernel(state: _State, relaxed: Relaxed, questions: int) -> Program:
    """The program over the most promising questions and people, and those of the best plan."""
    chosen = {name[1] for name in state.best.values if name[0] in ("ask", "sit")} if state.best is not None else set[str]()
    ranks: dict[str, float] = dict.fromkeys(chosen, math.inf)
    for name, gain in relaxed.gains.items():
        if name[0] in ("ask", "sit"):
            rank = math.inf if name in relaxed.values or name[1] in chosen else gain
            ranks[name[1]] = max(rank, ranks.get(name[1], -math.inf))
    pinned = {one for one, _ in state.instance.pinned + state.instance.seated}

    def best_of(things: Sequence[Any], number: int) -> list[Any]:
        order = sorted(things, key=lambda one: (one.id not in pinned, -ranks.get(one.id, -math.inf), one.id))
        return order[: max(number, sum(ranks.get(one.id) == math.inf for one in things))]

    return _make_program(state, best_of(state.people, KERNEL_PEOPLE), best_of(state.questions, questions))


def _meet_needs(state: _State) -> bool:
    """The plan that falls least short; whether that is proven."""
    program = _make_program(state, state.people, list(drop_dominated(state.instance)))
    aim = {name: -weight for name, weight in program.lack.items()}
    searched = search(Task(state.instance, program, aim), state.budget, state.budget.work * SHARE_FOR_NEEDS)
    if searched.found is None:  # no time: what is given is all there is
        given = {("ask", *pair): 1 for pair in state.instance.pinned} | {("sit", *pair): 1 for pair in state.instance.seated}
        unplaced = {("short", "time", session.id): 1 for session in state.instance.sessions}
        state.best, state.need = Found(given | unplaced, NOTHING, NO_LIMIT), NO_LIMIT
        return False
    state.best, state.need = searched.found, searched.found.lack
    return searched.is_proven


def _polish(state: _State, relaxed: Relaxed) -> None:
    """Plan two sessions anew while the others stay, then three, as long as that helps: far quicker than all at once."""
    if state.best is None or state.is_near:
        return
    sessions = [session.id for session in state.instance.sessions]
    both = list(combinations(sessions, 2))
    waiting = both + (list(combinations(sessions, 3)) if len(sessions) > 3 else [])
    program = _make_kernel(state, relaxed, 2 * KERNEL_QUESTIONS)  # made once: better plans are made of its own columns
    vain = 0
    while waiting and not state.is_near and not state.budget.is_spent:
        if vain >= VAIN and state.best.worth >= state.bound / (1 + STUCK):
            break
        free, *waiting = waiting
        held = {name: state.best.values.get(name, 0) for name in program.columns if name[0] in ("ask", "sit") and name[2] not in free}
        task = Task(
            state.instance, program, program.worth, held, state.need, state.best.worth + 1, min(state.enough, state.bound / (1 + NEAR))
        )
        vain += 1
        if state.take(search(task, state.budget, POLISH_WORK)):
            vain = 0
            waiting += [one for one in both if one not in waiting]


def _prove(state: _State, relaxed: Relaxed) -> None:
    """Search all columns that a better plan may still hold, or prove that there is none."""
    if state.is_done or state.budget.is_spent:
        return
    slack = state.bound - state.best.worth if state.best is not None else math.inf
    known = state.best.values if state.best is not None else dict[Name, int]()
    hopeless = {name for name, gain in relaxed.gains.items() if gain < -slack - 1 and name not in known}
    questions = state.questions if len(relaxed.gains) <= FEW_COLUMNS else drop_dominated(state.instance)
    left = [one for one in questions if any(name not in hopeless for name in _list_places(one, state.instance))]
    program = _make_program(state, state.people, left)
    held = {name: 0 for name in program.columns if name in hopeless}
    # From a plan that is near already, the search goes on; without one, it does better from nothing.
    start = known or None
    gap = state.gap * 0.99  # a share of its own aim: a little less, so that ours is kept as well
    task = Task(state.instance, program, program.worth, held, state.need, None, state.enough, state.tell, start, gap)
    work = state.budget.work * (SHARE_FOR_NEEDS if state.best is None else 1)
    searched = search(task, state.budget, work)
    if searched.is_proven and searched.found is None and state.best is not None:
        state.bound = state.best.worth
    elif searched.found is not None:
        state.bound = min(state.bound, math.floor(searched.bound + 1e-6))
    state.take(searched)


def _list_places(question: Question, instance: Instance) -> list[Name]:
    return [("ask", question.id, session.id) for session in instance.sessions if checker.fits(question, session)]


def _write(state: _State, found: Found) -> Answer:
    """The plan as an answer, scored by the checker."""
    instance = state.instance
    questions, seats = order_plan(instance, found.pairs("ask")), tuple(sorted(found.pairs("sit"), key=lambda pair: (pair[1], pair[0])))
    unplaced = {name[2] for name, value in found.values.items() if name[:2] == ("short", "time") and value}
    score, bound = checker.score(instance, questions, seats), state.bound / state.scale.parts
    is_within = bound - score <= state.gap * abs(score)
    return Answer(
        status=Status.OPTIMAL if state.bound - found.worth < 1 else Status.WITHIN if is_within else Status.STOPPED,
        objective=score,
        bound=max(bound, score) if math.isfinite(bound) else checker.score_at_most(instance),
        seconds=0.0,
        questions=questions,
        seats=seats,
        coverage=checker.cover(instance, questions, seats),
        times=place_early(instance, seats, unplaced) if instance.has_times else (),
    )
