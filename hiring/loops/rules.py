"""What a session, a plan, a loop and a seat may be, and how plans and loops move between their states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hiring.bank.rules import Kind
from hiring.errors import Conflict, Invalid
from hiring.formatting import count
from hiring.interviewers.rules import to_utc as to_utc  # a seat's time, too, is typed as a wall time

SHORTEST_SESSION, LONGEST_SESSION = 15, 240
MOST_SEATS = 4
RECENT = timedelta(days=28)
"""How far back an interview still counts as load."""
COOLING = timedelta(days=180)
MOST_STALE = 20
"""What asking a question again costs the plan at most, and how long it takes to be fresh again."""


class SessionFormat(StrEnum):
    """How a session runs; it says which kinds of question fit in."""

    BEHAVIOURAL = "behavioural"
    TECHNICAL = "technical"
    SCENARIO = "scenario"
    CAREER = "career"
    MIXED = "mixed"


KINDS: dict[SessionFormat, tuple[Kind, ...]] = {
    SessionFormat.BEHAVIOURAL: (Kind.BEHAVIOURAL, Kind.SCENARIO),
    SessionFormat.TECHNICAL: (Kind.TECHNICAL, Kind.SCENARIO, Kind.BEHAVIOURAL),
    SessionFormat.SCENARIO: (Kind.SCENARIO, Kind.BEHAVIOURAL),
    SessionFormat.CAREER: (Kind.BACKGROUND, Kind.BEHAVIOURAL),
    SessionFormat.MIXED: tuple(Kind),
}


class PlanState(StrEnum):
    """A plan is worked on, then published and frozen; the next version replaces it for new loops."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"


PLAN_MOVES: dict[PlanState, set[PlanState]] = {
    PlanState.DRAFT: {PlanState.PUBLISHED},
    PlanState.PUBLISHED: {PlanState.REPLACED},
    PlanState.REPLACED: set(),
}


class LoopState(StrEnum):
    """One candidate's run of a plan, from the first seat to the decision."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    UNDER_WAY = "under way"
    READY = "ready"
    REVEALED = "revealed"
    DECIDED = "decided"
    CANCELLED = "cancelled"


LOOP_MOVES: dict[LoopState, set[LoopState]] = {
    LoopState.DRAFT: {LoopState.SCHEDULED, LoopState.UNDER_WAY, LoopState.READY, LoopState.CANCELLED},
    LoopState.SCHEDULED: {LoopState.DRAFT, LoopState.UNDER_WAY, LoopState.READY, LoopState.CANCELLED},
    LoopState.UNDER_WAY: {LoopState.READY, LoopState.REVEALED, LoopState.CANCELLED},
    LoopState.READY: {LoopState.UNDER_WAY, LoopState.REVEALED, LoopState.CANCELLED},
    LoopState.REVEALED: {LoopState.DECIDED},
    LoopState.DECIDED: {LoopState.REVEALED},
    LoopState.CANCELLED: set(),
}
STARTED = {LoopState.UNDER_WAY, LoopState.READY}
"""From the first card that was in: a draft moves no loop, for that there is one is its author's to know."""
BLIND = {LoopState.DRAFT, LoopState.SCHEDULED, LoopState.UNDER_WAY, LoopState.READY}


class SeatKind(StrEnum):
    """A lead's card counts; a shadow's is for learning and never counts."""

    LEAD = "lead"
    SHADOW = "shadow"


@dataclass(frozen=True)
class Session:
    """What one conversation of a plan is to be: its name, format, minutes with a reserve, and seats."""

    name: str
    format: SessionFormat
    minutes: int
    reserve: int = 10
    seats: int = 1


@dataclass(frozen=True)
class SeatTime:
    """When somebody sits where: plain data for the checks of a whole loop. `starts_at` is aware."""

    seat_id: str
    session_id: str
    interviewer_id: str
    starts_at: datetime | None
    minutes: int

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


def check_loop_move(before: LoopState, after: LoopState) -> None:
    """Raise Conflict unless a loop may go from `before` to `after`."""
    if after not in LOOP_MOVES[before]:
        raise Conflict(f"A loop that is {before} can't become {after}.")


