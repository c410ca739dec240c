"""How an opening weighs its skills, what must be reached, and how it moves from draft to closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from hiring.errors import Conflict, Invalid

LEAST_COVERED_SHARE = 0.8
"""Share of the declared weight that must have a score before a total is printed (the declared rule's default)."""
EQUAL_WEIGHT = 1.0
HEAVIEST = 100.0
LONGEST_REASON = 2_000
TOO_LONG = f"{LONGEST_REASON:,} characters are the most. Nothing was cut."


class OpeningState(StrEnum):
    """Where an opening stands."""

    DRAFT = "draft"
    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


class Seal(StrEnum):
    """Who reads a submitted card before the reveal; a loop keeps the kind that it was created with."""

    REVEAL = "reveal"
    OWN = "own"


SEAL_WORDS: dict[Seal, str] = {
    Seal.REVEAL: "Its author alone, as is usual",
    Seal.OWN: "Its author, and each lead of the panel whose own card is in",
}


OPENING_MOVES: dict[OpeningState, set[OpeningState]] = {
    OpeningState.DRAFT: {OpeningState.OPEN, OpeningState.CLOSED},
    OpeningState.OPEN: {OpeningState.DECIDED, OpeningState.CLOSED},
    OpeningState.DECIDED: {OpeningState.OPEN, OpeningState.CLOSED},
    OpeningState.CLOSED: {OpeningState.OPEN},
}


@dataclass(frozen=True)
class SkillRule:
    """What the opening asks of one skill: its weight with the reason for it, and the bar where it is a must-have.

    sessions, people: in how many separate sessions and by how many raters it is to be marked.
    """

    skill_id: str
    weight: float = EQUAL_WEIGHT
    reason: str = ""
    bar: float | None = None
    sessions: int = 2
    people: int = 2


def check_move(before: OpeningState, after: OpeningState) -> None:
    """Raise Conflict unless an opening may go from `before` to `after`."""
    if after not in OPENING_MOVES[before]:
        raise Conflict(f"An opening that is {before} can't become {after}.")


def check_not_closed(state: OpeningState) -> None:
    """Raise Conflict where an opening takes nobody any more."""
    if state is OpeningState.CLOSED:
        raise Conflict("This opening is closed. Open it again first: Edit, then Make it open.")


def find_rule_faults(rules: Sequence[SkillRule]) -> dict[str, str]:
    """Field name to sentence for everything that makes these weights and bars unfit; empty when they are sound."""
    faults: dict[str, str] = {}
    for rule in rules:
        if not isfinite(rule.weight) or not 0 < rule.weight <= HEAVIEST:
            faults[f"weight-{rule.skill_id}"] = f"A weight is a number above 0 and at most {HEAVIEST:g}."
        elif rule.weight != EQUAL_WEIGHT and not rule.reason.strip():
            faults[f"reason-{rule.skill_id}"] = "Say why this skill weighs more or less than the others."
        if len(rule.reason) > LONGEST_REASON:
            faults[f"reason-{rule.skill_id}"] = TOO_LONG
        if rule.bar is not None and (not isfinite(rule.bar) or not 1 <= rule.bar <= 5):
            faults[f"bar-{rule.skill_id}"] = "A bar is a mark from 1 to 5."
    return faults


def check_rules(rules: Sequence[SkillRule]) -> None:
    """Raise Invalid unless there is a skill, every weight is sound and every unequal one has its reason."""
    if not rules:
        raise Invalid("Choose at least one skill: an opening without skills can't be marked.", {"skills": "Choose at least one."})
    faults = find_rule_faults(rules)
    if faults:
        raise Invalid("Some weights or bars need another look.", faults)


def check_change_of_rule(*, is_sealed: bool, reason: str) -> None:
    """Raise Invalid where the rule was sealed by the first loop and the change gives no reason, or one without end."""
    if is_sealed and not reason.strip():
        said = "Loops have started under the sealed rule. Say why it changes; the debrief shows both."
        raise Invalid(said, {"rule_reason": said})
    if len(reason) > LONGEST_REASON:
        raise Invalid(TOO_LONG, {"rule_reason": TOO_LONG})
