"""`./run bench loops [--quick] [--seeds N] [--limit SECONDS] [--json FILE] [--write]`: the loop builder, a greedy and an exact solver.

Each figure comes from a process of its own with one thread, the three by turns on each instance, so that what else the
machine does falls on all of them. Seconds hold for one machine, ratios within a run for all. Ends with 1 where the builder
and the exact solver both prove a best plan and differ, where an answer hides a fault, or where runs differ.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.loops_bench.instances import VARIANTS
from tests.loops_bench.tables import write_page, write_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "loop-builder.md"
SIZES = ("small", "medium", "medium-18", "large", "large-24", "scarce", "crowded")
CLASHING = ("small", "medium")
AGREE = 1e-6
QUICK_SIZES = ("small", "medium", "scarce")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "random"}

Row = dict[str, Any]


def run(module: str, **task: Any) -> Row:
    """What a fresh process measured; a process that fails ends the bench with its words."""
    command = [sys.executable, "-m", f"tests.loops_bench.{module}", json.dumps(task)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{task} ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


def measure_instance(size: str, seed: int, limit: float) -> Row:
    task = {"size": size, "seed": seed, "limit": limit}
    row = {"size": size, "seed": seed, "load": os.getloadavg()[0]}
    for name, module in (("ours", "trial"), ("greedy", "trial"), ("exact", "oracle")):
        row[name] = run(module, what=name, **task)
    return row | {"agrees": agrees(row["ours"]["proof"], row["exact"])}


def agrees(ours: Row, exact: Row) -> bool | None:
    """Whether both came to the same; None unless both prove it."""
    if not ours["proven"] or not exact["proven"]:
        return None
    if exact["objective"] is None or ours["status"] == "infeasible":
        return exact["objective"] is None and ours["status"] == "infeasible"
    return abs(ours["objective"] - exact["objective"]) <= AGREE * max(1.0, abs(exact["objective"]))


def measure_clashes(sizes: Sequence[str], seeds: int, limit: float) -> list[Row]:
    """Instances without a plan; a mend is looked at twice only where solving again is cheap."""
    rows = list[Row]()
    for size in sizes:
        for variant in VARIANTS:
            for seed in range(seeds):
                measured = run("trial", what="clash", variant=variant, size=size, seed=seed, limit=limit, mends=size == "small")
                rows.append({"size": size, "variant": variant, "seed": seed, **measured})
    return rows


def count_same(size: str, times: int) -> Row:
    """How many of so many fresh processes give the commonest answer."""
    answers = [json.dumps(run("trial", what="repeat", size=size, seed=0), sort_keys=True) for _ in range(times)]
    return {"size": size, "runs": times, "same": max(answers.count(one) for one in answers)}


def measure_all(options: argparse.Namespace) -> Row:
    sizes = QUICK_SIZES if options.quick else SIZES
    result: Row = {"limit": options.limit, "seeds": options.seeds, "machine": describe_machine(), "load": [os.getloadavg()[0]]}
    result["instances"] = []
    for seed in range(options.seeds):
        for size in sizes:
            say(f"{size} {seed}")
            result["instances"].append(measure_instance(size, seed, options.limit))
            keep(options.json, result)
    say("clashes")
    result["clashes"] = measure_clashes(CLASHING[:1] if options.quick else CLASHING, 1 if options.quick else options.seeds, options.limit)
    say("the same again")
    result["repeats"] = [count_same(size, 3 if options.quick else 20) for size in CLASHING]
    result["load"].append(os.getloadavg()[0])
    keep(options.json, result)
    return result


def describe_machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def keep(path: Path | None, result: Row) -> None:
    """Write what is measured so far, so that a run that is cut short was not for nothing."""
    if path is not None:
        path.write_text(json.dumps(result, indent=1) + "\n")


def find_wrong(result: Row) -> list[str]:
    """A sentence for each thing that is no matter of speed, and wrong."""
    wrong = list[str]()
    for row in result["instances"]:
        where = f"{row['size']} {row['seed']}"
        if row["agrees"] is False:
            wrong.append(f"{where}: the builder proves {row['ours']['proof']['objective']}, the exact solver {row['exact']['objective']}.")
        wrong += [
            f"{where}: the answer {step} breaks a rule or hides a shortfall."
            for step in ("near", "proof")
            if not row["ours"][step]["sound"]
        ]
    for row in result["clashes"]:
        if row.get("works", 0) < row.get("checked", 0):
            wrong.append(f"{row['size']} {row['seed']}, {row['variant']}: {row['checked'] - row['works']} mends do not work.")
    wrong += [f"{row['size']}: only {row['same']} of {row['runs']} runs agree." for row in result["repeats"] if row["same"] < row["runs"]]
    return wrong


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./run bench loops", description="The loop builder against a greedy and an exact solver.")
    parser.add_argument("--quick", action="store_true", help=f"only {', '.join(QUICK_SIZES)}, with lower limits")
    parser.add_argument("--seeds", type=int, help="instances of each size (5, or 2 with --quick)")
    parser.add_argument("--limit", type=float, help="seconds for a proof, ours and the exact solver's (60, or 3 with --quick)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here, after each instance")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    options = parser.parse_args(arguments)
    options.seeds = options.seeds or (2 if options.quick else 5)
    options.limit = options.limit or (3.0 if options.quick else 60.0)
    result = measure_all(options)
    print(write_text(result))
    if options.write:
        PAGE.write_text(write_page(result))
    for sentence in (wrong := find_wrong(result)):
        print(f"WRONG: {sentence}")
    return 1 if wrong else 0
