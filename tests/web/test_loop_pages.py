"""Pages of openings and loops: what the forms keep, and what they say."""

import pytest
from flask import Flask

from hiring.bank.queries import get_skill
from hiring.db import transaction
from hiring.loops.queries import get_loop
from hiring.openings.actions import add_candidate, create_opening, set_rule
from hiring.openings.queries import get_opening
from hiring.openings.rules import SkillRule
from tests.factories import World, enter, fill
from tests.people import person


def test_the_rule_keeps_a_skill_that_the_bank_has_retired(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        get_skill("empathy").is_retired = True
    manager = enter(app, world, "manager")
    assert 'name="use-empathy" value="1" checked' in manager.get(f"/openings/{world.slug}/rule").text
    posted = {"use-crisis-response": "1", "use-empathy": "1", "bar-crisis-response": "3", "rule_reason": "Nights."}
    assert manager.post(f"/openings/{world.slug}/rule", data=posted).status_code == 303
    with app.app_context():
        assert {row.skill_id for row in get_opening(world.slug).skills} == {"crisis-response", "empathy"}


def test_an_opening_called_new_has_a_page_of_its_own(app: Flask, world: World) -> None:
    manager = enter(app, world, "manager")
    answer = manager.post("/openings/new", data={"title": "New!", "level": "3", "skills": ["empathy"]})
    assert answer.status_code == 303
    assert "<h1>New!</h1>" in manager.get(answer.location).text


def test_a_bar_is_shown_as_it_was_declared(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        opening = get_opening(world.slug)
        rules = [SkillRule(row.skill_id, bar=3.25) for row in opening.skills]
        set_rule(person("manager"), opening, rules, reason="A quarter matters here.")
    assert "from 3.25" in enter(app, world, "manager").get(f"/openings/{world.slug}").text


def test_a_conflict_found_after_the_card_was_started_sets_the_card_aside(app: Flask, world: World) -> None:
    fill(app, world, "ben")
    manager = enter(app, world, "manager")
    with app.app_context():
        ben = person("ben").id
    manager.post(f"/loops/{world.loop}/conflicts/new", data={"person": ben, "reason": "Cousins."})
    with app.app_context():
        assert ben not in get_loop(world.loop).panelist_ids
    page = enter(app, world, "ben").get("/scorecards/").text
    assert "Set aside" in page
    assert "A conflict of interest is on record." in page


def test_the_second_of_a_double_hour_stays_so_when_the_form_is_sent_again(app: Flask, world: World) -> None:
    typed = {"starts_at": "2026-11-01T01:30", "zone": "America/New_York"}
    manager, address = enter(app, world, "manager"), f"/seats/{world.seats['ana']}/time"
    assert manager.post(address, data={**typed, "later": "y"}).status_code == 303
    assert "checked" in manager.get(address).text
    manager.post(address, data=typed)
    assert "checked" not in manager.get(address).text


def test_a_loop_is_not_cancelled_for_a_reason_as_long_as_a_book(app: Flask, world: World) -> None:
    answer = enter(app, world, "manager").post(f"/loops/{world.loop}/cancel", data={"reason": "x" * 501})
    assert answer.status_code == 422
    with app.app_context():
        assert not get_loop(world.loop).is_cancelled


@pytest.mark.parametrize("address", ["/audit?before=99999999999999999999", "/audit?before=-99999999999999999999"])
def test_a_number_that_no_database_holds_breaks_no_page(app: Flask, world: World, address: str) -> None:
    assert enter(app, world, "admin").get(address).status_code == 200


def test_a_manager_does_not_rename_somebody_who_also_applies_elsewhere(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        other = person("other manager")
        opening = create_opening(other, title="Elsewhere", level=3, skills=[get_skill("empathy")], manager=other)
        shared = add_candidate(other, opening, name="Whoever", email="cleo@example.org").id
        own = add_candidate(other, opening, name="Nobody else's").id
    posted = {"name": "Somebody", "email": "some@example.org"}
    manager, address = enter(app, world, "other manager"), "/openings/elsewhere/candidates/"
    answer = manager.post(address + shared, data=posted)
    assert answer.status_code == 422
    assert "recruiter" in answer.text
    assert "Cleo Candidate" not in manager.post(address + own, data={"name": "A", "email": "cleo@example.org"}).text.split("<main")[1]
    assert manager.post(address + own, data={**posted, "email": "own@example.org"}).status_code == 303
    assert enter(app, world, "recruiter").post(address + shared, data=posted).status_code == 303
