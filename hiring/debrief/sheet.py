"""The comparison as plain data: skills down, candidates across, and what stands in each cell.

It is built once (building.py), and drawn as a page, as a PDF and as JSON; nothing that draws it computes. Numbers are
unrounded. Candidates stand in the opening's order: nothing here ranks them.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from hiring.debrief.rules import CellState, Outcome, Verdict
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Amended


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
    """One interviewer's word on a skill."""

    interviewer_id: str
    interviewer: str
    session: str
    given: Given
    evidence: str
    unsupported: bool
    amended: tuple[Amended, ...] = ()


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


@dataclass(frozen=True)
class Sheet:
    """The whole comparison. The look-ups below read it; they add nothing to it."""

    opening_id: str
    slug: str
    title: str
    as_of: datetime | None
    rule: Rule
    plan_versions: tuple[int, ...]
    skills: tuple[SheetSkill, ...]
    candidates: tuple[SheetCandidate, ...]
    cells: tuple[Cell, ...]
    totals: tuple[Total, ...]
    shared: Shared
    must_haves: tuple[MustHave, ...]
    agenda: tuple[Dispute, ...]
    other_questions: tuple[OtherQuestions, ...]
    only_some: tuple[OnlySome, ...]
    cards: tuple[Card, ...]
    decisions: tuple[SheetDecision, ...]
    left_out: tuple[LeftOut, ...]

    @cached_property
    def _cells(self) -> dict[tuple[str, str], Cell]:
        return {(cell.skill_id, cell.candidate_id): cell for cell in self.cells}

    @cached_property
    def names(self) -> dict[str, str]:
        """Candidate id to name."""
        return {candidate.id: candidate.name for candidate in self.candidates}

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[SheetSkill, ...]], ...]:
        """The skills under their groups, both in the order in which they first come."""
        found: dict[str, list[SheetSkill]] = {}
        for skill in self.skills:
            found.setdefault(skill.group, []).append(skill)
        return tuple((group, tuple(skills)) for group, skills in found.items())

    def skill(self, skill_id: str) -> SheetSkill:
        return next(skill for skill in self.skills if skill.id == skill_id)

    def cell(self, skill_id: str, candidate_id: str) -> Cell:
        return self._cells[skill_id, candidate_id]

    def total(self, candidate_id: str) -> Total:
        return next(total for total in self.totals if total.candidate_id == candidate_id)

    def must_haves_of(self, candidate_id: str, verdict: Verdict | None = None) -> tuple[MustHave, ...]:
        return tuple(one for one in self.must_haves if one.candidate_id == candidate_id and verdict in {None, one.verdict})

    def cards_of(self, candidate_id: str) -> tuple[Card, ...]:
        return tuple(card for card in self.cards if card.candidate_id == candidate_id)

    def decision_on(self, candidate_id: str) -> SheetDecision | None:
        """The decision that holds, if there is one."""
        return next((one for one in self.decisions if one.candidate_id == candidate_id and one.reopened_at is None), None)

    def missing_of(self, candidate_id: str) -> tuple[Cell, ...]:
        """The candidate's cells without a score, in the skills' order."""
        return tuple(cell for cell in self.cells if cell.candidate_id == candidate_id and cell.score is None)

    def thin_of(self, candidate_id: str) -> tuple[Cell, ...]:
        """The candidate's cells that have a score, but from fewer separate sessions than the rule wants."""
        mine = (cell for cell in self.cells if cell.candidate_id == candidate_id and cell.score is not None)
        return tuple(cell for cell in mine if cell.sessions < cell.wanted)

    def tally(self, candidate_id: str) -> dict[Recommendation, int]:
        """How many recommend what, from strong no to strong yes."""
        said = [card.recommendation for card in self.cards_of(candidate_id)]
        return {one: said.count(one) for one in Recommendation if one in said}

    def dispute_on(self, skill_id: str, candidate_id: str) -> Dispute | None:
        return next((one for one in self.agenda if (one.skill_id, one.candidate_id) == (skill_id, candidate_id)), None)

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        return tuple(one for one in self.agenda if one.flagged)


def sheet_to_dict(thing: Any) -> Any:
    """The sheet, or a part of it, as JSON can hold it: names of fields, plain numbers, moments in ISO 8601."""
    if is_dataclass(thing):
        return {field.name: sheet_to_dict(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, dict):
        return {str(key): sheet_to_dict(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return [sheet_to_dict(one) for one in thing]
    return thing.isoformat() if isinstance(thing, datetime) else thing
