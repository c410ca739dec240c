"""The documents: every figure and every last word, the same bytes each time, readable by machines, and nothing fetched."""

import os
import re
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from flask import Flask

from hiring import printing
from hiring.debrief.pdf import render_comparison, render_scorecard, words
from hiring.debrief.sheet import Sheet
from hiring.errors import Invalid, NotFound, Unavailable
from tests.conftest import one_at_a_time
from tests.factories import World, fill, reveal
from tests.figures import list_figures
from tests.panels import NAMES, make_decision, make_hard_sheet, make_sheet
from tests.people import sign_in

SHEETS = {
    "two": lambda: make_sheet(NAMES[:2]),
    "four": lambda: make_sheet(decisions=(make_decision(),)),
    "six": lambda: make_sheet(NAMES[:6]),
    "hard": make_hard_sheet,
}
Documents = Callable[[str], tuple[Sheet, bytes]]


@pytest.fixture
def make(app: Flask, shared: Path) -> Documents:
    """A sheet and its comparison, rendered once for all tests of a run."""

    def find(name: str) -> tuple[Sheet, bytes]:
        sheet, path = SHEETS[name](), shared / f"comparison-{name}.pdf"
        with one_at_a_time(shared, path.stem):
            if not path.exists():
                with app.app_context():
                    path.write_bytes(render_comparison(sheet))
        return sheet, path.read_bytes()

    return find


def read_text(pdf: bytes) -> str:
    """The text of all pages; lines are joined, since a sentence may go over several."""
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s+", " ", text.replace("\ufffe", "-"))


def walk(thing: Any) -> Any:
    """Every element below a node of the structure tree."""
    for kid in thing.get("/K", []) if isinstance(thing.get("/K", None), pikepdf.Array) else []:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from walk(kid)


@pytest.mark.parametrize("name", SHEETS)
def test_every_figure_of_the_sheet_stands_in_the_comparison(make: Documents, name: str) -> None:
    sheet, pdf = make(name)
    text = read_text(pdf)
    figures = list_figures(sheet, ranges=len(sheet.candidates) < 5)
    assert [figure for figure, times in figures.items() if text.count(figure) < times] == []


@pytest.mark.parametrize("name", SHEETS)
def test_everybody_and_everything_said_stands_in_the_comparison(make: Documents, name: str) -> None:
    sheet, pdf = make(name)
    text = re.sub(r"[\s\u200b\u2068\u2069-]", "", read_text(pdf))
    said = [card.summary for card in sheet.cards] + [card.debrief_notes for card in sheet.cards]
    said += [entry.evidence for cell in sheet.cells for entry in cell.entries]
    said += (
        [candidate.name for candidate in sheet.candidates] + [one.name for one in sheet.left_out] + [one.reason for one in sheet.decisions]
    )
    wanted = {re.sub(r"[\s\x0b-]", "", one)[-40:] for one in said if not re.search("[\u0590-\u06ff]", one)}
    assert [one for one in wanted if one not in text] == []


def test_the_first_page_decides(make: Documents) -> None:
    sheet, pdf = make("four")
    first = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    for wanted in (*NAMES[:4], "Talk about these first", "What is missing", "rule version 2", "Ömer Yıldız", "13 Nov 2025"):
        assert wanted in first
    assert sheet.agenda[0].urgency == max(one.urgency for one in sheet.agenda)
    assert sheet.skill(sheet.agenda[0].skill_id).name in re.sub(r"\s+", " ", first)


@pytest.mark.parametrize("name", ["four", "six"])
def test_the_grid_stands_on_one_page(make: Documents, name: str) -> None:
    second = pypdfium2.PdfDocument(make(name)[1])[1].get_textpage().get_text_bounded()
    assert "Skill by candidate" in second
    assert "Resilience" in second
    assert "covered share of the weight" in second


@pytest.mark.parametrize("name", SHEETS)
def test_the_first_page_is_one_and_takes_the_disagreements_that_fit(make: Documents, name: str) -> None:
    sheet, pdf = make(name)
    document = pypdfium2.PdfDocument(pdf)
    first, second = (re.sub(r"\s+", " ", document[number].get_textpage().get_text_bounded()) for number in (0, 1))
    assert "Not in here" in first
    assert "Skill by candidate" in second
    shown = len(re.findall(r"\d apart\b", first))
    assert shown >= 3
    assert shown == len(sheet.agenda) or f"The {shown} heaviest of {len(sheet.agenda)} disagreements" in first


@pytest.mark.parametrize("name", ["two", "four", "hard"])
def test_no_page_of_evidence_begins_without_its_skill(make: Documents, name: str) -> None:
    sheet, pdf = make(name)
    names = {skill.name for skill in sheet.skills} | {group.capitalize() for group, _ in sheet.groups}
    pages = [page.get_textpage().get_text_bounded().splitlines() for page in pypdfium2.PdfDocument(pdf)]
    heads = [[line for line in lines if re.search("Evidence:|:Evidence", line)] for lines in pages]
    begins = [lines[:2] + head for lines, head in zip(pages, heads, strict=True) if head]
    assert len(begins) > len(sheet.candidates)
    assert [lines for lines in begins if not any(one in line for line in lines for one in names)] == []


def test_the_same_sheet_gives_the_same_bytes_in_another_process_too(app: Flask) -> None:
    with app.app_context():
        pdf = render_scorecard(make_sheet(NAMES[:1]))
        assert render_scorecard(make_sheet(NAMES[:1])) == pdf
        printing._printer.stop()
        assert render_scorecard(make_sheet(NAMES[:1])) == pdf


