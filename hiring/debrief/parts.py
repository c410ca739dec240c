"""The parts of a comparison as plain data: a skill, a candidate, what stands in a cell, a total, a dispute.

Numbers are unrounded.
"""

from dataclasses import dataclass
from datetime import datetime

from hiring.debrief.rules import CellState, Outcome, Verdict
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Amended, find_counting


@dataclass(frozen=True)
class Card:
    """The rest of a lead's submitted card: what its author recommends, and why."""

    candidate_id: str
    candidate: str
    interviewer_id: str
    interviewer: str
    session: str
    recommendation: Recommendation | None
    why_not: str
    summary: str
    debrief_notes: str
    submitted: datetime | None


@dataclass(frozen=True)
class RuleChange:
    """How the declared rule stood before a change: (skill, weight, bar) for each skill."""

    version: int
    reason: str
    changed_by: str
    changed_at: datetime
    before: tuple[tuple[str, float, float | None], ...]


@dataclass(frozen=True)
class Rule:
    """The declared rule; weights and bars stand with the skills."""

    version: int
    least_covered_share: float
    sealed_at: datetime | None
    changes: tuple[RuleChange, ...] = ()


@dataclass(frozen=True)
class SheetSkill:
    """A skill with its part in the rule; a weight of 0 says that the rule no longer asks for it."""

    id: str
    name: str
    group: str
    weight: float
    bar: float | None
    reason: str
    sessions: int
    definition: str
    anchors: dict[int, str]


@dataclass(frozen=True)
class SheetCandidate:
    """A candidate whose panel is revealed; `id` is the candidacy's. early_because: why before the `missing` cards were in."""

    id: str
    name: str
    plan_version: int
    revealed_at: datetime | None
    revealed_by: str
    early_because: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetDecision:
    """A decision, the reopened ones too."""

    candidate_id: str
    outcome: Outcome
    reason: str
    decided_by: str
    decided_at: datetime
    rule_version: int
    reopened_at: datetime | None = None
    reopened_by: str | None = None
    reopened_because: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """What does not enter: by name and state only, never with a number of theirs."""

    candidate_id: str
    name: str
    state: str


@dataclass(frozen=True)
class Entry:
    """One interviewer's word on a skill. given: what counts, which is `sealed` unless the debrief ruled otherwise."""

    interviewer_id: str
    interviewer: str
    session: str
    given: Given
    sealed: Given
    evidence: str
    unsupported: bool
    amended: tuple[Amended, ...] = ()

    @property
    def counting(self) -> Amended | None:
        """The amended mark that counts instead of the sealed one."""
        return find_counting(self.amended)


@dataclass(frozen=True)
class Cell:
    """All that a panel has on one skill of one candidate."""

    skill_id: str
    candidate_id: str
    state: CellState
    score: float | None
    n: int
    low: int | None
    high: int | None
    sd: float | None
    spread: float | None
    none: int
    not_asked: int
    unsupported: int
    sessions: int
    wanted: int
    below_bar: bool
    flagged: bool
    entries: tuple[Entry, ...]

    @property
    def marks(self) -> tuple[int, ...]:
        return tuple(sorted(entry.given.mark for entry in self.entries if entry.given.mark is not None))


@dataclass(frozen=True)
class Total:
    """sum(w * score) / sum(w); `value` is None, and `reason` says why, where too little weight has a score."""

    candidate_id: str
    value: float | None
    covered_share: float
    covered_weight: float
    whole_weight: float
    reason: str


@dataclass(frozen=True)
class Shared:
    """The totals over those skills alone that every candidate here has a score for; empty where that is too little."""

    skill_ids: tuple[str, ...]
    fallen_out: tuple[str, ...]
    covered_share: float
    totals: dict[str, float]


@dataclass(frozen=True)
class MustHave:
    """Whether a candidate reaches the bar of a must-have."""

    skill_id: str
    candidate_id: str
    bar: float
    score: float | None
    verdict: Verdict


@dataclass(frozen=True)
class OtherQuestions:
    """A skill on which candidates of two plan versions were asked nothing in common."""

    skill_id: str
    versions: tuple[int, int]
    candidates: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class OnlySome:
    """A skill that only some candidates have a score for."""

    skill_id: str
    scored: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Dispute:
    """A disagreement on the agenda; `urgency` is weight times spread."""

    skill_id: str
    candidate_id: str
    weight: float
    spread: float
    n: int
    urgency: float
    flagged: bool
