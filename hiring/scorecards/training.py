"""What a shadow gave beside what the lead gave, and what that says about judging on one's own. Plain data, and never a score."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hiring.formatting import count
from hiring.scorecards.sheet import SkillEntry

FEWEST_SESSIONS = 3
"""In how many sessions somebody has to have marked a skill beside a lead."""
CLOSE = 1
"""How many steps of the scale a shadow's mark may be from the lead's and still count as close."""
LEAST_CLOSE = 0.75
"""The share of the marks that have to be close. This rule says what is worth showing: people grant judging, it never does."""

NUMBERS = {1: "one", 2: "two", 3: "three"}


@dataclass(frozen=True)
class Pair:
    """A shadow's entry for a skill beside a lead's of the same session."""

    skill_id: str
    skill: str
    shadow: SkillEntry
    lead: SkillEntry
    lead_name: str

    @property
    def distance(self) -> int | None:
        """Steps from the lead's mark to the shadow's; None where one of them gave no mark."""
        marks = [entry.given.mark if entry.given else None for entry in (self.shadow, self.lead)]
        return abs(marks[0] - marks[1]) if marks[0] is not None and marks[1] is not None else None

    @property
    def is_close(self) -> bool:
        return self.distance is not None and self.distance <= CLOSE


@dataclass(frozen=True)
class Compared:
    """All pairs of one shadowed session."""

    seat_id: str
    pairs: tuple[Pair, ...]

    @property
    def marked(self) -> tuple[Pair, ...]:
        """The pairs in which both gave a mark."""
        return tuple(pair for pair in self.pairs if pair.distance is not None)

    @property
    def close(self) -> int:
        return sum(pair.is_close for pair in self.pairs)


@dataclass
class Progress:
    """What somebody has shown of one skill as a shadow so far."""

    skill_id: str
    skill: str
    seats: set[str] = field(default_factory=set)
    marks: int = 0
    close: int = 0

    @property
    def sessions(self) -> int:
        return len(self.seats)

    @property
    def is_enough(self) -> bool:
        return self.sessions >= FEWEST_SESSIONS and self.close >= LEAST_CLOSE * self.marks

    @property
    def said(self) -> str:
        """Where it stands, in words: "2 of 3 sessions; 5 of 6 marks within one step"."""
        sessions = (
            f"{self.sessions} of {count(FEWEST_SESSIONS, 'session')}"
            if self.sessions < FEWEST_SESSIONS
            else count(self.sessions, "session")
        )
        return f"{sessions}; {self.close} of {count(self.marks, 'mark')} within {'one step' if CLOSE == 1 else f'{CLOSE} steps'}"

    @property
    def lacks(self) -> str:
        """What is still missing, in words, if each session to come brings one close mark; nothing where it is enough."""
        more = 0
        while self.sessions + more < FEWEST_SESSIONS or self.close + more < LEAST_CLOSE * (self.marks + more):
            more += 1
        if not more:
            return ""
        words = f"{NUMBERS.get(more, str(more))} more session{'' if more == 1 else 's'}"
        return words if self.close >= LEAST_CLOSE * self.marks else f"{words}, with marks closer to the lead's"


def count_progress(compared: Iterable[Compared]) -> list[Progress]:
    """By skill, what the compared sessions show; a skill that nobody marked twice in any of them is left out."""
    found: dict[str, Progress] = {}
    for one in compared:
        for pair in one.marked:
            row = found.setdefault(pair.skill_id, Progress(pair.skill_id, pair.skill))
            row.seats.add(one.seat_id)
            row.marks += 1
            row.close += pair.is_close
    return sorted(found.values(), key=lambda row: row.skill)
