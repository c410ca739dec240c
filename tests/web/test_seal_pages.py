"""Pages around the seal: its kind, who is late, breaking it, freeing a seat, a shadow beside the lead, and text to copy."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from hiring.db import now, transaction
from hiring.debrief import pdf
from hiring.debrief.actions import break_seal
from hiring.debrief.queries import get_debrief, read_sheet
from hiring.loops.queries import get_loop, get_seat
from hiring.loops.rules import LoopState
from hiring.openings.queries import get_opening
from hiring.openings.rules import Seal
from hiring.scorecards.actions import amend_mark
from hiring.scorecards.queries import get_card
from hiring.scorecards.rules import Given
from tests.factories import SECRET, World, enter, fill, open_after_own, reveal
from tests.people import person

WHY = "The offer elsewhere ends tomorrow."


def end_sessions(app: Flask, world: World, **ago: float) -> None:
    """Let every session of the world have ended so long ago."""
    with app.app_context(), transaction():
        for seat in get_loop(world.loop).seats:
            seat.starts_at = now() - timedelta(minutes=seat.session.minutes) - timedelta(**ago)


def in_main(page: str) -> str:
    """The words of a page, without its marks and its bar."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.split("<main")[1])))


def test_an_opening_says_who_reads_cards_before_the_reveal(app: Flask, world: World) -> None:
    manager = enter(app, world, "manager")
    form = {"title": "Tech lead, Ledger", "level": "3", "skills": "empathy", "seal": "own"}
    answer = manager.post("/openings/new", data=form)
    assert "leads whose own card is in read the others before" in manager.get(answer.location).text
    edit = f"/openings/{world.slug}/edit"
    assert manager.post(edit, data={**form, "seal": "nobody"}).status_code == 422
    assert manager.post(edit, data=form).status_code == 303
    assert re.search(r'<input checked [^>]*value="own"', manager.get(edit).text)
    with app.app_context():
        assert get_opening(world.slug).seal is Seal.OWN
        assert not get_loop(world.loop).opens_after_own
    assert "sealed until the reveal" in manager.get(f"/loops/{world.loop}").text


