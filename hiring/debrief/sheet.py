"""The comparison as plain data: skills down, candidates across, and what stands in each cell.

It is built once (building.py), and drawn as a page, as a PDF and as JSON; nothing that draws it computes. Numbers are
unrounded. Candidates stand in the opening's order: nothing here ranks them.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from hiring.debrief.parts import (
    Card,
    Cell,
    Dispute,
    LeftOut,
    MustHave,
    OnlySome,
    OtherQuestions,
    Rule,
    Shared,
    SheetCandidate,
    SheetDecision,
    SheetSkill,
    Total,
)
from hiring.debrief.rules import Verdict
from hiring.scorecards.rules import Recommendation


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
