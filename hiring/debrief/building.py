"""From rows to the sheet: every figure of a comparison is made here, once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from hiring.debrief.parts import (
    Card,
    Cell,
    Dispute,
    Entry,
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
from hiring.debrief.rules import FLAGGED_SPREAD, CellState, judge
from hiring.debrief.sheet import Sheet
from hiring.debrief.statistics import deviation, mean, spread, urgency, weigh
from hiring.scorecards.rules import Given
from hiring.scorecards.sheet import Amended, find_counting


@dataclass(frozen=True)
class Row:
    """What one lead's submitted card says of one skill. `question_ids` also holds the questions' wording groups."""

    candidate_id: str
    candidate: str
    interviewer_id: str
    interviewer: str
    session_id: str
    session: str
    skill_id: str
    sealed: Given
    evidence: str
    plan_version: int
    question_ids: tuple[str, ...]
    amended: tuple[Amended, ...] = ()

    @property
    def given(self) -> Given:
        """What counts: the sealed mark, unless the debrief ruled that an amended one does."""
        counting = find_counting(self.amended)
        return counting.given if counting else self.sealed


Rows = dict[tuple[str, str], list[Row]]


def build_sheet(
    *,
    opening: tuple[str, str, str],
    rule: Rule,
    skills: Sequence[SheetSkill],
    candidates: Sequence[SheetCandidate],
    rows: Iterable[Row],
    cards: Iterable[Card],
    decisions: Iterable[SheetDecision] = (),
    left_out: Iterable[LeftOut] = (),
) -> Sheet:
    """The whole comparison. opening: its id, slug and title. The order of `rows` and `cards` changes nothing."""
    found: Rows = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.interviewer, row.interviewer_id, row.session, row.session_id)):
        found[row.skill_id, row.candidate_id].append(row)
    cells = tuple(_build_cell(skill, candidate, found[skill.id, candidate.id]) for skill in skills for candidate in candidates)
    scores = {(cell.skill_id, cell.candidate_id): cell.score for cell in cells}
    ordered = {candidate.id: place for place, candidate in enumerate(candidates)}
    kept_cards = tuple(sorted(cards, key=lambda card: (ordered[card.candidate_id], card.interviewer, card.interviewer_id)))
    kept_decisions = tuple(sorted(decisions, key=lambda one: (ordered[one.candidate_id], one.decided_at)))
    return Sheet(
        *opening,
        as_of=_find_latest(rule, candidates, kept_cards, kept_decisions, cells),
        rule=rule,
        plan_versions=tuple(sorted({candidate.plan_version for candidate in candidates})),
        skills=tuple(skills),
        candidates=tuple(candidates),
        cells=cells,
        totals=tuple(_build_total(candidate, skills, scores, rule) for candidate in candidates),
        shared=_build_shared(candidates, skills, scores, rule),
        must_haves=tuple(_list_must_haves(candidates, skills, scores)),
        agenda=_build_agenda(skills, cells),
        other_questions=tuple(_find_other_questions(skills, candidates, found, scores)),
        only_some=tuple(_find_only_some(skills, candidates, scores)),
        cards=kept_cards,
        decisions=kept_decisions,
        left_out=tuple(left_out),
    )


Scores = dict[tuple[str, str], float | None]


def _find_latest(
    rule: Rule,
    candidates: Sequence[SheetCandidate],
    cards: Sequence[Card],
    decisions: Sequence[SheetDecision],
    cells: Sequence[Cell],
) -> datetime | None:
    """The latest moment in what the sheet shows: it is as of then, whenever it is printed."""
    moments = [rule.sealed_at, *(change.changed_at for change in rule.changes)]
    moments += [candidate.revealed_at for candidate in candidates] + [card.submitted for card in cards]
    amended = [one for cell in cells for entry in cell.entries for one in entry.amended]
    moments += [one.made_at for one in amended] + [ruling.ruled_at for one in amended for ruling in one.ruled]
    moments += [moment for one in decisions for moment in (one.decided_at, one.reopened_at)]
    return max((moment for moment in moments if moment is not None), default=None)


def _build_cell(skill: SheetSkill, candidate: SheetCandidate, rows: Sequence[Row]) -> Cell:
    entries = tuple(_build_entry(row) for row in rows)
    marks = [entry.given.mark for entry in entries if entry.given.mark is not None]
    given = [entry.given for entry in entries]
    score, apart = mean(marks), spread(marks)
    return Cell(
        skill_id=skill.id,
        candidate_id=candidate.id,
        state=_find_state(given),
        score=score,
        n=len(marks),
        low=min(marks, default=None),
        high=max(marks, default=None),
        sd=deviation(marks),
        spread=apart,
        none=given.count(Given.NO_EVIDENCE),
        not_asked=given.count(Given.NOT_ASKED),
        unsupported=sum(entry.unsupported for entry in entries),
        sessions=len({row.session_id for row in rows if row.given.mark is not None}),
        wanted=skill.sessions,
        below_bar=skill.bar is not None and score is not None and score < skill.bar,
        flagged=apart is not None and apart >= FLAGGED_SPREAD,
        entries=entries,
    )


def _build_entry(row: Row) -> Entry:
    # An amended mark that counts rests on its reason.
    bare = row.given.mark is not None and not row.evidence.strip() and find_counting(row.amended) is None
    return Entry(row.interviewer_id, row.interviewer, row.session, row.given, row.sealed, row.evidence, bare, row.amended)


def _find_state(given: Sequence[Given]) -> CellState:
    """A mark outweighs *no evidence*, and this outweighs *not asked*: it says that somebody did ask."""
    if not given:
        return CellState.NO_SESSION
    if any(one.mark is not None for one in given):
        return CellState.SCORED
    return CellState.NO_EVIDENCE if Given.NO_EVIDENCE in given else CellState.NOT_ASKED


def _build_total(candidate: SheetCandidate, skills: Sequence[SheetSkill], scores: Scores, rule: Rule) -> Total:
    weighed = weigh((skill.weight, scores[skill.id, candidate.id]) for skill in skills)
    enough = weighed.covers(rule.least_covered_share)
    reason = "" if enough else _explain_no_total(weighed.covered_weight, weighed.whole_weight, rule.least_covered_share)
    value = weighed.value if enough else None
    return Total(candidate.id, value, weighed.covered_share, weighed.covered_weight, weighed.whole_weight, reason)


def _explain_no_total(covered: float, whole: float, least: float) -> str:
    return f"No total: its scores cover {covered:g} of {whole:g} of the weight, and the rule asks for {least * 100:g} %."


def _build_shared(candidates: Sequence[SheetCandidate], skills: Sequence[SheetSkill], scores: Scores, rule: Rule) -> Shared:
    has_all = {skill.id: all(scores[skill.id, candidate.id] is not None for candidate in candidates) for skill in skills}
    covered = weigh((skill.weight, 1.0 if has_all[skill.id] else None) for skill in skills)
    totals: dict[str, float] = {}
    if candidates and covered.covers(rule.least_covered_share):
        for candidate in candidates:
            value = weigh((skill.weight, scores[skill.id, candidate.id]) for skill in skills if has_all[skill.id]).value
            totals |= {candidate.id: value} if value is not None else {}
    return Shared(
        tuple(skill.id for skill in skills if has_all[skill.id]),
        tuple(skill.id for skill in skills if not has_all[skill.id]),
        covered.covered_share,
        totals,
    )


def _list_must_haves(candidates: Sequence[SheetCandidate], skills: Sequence[SheetSkill], scores: Scores) -> Iterable[MustHave]:
    for candidate in candidates:
        for skill in skills:
            if skill.bar is not None:
                score = scores[skill.id, candidate.id]
                yield MustHave(skill.id, candidate.id, skill.bar, score, judge(score, skill.bar))


def _build_agenda(skills: Sequence[SheetSkill], cells: Sequence[Cell]) -> tuple[Dispute, ...]:
    """Every cell whose marks differ: heaviest disagreement first, then more marks, then the skills' order."""
    weights = {skill.id: skill.weight for skill in skills}
    agenda = [
        Dispute(
            cell.skill_id,
            cell.candidate_id,
            weights[cell.skill_id],
            cell.spread,
            cell.n,
            urgency(weights[cell.skill_id], cell.spread),
            cell.flagged,
        )
        for cell in cells
        if cell.spread
    ]
    return tuple(sorted(agenda, key=lambda one: (-one.urgency, -one.n)))