@pytest.mark.parametrize("name", ["four", "hard"])
def test_the_document_is_tagged_named_and_says_its_language(make: Documents, name: str) -> None:
    sheet, pdf = make(name)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert str(document.Root.Lang) == "en"
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.docinfo["/Title"]) == f"{sheet.title}: comparison of {len(sheet.candidates)} candidates"
        assert not {"/Author", "/Creator", "/CreationDate"} & set(document.docinfo.keys())
        assert "pdfuaid" in document.Root.Metadata.read_bytes().decode()
        with document.open_outline() as outline:
            assert [one.title for one in outline.root][:3] == [sheet.title, "Talk about these first", "What is missing"]
            assert f"Evidence: {sheet.candidates[0].name}" in [one.title for one in outline.root]
        parts = list(walk(document.Root.StructTreeRoot.K[0]))
        figures = [one for one in parts if one.S == "/Figure"]
        assert figures
        assert all(str(one.get("/Alt", "")) for one in figures)
        cells = [one for one in parts if one.S == "/TD" and "/Headers" in one.get("/A", {})]
        assert sum(len(one.A.Headers) > 1 for one in cells) >= len(sheet.cells)
        assert not any("/URI" in str(page.get("/Annots", "")) for page in document.pages)


def test_hidden_and_endless_words_lose_nothing() -> None:
    assert str(words("a\x00b <i> & c")) == "ab &lt;i&gt; &amp; c"
    assert str(words("x" * 200)).replace("<wbr>", "") == "x" * 200
    assert "<wbr>" in str(words("x" * 200))
    assert "<wbr>" not in str(words("word " * 200))
    assert str(words("<" * 100)).replace("<wbr>", "") == "&lt;" * 100


def test_too_many_or_too_few_are_refused(app: Flask) -> None:
    with app.app_context():
        for names in (NAMES[:1], NAMES):
            with pytest.raises(Invalid, match="2 to 6"):
                render_comparison(make_sheet(names))


def test_the_scorecard_shows_the_whole_panel_on_one_candidate(app: Flask) -> None:
    sheet = make_sheet(NAMES[:1], decisions=(make_decision(),))
    with app.app_context():
        text = read_text(render_scorecard(sheet))
    for card in sheet.cards:
        assert card.interviewer in text
    assert "Decision: hire." in text
    thin = sheet.thin_of(sheet.candidates[0].id)
    assert thin
    assert [cell for cell in thin if f"{sheet.skill(cell.skill_id).name} ({cell.sessions} of {cell.wanted})" not in text] == []
    assert [figure for figure in list_figures(sheet) if figure not in text and not figure.startswith(("n ", "weight"))] == []


def test_a_panelist_downloads_the_scorecard_after_the_reveal(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    reveal(app, world)
    answer = sign_in(app, "ana").get(f"/debrief/{world.slug}/{world.candidacy}/scorecard.pdf")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert "Cleo Candidate" in read_text(answer.data)


@pytest.mark.parametrize(
    "html",
    [
        "<img src='file:///etc/passwd' alt='x'>",
        "<img src='http://127.0.0.1:9/x.png' alt='x'>",
        "<img src='loopcard:unknown.svg' alt='x'>",
        "<link rel='stylesheet' href='file:///etc/passwd'>",
        "<link rel='attachment' href='file:///etc/passwd'>",
        "<p style='background: url(/etc/passwd)'>x</p>",
        "<img src='loopcard:own.svg' alt='x'>",
    ],
)
def test_a_document_that_asks_for_anything_but_its_own_is_not_made(html: str) -> None:
    image = "<image href='file:///etc/passwd' width='9' height='9'/>"
    own = {"own.svg": f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{image}</svg>"}
    with pytest.raises(Unavailable):
        printing.render_pdf(f"<html lang=en><title>x</title><body>{html}</body></html>", made_at=None, drawings=own)


def test_a_document_that_never_ends_is_stopped_and_the_next_one_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "DEADLINE", 3)
    with pytest.raises(Unavailable, match="too long"):
        printing.render_pdf("<html lang=en><title>x</title><p>" + "<b>word</b> " * 400_000, made_at=None)
    assert printing.render_pdf("<html lang=en><title>x</title><p>Short", made_at=None).startswith(b"%PDF")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_that_draws_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x" * 40)
    printing._printer.stop()
    printing.render_pdf("<html lang=en><title>x</title><p>x", made_at=None)
    child = printing._printer.child
    assert child is not None
    known = Path(f"/proc/{child.pid}/environ").read_bytes()
    assert {line.split(b"=")[0] for line in known.split(b"\0") if line} == {b"FONTCONFIG_FILE", b"HOME", b"TMPDIR", b"LANG"}


def test_nothing_is_left_behind_when_the_printer_stops() -> None:
    printing.render_pdf("<html lang=en><title>x</title><p>x", made_at=None)
    home = printing._printer.home
    assert os.path.isdir(home)  # noqa: PTH112 - a plain string is what it keeps
    printing._printer.stop()
    assert not Path(home).exists()


def test_the_web_font_is_made_once_and_no_other_file_is_given(tmp_path: Path) -> None:
    path = printing.find_web_font("inter.woff2", str(tmp_path))
    assert path.read_bytes()[:4] == b"wOF2"
    made = path.stat().st_mtime_ns
    assert printing.find_web_font("inter.woff2", str(tmp_path)).stat().st_mtime_ns == made
    assert [one.name for one in path.parent.iterdir()] == ["inter.woff2"]
    for name in ("other.woff2", "../loopcard.db", "Inter[opsz,wght].ttf"):
        with pytest.raises(NotFound):
            printing.find_web_font(name, str(tmp_path))
