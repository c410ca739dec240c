"""When a panel may be revealed and a candidate decided on, and what a comparison may say of a skill."""

from enum import StrEnum

from hiring.errors import Conflict, Invalid
from hiring.loops.rules import LoopState
from hiring.openings.rules import LONGEST_REASON, TOO_LONG

FEWEST_COMPARED, MOST_COMPARED = 2, 6
FLAGGED_SPREAD = 2
"""Marks so far apart are flagged: on a scale of five, two people did not see the same thing."""


SAME_RULING = "That is how it stands. Choose the other mark, or cancel."
WHY_RULED = "Say what convinced the panel: it stands beside the mark, on the page and in the documents."
WHY_EARLY = "Say why the panel can't wait: all of them read it, for good."


class Outcome(StrEnum):
    """What a debrief can end with."""

    HIRE = "hire"
    NO_HIRE = "no hire"
    HOLD = "hold"


class CellState(StrEnum):
    """What a panel has on one skill of one candidate: a score, or which kind of nothing."""

    SCORED = "scored"
    NO_EVIDENCE = "no evidence"
    NOT_ASKED = "not asked"
    NO_SESSION = "no session"


class Verdict(StrEnum):
    """Whether a must-have is reached; without a score nobody knows."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


def judge(score: float | None, bar: float) -> Verdict:
    """Whether a score reaches its bar."""
    if score is None:
        return Verdict.UNKNOWN
    return Verdict.MET if score >= bar else Verdict.NOT_MET


def check_revealable(state: LoopState) -> None:
    """Raise Conflict unless every lead card of the loop is in."""
    if state in {LoopState.REVEALED, LoopState.DECIDED}:
        raise Conflict("This panel has already been revealed.")
    if state is not LoopState.READY:
        raise Conflict("Cards are still missing. A panel is revealed when all of its lead cards are in.")


def check_breakable(state: LoopState, *, cards_in: int, reason: str) -> None:
    """Raise unless the panel is sealed, has a card to read and lacks another, and a reason is given."""
    if state in {LoopState.REVEALED, LoopState.DECIDED}:
        raise Conflict("This panel has already been revealed.")
    if state is LoopState.READY:
        raise Conflict("All of its cards are in: reveal it as usual. Nothing has to be broken.")
    if state is not LoopState.UNDER_WAY or not cards_in:
        raise Conflict("No card of this panel is in: there is nothing to reveal.")
    if not reason.strip():
        raise Invalid("Breaking the seal needs a reason.", {"reason": WHY_EARLY})
    if len(reason) > LONGEST_REASON:
        raise Invalid(TOO_LONG, {"reason": TOO_LONG})


def check_decidable(state: LoopState, *, reason: str) -> None:
    """Raise unless the loop is revealed, undecided, and a reason is given."""
    if state is LoopState.DECIDED:
        raise Conflict("This candidate has been decided on. Reopen the decision first.")
    if state is not LoopState.REVEALED:
        raise Conflict("Reveal the panel first: a decision rests on marks that all have seen.")
    if not reason.strip():
        raise Invalid("A decision needs its reason.", {"reason": "Say on what evidence, in a sentence or two."})


def check_rulable(state: LoopState, *, counts: bool, holds: bool, reason: str) -> None:
    """Raise unless the panel is revealed, not decided on, and the ruling changes which mark counts, with a reason. holds: as it is now."""
    if state is LoopState.DECIDED:
        raise Conflict("This candidate has been decided on. Reopen the decision first.")
    if state is not LoopState.REVEALED:
        raise Conflict("Which mark counts is settled once the panel is revealed.")
    if counts is holds:
        raise Invalid(SAME_RULING, {"counts": SAME_RULING})
    if not reason.strip():
        raise Invalid("It needs a reason.", {"reason": WHY_RULED})
    if len(reason) > LONGEST_REASON:
        raise Invalid(TOO_LONG, {"reason": TOO_LONG})


def check_reopenable(state: LoopState, *, reason: str) -> None:
    """Raise unless there is a decision, and a reason to open it again."""
    if state is not LoopState.DECIDED:
        raise Conflict("There is no decision to reopen.")
    if not reason.strip():
        raise Invalid("Reopening needs a reason.", {"reason": "Say what is new."})


def check_compared(count: int) -> None:
    """Raise Invalid unless so many candidates fit side by side on a page that can be read."""
    if not FEWEST_COMPARED <= count <= MOST_COMPARED:
        said = f"A comparison holds {FEWEST_COMPARED} to {MOST_COMPARED} revealed candidates; {count} are chosen."
        raise Invalid(said, {"candidates": said})
