"""The pages of scorecards: the kit, the card while it is filled, the script's own door, and the seal around all of it."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hiring.db import transaction
from hiring.loops.queries import get_loop
from hiring.loops.rules import LoopState
from hiring.scorecards.queries import get_card, read_kit
from hiring.scorecards.rules import LONGEST_NOTE, Given
from tests.factories import SECRET, World, fill, reveal
from tests.people import sign_in

NOBODYS = "0" * 32
JSON = {"Accept": "application/json"}


def start(app: Flask, world: World, part: str = "ana") -> tuple[FlaskClient, str]:
    """A browser with a card just opened, and the card's address."""
    client = sign_in(app, part)
    answer = client.post(f"/scorecards/seat/{world.seats[part]}")
    assert answer.status_code == 303
    return client, answer.location


def whole(**changed: str) -> dict[str, str]:
    """A form with everything that a card needs."""
    given = {f"given-{skill}": "4" for skill in ("crisis-response", "empathy")}
    evidence = {f"evidence-{skill}": "Named one lead." for skill in ("crisis-response", "empathy")}
    return {**given, **evidence, "recommendation": "yes", "summary": "Calm.", "version": "1", **changed}


def kept(app: Flask, address: str) -> dict[str, str]:
    """What stands on the card, by field."""
    with app.app_context():
        return read_kit(get_card(address.split("/")[-1])).entries.fields()


def checked(page: str, name: str) -> list[str]:
    """The values that are chosen under a name."""
    inputs = re.findall(rf'<input type="radio" name="{name}"[^>]*>', page)
    return [unescape(re.findall(r'value="([^"]*)"', one)[0]) for one in inputs if " checked" in one]


def told(answer: TestResponse) -> tuple[int, str]:
    """What somebody was answered, without what differs from one request to the next."""
    return answer.status_code, re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)


def test_looking_at_the_kit_starts_nothing(app: Flask, world: World) -> None:
    client = sign_in(app, "ana")
    page = client.get(f"/scorecards/seat/{world.seats['ana']}").text
    assert "Start the scorecard" in page
    assert "Cleo Candidate" in page
    assert "Go on" not in client.get("/scorecards/").text


def test_a_coordinator_reads_the_kit_and_nothing_of_the_card(app: Flask, world: World) -> None:
    client = sign_in(app, "recruiter")
    address = f"/scorecards/seat/{world.seats['ana']}"
    before = told(client.get(address))
    fill(app, world, "ana", submit=False)
    assert told(client.get(address)) == before
    assert "Start" not in before[1].split("<main")[1]
    assert client.post(address).status_code == 404


