"""`./run reliability [--quick]`: all figures, and at the end one table; exit 1 if one misses its target."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
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
    "kills": lambda folder: figures.measure_kills(folder, kills=3),
    "load": lambda folder: figures.measure_load(folder, people=40, seconds=6),
    "tail": lambda folder: figures.measure_tail(folder, seconds=3),
    "lost updates": lambda folder: figures.measure_lost_updates(folder, rounds=5),
    "submits": lambda folder: figures.measure_submits(folder, cards=6),
    "stories": lambda folder: stories.measure_stories(folder, stories=6),
    "power cuts": lambda folder: powercut.measure_power_cuts(folder, cuts=20),
    "disk full": lambda folder: diskfull.measure_disk_full(folder, seconds=0.5),
    "blindness": lambda folder: measure_blindness(folder, states=2, printing=0, leaks=1, observers=1, near=8, processes=1),
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


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run reliability", description="What is promised of saves, measured on a real server.")
    parser.add_argument("--quick", action="store_true", help="a short form of it, in under a minute")
    parser.add_argument("only", nargs="*", metavar="PART", help=f"only these: {', '.join(WHOLE)}")
    options = parser.parse_args(arguments)
    made = list[Figure]()
    for name, measure in (QUICK if options.quick else WHOLE).items():
        if not options.only or name in options.only:
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                made += measure(Path(folder))
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    wide = [max(len(text) for text in column) for column in zip(*((one.name, one.result, one.target) for one in made), strict=True)]
    for one in made:
        print(f"{one.name:{wide[0]}}  {one.result:>{wide[1]}}  {one.target:{wide[2]}}  {'holds' if one.holds else 'MISSED'}")
    if options.quick:
        print(f"Left out of the quick form: {LEFT_OUT}.")
    return 0 if all(one.holds for one in made) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
