"""Which figures of a sheet a page and a document must show, as formatting.py writes them, and how often at least."""

from collections import Counter

from hiring.debrief.parts import Cell, Dispute, SheetSkill
from hiring.debrief.sheet import Sheet
from hiring.formatting import count, percent, score, spread


def say_apart(dispute: Dispute) -> str:
    return f"{dispute.spread:g} apart" + (f" × weight {dispute.weight:g} = {dispute.urgency:g}" if dispute.weight != 1 else "")


def say_behind(cell: Cell, skill: SheetSkill, dispute: Dispute | None) -> str:
    """What stands beside a score, spelt out independently of the templates."""
    parts = []
    if cell.score is not None:
        parts = [count(cell.n, "mark"), f"from {cell.low} to {cell.high}" if cell.n > 1 else f"a single {cell.low}"]
        parts += [say_apart(dispute)] if dispute else []
        parts += [f"sd {score(cell.sd)}"] if cell.sd is not None else []
        parts += [f"{count(cell.sessions, 'session')}, {cell.wanted} wanted"]
    else:
        parts = ["no score"]
    parts += [f"{cell.none} no evidence"] if cell.none else []
    parts += [f"{cell.not_asked} not asked"] if cell.not_asked else []
    parts += [f"{cell.unsupported} unsupported"] if cell.unsupported else []
    parts += [f"bar {skill.bar:g}"] if skill.bar is not None else []
    return " · ".join(parts)


def list_figures(sheet: Sheet, *, ranges: bool = True) -> Counter[str]:
    """Every figure with how often it must be found. ranges: whether n and range stand together in the grid."""
    found: Counter[str] = Counter()
    disputes = {(one.skill_id, one.candidate_id): one for one in sheet.agenda}
    for cell in sheet.cells:
        if cell.score is not None:
            found[score(cell.score)] += 2
            found[f"n {cell.n} · {spread(cell.low, cell.high)}" if ranges else f"n {cell.n}"] += 1
        if cell.entries:
            found[say_behind(cell, sheet.skill(cell.skill_id), disputes.get((cell.skill_id, cell.candidate_id)))] += 1
    for total in sheet.totals:
        found[f"{percent(total.covered_share)} ({total.covered_weight:g} of {total.whole_weight:g})"] += 1
        if total.value is not None:
            found[score(total.value)] += 1
        else:
            found[total.reason] += 1
    for skill in sheet.skills:
        found[f"weight {skill.weight:g}"] += 1
    for value in sheet.shared.totals.values() if sheet.only_some else ():
        found[score(value)] += 1
    return found
