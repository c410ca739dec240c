"""The debrief's pages: what is sealed, what is shown, what is refused, and that every figure of the sheet stands on the page."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.db import db, transaction
from hiring.debrief import queries
from hiring.debrief.sheet import Sheet
from hiring.scorecards.models import Mark
from hiring.scorecards.rules import Given
from tests.factories import SECRET, World, fill, reveal
from tests.figures import list_figures
from tests.panels import NAMES, make_hard_sheet, make_sheet
from tests.people import same_for_all, sign_in


class Words(HTMLParser):
    """The text of a page, with one space between pieces; drawings hold none."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.pieces += data.split()

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


def fill_all(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.FIVE)
    fill(app, world, "ben", Given.TWO, evidence="Heard the same story twice")


def page(app: Flask, world: World, part: str, path: str = "") -> tuple[int, str]:
    answer = sign_in(app, part).get(f"/debrief/{world.slug}{path}")
    return answer.status_code, answer.text


@pytest.mark.parametrize("part", ["admin", "manager", "recruiter", "ana", "ben", "shadow"])
def test_before_the_reveal_the_page_counts_cards_and_shows_no_mark(app: Flask, world: World, part: str) -> None:
    fill(app, world, "ana", Given.FIVE)
    status, text = page(app, world, part)
    assert status == 200
    assert "1 of 2 cards are in" in text
    assert "Sealed until the reveal" in text
    assert SECRET not in text
    assert 'class="grid"' not in text


def test_the_page_before_the_reveal_is_the_same_whatever_the_marks(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.ONE)
    client = sign_in(app, "manager")
    before = same_for_all(client.get(f"/debrief/{world.slug}").text)
    with app.app_context(), transaction():
        for mark in db.session.scalars(select(Mark)):
            mark.given_name, mark.evidence = Given.FIVE.value, "Quite another story, and a longer one"
    assert same_for_all(client.get(f"/debrief/{world.slug}").text) == before


@pytest.mark.parametrize("path", ["/{candidacy}", "/{candidacy}/scorecard.pdf"])
def test_a_sealed_candidate_has_no_page(app: Flask, world: World, path: str) -> None:
    fill_all(app, world)
    assert page(app, world, "manager", path.format(candidacy=world.candidacy))[0] == 404


@pytest.mark.parametrize("part", ["other manager", "outsider"])
@pytest.mark.parametrize("path", ["", "/comparison.pdf", "/{candidacy}", "/{candidacy}/scorecard.pdf"])
def test_for_others_there_is_no_debrief(app: Flask, world: World, part: str, path: str) -> None:
    fill_all(app, world)
    reveal(app, world)
    assert page(app, world, part, path.format(candidacy=world.candidacy))[0] == 404


def test_only_who_manages_the_opening_sees_the_reveal_button(app: Flask, world: World) -> None:
    fill_all(app, world)
    assert "Reveal this panel" in page(app, world, "manager")[1]
    for part in ("admin", "recruiter", "ana"):
        text = page(app, world, part)[1]
        assert "Reveal this panel" not in text
        assert "Ready to reveal" in text


def test_the_reveal_shows_the_panel_to_all_of_it(app: Flask, world: World) -> None:
    fill_all(app, world)
    answer = sign_in(app, "manager").post(f"/debrief/{world.slug}/{world.candidacy}/reveal", follow_redirects=True)
    assert "is revealed" in answer.text
    for part in ("manager", "recruiter", "ana", "shadow"):
        assert SECRET in page(app, world, part)[1]
        assert "3 apart" in page(app, world, part, f"/{world.candidacy}")[1]


def test_a_panel_is_revealed_once(app: Flask, world: World) -> None:
    fill_all(app, world)
    client = sign_in(app, "manager")
    assert client.post(f"/debrief/{world.slug}/reveal").status_code == 303
    assert client.post(f"/debrief/{world.slug}/reveal").status_code == 409
    assert client.post(f"/debrief/{world.slug}/{world.candidacy}/reveal").status_code == 409


