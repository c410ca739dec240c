"""The statistics of a file as text for a terminal."""

from collections.abc import Sequence

from hiring.debrief.computing import CandidateFigures, Figures
from hiring.debrief.rules import Verdict
from hiring.formatting import EMPTY, percent, score

MOST_DISPUTES = 15


def write_figures(figures: Figures) -> str:
    """Tables of candidates, weights, disagreement and severity, the agreement, and every warning."""
    blocks = [
        _write_table(
            ["rank", "candidate", "total", "covered", "marks", f"{figures.interval:.0%} interval", "cards", "must-haves"],
            [_write_candidate(one) for one in figures.candidates],
        ),
        _write_flips(figures),
        _write_agenda(figures),
        _write_severity(figures),
        _write_agreement(figures),
        "\n".join(["Warnings:", *(f"  {one}" for one in figures.warnings)]) if figures.warnings else "",
    ]
    return "\n\n".join(block for block in blocks if block)


def _write_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [head, *rows])


def _write_candidate(one: CandidateFigures) -> list[str]:
    between = EMPTY if one.low is None else f"{score(one.low)} to {score(one.high)}"
    unmet = [f"{bar.skill} {bar.verdict}" for bar in one.must_haves if bar.verdict is not Verdict.MET]
    bars = "; ".join(unmet) or ("met" if one.must_haves else EMPTY)
    rank = EMPTY if one.rank is None else str(one.rank)
    return [rank, one.candidate, score(one.total), percent(one.covered), str(one.n), between, str(one.cards), bars]


def _write_flips(figures: Figures) -> str:
    if not figures.sensitivity:
        return ""
    first = figures.sensitivity[0]
    rows = [[one.skill, f"{one.weight:g}", score(one.flips_at), str(one.n)] for one in figures.sensitivity]
    head = f"The weight of a skill at which {first.second} overtakes {first.first}:"
    return f"{head}\n{_write_table(['skill', 'weight', 'overtakes at', 'marks of both'], rows)}"


def _write_agenda(figures: Figures) -> str:
    if not figures.agenda:
        return ""
    shown = figures.agenda[:MOST_DISPUTES]
    rows = [[one.candidate, one.skill, f"{one.weight:g}", f"{one.spread:g}", str(one.n), "!" if one.flagged else ""] for one in shown]
    head = f"Disagreement, the heaviest first ({len(shown)} of {len(figures.agenda)}):"
    return f"{head}\n{_write_table(['candidate', 'skill', 'weight', 'apart', 'marks', ''], rows)}"


def _write_severity(figures: Figures) -> str:
    rows = [
        [one.interviewer, f"{one.estimate:+.2f}", f"{one.low:+.2f} to {one.high:+.2f}", str(one.n), one.note or ""]
        for one in figures.severity
        if one.estimate is not None
    ]
    head = "Severity, in marks below the others:"
    return f"{head}\n{_write_table(['interviewer', 'severity', 'interval', 'cards', ''], rows)}" if rows else ""


def _write_agreement(figures: Figures) -> str:
    found = figures.agreement
    rows = [
        ["Krippendorff's alpha, ordinal", found.alpha, found.alpha_interval],
        ["ICC(A,1), one mark", found.icc.single, found.icc.single_interval],
        [f"ICC(A,k), the mean of {score(found.icc.k)}", found.icc.average, found.icc.average_interval],
    ]
    told = [[name, score(value), f"{score(between[0])} to {score(between[1])}" if between else EMPTY] for name, value, between in rows]
    head = f"Agreement (pairs of marks: {found.pairs}, candidates: {found.candidates}, interviewers: {found.interviewers}):"
    return f"{head}\n{_write_table(['', 'value', 'interval'], told)}"
