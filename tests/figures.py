"""Which figures of a sheet a page and a document must show, as formatting.py writes them, and how often at least."""

from collections import Counter

from hiring.debrief.sheet import Cell, Sheet
from hiring.formatting import count, percent, score, spread


def say_behind(cell: Cell, bar: float | None) -> str:
    """What stands beside a score, spelt out independently of the templates."""
    parts = []
    if cell.score is not None:
        parts = [count(cell.n, "mark"), f"from {cell.low} to {cell.high}" if cell.n > 1 else f"a single {cell.low}"]
        parts += [f"sd {score(cell.sd)}"] if cell.sd is not None else []
        parts += [f"{count(cell.sessions, 'session')}, {cell.wanted} wanted"]
    else:
        parts = ["no score"]
    parts += [f"{cell.none} no evidence"] if cell.none else []
    parts += [f"{cell.not_asked} not asked"] if cell.not_asked else []
    parts += [f"{cell.unsupported} unsupported"] if cell.unsupported else []
    parts += [f"bar {bar:g}"] if bar is not None else []
    return " · ".join(parts)


def list_figures(sheet: Sheet, *, ranges: bool = True) -> Counter[str]:
    """Every figure with how often it must be found. ranges: whether n and range stand together in the grid."""
    found: Counter[str] = Counter()
    for cell in sheet.cells:
        if cell.score is not None:
            found[score(cell.score)] += 2
            found[f"n {cell.n} · {spread(cell.low, cell.high)}" if ranges else f"n {cell.n}"] += 1
        if cell.entries:
            found[say_behind(cell, sheet.skill(cell.skill_id).bar)] += 1
    for total in sheet.totals:
        found[percent(total.covered_share)] += 1
        if total.value is not None:
            found[score(total.value)] += 1
        else:
            found[total.reason] += 1
    for skill in sheet.skills:
        found[f"weight {skill.weight:g}"] += 1
    for value in sheet.shared.totals.values() if sheet.only_some else ():
        found[score(value)] += 1
    return found
