"""What the bench measured, as tables: plain text for the terminal, Markdown for the page."""

import statistics
from collections.abc import Callable, Sequence
from typing import Any

Row = dict[str, Any]
Table = tuple[str, list[str], list[list[str]]]

TARGETS = {"small": 0.1, "medium": 0.5, "large": 2.0, "large-24": 8.0}
FIRST_TARGETS = {"large": 1.0}
EXPLAIN_TARGETS = {"small": 0.2, "medium": 3.0}
MEMORY_TARGET = 200
SIZES = {
    "small": "18 skills (8 required), 110 questions, 5 sessions, 12 people",
    "medium": "40 skills (12 required), 1,000 questions, 7 sessions, 60 people",
    "medium-18": "the same with 18 required",
    "large": "60 skills (15 required), 10,000 questions, 8 sessions, 300 people",
    "large-24": "the same with 24 required",
    "scarce": "medium with 24 people who know little",
    "crowded": "24 skills (16 required), 400 questions, 5 sessions, 40 people",
}
PAGE = """# The loop builder, measured

`./run bench loops --write` makes this page; `./run bench loops --quick` takes a minute and writes nothing.

What is measured: made-up instances ({seeds} of each size; a seed gives the same one for ever), each in a fresh process with one
thread, the builder, a careful greedy and an independent exact solver (HiGHS, a model of its own) by turns. Seconds run from the
instance as read to the answer; loading OR-Tools (half a second, in the worker process) is left out, memory holds it.
A proof gets {limit:g} seconds. Where figures come in pairs they are the median and the largest.

On: {machine}. Load average when it began and ended: {load}. Beside other work wall seconds are too high, CPU seconds less so;
ratios within the run hold anywhere.

{sizes}

{tables}
"""


def write_text(result: Row) -> str:
    return "\n\n".join(_align(table) for table in list_tables(result))


def write_page(result: Row) -> str:
    sizes = "\n".join(f"- {size}: {said}" for size, said in SIZES.items())
    tables = "\n\n".join(_mark_down(table) for table in list_tables(result))
    load = " and ".join(f"{one:.1f}" for one in result["load"])
    return PAGE.format(seeds=result["seeds"], limit=result["limit"], machine=result["machine"], load=load, sizes=sizes, tables=tables)


def list_tables(result: Row) -> list[Table]:
    by_size = {size: [row for row in result["instances"] if row["size"] == size] for size in SIZES}
    by_size = {size: rows for size, rows in by_size.items() if rows}
    return [_speed(by_size), _proof(by_size), _rivals(by_size), _clashes(result["clashes"]), _repeats(result["repeats"])]


def _speed(by_size: dict[str, list[Row]]) -> Table:
    head = [
        "instance",
        "first plan s",
        "target",
        "within 1 % s",
        "CPU s",
        "target",
        "met by",
        "largest gap",
        "peak MB",
        "target",
        "with the proof",
    ]
    rows = list[list[str]]()
    for size, all_of in by_size.items():
        near, target = [row["ours"]["near"] for row in all_of], TARGETS.get(size)
        met = f"{sum(one['wall'] <= target for one in near)} of {len(near)}" if target else "-"
        row = [size, _pair(all_of, lambda row: row["ours"]["first"]), _or_dash(FIRST_TARGETS.get(size))]
        row += [_pair(near, lambda one: one["wall"]), _pair(near, lambda one: one["cpu"]), _or_dash(target), met]
        peaks = [f"{max(row['ours']['megabytes'][step] for row in all_of):.0f}" for step in ("near", "proof")]
        row += [f"{max(_gap(one) for one in near):.2%}", peaks[0], str(MEMORY_TARGET), peaks[1]]
        rows.append(row)
    return "An answer within 1 %", head, rows


