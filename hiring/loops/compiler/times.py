"""When sessions can be: each in a span in which the candidate and everybody who sits in it are free, with breaks between them."""

from collections.abc import Iterable, MutableMapping, Sequence

from ortools.sat.python import cp_model

from hiring.loops.compiler.instance import Instance, Pair, Session, Span
from hiring.loops.compiler.program import Name


def list_starts(spans: Iterable[Span] | None, minutes: int, horizon: int) -> list[list[int]]:
    """From when to when something of so many minutes can begin within the spans."""
    if spans is None:
        return [[0, horizon]]
    return [[low, high - minutes] for low, high in sorted(spans) if high - minutes >= low]


def find_horizon(instance: Instance) -> int:
    """A minute after which nothing needs to begin, even if nobody were free before all of it."""
    spans = [span for person in instance.people for span in person.available or ()] + list(instance.candidate_available or ())
    return max([high for _, high in spans], default=0) + sum(one.minutes + instance.breaks for one in instance.sessions)


def add_times(model: cp_model.CpModel, instance: Instance, variables: MutableMapping[Name, cp_model.IntVar]) -> None:
    """Rows for the times: whoever sits in a session is free while it lasts, unless it falls short of a time."""
    horizon, intervals = find_horizon(instance), list[cp_model.IntervalVar]()
    for session in instance.sessions:
        start = variables["start", session.id] = model.new_int_var(0, horizon, "")
        unplaced = variables.get(("short", "time", session.id))
        placed = model.new_constant(1) if unplaced is None else ~unplaced  # left out of the model, it can't fall short
        length = session.minutes + instance.breaks
        intervals.append(model.new_optional_fixed_size_interval_var(start, length, placed, ""))
        starts = list_starts(instance.candidate_available, session.minutes, horizon)
        model.add_linear_expression_in_domain(start, cp_model.Domain.from_intervals(starts)).only_enforce_if(placed)
        for person in instance.people:
            sits = variables.get(("sit", person.id, session.id))
            if sits is not None and person.available is not None:
                free = cp_model.Domain.from_intervals(list_starts(person.available, session.minutes, horizon))
                model.add_linear_expression_in_domain(start, free).only_enforce_if(sits, placed)
    model.add_no_overlap(intervals)


def place_early(instance: Instance, seats: Sequence[Pair], unplaced: set[str]) -> tuple[tuple[str, int], ...]:
    """The earliest times for a panel that is chosen: session id to minute, by time."""
    model, horizon = cp_model.CpModel(), find_horizon(instance)
    people = {person.id: person for person in instance.people}
    sessions = [session for session in instance.sessions if session.id not in unplaced]
    starts = {session.id: model.new_int_var(0, horizon, "") for session in sessions}
    for session in sessions:
        sitting = [people[one].available for one, place in seats if place == session.id]
        for spans in (instance.candidate_available, *sitting):
            domain = cp_model.Domain.from_intervals(list_starts(spans, session.minutes, horizon))
            model.add_linear_expression_in_domain(starts[session.id], domain)
    model.add_no_overlap([_interval(model, instance, one, starts[one.id]) for one in sessions])
    model.minimize(sum(starts.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = 0.5
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return ()
    return tuple(sorted(((one, solver.value(start)) for one, start in starts.items()), key=lambda pair: (pair[1], pair[0])))


def _interval(model: cp_model.CpModel, instance: Instance, session: Session, start: cp_model.IntVar) -> cp_model.IntervalVar:
    return model.new_fixed_size_interval_var(start, session.minutes + instance.breaks, "")
