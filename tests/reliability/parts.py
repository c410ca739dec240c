"""The parts of `./run reliability`: which figures each measures, in the whole form and in the quick one."""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.blindness.measure import measure_blindness
from tests.card_life.measure import measure_card_life
from tests.reliability import diskfull, figures, powercut, stories
from tests.reliability.figures import Figure
from tests.reliability.places import OnServer, on_postgresql

LEFT_OUT = "PostgreSQL, documents made in earnest, and most of each number above"


def there(measure: Callable[[Path, OnServer], list[Figure]]) -> Callable[[Path], list[Figure]]:
    """The same on a PostgreSQL that is made for it."""

    def run(folder: Path) -> list[Figure]:
        with on_postgresql() as place:
            return measure(folder, place)

    return run


QUICK: dict[str, Callable[[Path], list[Figure]]] = {
    "kills": lambda folder: figures.measure_kills(folder, kills=1),
    "load": lambda folder: figures.measure_load(folder, people=30, seconds=3),
    "tail": lambda folder: figures.measure_tail(folder, seconds=2),
    "lost updates": lambda folder: figures.measure_lost_updates(folder, rounds=2),
    "submits": lambda folder: figures.measure_submits(folder, cards=4),
    "stories": lambda folder: stories.measure_stories(folder, stories=2),
    "power cuts": lambda folder: powercut.measure_power_cuts(folder, cuts=12),
    "disk full": lambda folder: diskfull.measure_disk_full(folder, seconds=0.3),
    "blindness": lambda folder: measure_blindness(folder, states=1, printing=0, leaks=1, observers=1, near=8, processes=1),
    "card's life": lambda folder: measure_card_life(folder, examples=3, steps=20, bugs=1, processes=1),
}
WHOLE: dict[str, Callable[[Path], list[Figure]]] = {
    "kills": lambda folder: figures.measure_kills(folder, kills=100),
    "load": lambda folder: figures.measure_load(folder, people=200, seconds=60),
    "tail": lambda folder: figures.measure_tail(folder, seconds=30),
    "lost updates": figures.measure_lost_updates,
    "submits": lambda folder: figures.measure_submits(folder, cards=50),
    "stories": lambda folder: stories.measure_stories(folder, stories=500),
    "power cuts": lambda folder: powercut.measure_power_cuts(folder, cuts=1000),
    "disk full": lambda folder: diskfull.measure_disk_full(folder, seconds=20),
    "blindness": measure_blindness,
    "card's life": measure_card_life,
    "kills on PostgreSQL": there(lambda folder, place: figures.measure_kills(folder, kills=60, place=place)),
    "load on PostgreSQL": there(lambda folder, place: figures.compare_loads(folder, people=200, seconds=60, place=place)),
    "lost updates on PostgreSQL": there(lambda folder, place: figures.measure_lost_updates(folder, place=place)),
    "submits on PostgreSQL": there(lambda folder, place: figures.measure_submits(folder, cards=50, place=place)),
}


ALONE = {"kills", "load", "tail"}
"""What tells times, and has the machine to itself; the rest of the quick form waits more than it works."""


def measure(name: str, is_quick: bool) -> list[Figure]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        made = (QUICK if is_quick else WHOLE)[name](Path(folder))
    print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return made


def measure_all(names: list[str], *, is_quick: bool) -> list[Figure]:
    """The figures of these parts, in their order."""
    if not is_quick:
        return [figure for name in names for figure in measure(name, is_quick)]
    with ProcessPoolExecutor(3, get_context("spawn")) as pool:
        made = {name: measure(name, is_quick) for name in names if name in ALONE}
        waiting = {name: pool.submit(measure, name, is_quick) for name in names if name not in ALONE}
        made |= {name: one.result() for name, one in waiting.items()}
    return [figure for name in names for figure in made[name]]
