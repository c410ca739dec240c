"""`./run bench [NAME]`: how long the heavy steps take on the sample, as medians, and as ratios to a floor measured beside them.

A floor is the same machine doing nothing of ours: starting Python. Ratios hold between machines; milliseconds don't.
`./run bench loops` measures the loop builder by itself, `./run bench debrief` the statistics of a debrief.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from hiring.application import create_app
from hiring.bank.actions import import_bank
from hiring.bank.files import read_bank_folder
from hiring.commands.acting import OPERATOR
from hiring.commands.sample import load_sample
from hiring.commands.set_up import SHIPPED_BANK
from hiring.db import transaction
from hiring.debrief.pdf import render_comparison
from hiring.debrief.queries import get_debrief, read_sheet
from hiring.loops.building import build
from hiring.loops.compiling import make_instance
from hiring.loops.queries import list_plans
from hiring.openings.queries import get_opening
from tests import debrief_bench
from tests.loops_bench import bench as loops_bench

ROUNDS = 5
SLUG = "tech-lead-payments"


def median_of(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of wall time, the median of `rounds`."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def start_python() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def make_site(folder: Path) -> Flask:
    app = create_app(folder, TESTING=True)
    with app.app_context():
        upgrade()
        with transaction():
            import_bank(OPERATOR, read_bank_folder(SHIPPED_BANK))
        load_sample("four plain words here")
    return app


def compare(count: int) -> Callable[[], bytes]:
    """Render the comparison of the first `count` revealed candidates from a sheet computed anew."""

    def work() -> bytes:
        debrief = get_debrief(SLUG)
        chosen = [loop.candidacy_id for loop in debrief.loops if loop.panel_is_revealed][:count]
        return render_comparison(read_sheet(OPERATOR, debrief, chosen))

    return work


def main(wanted: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = make_site(Path(folder))
        with app.app_context():
            plan = list_plans(get_opening(SLUG))[0]
            instance = make_instance(plan)
            steps: dict[str, Callable[[], object]] = {
                "read the shipped bank": lambda: read_bank_folder(SHIPPED_BANK),
                "build the plan (133 questions, 19 skills, 5 sessions)": lambda: build(instance),
                "compute the sheet of 6 candidates": lambda: read_sheet(OPERATOR, get_debrief(SLUG)),
                "comparison PDF, 2 candidates, warm": compare(2),
                "comparison PDF, 4 candidates, warm": compare(4),
                "comparison PDF, 6 candidates, warm": compare(6),
            }
            cold = median_of(compare(4), rounds=1)
            floor = median_of(start_python)
            print(f"{'step':60} {'seconds':>8} {'x floor':>8}")
            print(f"{'floor: starting Python':60} {floor:8.3f} {1:8.1f}")
            print(f"{'comparison PDF, 4 candidates, cold renderer':60} {cold:8.3f} {cold / floor:8.1f}")
            for name, work in steps.items():
                if not wanted or any(word in name for word in wanted):
                    took = median_of(work)
                    print(f"{name:60} {took:8.3f} {took / floor:8.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["loops"]:
        sys.exit(loops_bench.main(sys.argv[2:]))
    if sys.argv[1:2] == ["debrief"]:
        sys.exit(debrief_bench.main())
    main(sys.argv[1:])
