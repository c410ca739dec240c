"""Every save of a card is kept: nothing typed is in neither the card nor its revisions, and only its author looks at them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete

from hiring.db import db, transaction
from hiring.errors import Conflict
from hiring.loops.queries import get_seat
from hiring.scorecards.actions import open_card, save_card, submit_scorecard, withdraw_scorecard
from hiring.scorecards.models import CardRevision, Scorecard
from hiring.scorecards.queries import get_card, list_refused, read_kit, read_revisions
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Entries, SkillEntry, fold, thin
from tests.factories import World, fill
from tests.people import person, sign_in


@pytest.fixture
def inside(app: Flask, world: World) -> Iterator[None]:
    """One transaction around the whole test."""
    with app.app_context(), transaction():
        yield


def open_for(world: World) -> Scorecard:
    return open_card(person("ana"), get_seat(world.seats["ana"]))


def complete(card: Scorecard, evidence: str = "Named one lead in the first minute.") -> Entries:
    return Entries({skill.id: SkillEntry(Given.FOUR, evidence) for skill in read_kit(card).skills}, {}, Recommendation.YES, summary="Calm.")


def write(card: Scorecard, summary: str, given_mark: Given | None = None) -> Entries:
    skill = read_kit(card).skills[0].id
    entries = Entries({skill: SkillEntry(given_mark, "Said so.")}, {}, Recommendation.YES, summary=summary)
    save_card(person("ana"), card, entries, card.version)
    return entries


def test_each_save_is_a_revision_with_what_it_changed(inside: None, world: World) -> None:
    card = open_for(world)
    entries = write(card, "First.")
    save_card(person("ana"), card, entries, card.version)  # the same again is no save
    write(card, "Second.", Given.TWO)
    first, second = read_revisions(card)
    skill = read_kit(card).skills[0].id
    assert (first.number, second.number) == (2, 3) == (card.version - 1, card.version)
    assert first.changed == {"summary", "recommendation", f"evidence-{skill}"}
    assert second.changed == {"summary", f"given-{skill}"}
    assert (first.fields["summary"], second.fields["summary"]) == ("First.", "Second.")
    assert dict(second.fields) == read_kit(card).entries.fields()


def test_submitting_other_words_keeps_what_stood_before(inside: None, world: World) -> None:
    card = open_for(world)
    write(card, "First.")
    skills = {skill.id: SkillEntry(Given.FOUR, "Named it.") for skill in read_kit(card).skills}
    submit_scorecard(
        person("ana"), card, Entries(skills, {}, Recommendation.YES, summary="In the end."), card.version, accepts_unsupported=False
    )
    assert [one.fields["summary"] for one in read_revisions(card)] == ["First.", "In the end."]


def test_a_card_from_before_revisions_were_kept_starts_with_what_stood_on_it(inside: None, world: World) -> None:
    card = open_for(world)
    write(card, "Old words.")
    db.session.execute(delete(CardRevision))
    write(card, "New words.")
    assert [one.fields["summary"] for one in read_revisions(card)] == ["Old words.", "New words."]


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.text(max_size=3)), min_size=1, max_size=8))
def test_no_text_is_in_no_revision(saves: list[dict[str, str]]) -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    made = fold([(number, moment + timedelta(seconds=25 * number), changed) for number, changed in enumerate(saves)])
    for changed, revision in zip(saves, made, strict=True):
        assert {name: revision.fields[name] for name in changed} == changed
    assert thin(made)[0] == replace(made[-1], changed=thin(made)[0].changed)
    assert frozenset().union(*(one.changed for one in thin(made))) == frozenset().union(*(one.changed for one in made))


def test_the_author_looks_at_a_revision_and_puts_it_back(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ana", submit=False)
    with app.app_context(), transaction():
        card = get_card(card_id)
        number, earlier = card.version, card.summary
        write(card, "Overwritten <b>by accident</b>.")
    client = sign_in(app, "ana")
    assert f"Revision {number + 1}<" in client.get(f"/scorecards/{card_id}/revisions").text
    assert f"Revision {number}<" in client.get(f"/scorecards/{card_id}/revisions?every").text
    shown = client.get(f"/scorecards/{card_id}/revisions/{number}").text
    assert "Overwritten &lt;b&gt;by accident&lt;/b&gt;." in shown
    assert client.post(f"/scorecards/{card_id}/revisions/{number}").status_code == 303
    with app.app_context():
        card = get_card(card_id)
        assert card.summary == earlier
        assert "Overwritten <b>by accident</b>." in [one.fields["summary"] for one in read_revisions(card)]
    assert "stands exactly as it did" in client.get(f"/scorecards/{card_id}/revisions/{number}").text
    assert client.get(f"/scorecards/{card_id}/revisions/99").status_code == 404


def test_a_submitted_card_shows_its_revisions_and_is_not_put_back(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ana")
    client = sign_in(app, "ana")
    with app.app_context():
        first = read_revisions(get_card(card_id))[0]
    assert "Put it back" not in client.get(f"/scorecards/{card_id}/revisions/{first.number}").text
    assert client.post(f"/scorecards/{card_id}/revisions/{first.number}").status_code in {303, 409}


def test_what_a_submitted_card_can_not_take_is_kept_for_its_author(inside: None, world: World) -> None:
    card = open_for(world)
    submit_scorecard(person("ana"), card, complete(card), 1, accepts_unsupported=False)
    db.session.commit()
    for _ in range(2):  # the page tries again: one text is kept once
        with pytest.raises(Conflict, match="Take it back"):
            save_card(person("ana"), card, complete(card, evidence="Typed in another tab."), card.version)
    (kept,) = list_refused(card)
    assert set(kept.fields.values()) == {"Typed in another tab."}
    assert "Take it back" in kept.because
    assert read_kit(card).entries.skills == complete(card).skills


def test_a_save_sent_again_is_answered_as_the_first_time_whatever_came_in_between(inside: None, world: World) -> None:
    card, first, second = open_for(world), "save-0001", "save-0002"
    told = save_card(person("ana"), card, complete(card, evidence="One."), 1, first)
    save_card(person("ana"), card, complete(card, evidence="Two."), told.version, second)
    assert save_card(person("ana"), card, complete(card, evidence="One."), 1, first) == told
    assert read_kit(card).entries.skills["empathy"].evidence == "Two."
    assert [one.number for one in read_revisions(card)] == [2, 3]


def test_the_key_of_what_browsers_keep_goes_with_the_submission_and_a_new_one_comes_with_the_draft(inside: None, world: World) -> None:
    card = open_for(world)
    first = card.draft_salt
    submit_scorecard(person("ana"), card, complete(card), 1, accepts_unsupported=False)
    assert card.draft_salt is None
    withdraw_scorecard(person("ana"), card)
    assert first
    assert card.draft_salt
    assert card.draft_salt != first
