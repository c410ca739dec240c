"""The figures: so many lives of so many steps without a difference, and the bugs that were put in found."""

import multiprocessing
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.card_life.bugs import BUGS
from tests.card_life.machine import CardLife
from tests.card_life.model import BLIND
from tests.card_life.site import Site
from tests.reliability.figures import Figure

MOST_LIVES = 200
"""In which a bug that was put in has to show."""


def live(site: Site, lives: int, steps: int, chance: int) -> tuple[int, Counter[str], str]:
    """So many lives, the same ones for the same `chance`: how many there were, steps by the loop's state, and the first difference."""

    class Life(CardLife):
        """One of its own, so that its counts are."""

    Life.site, Life.steps = site, Counter()
    # Phase.generate alone: what is found counts, and to make it small would take minutes.
    wanted = settings(
        max_examples=lives,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        report_multiple_bugs=False,
        print_blob=False,
    )
    try:
        run_state_machine_as_test(seed(chance)(Life), settings=wanted)
    except AssertionError as error:
        return Life.lives, Life.steps, "\n".join([repr(error), *getattr(error, "__notes__", [])])
    return Life.lives, Life.steps, ""


@dataclass(frozen=True)
class Share:
    """What one process does. chance: which lives."""

    lives: int
    steps: int
    bugs: tuple[str, ...]
    chance: int


Done = tuple[int, Counter[str], str, dict[str, int | None]]


def do_share(folder: Path, share: Share) -> Done:
    with closing(Site(folder / str(share.chance))) as site:
        lived = live(site, share.lives, share.steps, share.chance)
        return *lived, {name: find_bug(site, name, share.steps) for name in share.bugs}


def find_bug(site: Site, name: str, steps: int) -> int | None:
    """In which life the bug of this name shows; None where it does not."""
    with BUGS[name]():
        lives, _, difference = live(site, MOST_LIVES, steps, 1)
    return lives if difference else None


def measure_card_life(folder: Path, *, examples: int = 1000, steps: int = 50, bugs: int = len(BUGS), processes: int = 2) -> list[Figure]:
    """bugs: how many of them are put in, one after the other."""
    names = tuple(BUGS)[:bugs]
    shares = [Share(examples // processes, steps, names[one::processes], one) for one in range(processes)]
    if processes == 1:
        return _tell([do_share(folder, shares[0])])
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        return _tell(list(pool.map(do_share, [folder] * processes, shares)))


def _tell(done: list[Done]) -> list[Figure]:
    lives, steps = sum(one[0] for one in done), sum((one[1] for one in done), Counter[str]())
    differences = [one[2] for one in done if one[2]]
    found = {name: life for one in done for name, life in one[3].items()}
    later = steps.total() - sum(steps[stage] for stage in BLIND)
    hits = [life for life in found.values() if life is not None]
    missed = ", ".join(name for name, life in found.items() if life is None)
    said = f"{len(hits)} of {len(found)}" + (f", not: {missed}" if missed else "")
    return [
        Figure(
            f"steps that differ from the model, {lives} lives of a panel's cards, {later} steps after a reveal",
            f"{len(differences)} of {steps.total()}" + (f": {differences[0]}" if differences else ""),
            "0",
            not differences and steps.total() > 0,
        ),
        Figure(f"bugs put in and found, within {max(hits, default=0)} lives", said, "all", not missed),
    ]
