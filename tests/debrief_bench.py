"""`./run bench debrief`: time and peak memory of `debrief compute` for 6, 50 and 500 candidates, and how they grow.

Each size is read, computed and written as JSON in processes of its own, the median of three; loading the app is left out.
CPU seconds say more than seconds beside other work. The exponent is their slope over marks, both as logarithms, from 50 to
500 candidates: 1 is linear.
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from math import log
from pathlib import Path

from hiring.debrief.computing import compute
from hiring.debrief.files import read_ratings
from hiring.debrief.ratings import Scale
from hiring.debrief.sheet import sheet_to_dict
from tests.ratings import make_panel, write_rows

ROOT = Path(__file__).resolve().parents[1]
SIZES = {"6 candidates": (6, 8, 5, 19), "50 candidates": (50, 20, 5, 19), "500 candidates": (500, 60, 5, 20)}
"""Candidates, interviewers, cards a candidate, skills a card."""
ROUNDS = 3


def measure(size: str) -> dict[str, float]:
    """Seconds, CPU seconds, peak megabytes and marks of one size, in this process."""
    candidates, interviewers, per, skills = SIZES[size]
    panel = make_panel(candidates=candidates, interviewers=interviewers, per=per, skills=skills)
    data = write_rows(panel).encode()
    started, worked = time.perf_counter(), time.process_time()
    figures = compute(read_ratings(data, Scale()).ratings)
    written = json.dumps(sheet_to_dict(figures), ensure_ascii=False, indent=2)
    took, work = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": took, "cpu": work, "megabytes": peak, "marks": len(panel), "kilobytes": len(written) / 1024}


def main() -> None:
    found = {}
    print(f"{'size':16} {'marks':>7} {'seconds':>8} {'CPU s':>6} {'peak MB':>8} {'JSON kB':>8}")
    for size in SIZES:
        command = [sys.executable, "-m", "tests.debrief_bench", size]
        runs = [json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout) for _ in range(ROUNDS)]
        found[size] = one = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
        print(f"{size:16} {one['marks']:7.0f} {one['seconds']:8.2f} {one['cpu']:6.2f} {one['megabytes']:8.0f} {one['kilobytes']:8.0f}")
    some, many = found["50 candidates"], found["500 candidates"]
    exponent = log(many["cpu"] / some["cpu"]) / log(many["marks"] / some["marks"])
    print(f"CPU seconds grow with marks to the power of {exponent:.2f}.")


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