def test_who_is_late_stands_on_the_pages_of_who_coordinates_and_on_no_other(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben", submit=False)
    end_sessions(app, world, days=2, hours=1)
    pages = ("/", f"/loops/{world.loop}", f"/openings/{world.slug}", f"/debrief/{world.slug}")
    for path in pages:
        assert in_main(enter(app, world, "recruiter").get(path).text).lower().count("2 days late") == 1, path
        assert "late" not in in_main(enter(app, world, "ana").get(path).text).lower(), path


LATENESS = {"not over yet": (-1, "Not in yet"), "just over": (1, "Due now"), "a day": (25, "1 day late"), "two": (49, "2 days late")}


@pytest.mark.parametrize(("hours", "said"), LATENESS.values(), ids=LATENESS)
def test_how_late_is_counted_from_the_end_of_the_session(app: Flask, world: World, hours: int, said: str) -> None:
    end_sessions(app, world, hours=hours)
    assert in_main(enter(app, world, "recruiter").get(f"/loops/{world.loop}").text).count(said) >= 2


def test_breaking_the_seal_names_who_is_late_then_asks_why_and_tells_the_panel_for_good(app: Flask, world: World) -> None:
    card = fill(app, world, "ana")
    end_sessions(app, world, days=2, hours=1)
    manager, address = enter(app, world, "manager"), f"/debrief/{world.slug}/{world.candidacy}/break"
    assert address in manager.get(f"/debrief/{world.slug}").text
    assert "Ben Panel Second talk 2 days late" in in_main(manager.get(address).text)
    refused = manager.post(address, data={"reason": " "})
    assert refused.status_code == 422
    with app.app_context():
        assert get_loop(world.loop).state is LoopState.UNDER_WAY
    assert manager.post(address, data={"reason": WHY}).status_code == 303
    shown = (f"/loops/{world.loop}", f"/scorecards/{card}/read", f"/debrief/{world.slug}", f"/debrief/{world.slug}/{world.candidacy}")
    for part in ("ana", "ben", "shadow", "manager", "recruiter"):
        for path in shown:
            said = in_main(enter(app, world, part).get(path).text)
            assert WHY in said, (part, path)
            assert "Ben Panel (Second talk)" in said, (part, path)


def test_where_cards_are_all_in_or_none_is_nothing_is_broken(app: Flask, world: World) -> None:
    manager, address = enter(app, world, "manager"), f"/debrief/{world.slug}/{world.candidacy}/break"
    assert manager.get(address).status_code == 409
    assert address not in manager.get(f"/debrief/{world.slug}").text
    fill(app, world, "ana")
    fill(app, world, "ben")
    assert manager.get(address).status_code == 409
    assert address not in manager.get(f"/debrief/{world.slug}").text


def test_the_documents_of_a_broken_panel_say_so(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As they go to the printer: what it prints of that is tried elsewhere."""
    monkeypatch.setattr(pdf, "render_pdf", lambda html, **_: html.encode())
    monkeypatch.setattr(pdf, "check_compared", lambda _: None)
    fill(app, world, "ana")
    with app.app_context():
        with transaction():
            break_seal(person("manager"), get_loop(world.loop), WHY)
        sheet = read_sheet(person("ben"), get_debrief(world.slug))
        waited = replace(sheet, candidates=(replace(sheet.candidates[0], early_because="", missing=()),))
        for render in (pdf.render_scorecard, pdf.render_comparison):
            text = re.sub(r"\s+", " ", unescape(render(sheet).decode()))
            assert f"by Hanna Manager without Ben Panel (Second talk): “{WHY}”" in text
            assert "broken early" not in render(waited).decode()


def test_a_long_reason_stands_whole_once(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "render_pdf", lambda html, **_: html.encode())
    fill(app, world, "ana")
    reason = "Because of this. " * 40 + "The end."
    with app.app_context():
        with transaction():
            break_seal(person("manager"), get_loop(world.loop), reason)
        text = pdf.render_scorecard(read_sheet(person("ben"), get_debrief(world.slug))).decode()
    assert text.count(reason) == 1


def test_a_seat_whose_card_is_in_is_freed_for_a_reason_that_its_author_reads(app: Flask, world: World) -> None:
    fill(app, world, "ben")
    recruiter, address = enter(app, world, "recruiter"), f"/seats/{world.seats['ben']}/free"
    page = recruiter.get(f"/loops/{world.loop}").text
    assert f'id="because-free-{world.seats["ben"]}"' in page
    assert f'id="because-free-{world.seats["ana"]}"' not in page
    assert recruiter.post(address).status_code == 422
    assert recruiter.post(address, data={"because": "x" * 501}).status_code == 422
    assert recruiter.post(address, data={"because": "Half of it was missed."}).status_code == 303
    assert recruiter.post(address, data={"because": "Again."}).status_code == 404
    ben = enter(app, world, "ben")
    assert "Half of it was missed." in ben.get("/scorecards/").text
    card = re.findall(r'href="(/scorecards/[0-9a-f]{32})"', ben.get("/scorecards/").text)[0]
    assert "Half of it was missed." in ben.get(card, follow_redirects=True).text
    assert ben.get(f"/loops/{world.loop}").status_code == 404


def test_a_lead_whose_card_is_in_goes_from_the_panel_to_the_others_cards(app: Flask, world: World) -> None:
    open_after_own(app, world)
    fill(app, world, "ana")
    ben, address = enter(app, world, "ben"), f"/scorecards/seat/{world.seats['ana']}/card"
    assert address not in ben.get(f"/loops/{world.loop}").text
    fill(app, world, "ben", evidence="Ben's own")
    assert address in ben.get(f"/loops/{world.loop}").text
    assert SECRET in ben.get(address, follow_redirects=True).text


def test_a_shadow_and_who_coordinates_see_both_marks_side_by_side(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.FOUR)
    fill(app, world, "ben", Given.ONE)
    card = fill(app, world, "shadow", Given.TWO, evidence="What the shadow heard")
    shadow, address = enter(app, world, "shadow"), f"/scorecards/{card}/compare"
    assert address not in shadow.get("/scorecards/").text
    reveal(app, world)
    for client in (shadow, enter(app, world, "manager")):
        page = client.get(address).text
        assert in_main(page).count("2 steps apart") == 2
        assert "What the shadow heard" in page
        assert SECRET in page
        assert "Ben Panel" not in page
    assert in_main(shadow.get("/scorecards/").text).count("1 of 3 sessions; 0 of 1 mark within one step") == 2
    with app.app_context():
        sam = person("shadow").id
    assert address in enter(app, world, "manager").get(f"/interviewers/{sam}").text
    elsewhere = enter(app, world, "other manager").get(f"/interviewers/{sam}").text
    assert "1 of 3 sessions" in elsewhere
    assert address not in elsewhere
    assert "Cleo Candidate" not in elsewhere


def test_a_lead_that_never_handed_in_leaves_nothing_to_compare_with(app: Flask, world: World) -> None:
    fill(app, world, "ben")
    card = fill(app, world, "shadow")
    with app.app_context(), transaction():
        break_seal(person("manager"), get_loop(world.loop), WHY)
    assert "Nothing to compare with" in enter(app, world, "shadow").get(f"/scorecards/{card}/compare").text


def test_a_card_can_be_copied_as_text_whole_and_skill_by_skill(app: Flask, world: World) -> None:
    card = fill(app, world, "ana", evidence="<b>Held</b> the bridge & the line")
    fill(app, world, "ben")
    ana = enter(app, world, "ana")
    assert "it breaks the seal" in ana.get(f"/scorecards/{card}/read").text
    reveal(app, world)
    with app.app_context(), transaction():
        amend_mark(person("ana"), get_card(card), "empathy", Given.THREE, "Ben heard otherwise.")
    page = enter(app, world, "ben").get(f"/scorecards/{card}/read").text
    assert "it breaks the seal" not in page
    blocks = {name: unescape(text) for name, text in re.findall(r'<textarea id="copy-([^"]+)"[^>]* readonly[^>]*>([^<]*)</textarea>', page)}
    assert blocks.keys() == {"whole", "crisis-response", "empathy"}
    assert blocks["whole"].startswith("Cleo Candidate: Tech lead, Ledger\nFirst talk, by Ana Panel\nSubmitted ")
    assert "Evidence: <b>Held</b> the bridge & the line\n" in blocks["empathy"]
    assert "to 3 of 5: Ben heard otherwise." in blocks["empathy"]
    assert blocks["empathy"] in blocks["whole"]
    assert page.count('role="status" id="copied"') == 1
    assert all(f'href="#skill-{skill}"' in page and f'id="skill-{skill}"' in page for skill in ("empathy", "crisis-response"))


def test_a_draft_has_nothing_to_copy(app: Flask, world: World) -> None:
    card = fill(app, world, "ana", submit=False)
    with app.app_context(), transaction():
        get_seat(world.seats["ana"]).freed_at = now()
    page = enter(app, world, "ana").get(f"/scorecards/{card}/read")
    assert page.status_code == 200
    assert "<textarea" not in page.text
