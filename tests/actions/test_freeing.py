"""Freeing a seat: what was written stays its author's, a card that is in needs a reason, and nobody learns of a draft."""

from dataclasses import replace

import pytest
from flask import Flask

from hiring.audit import list_events
from hiring.db import transaction
from hiring.errors import Conflict, Forbidden, Invalid, NotFound
from hiring.loops.actions import declare_conflict, follow_card, free_seat, seat_interviewer
from hiring.loops.queries import get_loop, get_seat
from hiring.loops.rules import LoopState, SeatKind
from hiring.permissions import Can, allows
from hiring.scorecards.actions import open_card, save_card, submit_scorecard, withdraw_scorecard
from hiring.scorecards.queries import count_cards_in, get_card, list_cards_of_loops, read_desk, read_kit
from hiring.scorecards.sheet import Entries
from tests.factories import SECRET, World, fill, open_after_own, reveal
from tests.people import person

WHY = "Ben was on call and heard half of it."


def free(app: Flask, world: World, part: str = "ben", because: str = "") -> None:
    with app.app_context(), transaction():
        free_seat(person("recruiter"), get_seat(world.seats[part]), because=because)


def come_back(world: World, part: str = "ben", session: int = 1, kind: SeatKind = SeatKind.LEAD):
    loop = get_loop(world.loop)
    return seat_interviewer(person("recruiter"), loop, session_id=loop.plan.sessions[session].id, person=person(part), kind=kind)


def test_what_others_see_of_a_freed_seat_is_the_same_with_a_draft_and_without(app: Flask, world: World) -> None:
    seen = []
    for starts in (False, True):
        if starts:
            with app.app_context(), transaction():
                world = replace(world, seats={**world.seats, "ben": come_back(world).id})
                get_loop(world.loop).state_name = LoopState.SCHEDULED
            fill(app, world, "ben", submit=False)
        free(app, world)
        with app.app_context():
            loop, event = get_loop(world.loop), list_events(act="loops.free")[0]
            seen.append((loop.state, loop.panelist_ids, [seat.kind for seat in loop.seats], event.act, event.detail))
    assert seen[0] == seen[1]
    assert seen[0][-1] == "Ben Panel"


