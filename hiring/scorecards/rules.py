"""What a scorecard holds, when it can be submitted and withdrawn, and the three ways in which a mark can be absent."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hiring.errors import Conflict, Invalid
from hiring.loops.rules import LoopState

LONGEST_NOTE = 10_000
"""Characters of a note; more is refused at the field with the text kept, never cut."""
TOO_LONG = f"That is too long: {LONGEST_NOTE:,} characters are the most. Nothing was cut."
OTHERWISE = "Say what made you think otherwise: the sealed mark stands beside it for good."
MOST_MINUTES = 240
"""What one question can have taken: no session is longer."""
TAKES_CARDS = {LoopState.SCHEDULED, LoopState.UNDER_WAY, LoopState.READY}
"""A loop's states in which cards are opened; ready counts, for a shadow may write later than the leads.

A card that is open is filled until the reveal, also where a time was taken away meanwhile.
"""


class Given(StrEnum):
    """What an interviewer gave for a skill. Not filled in yet is none of these: it is an absent value in a draft."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    NO_EVIDENCE = "no evidence"
    NOT_ASKED = "not asked"

    @property
    def mark(self) -> int | None:
        """The number, or None where nothing was given to count."""
        return int(self.value) if self.value.isdigit() else None


class Recommendation(StrEnum):
    """Four steps without a middle, and an honest way out."""

    STRONG_NO = "strong no"
    NO = "no"
    YES = "yes"
    STRONG_YES = "strong yes"
    CANT_SAY = "can't recommend"


class CardState(StrEnum):
    """Where a scorecard stands; a submitted one goes back to draft by its author, until the reveal."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


CARD_MOVES: dict[CardState, set[CardState]] = {
    CardState.DRAFT: {CardState.SUBMITTED},
    CardState.SUBMITTED: {CardState.DRAFT},
}


@dataclass(frozen=True)
class Filled:
    """What stands on the card for one skill."""

    skill_id: str
    skill_name: str
    given: Given | None
    evidence: str

    @property
    def is_unsupported(self) -> bool:
        """A number with nothing written beside it."""
        return self.given is not None and self.given.mark is not None and not self.evidence.strip()


def check_open(loop_state: LoopState) -> None:
    """Raise Conflict unless the loop takes cards now."""
    if loop_state is LoopState.DRAFT:
        raise Conflict("This loop isn't scheduled yet. Your scorecard opens as soon as it is.")
    if loop_state not in TAKES_CARDS:
        raise Conflict("This panel has been revealed or closed: no scorecard can be added or changed.")


def check_writable(state: CardState, *, is_blind: bool) -> None:
    """Raise Conflict where a card can no longer be written on."""
    if not is_blind:
        raise Conflict("This panel has been revealed or closed: what was submitted stays as it was.")
    if state is CardState.SUBMITTED:
        raise Conflict("This scorecard is submitted. Take it back first if you want to change it.")


def check_seated(*, is_freed: bool) -> None:
    """Raise Conflict where the card's seat was freed: what stands on it is its author's to read, and counts nowhere."""
    if is_freed:
        raise Conflict("Your seat in this loop was freed. The card stays yours to read; it can't be handed in or taken back.")


def check_amendable(state: CardState, loop_state: LoopState) -> None:
    """Raise Conflict unless the panel is revealed, this card was in by then, and nothing is decided yet."""
    if loop_state is LoopState.DECIDED:
        raise Conflict("This candidate is decided on. The decision has to be reopened before a mark can be amended.")
    if loop_state is not LoopState.REVEALED:
        raise Conflict("This panel isn't revealed. Until then, take the card back and change it.")
    if state is not CardState.SUBMITTED:
        raise Conflict("This card was not submitted before the reveal. It counts nowhere, so there is nothing to amend.")


def check_amendment(given: Given | None, standing: Given | None, reason: str) -> None:
    """Raise Invalid unless it says something else than what stands, and why."""
    faults = {}
    if given is None:
        faults["given"] = "Choose what you would give now."
    elif given is standing:
        faults["given"] = f"This is what stands already: {given.value}."
    if not reason.strip():
        faults["reason"] = OTHERWISE
    elif len(reason) > LONGEST_NOTE:
        faults["reason"] = TOO_LONG
    if faults:
        raise Invalid(next(iter(faults.values())) if len(faults) == 1 else "Please check what you entered.", faults)


def check_lengths(texts: dict[str, str]) -> None:
    """Raise Invalid for every field whose text is too long; nothing is cut."""
    faults = {
        field: f"{len(text):,} characters are too many: {LONGEST_NOTE:,} is the most. Nothing was cut."
        for field, text in texts.items()
        if len(text) > LONGEST_NOTE
    }
    if faults:
        raise Invalid("A note is too long to be kept as it is.", faults)


def find_gaps(filled: Sequence[Filled], recommendation: Recommendation | None, summary: str, why_not: str) -> dict[str, str]:
    """Field to sentence for everything that is missing before the card can be submitted."""
    gaps = {
        f"given-{one.skill_id}": f"{one.skill_name}: give a mark, or say that there was no evidence or that it was not asked."
        for one in filled
        if one.given is None
    }
    if recommendation is None:
        gaps["recommendation"] = "Say what you recommend, or that you can't and why."
    elif recommendation is Recommendation.CANT_SAY and not why_not.strip():
        gaps["why_not"] = "Say why you can't recommend."
    if not summary.strip():
        gaps["summary"] = "Sum it up in a sentence or two: the debrief starts from it."
    return gaps


def check_submittable(
    filled: Sequence[Filled], recommendation: Recommendation | None, summary: str, why_not: str, *, accepts_unsupported: bool
) -> None:
    """Raise Invalid with what is missing; marks without evidence need one more yes."""
    gaps = find_gaps(filled, recommendation, summary, why_not)
    if gaps:
        raise Invalid("This scorecard isn't complete yet.", gaps)
    bare = [one for one in filled if one.is_unsupported]
    if bare and not accepts_unsupported:
        names = ", ".join(one.skill_name for one in bare)
        raise Invalid(
            f"Marks without evidence: {names}. Write what you heard, or confirm below to submit them as unsupported.",
            {
                "accept_unsupported": "Confirm that these marks go in without evidence.",
                **{f"evidence-{one.skill_id}": f"{one.skill_name}: no evidence written." for one in bare},
            },
        )


def check_withdrawable(state: CardState, *, panel_is_revealed: bool, could_read_others: bool) -> None:
    """Raise Conflict unless the author can still take the card back.

    could_read_others: the loop opens cards after one's own, and another one is in.
    """
    if state is not CardState.SUBMITTED:
        raise Conflict("This scorecard is still a draft.")
    if panel_is_revealed:
        raise Conflict("The panel has been revealed: what was submitted stays as it was.")
    if could_read_others:
        raise Conflict("Another card of this panel is in, and in this loop you can read it. So yours stays as it was.")
