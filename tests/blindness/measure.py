"""The figures: so many states examined, and the leaks that were put in found."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.blindness.leaks import LEAKS
from tests.blindness.place import FILE, Place, make_place
from tests.blindness.states import State, states
from tests.blindness.twins import Twins, make_twins
from tests.blindness.watching import Tally, Watcher
from tests.reliability.figures import Figure

MOST_STATES = 40
"""In which a leak that was put in has to show."""


def over_states(twins: Twins, count: int, chance: int, work: Callable[[State], None]) -> None:
    """Call `work` with so many made-up states, the same ones for the same `chance`."""

    @seed(chance)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(states(twins.place.tables))
    def examine(state: State) -> None:
        work(state)

    examine()


@dataclass(frozen=True)
class Share:
    """What one process does: so many states with so many documents in earnest, then the hunt for these leaks. chance: which states."""

    states: int
    printing: int
    leaks: tuple[str, ...]
    chance: int
    observers: int
    near: int


def do_share(folder: Path, place: Place, share: Share) -> tuple[Tally, int, list[int | None]]:
    """The tally, how many hidden values were written into either twin, and after how many states each leak was found."""
    twins = make_twins(folder / str(share.chance), place, folder / FILE)
    watcher = Watcher(twins, observers=share.observers, far=6 * share.observers, near=share.near, printing=share.printing)
    over_states(twins, share.states, share.chance, watcher.examine)
    return watcher.tally, twins.changed, [find_leak(twins, name) for name in share.leaks]


def find_leak(twins: Twins, name: str) -> int | None:
    """After how many states the leak of this name is found; None where it is not."""
    watcher = Watcher(twins, observers=2, far=0, hunting=True)

    def look(state: State) -> None:
        if not watcher.tally.leaks:
            watcher.examine(state)

    with LEAKS[name]():
        over_states(twins, MOST_STATES, 1, look)
    return watcher.tally.states if watcher.tally.leaks else None


def measure_blindness(
    folder: Path,
    *,
    states: int = 200,
    printing: int = 20,
    leaks: int = len(LEAKS),
    observers: int = 2,
    near: int = 1000,
    processes: int = 2,
) -> list[Figure]:
    """leaks: how many are put in. observers: how many people open pages about cards in each state, and so many each."""
    names, place = tuple(LEAKS)[:leaks], make_place(folder)

    def part(whole: int, turn: int) -> int:
        return whole // processes + (turn < whole % processes)

    shares = [Share(part(states, one), part(printing, one), names[one::processes], one, observers, near) for one in range(processes)]
    if processes == 1:
        return _tell([do_share(folder, place, shares[0])], printing)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        return _tell(list(pool.map(do_share, *zip(*((folder, place, share) for share in shares), strict=True))), printing)


def _tell(done: list[tuple[Tally, int, list[int | None]]], printing: int) -> list[Figure]:
    total, leaks, found = Counter[str](), list[str](), list[int | None]()
    for tally, changed, hunted in done:
        total.update({name: value for name, value in vars(tally).items() if isinstance(value, int)}, changed=changed)
        leaks += tally.leaks
        found += hunted
    hits = [one for one in found if one is not None]
    said = f"{len(leaks)} of {total['pages']}" + (f": {leaks[0]}" if leaks else "")
    name = f"answers that tell two twins apart, {total['states']} states, {total['changed']} hidden values written"
    beside = f"{total['commands']} answers of commands, {total['documents']} documents as drawn, {total['rows']} rows of the audit trail"
    printed = Figure("documents made in earnest, bytes and text alike", str(total["printed"]), str(printing), total["printed"] == printing)
    return [
        Figure(name, said, "0", not leaks and total["pages"] > 0),
        Figure(f"beside them {beside}", "all alike" if not leaks else "see above", "all alike", not leaks),
        *([printed] if printing else []),
        Figure("the control: states that the author tells apart", str(total["told_apart"]), "all", total["told_apart"] == total["states"]),
        Figure(f"leaks put in and found, within {max(hits, default=0)} states", f"{len(hits)} of {len(found)}", "all", None not in found),
    ]