def _proof(by_size: dict[str, list[Row]]) -> Table:
    head = [
        "instance",
        "have a plan",
        "proven",
        "seconds of these",
        "largest gap of the rest",
        "exact: proven",
        "seconds",
        "both proven",
        "equal",
    ]
    rows = list[list[str]]()
    for size, all_of in by_size.items():
        ours = [row["ours"]["proof"] for row in all_of]
        proven, open_ = [one for one in ours if one["proven"]], [one for one in ours if not one["proven"]]
        exact, both = [row["exact"] for row in all_of if row["exact"]["proven"]], [row for row in all_of if row["agrees"] is not None]
        row = [size, f"{sum(one['status'] != 'infeasible' for one in ours)} of {len(ours)}", f"{len(proven)} of {len(ours)}"]
        row += [_pair(proven, lambda one: one["wall"]), f"{max(map(_gap, open_)):.2%}" if open_ else "-"]
        row += [
            f"{len(exact)} of {len(ours)}",
            _pair(exact, lambda one: one["wall"]),
            str(len(both)),
            str(sum(row["agrees"] for row in both)),
        ]
        rows.append(row)
    return "The proof, and the exact solver", head, rows


def _rivals(by_size: dict[str, list[Row]]) -> Table:
    head = ["instance", "greedy s", "meets all", "builder meets all", "builder / greedy, worth", "exact / builder, seconds to the proof"]
    rows = list[list[str]]()
    for size, all_of in by_size.items():
        valid = [row for row in all_of if row["greedy"]["valid"]]
        both = [row for row in all_of if row["agrees"] is not None]
        worth = _pair(valid, lambda row: row["ours"]["proof"]["objective"] / row["greedy"]["objective"])
        met = sum(row["ours"]["proof"]["status"] != "infeasible" for row in all_of)
        row = [size, _pair(all_of, lambda row: row["greedy"]["wall"]), f"{len(valid)} of {len(all_of)}", f"{met} of {len(all_of)}", worth]
        rows.append([*row, _pair(both, lambda row: row["exact"]["wall"] / row["ours"]["proof"]["wall"])])
    return "Beside the others", head, rows


def _clashes(measured: list[Row]) -> Table:
    head = [
        "instance",
        "without a plan because",
        "made",
        "search s",
        "reasons s",
        "target",
        "clash of",
        "mends offered",
        "tried again",
        "work",
    ]
    rows = list[list[str]]()
    for size, variant in dict.fromkeys((row["size"], row["variant"]) for row in measured):
        all_of = [row for row in measured if (row["size"], row["variant"]) == (size, variant)]
        made = [row for row in all_of if row["made"]]
        row = [
            size,
            variant,
            f"{len(made)} of {len(all_of)}",
            _pair(made, lambda row: row["search"]),
            _pair(made, lambda row: row["explained"]),
        ]
        row += [_or_dash(EXPLAIN_TARGETS.get(size)), " ".join(str(row["clash"]) for row in made)]
        rows.append(row + [str(sum(row[key] for row in made)) for key in ("mends", "checked", "works")])
    return "Why there is no plan", head, rows


def _repeats(measured: list[Row]) -> Table:
    return (
        "The same again",
        ["instance", "fresh processes with the same answer"],
        [[row["size"], f"{row['same']} of {row['runs']}"] for row in measured],
    )


def _gap(one: Row) -> float:
    return max(0.0, one["bound"] - one["objective"]) / max(1e-9, abs(one["objective"]))


def _pair(rows: Sequence[Any], read: Callable[[Any], float]) -> str:
    """The median and the largest."""
    values = [read(row) for row in rows]
    return f"{statistics.median(values):.2f} {max(values):.2f}" if values else "-"


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


def _align(table: Table) -> str:
    title, head, rows = table
    widths = [max(len(row[place]) for row in [head, *rows]) for place in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows]]
    return "\n".join([title, *lines])


def _mark_down(table: Table) -> str:
    title, head, rows = table
    lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]
    return "\n".join([f"## {title}", "", *lines])