def test_a_decision_without_a_reason_keeps_what_was_entered_and_says_what_is_missing(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    client, path = sign_in(app, "manager"), f"/debrief/{world.slug}/{world.candidacy}/decide"
    answer = client.post(path, data={"outcome": "hire", "reason": "  "})
    assert answer.status_code == 422
    assert "Say on what evidence" in answer.text
    assert "<title>Error: " in answer.text
    assert re.search(r'<input[^>]*checked[^>]*value="hire"', answer.text)
    answer = client.post(path, data={"reason": "It is clear to me."})
    assert answer.status_code == 422
    assert "Choose an outcome." in answer.text
    assert "It is clear to me." in answer.text


def test_a_decision_is_made_and_reopened_with_reasons(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    client, path = sign_in(app, "manager"), f"/debrief/{world.slug}/{world.candidacy}"
    assert client.post(path + "/decide", data={"outcome": "hold", "reason": "One more talk."}).status_code == 303
    assert "One more talk." in client.get(path).text
    assert client.post(path + "/decide", data={"outcome": "hire", "reason": "Again"}).status_code == 409
    assert client.post(path + "/reopen", data={"reason": ""}).status_code == 422
    assert client.post(path + "/reopen", data={"reason": "It took place."}).status_code == 303
    text = client.get(path).text
    assert "It took place." in text
    assert "Record the decision" in text


def test_interviewers_see_the_decision_and_no_form(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    path = f"/debrief/{world.slug}/{world.candidacy}"
    assert "Record the decision" not in page(app, world, "ana", f"/{world.candidacy}")[1]
    assert sign_in(app, "ana").post(path + "/decide", data={"outcome": "hire", "reason": "x"}).status_code == 403


def test_one_revealed_candidate_makes_no_comparison_pdf(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    status, text = page(app, world, "manager", "/comparison.pdf")
    assert status == 422
    assert "2 to 6" in text


def test_candidates_that_nobody_may_choose_are_as_if_they_were_not_there(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    status, text = page(app, world, "manager", "?candidate=somebody-else")
    assert status == 200
    assert SECRET not in text


def reveal_with(app: Flask, world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the revealed debrief show a made-up sheet."""
    fill_all(app, world)
    reveal(app, world)
    monkeypatch.setattr(queries, "read_sheet", lambda *_, **__: sheet)


@pytest.mark.parametrize("sheet", [make_sheet(), make_sheet(NAMES[:6]), make_hard_sheet()], ids=["four", "six", "hard"])
def test_every_figure_of_the_sheet_stands_on_the_page(app: Flask, world: World, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> None:
    reveal_with(app, world, sheet, monkeypatch)
    text = Words(page(app, world, "manager")[1]).text
    missing = [figure for figure, times in list_figures(sheet).items() if text.count(figure) < times]
    assert missing == []


def test_what_is_missing_is_named_in_its_cell(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = make_hard_sheet()
    reveal_with(app, world, sheet, monkeypatch)
    text = page(app, world, "manager")[1]
    for state in ("no session", "no evidence"):
        cells = [cell for cell in sheet.cells if cell.state == state]
        assert text.count(f'<span class="why">{state}</span>') == len(cells) > 0


def test_a_skill_marked_in_too_few_sessions_is_named(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = make_sheet()
    reveal_with(app, world, sheet, monkeypatch)
    text = Words(page(app, world, "manager")[1]).text
    thin = [cell for candidate in sheet.candidates for cell in sheet.thin_of(candidate.id)]
    assert thin
    for cell in thin:
        assert f"{sheet.skill(cell.skill_id).name} ({cell.sessions} of {cell.wanted})" in text


def test_a_hostile_note_is_text(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reveal_with(app, world, make_hard_sheet(), monkeypatch)
    assert "&lt;b&gt;no&lt;/b&gt;" in page(app, world, "manager")[1]
