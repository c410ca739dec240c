"""Breaking a seal early: by whom, when, with a reason, and told for good in every place that shows the panel."""

import pytest
from flask import Flask

from hiring.audit import list_events
from hiring.db import transaction
from hiring.debrief.actions import break_seal
from hiring.debrief.queries import get_debrief, read_sheet
from hiring.errors import Conflict, Forbidden, Invalid, NotFound
from hiring.loops.actions import free_seat
from hiring.loops.queries import get_loop, get_seat, list_missing_cards
from hiring.loops.rules import LoopState
from hiring.permissions import Can, allows
from hiring.scorecards.actions import save_card, submit_scorecard, withdraw_scorecard
from hiring.scorecards.queries import get_card, read_kit
from hiring.scorecards.rules import Given
from tests.factories import World, fill, reveal
from tests.people import person

WHY = "Ben is ill, and the offer elsewhere ends tomorrow."


def break_early(app: Flask, world: World, reason: str = WHY, part: str = "manager") -> None:
    with app.app_context(), transaction():
        break_seal(person(part), get_loop(world.loop), reason)


def test_what_is_in_is_revealed_and_what_is_missing_is_named(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.FOUR)
    fill(app, world, "ben", Given.ONE, submit=False)
    break_early(app, world)
    with app.app_context():
        loop = get_loop(world.loop)
        assert (loop.state, loop.early_because, loop.revealed_by) == (LoopState.REVEALED, WHY, "Hanna Manager")
        sheet = read_sheet(person("ana"), get_debrief(world.slug))
        assert [cell.marks for cell in sheet.cells] == [(4,), (4,)]
        assert (sheet.candidates[0].early_because, sheet.candidates[0].missing) == (WHY, ("Ben Panel (Second talk)",))
        event = list_events(act="debrief.break_seal")[0]
        assert event.detail == f"Cleo Candidate: {WHY} Not in: Ben Panel (Second talk)"


def test_a_draft_counts_nowhere_afterwards_and_cant_come_in(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    draft_id = fill(app, world, "ben", submit=False)
    break_early(app, world)
    with app.app_context(), transaction():
        draft, ben = get_card(draft_id), person("ben")
        entries = read_kit(draft).entries
        for attempt in (
            lambda: submit_scorecard(ben, draft, entries, draft.version, accepts_unsupported=True),
            lambda: save_card(ben, draft, entries, draft.version),
        ):
            with pytest.raises(Conflict, match="revealed or closed"):
                attempt()
        assert not any(allows(person(part), Can.READ_SCORECARD, draft) for part in ("ana", "manager", "recruiter", "admin"))


def test_an_empty_seat_is_missing_too(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    with app.app_context(), transaction():
        free_seat(person("recruiter"), get_seat(world.seats["ben"]))
        assert [one.said for one in list_missing_cards(get_loop(world.loop))] == ["nobody seated (Second talk)"]
    break_early(app, world)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001])
def test_a_reason_is_needed_and_it_has_an_end(app: Flask, world: World, reason: str) -> None:
    fill(app, world, "ana")
    with pytest.raises(Invalid):
        break_early(app, world, reason)


def test_there_is_nothing_to_break_where_no_card_or_every_card_is_in(app: Flask, world: World) -> None:
    with pytest.raises(Conflict, match="nothing to reveal"):
        break_early(app, world)
    fill(app, world, "shadow")
    with pytest.raises(Conflict, match="nothing to reveal"):
        break_early(app, world)
    card_id = fill(app, world, "ana")
    with app.app_context(), transaction():
        withdraw_scorecard(person("ana"), get_card(card_id))
    with pytest.raises(Conflict, match="nothing to reveal"):
        break_early(app, world)
    fill(app, world, "ana")
    fill(app, world, "ben")
    with pytest.raises(Conflict, match="reveal it as usual"):
        break_early(app, world)
    reveal(app, world)
    with pytest.raises(Conflict, match="already been revealed"):
        break_early(app, world)


@pytest.mark.parametrize(
    ("part", "refusal"),
    [("admin", Forbidden), ("recruiter", Forbidden), ("ben", Forbidden), ("other manager", NotFound), ("outsider", NotFound)],
)
def test_only_who_manages_the_opening_breaks_it(app: Flask, world: World, part: str, refusal: type[Exception]) -> None:
    fill(app, world, "ana")
    with pytest.raises(refusal):
        break_early(app, world, part=part)


def test_a_panel_that_waited_shows_no_breach(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    reveal(app, world)
    with app.app_context():
        assert not get_loop(world.loop).was_broken
        assert read_sheet(person("ana"), get_debrief(world.slug)).candidates[0].early_because == ""