def _find_other_questions(
    skills: Sequence[SheetSkill], candidates: Sequence[SheetCandidate], found: Rows, scores: Scores
) -> Iterable[OtherQuestions]:
    """Skills on which candidates of two plan versions have marks, but share no question and no wording."""
    versions: dict[int, list[SheetCandidate]] = defaultdict(list)
    for candidate in candidates:
        versions[candidate.plan_version].append(candidate)
    for skill in skills:
        for first, second in combinations(sorted(versions), 2):
            sides = [[one.id for one in versions[version] if scores[skill.id, one.id] is not None] for version in (first, second)]
            asked = [{key for one in side for row in found[skill.id, one] if row.given.mark for key in row.question_ids} for side in sides]
            if all(sides) and not asked[0] & asked[1]:
                yield OtherQuestions(skill.id, (first, second), (tuple(sides[0]), tuple(sides[1])))


def _find_only_some(skills: Sequence[SheetSkill], candidates: Sequence[SheetCandidate], scores: Scores) -> Iterable[OnlySome]:
    for skill in skills:
        scored = tuple(one.id for one in candidates if scores[skill.id, one.id] is not None)
        missing = tuple(one.id for one in candidates if scores[skill.id, one.id] is None)
        if scored and missing:
            yield OnlySome(skill.id, scored, missing)
