"""Times over zones and clock changes, clashes, and how a loop follows its seats and cards."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.errors import Conflict, Invalid
from hiring.loops.rules import (
    LoopState,
    SeatTime,
    Session,
    SessionFormat,
    check_loop_move,
    check_session,
    find_clash,
    is_staffed,
    next_state,
    to_utc,
)


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - a wall time, as typed


TIMES = {
    "winter in Berlin": (wall(2026, 12, 1, 9), "Europe/Berlin", False, datetime(2026, 12, 1, 8, tzinfo=UTC)),
    "summer in Berlin": (wall(2026, 7, 1, 9), "Europe/Berlin", False, datetime(2026, 7, 1, 7, tzinfo=UTC)),
    "half an hour off in Kolkata": (wall(2026, 7, 1, 9), "Asia/Kolkata", False, datetime(2026, 7, 1, 3, 30, tzinfo=UTC)),
    "the first of two in New York": (wall(2026, 11, 1, 1, 30), "America/New_York", False, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
    "the second of two in New York": (wall(2026, 11, 1, 1, 30), "America/New_York", True, datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
}


@pytest.mark.parametrize(("typed", "zone", "later", "moment"), TIMES.values(), ids=TIMES)
def test_wall_times_become_moments(typed: datetime, zone: str, later: bool, moment: datetime) -> None:
    assert to_utc(typed, zone, later=later) == moment


def test_a_time_that_the_clocks_skip_is_refused_in_words() -> None:
    with pytest.raises(Invalid, match="does not exist on that day in Europe/Berlin"):
        to_utc(wall(2026, 3, 29, 2, 30), "Europe/Berlin")


@pytest.mark.parametrize("typed", [wall(1, 1, 1), wall(1999, 12, 31), wall(2101, 1, 1), wall(9999, 12, 31, 23, 59)])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_year_in_which_nobody_interviews_is_refused_at_its_field(typed: datetime, zone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        to_utc(typed, zone)
    assert "starts_at" in refusal.value.fields


def test_a_zone_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Invalid):
        to_utc(wall(2026, 3, 29, 2, 30), "Mars/Olympus")


@given(st.datetimes(min_value=wall(2025, 1, 1), max_value=wall(2030, 1, 1)), st.sampled_from(["Europe/Berlin", "America/St_Johns", "UTC"]))
def test_a_moment_reads_back_as_the_wall_time_that_was_typed(typed: datetime, zone: str) -> None:
    try:
        moment = to_utc(typed, zone)
    except Invalid:
        return  # skipped by the clocks
    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == typed


def seat(name: str, session: str, hour: int | None, minutes: int = 60) -> SeatTime:
    return SeatTime(name, session, name, datetime(2026, 12, 1, hour, tzinfo=UTC) if hour is not None else None, minutes)


CLASHES = {
    "at the same time elsewhere": (seat("b", "two", 9), True),
    "reaching into it": (seat("b", "two", 8, 90), True),
    "right after it": (seat("b", "two", 10), False),
    "right before it": (seat("b", "two", 8), False),
    "beside it in the same session": (seat("b", "one", 9), False),
    "without a time yet": (seat("b", "two", None), False),
}


@pytest.mark.parametrize(("other", "clashes"), CLASHES.values(), ids=CLASHES)
def test_a_candidate_sits_in_one_session_at_a_time(other: SeatTime, clashes: bool) -> None:
    assert (find_clash(seat("a", "one", 9), [other]) is other) is clashes


STANDS = {
    "nobody seated": (LoopState.DRAFT, False, False, False, LoopState.DRAFT),
    "all seated": (LoopState.DRAFT, True, False, False, LoopState.SCHEDULED),
    "a seat freed": (LoopState.SCHEDULED, False, False, False, LoopState.DRAFT),
    "the first card": (LoopState.SCHEDULED, True, True, False, LoopState.UNDER_WAY),
    "the last card": (LoopState.UNDER_WAY, True, True, True, LoopState.READY),
    "a card taken back": (LoopState.READY, True, True, False, LoopState.UNDER_WAY),
    "all in but a seat is empty": (LoopState.UNDER_WAY, False, True, True, LoopState.UNDER_WAY),
    "after the reveal": (LoopState.REVEALED, True, True, False, LoopState.REVEALED),
    "cancelled": (LoopState.CANCELLED, True, True, True, LoopState.CANCELLED),
}


@pytest.mark.parametrize(("state", "staffed", "started", "all_in", "after"), STANDS.values(), ids=STANDS)
def test_a_loop_follows_its_seats_and_cards(state: LoopState, staffed: bool, started: bool, all_in: bool, after: LoopState) -> None:
    assert next_state(state, staffed=staffed, started=started, all_in=all_in) is after


def test_a_loop_is_staffed_when_every_seat_has_somebody_and_a_time() -> None:
    wanted = {"one": 1, "two": 2}
    seats = [seat("a", "one", 9), seat("b", "two", 10), seat("c", "two", 10)]
    assert is_staffed(wanted, seats)
    assert not is_staffed(wanted, seats[:2])
    assert not is_staffed(wanted, [*seats[:2], seat("c", "two", None)])


def test_a_revealed_panel_is_not_sealed_again() -> None:
    with pytest.raises(Conflict):
        check_loop_move(LoopState.REVEALED, LoopState.READY)


SESSIONS = {
    "no name": (Session(" ", SessionFormat.MIXED, 60), "name"),
    "too short": (Session("Talk", SessionFormat.MIXED, 10, 0), "minutes"),
    "too long": (Session("Talk", SessionFormat.MIXED, 241), "minutes"),
    "more reserve than half": (Session("Talk", SessionFormat.MIXED, 60, 31), "reserve"),
    "no seat": (Session("Talk", SessionFormat.MIXED, 60, 10, 0), "seats"),
    "a crowd": (Session("Talk", SessionFormat.MIXED, 60, 10, 5), "seats"),
}


@pytest.mark.parametrize(("session", "field"), SESSIONS.values(), ids=SESSIONS)
def test_an_unfit_session_is_refused_at_its_field(session: Session, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_session(session)
    assert list(refusal.value.fields) == [field]
