"""Loops: seats and times, conflicts of interest, cancelling."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask

from hiring.db import transaction
from hiring.debrief.queries import get_debrief, list_revealed
from hiring.errors import Conflict, Invalid
from hiring.loops.actions import cancel_loop, create_loop, declare_conflict, free_seat, seat_interviewer, time_seat
from hiring.loops.queries import find_conflict, get_loop, get_seat
from hiring.loops.rules import LoopState, SeatKind
from hiring.openings.actions import add_candidate, move_opening, set_rule, withdraw_candidate
from hiring.openings.queries import get_candidacy, get_opening
from hiring.openings.rules import OpeningState, SkillRule
from tests.factories import World, fill, reveal
from tests.people import person

NINE = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - a wall time, as typed


def seat(world: World, part: str, session: int = 0, **changed: object):
    loop = get_loop(world.loop)
    return seat_interviewer(
        person("recruiter"), loop, **{"session_id": loop.plan.sessions[session].id, "person": person(part), "zone": "UTC", **changed}
    )


REFUSED = {
    "somebody who sits already": (lambda world: seat(world, "ana", 1), "sits in this loop already"),
    "a third lead where all seats are taken": (lambda world: seat(world, "outsider"), "All lead seats"),
    "somebody while the candidate sits elsewhere": (
        lambda world: seat(world, "outsider", 1, kind=SeatKind.SHADOW, starts_at=NINE, zone="Europe/Berlin"),
        "sits in First talk",
    ),
    "a time that the clocks skip": (
        lambda world: time_seat(
            person("recruiter"),
            get_seat(world.seats["ana"]),
            starts_at=datetime(2027, 3, 28, 2, 30),  # noqa: DTZ001
            zone="Europe/Berlin",
        ),
        "does not exist",
    ),
}


@pytest.mark.parametrize(("attempt", "said"), REFUSED.values(), ids=REFUSED)
def test_seats_are_refused_in_words(app: Flask, world: World, attempt, said: str) -> None:
    with app.app_context(), transaction(), pytest.raises(Invalid, match=said):
        attempt(world)


def test_a_loop_is_scheduled_when_its_seats_are_taken_and_a_draft_when_one_is_freed(app: Flask, world: World) -> None:
    with app.app_context():
        assert get_loop(world.loop).state is LoopState.SCHEDULED
        with transaction():
            free_seat(person("recruiter"), get_seat(world.seats["ben"]))
        assert get_loop(world.loop).state is LoopState.DRAFT


def test_a_card_that_was_started_is_set_aside_and_its_seat_is_free(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben", submit=False)
    with app.app_context():
        with transaction():
            free_seat(person("recruiter"), get_seat(world.seats["ben"]))
        assert person("ben").id not in get_loop(world.loop).panelist_ids
        assert get_loop(world.loop).state is LoopState.UNDER_WAY
        with transaction():
            fresh = seat(world, "outsider", 1, starts_at=NINE.replace(hour=15), zone="Europe/Berlin").id
    fill(app, replace(world, seats={"outsider": fresh}), "outsider")
    with app.app_context():
        assert get_loop(world.loop).state is LoopState.READY


def test_nobody_sits_in_two_loops_at_the_same_time(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        other = add_candidate(person("recruiter"), get_opening(world.slug), name="Dina Candidate")
        loop = create_loop(person("recruiter"), other)
        with pytest.raises(Invalid, match="Ana Panel sits in another interview at that time"):
            seat_interviewer(
                person("recruiter"),
                loop,
                session_id=loop.plan.sessions[1].id,
                person=person("ana"),
                starts_at=NINE.replace(minute=30),
                zone="Europe/Berlin",
            )


def test_a_closed_opening_takes_nobody(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        move_opening(person("manager"), get_opening(world.slug), OpeningState.CLOSED)
        with pytest.raises(Conflict, match="is closed"):
            add_candidate(person("recruiter"), get_opening(world.slug), name="Late Candidate")


def test_who_withdrew_is_no_longer_compared_and_can_come_back(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    reveal(app, world)
    with app.app_context():
        for withdraws, compared in ((True, 0), (False, 1)):
            with transaction():
                candidacy = get_candidacy(get_opening(world.slug), world.candidacy)
                withdraw_candidate(person("recruiter"), candidacy, withdraws=withdraws)
            assert len(list_revealed(person("manager"), get_debrief(world.slug))) == compared


def test_a_shadow_seated_late_does_not_open_a_loop_that_is_ready(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    with app.app_context():
        assert get_loop(world.loop).state is LoopState.READY
        with transaction():
            seat(world, "outsider", kind=SeatKind.SHADOW)
        assert get_loop(world.loop).state is LoopState.READY


def test_a_new_time_does_not_take_a_ready_loop_back(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    with app.app_context():
        with transaction():
            time_seat(person("recruiter"), get_seat(world.seats["ana"]), starts_at=NINE.replace(hour=15), zone="UTC")
        assert get_loop(world.loop).state is LoopState.READY


def test_a_time_that_is_taken_away_does_not_take_a_ready_loop_back(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    with app.app_context(), transaction():
        time_seat(person("recruiter"), get_seat(world.seats["ana"]), starts_at=None, zone="UTC")
    fill(app, world, "ben")
    with app.app_context():
        assert get_loop(world.loop).state is LoopState.READY
        with transaction():
            time_seat(person("recruiter"), get_seat(world.seats["ben"]), starts_at=None, zone="UTC")
        assert get_loop(world.loop).state is LoopState.READY


def test_a_conflict_of_interest_frees_the_seat_and_bars_the_person(app: Flask, world: World) -> None:
    with app.app_context():
        with transaction():
            declare_conflict(person("ben"), get_loop(world.loop), person("ben"), reason="We shared a flat.")
        loop = get_loop(world.loop)
        assert person("ben").id not in loop.panelist_ids
        assert find_conflict(loop.candidacy, person("ben").id) is not None
        with transaction(), pytest.raises(Invalid, match="conflict of interest"):
            seat(world, "ben", 1)


def test_a_cancelled_loop_makes_room_for_another(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        loop = get_loop(world.loop)
        with pytest.raises(Conflict):
            create_loop(person("recruiter"), loop.candidacy)
        cancel_loop(person("recruiter"), loop, reason="Fell ill.")
        assert create_loop(person("recruiter"), loop.candidacy).state is LoopState.DRAFT


def test_the_first_loop_opens_the_opening_and_seals_its_rule(app: Flask, world: World) -> None:
    with app.app_context():
        opening = get_opening(world.slug)
        assert opening.state is OpeningState.OPEN
        assert opening.rule_is_sealed
        heavier = [SkillRule(row.skill_id, 2.0, "Nights.") for row in opening.skills]
        with transaction(), pytest.raises(Invalid, match="sealed rule"):
            set_rule(person("manager"), get_opening(world.slug), heavier)
        with transaction():
            set_rule(person("manager"), get_opening(world.slug), heavier, reason="The team took over the night shift.")
        opening = get_opening(world.slug)
        assert opening.rule_version == 2
        assert [change.reason for change in opening.changes] == ["The team took over the night shift."]


def test_somebody_who_applied_before_is_the_same_candidate(app: Flask, world: World) -> None:
    with app.app_context(), transaction(), pytest.raises(Invalid, match="candidate for this opening already"):
        add_candidate(person("recruiter"), get_opening(world.slug), name="Cleo C.", email="CLEO@example.org")