def check_freeing(*, is_in: bool, because: str) -> None:
    """Raise Invalid where a seat whose card is in would be freed without a reason."""
    if is_in and not because.strip():
        said = "This card is in. Say why its seat is freed: its author is told, and it stands in the audit trail."
        raise Invalid(said, {"because": said})


@dataclass(frozen=True)
class Missing:
    """A lead card that isn't in: whose, and when its session was over. Without a name: a lead seat that nobody has."""

    interviewer: str
    session: str
    ends_at: datetime | None = None
    seat_id: str = ""

    @property
    def said(self) -> str:
        return f"{self.interviewer or 'nobody seated'} ({self.session})"

    def late(self, moment: datetime) -> str:
        """How late it is, in words; nothing as long as its session isn't over."""
        if self.ends_at is None or moment < self.ends_at:
            return ""
        days = (moment - self.ends_at).days
        return f"{count(days, 'day')} late" if days else "due now"


def check_draft(state: PlanState) -> None:
    """Raise Conflict where a plan is frozen."""
    if state is not PlanState.DRAFT:
        raise Conflict("This plan is published and frozen. Start a new version to change it.")


def check_session(wanted: Session) -> None:
    """Raise Invalid with a sentence for each field of a session that can't be."""
    faults: dict[str, str] = {}
    if not wanted.name.strip():
        faults["name"] = "Give the session a name that interviewers will recognise."
    if not SHORTEST_SESSION <= wanted.minutes <= LONGEST_SESSION:
        faults["minutes"] = f"A session lasts {SHORTEST_SESSION} to {LONGEST_SESSION} minutes."
    if not 0 <= wanted.reserve <= wanted.minutes // 2:
        faults["reserve"] = "The reserve is at most half of the session."
    if not 1 <= wanted.seats <= MOST_SEATS:
        faults["seats"] = f"A session has 1 to {MOST_SEATS} seats."
    if faults:
        raise Invalid("The session needs another look.", faults)


def overlap(one: SeatTime, other: SeatTime) -> bool:
    """Whether two seats take the same time; a seat without a time takes none."""
    if one.starts_at is None or one.ends_at is None or other.starts_at is None or other.ends_at is None:
        return False
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def find_clash(seat: SeatTime, others: Sequence[SeatTime]) -> SeatTime | None:
    """The first of `others` that the candidate would have to sit at the same time in another session."""
    return next((other for other in others if other.session_id != seat.session_id and overlap(seat, other)), None)


def is_staffed(seats_wanted: Mapping[str, int], seats: Sequence[SeatTime], *, timed: bool = True) -> bool:
    """Whether every session has all of its lead seats taken, each with a time where it is to be `timed`. Leads only in `seats`."""
    taken: dict[str, int] = dict.fromkeys(seats_wanted, 0)
    for seat in seats:
        if seat.starts_at is not None or not timed:
            taken[seat.session_id] += 1
    return all(taken[session] >= wanted for session, wanted in seats_wanted.items())


def next_state(state: LoopState, *, staffed: bool, started: bool, all_in: bool) -> LoopState:
    """Where a blind loop stands after a change to its seats or cards; later states change by people's acts alone."""
    if state not in BLIND:
        return state
    if started:
        return LoopState.READY if staffed and all_in else LoopState.UNDER_WAY
    return LoopState.SCHEDULED if staffed else LoopState.DRAFT


def cost_of_repeating(last_asked: datetime | None, now: datetime) -> float:
    """Points that a question costs because it has been asked lately in another opening: MOST_STALE at once, nothing after COOLING."""
    if last_asked is None:
        return 0.0
    left = 1 - (now - last_asked) / COOLING
    return float(round(MOST_STALE * min(1.0, max(0.0, left))))


def cost_of_load(load: int, limit: int) -> float:
    """Points that one loop more costs somebody: the fuller their limit, the more, so that the load is shared fairly."""
    return round(20 * (2 * load + 1) / (limit**2 + 1), 3)


def match_shadows(wishes: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """As many people as can be with a session each, no session twice: person to the sessions where they would learn, best first."""
    holder: dict[str, str] = {}

    def place(person: str, seen: set[str]) -> bool:
        for session in wishes[person]:
            if session not in seen:
                seen.add(session)
                if session not in holder or place(holder[session], seen):
                    holder[session] = person
                    return True
        return False

    for person in wishes:
        place(person, set())
    return sorted((person, session) for session, person in holder.items())