def test_a_draft_that_is_set_aside_stays_its_authors(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ben", submit=False)
    free(app, world)
    with app.app_context(), transaction():
        card, ben = get_card(card_id), person("ben")
        assert allows(ben, Can.READ_SCORECARD, card)
        assert [task.card for task in read_desk(ben.id, card.changed_at).set_aside] == [card]
        save_card(ben, card, Entries(summary="The last words, typed while the seat was freed."), card.version)
        with pytest.raises(Conflict, match="seat in this loop was freed"):
            submit_scorecard(ben, card, read_kit(card).entries, card.version, accepts_unsupported=True)
        with pytest.raises(NotFound):
            get_seat(world.seats["ben"])
        assert not allows(ben, Can.READ_KIT, card.seat)
        assert not allows(ben, Can.READ_LOOP, card.loop)


def test_a_card_that_is_in_is_set_aside_with_a_reason_only_and_its_author_is_told(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ben")
    with app.app_context(), transaction():
        for empty in ("", "  "):
            with pytest.raises(Invalid, match="card is in"):
                free_seat(person("recruiter"), get_seat(world.seats["ben"]), because=empty)
    free(app, world, because=WHY)
    with app.app_context(), transaction():
        card = get_card(card_id)
        assert (card.seat.freed_by, card.seat.freed_because) == ("Ruth Recruiter", WHY)
        assert list_events(act="loops.free")[0].detail == f"Ben Panel: {WHY}"
        assert count_cards_in(card.loop) == (0, 1)
        assert card.loop.state is LoopState.UNDER_WAY
        with pytest.raises(Conflict, match="freed"):
            withdraw_scorecard(person("ben"), card)


@pytest.mark.parametrize("part", ["ana", "manager", "recruiter", "admin", "shadow"])
def test_a_card_that_was_set_aside_is_nobody_elses_after_the_reveal_either(app: Flask, world: World, part: str) -> None:
    card_id = fill(app, world, "ben")
    fill(app, world, "ana")
    free(app, world, because=WHY)
    with app.app_context(), transaction():
        fresh = come_back(world, "outsider").id
    fill(app, replace(world, seats={"outsider": fresh}), "outsider", evidence="Somebody else's words")
    reveal(app, world)
    with app.app_context():
        assert not allows(person(part), Can.READ_SCORECARD, get_card(card_id))
        assert allows(person("ben"), Can.READ_SCORECARD, get_card(card_id))
        assert card_id not in [card.id for card in list_cards_of_loops([get_loop(world.loop)])]


def test_who_comes_back_to_the_seat_finds_what_they_wrote(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ben", submit=False)
    free(app, world)
    with app.app_context(), transaction():
        seat = come_back(world)
        assert open_card(person("ben"), seat).id == card_id
        assert (seat.is_freed, seat.freed_by) == (False, None)


def test_who_comes_back_to_another_session_starts_anew(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    card_id = fill(app, world, "ben", submit=False)
    free(app, world)
    with app.app_context(), transaction():
        seat = come_back(world, session=0, kind=SeatKind.SHADOW)
        assert open_card(person("ben"), seat).id != card_id
        assert [task.card.id for task in read_desk(person("ben").id, get_card(card_id).changed_at).set_aside if task.card] == [card_id]


def test_a_card_that_was_in_comes_back_as_it_was_and_to_its_own_seat_alone(app: Flask, world: World) -> None:
    """Else somebody who has read the others could be given a blank card."""
    open_after_own(app, world)
    fill(app, world, "ana")
    card_id = fill(app, world, "ben")
    free(app, world, because=WHY)
    with app.app_context(), transaction():
        assert not allows(person("ben"), Can.READ_SCORECARD, get_card(fill_id(world)))
        with pytest.raises(Invalid, match="come back to that seat alone"):
            come_back(world, session=0, kind=SeatKind.SHADOW)
        come_back(world)
        card = get_card(card_id)
        assert card.is_on_record
        assert card.loop.state is LoopState.READY
        assert read_kit(card).entries.skills["empathy"].evidence == SECRET
        with pytest.raises(Conflict, match="you can read it"):
            withdraw_scorecard(person("ben"), card)


def fill_id(world: World) -> str:
    return list_cards_of_loops([get_loop(world.loop)])[0].id


def test_a_conflict_frees_a_seat_whose_card_is_in(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ben")
    with app.app_context(), transaction():
        declare_conflict(person("ben"), get_loop(world.loop), person("ben"), reason="We shared a flat.")
        assert get_card(card_id).seat.freed_because == "A conflict of interest is on record."


@pytest.mark.parametrize("part", ["ana", "ben"])
def test_the_panel_frees_no_seat(app: Flask, world: World, part: str) -> None:
    with app.app_context(), transaction(), pytest.raises(Forbidden):
        free_seat(person(part), get_seat(world.seats["ben"]))


def test_after_the_reveal_the_panel_stays_as_it_was(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    reveal(app, world)
    with app.app_context(), transaction(), pytest.raises(Conflict, match="stays as it was"):
        free_seat(person("recruiter"), get_seat(world.seats["ben"]), because=WHY)


def test_a_card_that_arrives_just_after_its_seat_was_freed_does_not_come_in(app: Flask, world: World) -> None:
    card_id = fill(app, world, "ben", submit=False)
    with app.app_context(), transaction():
        seat = get_card(card_id).seat
        free_seat(person("recruiter"), seat)
        with pytest.raises(Conflict, match="freed a moment ago"):
            follow_card(seat, get_card(card_id).changed_at)
