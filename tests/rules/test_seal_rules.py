"""When a seal may be broken, when a seat may be freed, and how late a card is, case by case."""

from datetime import UTC, datetime, timedelta

import pytest

from hiring.debrief.rules import check_breakable
from hiring.errors import Conflict, Invalid
from hiring.loops.rules import LoopState, Missing, check_freeing

END = datetime(2026, 12, 1, 10, tzinfo=UTC)
WHY = "The offer elsewhere ends tomorrow."

REFUSED = {
    "nobody has sat down": (LoopState.DRAFT, 0, WHY, Conflict),
    "no card is in yet": (LoopState.SCHEDULED, 0, WHY, Conflict),
    "only a shadow's card is in": (LoopState.UNDER_WAY, 0, WHY, Conflict),
    "all cards are in": (LoopState.READY, 2, WHY, Conflict),
    "it is revealed": (LoopState.REVEALED, 2, WHY, Conflict),
    "it is decided on": (LoopState.DECIDED, 2, WHY, Conflict),
    "it was cancelled": (LoopState.CANCELLED, 1, WHY, Conflict),
    "no reason": (LoopState.UNDER_WAY, 1, "", Invalid),
    "a reason of spaces": (LoopState.UNDER_WAY, 1, " \n ", Invalid),
    "a reason without end": (LoopState.UNDER_WAY, 1, "x" * 2001, Invalid),
}


@pytest.mark.parametrize(("state", "cards_in", "reason", "refusal"), REFUSED.values(), ids=REFUSED)
def test_a_seal_is_not_broken_where(state: LoopState, cards_in: int, reason: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check_breakable(state, cards_in=cards_in, reason=reason)


def test_a_seal_is_broken_where_a_card_is_in_another_is_missing_and_there_is_a_reason() -> None:
    check_breakable(LoopState.UNDER_WAY, cards_in=1, reason=WHY)


FREED = {"no card, no reason": (False, "", True), "a card and a reason": (True, WHY, True), "a card and no reason": (True, " ", False)}


@pytest.mark.parametrize(("is_in", "because", "may"), FREED.values(), ids=FREED)
def test_a_seat_whose_card_is_in_is_freed_with_a_reason(is_in: bool, because: str, may: bool) -> None:
    if may:
        check_freeing(is_in=is_in, because=because)
    else:
        with pytest.raises(Invalid) as refusal:
            check_freeing(is_in=is_in, because=because)
        assert refusal.value.fields.keys() == {"because"}


LATE = {
    "before its end": (timedelta(minutes=-1), ""),
    "at its end": (timedelta(0), "due now"),
    "the same day": (timedelta(hours=23, minutes=59), "due now"),
    "a day": (timedelta(days=1), "1 day late"),
    "almost three": (timedelta(days=2, hours=23), "2 days late"),
}


@pytest.mark.parametrize(("after", "said"), LATE.values(), ids=LATE)
def test_how_late_a_card_is(after: timedelta, said: str) -> None:
    assert Missing("Ben", "Second talk", END).late(END + after) == said


def test_what_has_no_time_is_not_late_and_an_empty_seat_is_named_as_one() -> None:
    assert Missing("Ben", "Second talk").late(END) == ""
    assert (Missing("Ben", "Second talk").said, Missing("", "Second talk").said) == ("Ben (Second talk)", "nobody seated (Second talk)")
