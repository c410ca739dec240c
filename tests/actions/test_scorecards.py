"""Writing on cards: one for a seat, nothing overwritten unseen, sealed, and followed by its loop."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError

from hiring.audit import AuditEvent, list_events
from hiring.bank.models import Skill
from hiring.db import db, transaction
from hiring.errors import Conflict, Invalid, NotFound
from hiring.loops.queries import get_loop, get_seat
from hiring.loops.rules import LoopState
from hiring.permissions import Can, Role, allows
from hiring.scorecards.actions import StaleCard, open_card, save_card, submit_scorecard, withdraw_scorecard
from hiring.scorecards.models import Scorecard
from hiring.scorecards.queries import (
    count_cards_in,
    find_card_of_seat,
    get_card,
    list_cards_of,
    list_cards_of_loops,
    list_refused,
    read_desk,
    read_kit,
)
from hiring.scorecards.rules import LONGEST_NOTE, CardState, Given, Recommendation
from hiring.scorecards.sheet import Entries, QuestionEntry, SkillEntry
from tests.factories import World, fill, reveal
from tests.people import person


@pytest.fixture
def inside(app: Flask, world: World) -> Iterator[None]:
    """One transaction around the whole test."""
    with app.app_context(), transaction():
        yield


def open_for(world: World, part: str = "ana") -> Scorecard:
    return open_card(person(part), get_seat(world.seats[part]))


def complete(card: Scorecard, given: Given = Given.FOUR, evidence: str = "Named one lead in the first minute.") -> Entries:
    skills = {skill.id: SkillEntry(given, evidence) for skill in read_kit(card).skills}
    return Entries(skills, {}, Recommendation.YES, summary="Calm and clear.")


def count_events(act: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.act == act)) or 0


def test_a_seat_has_one_card_however_often_it_is_opened(inside: None, world: World) -> None:
    card = open_for(world)
    assert open_for(world) is card
    assert (card.state, card.version) == (CardState.DRAFT, 1)
    assert find_card_of_seat(get_seat(world.seats["ana"])) is card
    assert count_events("scorecards.") == count_events("scorecards.open_scorecard") == 0  # others read the trail


@pytest.mark.parametrize("part", ["ben", "manager", "recruiter", "admin", "outsider"])
def test_nobody_opens_a_card_in_somebody_elses_seat(inside: None, world: World, part: str) -> None:
    with pytest.raises(NotFound):
        open_card(person(part), get_seat(world.seats["ana"]))
    open_for(world)
    with pytest.raises(NotFound):
        open_card(person(part), get_seat(world.seats["ana"]))


def test_a_shadow_opens_a_card_too(inside: None, world: World) -> None:
    assert open_for(world, "shadow").interviewer_id == person("shadow").id


@pytest.mark.parametrize("state", [LoopState.DRAFT, LoopState.CANCELLED, LoopState.REVEALED, LoopState.DECIDED])
def test_no_card_is_opened_before_the_schedule_or_after_the_reveal(inside: None, world: World, state: LoopState) -> None:
    get_loop(world.loop).state_name = state
    with pytest.raises(Conflict):
        open_for(world)


def test_a_draft_keeps_all_that_was_written(inside: None, world: World) -> None:
    card = open_for(world)
    place = read_kit(card).session.questions[0].place_id
    written = Entries(
        {"crisis-response": SkillEntry(None, "Froze deploys."), "empathy": SkillEntry(Given.NO_EVIDENCE, "")},
        {place: QuestionEntry(True, "Clock times.", 9)},
        None,
        "",
        "So far so good.",
        "Ask Ben.",
        "I was late.",
    )
    save_card(person("ana"), card, written, 1)
    db.session.expire_all()
    kept = read_kit(get_card(card.id)).entries
    assert kept == replace(written, questions=kept.questions)
    assert kept.questions[place] == QuestionEntry(True, "Clock times.", 9)
    assert card.version == 2


def test_what_was_given_can_be_taken_away_again(inside: None, world: World) -> None:
    card = open_for(world)
    save_card(person("ana"), card, complete(card), 1)
    save_card(person("ana"), card, replace(complete(card), skills={"empathy": SkillEntry()}, recommendation=None), 2)
    entries = read_kit(card).entries
    assert entries.skills["empathy"] == SkillEntry()
    assert entries.skills["crisis-response"].given is Given.FOUR
    assert entries.recommendation is None


def test_every_change_counts_the_version_on_even_if_only_a_mark_changes(inside: None, world: World) -> None:
    card = open_for(world)
    save_card(person("ana"), card, complete(card), 1)
    save_card(person("ana"), card, complete(card, Given.FIVE), 2)
    assert card.version == 3


def test_the_same_save_sent_twice_is_kept_once_and_answered_alike(inside: None, world: World) -> None:
    card = open_for(world)
    for _ in range(2):
        save_card(person("ana"), card, complete(card), 1)
    assert card.version == 2
    assert len(card.marks) == 2


def test_a_stale_page_overwrites_nothing_and_both_texts_are_there(inside: None, world: World) -> None:
    card = open_for(world)
    save_card(person("ana"), card, complete(card, evidence="From the tablet."), 1)
    db.session.commit()
    with pytest.raises(StaleCard) as caught:
        save_card(person("ana"), card, complete(card, evidence="From the laptop."), 1)
    assert caught.value.kept.skills["empathy"].evidence == "From the tablet."
    assert caught.value.version == card.version == 2
    assert read_kit(card).entries.skills["empathy"].evidence == "From the tablet."
    with pytest.raises(StaleCard):
        submit_scorecard(person("ana"), card, complete(card, evidence="From the laptop."), 1, accepts_unsupported=False)
    assert [one.fields for one in list_refused(card)] == [
        dict.fromkeys(("evidence-crisis-response", "evidence-empathy"), "From the laptop.")
    ]


def test_a_note_that_is_too_long_is_refused_whole(inside: None, world: World) -> None:
    card = open_for(world)
    with pytest.raises(Invalid) as caught:
        save_card(person("ana"), card, complete(card, evidence="x" * (LONGEST_NOTE + 1)), 1)
    assert caught.value.fields.keys() == {"evidence-crisis-response", "evidence-empathy"}
    assert card.version == 1


def test_a_skill_that_the_session_does_not_mark_is_refused(inside: None, world: World) -> None:
    card = open_for(world)
    with pytest.raises(Invalid):
        save_card(person("ana"), card, Entries({"resilience": SkillEntry(Given.FIVE)}), 1)


def test_a_card_goes_in_once_however_often_submit_is_pressed(inside: None, world: World) -> None:
    card = open_for(world)
    for _ in range(2):
        submit_scorecard(person("ana"), card, complete(card), 1, accepts_unsupported=False)
    assert card.is_submitted
    assert card.submitted_at is not None
    assert count_events("scorecards.submit_scorecard") == 1
    db.session.commit()
    with pytest.raises(Conflict, match="Take it back"):
        submit_scorecard(person("ana"), card, complete(card, Given.ONE), card.version, accepts_unsupported=False)
    with pytest.raises(Conflict, match="Take it back"):
        save_card(person("ana"), card, complete(card, Given.ONE), card.version)


def test_an_incomplete_card_does_not_go_in(inside: None, world: World) -> None:
    card = open_for(world)
    with pytest.raises(Invalid) as caught:
        submit_scorecard(
            person("ana"), card, replace(complete(card), skills={"empathy": SkillEntry(Given.TWO, "x")}), 1, accepts_unsupported=False
        )
    assert caught.value.fields.keys() == {"given-crisis-response"}
    assert not card.is_submitted


def test_the_loop_follows_its_lead_cards_alone(inside: None, world: World) -> None:
    loop = get_loop(world.loop)
    assert loop.state is LoopState.SCHEDULED
    card = open_for(world)
    assert loop.state is LoopState.SCHEDULED
    save_card(person("ana"), card, Entries(summary="First words."), 1)
    assert loop.state is LoopState.SCHEDULED  # a draft moves nothing that others see
    submit_scorecard(person("ana"), card, complete(card), card.version, accepts_unsupported=False)
    assert (loop.state, count_cards_in(loop)) == (LoopState.UNDER_WAY, (1, 2))
    other = open_for(world, "ben")
    submit_scorecard(person("ben"), other, complete(other), 1, accepts_unsupported=False)
    assert (loop.state, count_cards_in(loop)) == (LoopState.READY, (2, 2))
    shadow = open_for(world, "shadow")
    submit_scorecard(person("shadow"), shadow, complete(shadow), 1, accepts_unsupported=False)
    assert (loop.state, count_cards_in(loop)) == (LoopState.READY, (2, 2))
    withdraw_scorecard(person("ben"), other)
    assert (loop.state, count_cards_in(loop)) == (LoopState.UNDER_WAY, (1, 2))
    assert other.submitted_at is None


def test_after_the_reveal_nothing_is_taken_back_or_written(app: Flask, world: World) -> None:
    ids = {part: fill(app, world, part) for part in ("ana", "ben")}
    with app.app_context(), transaction():
        open_for(world, "shadow")
    reveal(app, world)
    with app.app_context(), transaction():
        card = get_card(ids["ana"])
        with pytest.raises(Conflict, match="revealed"):
            withdraw_scorecard(person("ana"), card)
        draft = find_card_of_seat(get_seat(world.seats["shadow"]))
        assert draft is not None
        with pytest.raises(Conflict, match="revealed"):
            save_card(person("shadow"), draft, complete(draft), draft.version)


@pytest.mark.parametrize("part", ["ben", "shadow", "manager", "recruiter", "admin", "other manager", "outsider"])
def test_only_its_author_reads_or_writes_a_card_before_the_reveal(app: Flask, world: World, part: str) -> None:
    for submit in (False, True):
        card_id = fill(app, world, "ana", submit=submit)
        with app.app_context(), transaction():
            card, other = get_card(card_id), person(part)
            assert not allows(other, Can.READ_SCORECARD, card)
            for attempt in (
                lambda card=card, other=other: save_card(other, card, complete(card), card.version),
                lambda card=card, other=other: submit_scorecard(other, card, complete(card), card.version, accepts_unsupported=True),
                lambda card=card, other=other: withdraw_scorecard(other, card),
            ):
                with pytest.raises(NotFound):
                    attempt()


def test_the_trail_names_the_acts_and_never_a_word_of_the_card(inside: None, world: World) -> None:
    card = open_for(world)
    save_card(person("ana"), card, complete(card), 1)
    submit_scorecard(person("ana"), card, complete(card, evidence="Canary"), card.version, accepts_unsupported=False)
    withdraw_scorecard(person("ana"), card)
    db.session.flush()
    events = list_events(act="scorecards.")
    assert [event.act for event in reversed(events)] == [f"scorecards.{verb}_scorecard" for verb in ("submit", "withdraw")]
    assert {(event.thing_id, event.detail) for event in events} == {(card.id, "First talk")}


def test_the_card_keeps_the_anchors_of_its_plan_when_the_bank_moves_on(inside: None, world: World) -> None:
    card = open_for(world)
    before = read_kit(card).skills[0].anchors
    skill = db.session.get_one(Skill, read_kit(card).skills[0].id)
    skill.anchors_json = dict.fromkeys(skill.anchors_json, "rewritten")
    db.session.flush()
    assert read_kit(card).skills[0].anchors == before


def test_private_notes_cant_be_read_from_the_cards_of_a_debrief(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    with app.app_context(), transaction():
        (card,) = list_cards_of_loops([get_loop(world.loop)])
        assert {mark.given for mark in card.marks} == {Given.FOUR}
        with pytest.raises(InvalidRequestError):
            _ = card.private_notes


def test_the_desk_sorts_ones_seats_by_what_they_ask_for(inside: None, world: World) -> None:
    before, after = datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)
    ana = person("ana")
    assert ana.role is Role.INTERVIEWER
    desk = read_desk(ana.id, before)
    assert ([task.is_over for task in desk.to_fill], desk.drafts, desk.submitted) == ([False], [], [])
    assert [task.is_over for task in read_desk(ana.id, after).to_fill] == [True]
    card = open_for(world)
    assert [task.card for task in read_desk(ana.id, before).drafts] == [card]
    submit_scorecard(ana, card, complete(card), 1, accepts_unsupported=False)
    assert [task.card for task in read_desk(ana.id, before).submitted] == [card]
    assert list_cards_of(ana.id) == [card]
    assert read_desk(person("outsider").id, before).is_empty
