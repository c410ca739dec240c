"""The comparison and the scorecard as PDF: the sheet that the page shows, in print."""

import re
from typing import Any

from flask import get_template_attribute, render_template
from markupsafe import Markup, escape

from hiring.debrief.parts import Cell
from hiring.debrief.rules import Verdict, check_compared
from hiring.debrief.sheet import Sheet
from hiring.noting import noted
from hiring.printing import SCHEME, render_pdf

LONGEST_WORD = 80
"""Letters after which a word without a space gets places to break: it would leave its column, and cost the square of its length."""
MOST_ROWS, FEWEST_DISPUTES = 13, 3
"""Rows of candidates and disagreements on the first page, and how many of the latter there are in any case."""
_ENDLESS = re.compile(rf"\S{{{LONGEST_WORD},}}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def words(text: str) -> Markup:
    """A note as a document can hold it: escaped, without control characters, its endless words made breakable.

    Right-to-left text is isolated, so that a number beside a name stays on its side.
    """
    found, end = Markup(), 0
    text = _UNPRINTABLE.sub("", text)
    if _RIGHT_TO_LEFT.search(text):
        text = f"\u2068{text}\u2069"
    for endless in _ENDLESS.finditer(text):
        parts = [endless.group()[start : start + LONGEST_WORD // 8] for start in range(0, len(endless.group()), LONGEST_WORD // 8)]
        found += escape(text[end : endless.start()]) + Markup("<wbr>").join(parts)
        end = endless.end()
    return found + escape(text[end:])


def _notes(text: str) -> Markup:
    """A note with its light Markdown, each piece of its text as `words` makes it."""
    return noted(text, words)


class _Drawings:
    """The drawings that a document names, each made once."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._strip = get_template_attribute("_macros/charts.html", "strip")

    def strip(self, cell: Cell, bar: float | None = None) -> str:
        """The address of a cell's strip."""
        return self._draw(cell.marks, cell.score, bar, cell.flagged)

    def tick(self, value: float | None) -> str:
        """The address of a strip with a mean alone."""
        return self._draw((), value, None, False)

    def _draw(self, marks: tuple[int, ...], mean: float | None, bar: float | None, flagged: bool) -> str:
        name = f"strip-{'-'.join(map(str, marks))}-{mean}-{bar}.svg"
        if name not in self.found:
            self.found[name] = str(self._strip(marks, mean, bar, flagged))
        return SCHEME + name


def _render(template: str, sheet: Sheet, **data: Any) -> bytes:
    drawings = _Drawings()
    html = render_template(template, sheet=sheet, drawings=drawings, words=words, notes=_notes, **data)
    return render_pdf(html, made_at=sheet.as_of, drawings=drawings.found)


def _count_room(sheet: Sheet) -> int:
    """How many disagreements the first page has room for: each candidate takes a row of it, each thing missing about half of one."""
    gaps = sum(bool(sheet.missing_of(one.id)) for one in sheet.candidates)
    below = sum(one.verdict != Verdict.MET for one in sheet.must_haves)
    broken = sum(bool(one.early_because) for one in sheet.candidates)
    taken = len(sheet.candidates) + (gaps + below + len(sheet.left_out) + 3 * broken) // 2
    return max(FEWEST_DISPUTES, MOST_ROWS - taken)


def render_comparison(sheet: Sheet) -> bytes:
    """Two to six candidates side by side."""
    check_compared(len(sheet.candidates))
    return _render("pdf/comparison.html", sheet, room=_count_room(sheet))


def render_scorecard(sheet: Sheet) -> bytes:
    """The whole panel on the one candidate of the sheet."""
    return _render("pdf/scorecard.html", sheet, candidate=sheet.candidates[0])