def test_a_loop_that_is_not_scheduled_has_no_card_yet(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        get_loop(world.loop).state_name = LoopState.DRAFT
    client = sign_in(app, "ana")
    address = f"/scorecards/seat/{world.seats['ana']}"
    assert "Start the scorecard" not in client.get(address).text
    answer = client.post(address)
    assert answer.status_code == 409
    assert "isn't scheduled yet" in unescape(answer.text)


def test_the_page_shows_questions_probes_signals_and_an_anchor_beside_each_mark(app: Flask, world: World) -> None:
    client, address = start(app, world)
    page = unescape(client.get(address).text)
    with app.app_context():
        kit = read_kit(get_card(address.split("/")[-1]))
    for question in kit.session.questions:
        for words in (question.text, *question.probes, *question.strong, *question.weak):
            assert words in page
    for skill in kit.skills:
        assert skill.definition in page
        for mark, anchor in skill.anchors.items():
            assert re.search(
                rf'value="{mark}"[^>]*><span class="anchor-mark">{mark}</span><span class="anchor-text">{re.escape(anchor)}</span>', page
            )
        assert page.index(f'name="evidence-{skill.id}"') < page.index(f'name="given-{skill.id}"')
    assert page.count("Candidates may ask to read this.") >= len(kit.skills) + len(kit.session.questions)


EMPTY = {"not filled in yet": "", "no evidence": "no evidence", "not asked": "not asked", "a middle mark": "3"}


@pytest.mark.parametrize("value", EMPTY.values(), ids=EMPTY)
def test_each_empty_state_comes_back_as_itself(app: Flask, world: World, value: str) -> None:
    client, address = start(app, world)
    assert client.post(address, data={"given-empathy": value, "summary": "Draft.", "version": "1", "do": "save"}).status_code == 303
    page = client.get(address).text
    assert checked(page, "given-empathy") == [value]
    assert checked(page, "given-crisis-response") == [""]


def test_a_draft_is_saved_without_any_script(app: Flask, world: World) -> None:
    client, address = start(app, world)
    answer = client.post(address, data={**whole(), "private_notes": "Mine alone.", "do": "save"})
    assert (answer.status_code, answer.location) == (303, address)
    page = client.get(address).text
    assert checked(page, "given-empathy") == ["4"]
    assert checked(page, "recommendation") == ["yes"]
    assert "Mine alone." in page
    assert 'name="version" value="2"' in page


def test_an_incomplete_card_comes_back_with_its_faults_and_all_that_was_typed(app: Flask, world: World) -> None:
    client, address = start(app, world)
    answer = client.post(address, data={"summary": "Typed & kept", "version": "1", "do": "submit"})
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "<title>Error: " in page
    assert "Typed & kept</textarea>" in page
    for field in ("given-empathy", "given-crisis-response", "recommendation"):
        assert f'href="#{field}"' in page
        assert f'id="{field}"' in page
    assert kept(app, address)["summary"] == ""


def test_marks_without_evidence_go_in_after_one_more_yes(app: Flask, world: World) -> None:
    client, address = start(app, world)
    bare = {**whole(), "evidence-empathy": " ", "do": "submit"}
    answer = client.post(address, data=bare)
    assert answer.status_code == 422
    assert 'name="accept_unsupported"' in answer.text
    assert 'name="accept_unsupported"' not in client.get(address).text
    assert client.post(address, data={**bare, "accept_unsupported": "yes"}).location == f"{address}/read"
    assert "No evidence written" in client.get(f"{address}/read").text


def test_a_submitted_card_is_read_and_no_longer_filled_until_it_is_taken_back(app: Flask, world: World) -> None:
    client, address = start(app, world)
    for _ in range(2):
        assert client.post(address, data={**whole(), "do": "submit"}).location == f"{address}/read"
    assert client.get(address).location == f"{address}/read"
    late = client.post(address, data={**whole(summary="Too late & kept"), "do": "save"})
    assert late.status_code == 409
    assert "Too late & kept" in unescape(late.text)
    assert client.post(f"{address}/withdraw").location == address
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/withdraw").status_code == 409


def test_a_stale_form_shows_both_versions_and_saves_neither_over_the_other(app: Flask, world: World) -> None:
    client, address = start(app, world)
    client.post(address, data={**whole(summary="From the tablet"), "do": "save"})
    for button in ("save", "submit"):
        answer = client.post(address, data={**whole(summary="From the laptop"), "do": button})
        page = answer.text
        assert answer.status_code == 409
        assert re.search(r"From the laptop</blockquote>.*From the tablet</blockquote>", page, re.DOTALL)
        assert "From the laptop</textarea>" in page
        assert 'name="version" value="2"' in page
    assert kept(app, address)["summary"] == "From the tablet"


TOO_LONG = "é" * (LONGEST_NOTE + 1)


def test_a_note_that_is_too_long_is_refused_at_its_field_with_every_letter_kept(app: Flask, world: World) -> None:
    client, address = start(app, world)
    answer = client.post(address, data={**whole(summary=TOO_LONG), "do": "save"})
    assert answer.status_code == 422
    assert f"{TOO_LONG}</textarea>" in answer.text
    assert re.search(r'id="summary-error"[^>]*>10,001 characters', answer.text)


def test_the_script_saves_and_hears_the_new_version(app: Flask, world: World) -> None:
    client, address = start(app, world)
    answer = client.post(f"{address}/draft", data=whole(), headers=JSON)
    assert (answer.status_code, answer.json and answer.json["version"]) == (200, 2)
    again = client.post(f"{address}/draft", data=whole(), headers=JSON)
    assert again.json == answer.json
    assert kept(app, address)["given-empathy"] == Given.FOUR


def test_the_script_is_told_what_stands_in_the_way(app: Flask, world: World) -> None:
    client, address = start(app, world)
    long = client.post(f"{address}/draft", data=whole(summary=TOO_LONG), headers=JSON)
    assert long.status_code == 422
    assert long.json is not None
    assert long.json["fields"].keys() == {"summary"}
    client.post(f"{address}/draft", data=whole(summary="From the tablet"), headers=JSON)
    stale = client.post(f"{address}/draft", data=whole(summary="From the laptop"), headers=JSON)
    assert stale.status_code == 409
    assert stale.json is not None
    assert stale.json["version"] == 2
    assert stale.json["differences"] == [{"field": "summary", "label": "Summary", "mine": "From the laptop", "kept": "From the tablet"}]
    client.post("/sign-out")
    assert client.post(f"{address}/draft", data=whole(), headers=JSON).status_code == 401


DOORS = {
    "the card": ("GET", ""),
    "saving it": ("POST", ""),
    "the script's save": ("POST", "/draft"),
    "reading it": ("GET", "/read"),
    "taking it back": ("POST", "/withdraw"),
}


@pytest.mark.parametrize("part", ["ben", "shadow", "manager", "recruiter", "admin", "outsider"])
@pytest.mark.parametrize("submit", [False, True], ids=["draft", "submitted"])
def test_a_colleagues_card_answers_exactly_like_one_that_does_not_exist(app: Flask, world: World, part: str, submit: bool) -> None:
    card_id = fill(app, world, "ana", submit=submit)
    if part == "ben":  # one's own card being in opens nothing
        fill(app, world, "ben", Given.TWO)
    client = sign_in(app, part)
    for method, door in DOORS.values():
        for headers in ({}, JSON):
            sent = {"recommendation": "maybe"} if method == "POST" else None  # a fault that the author would be told of
            answers = [
                told(client.open(f"/scorecards/{one}{door}", method=method, headers=headers, data=sent)) for one in (card_id, NOBODYS)
            ]
            assert answers[0] == answers[1]
            assert answers[0][0] == 404


def test_what_colleagues_see_is_the_same_whatever_the_card_says(app: Flask, world: World) -> None:
    seen = []
    for given, evidence in ((Given.ONE, "Weak."), (Given.FIVE, SECRET)):
        card_id = fill(app, world, "ana", given, evidence=evidence)
        pages = [
            told(sign_in(app, part).get(path))
            for part in ("ben", "manager", "admin")
            for path in ("/scorecards/", f"/scorecards/seat/{world.seats['ana']}")
        ]
        seen.append(pages)
        assert sign_in(app, "ana").post(f"/scorecards/{card_id}/withdraw").status_code == 303
    assert seen[0] == seen[1]


def test_after_the_reveal_the_panel_reads_the_card_but_never_the_private_notes(app: Flask, world: World) -> None:
    client, address = start(app, world)
    secret = {"private_notes": "Mine alone.", "evidence-empathy": SECRET}
    client.post(address, data={**whole(), **secret, "do": "submit"})
    fill(app, world, "ben")
    with app.app_context():
        assert get_loop(world.loop).state is LoopState.READY
    reveal(app, world)
    for part in ("ben", "shadow", "manager", "recruiter", "admin"):
        page = sign_in(app, part).get(f"{address}/read").text
        assert SECRET in page
        assert "Mine alone." not in page
        assert "Take back" not in page
    assert sign_in(app, "outsider").get(f"{address}/read").status_code == 404
    mine = client.get(f"{address}/read").text
    assert "Mine alone." in mine
    assert "Take back" not in mine


def test_a_draft_that_missed_the_reveal_stays_its_authors_alone(app: Flask, world: World) -> None:
    shadow, address = start(app, world, "shadow")
    shadow.post(address, data={**whole(summary="Unfinished"), "do": "save"})
    for part in ("ana", "ben"):
        fill(app, world, part)
    reveal(app, world)
    assert shadow.get(address).location == f"{address}/read"
    assert "Unfinished" in shadow.get(f"{address}/read").text
    assert "Never submitted" in shadow.get("/scorecards/").text
    assert sign_in(app, "manager").get(f"{address}/read").status_code == 404


def test_what_was_typed_is_shown_as_text_and_never_as_markup(app: Flask, world: World) -> None:
    client, address = start(app, world)
    client.post(address, data={**whole(summary="</textarea><script>alert(1)</script>"), "do": "submit"})
    assert "<script>alert" not in client.get(f"{address}/read").text
    client.post(f"{address}/withdraw")
    assert "<script>alert" not in client.get(address).text
