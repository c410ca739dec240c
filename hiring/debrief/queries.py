"""Reads of a debrief: the rows of panels that may be read, and where the other panels stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from hiring.bank.queries import list_skills
from hiring.db import db, now
from hiring.debrief.building import Row, build_sheet
from hiring.debrief.models import Decision
from hiring.debrief.parts import Card, Entry, LeftOut, Rule, RuleChange, SheetCandidate, SheetDecision, SheetSkill
from hiring.debrief.sheet import Sheet
from hiring.errors import NotFound
from hiring.loops.models import Loop
from hiring.loops.queries import list_loops, list_missing_cards, read_plan, say_late
from hiring.loops.rules import LoopState
from hiring.loops.sheet import AskedSkill, PlanSheet
from hiring.openings.models import Opening
from hiring.openings.queries import get_opening
from hiring.openings.rules import SkillRule
from hiring.permissions import Actor, Can, allows
from hiring.scorecards.models import Amendment, Mark, Scorecard
from hiring.scorecards.queries import count_cards_in, get_amendment, list_amended, list_cards_of_loops
from hiring.scorecards.rules import Given
from hiring.scorecards.sheet import Amended, Ruled

SHADOW = "for learning: it never counts"


@dataclass(frozen=True)
class Debrief:
    """An opening with its loops, one for each candidate: the live one, or else the last that was cancelled."""

    opening: Opening
    loops: tuple[Loop, ...]

    @property
    def panelist_ids(self) -> set[str]:
        return {person_id for loop in self.loops for person_id in loop.panelist_ids}

    def loop_of(self, candidacy_id: str) -> Loop | None:
        return next((loop for loop in self.loops if loop.candidacy_id == candidacy_id), None)


@dataclass(frozen=True)
class Panel:
    """Where an unrevealed panel stands: how many of its lead cards are in, and nothing that is in them."""

    loop: Loop
    cards_in: int
    seats: int
    late: tuple[str, ...] = ()

    @property
    def is_breakable(self) -> bool:
        """Whether there is something to read, and something missing."""
        return self.loop.state is LoopState.UNDER_WAY and self.cards_in > 0

    @property
    def is_ready(self) -> bool:
        return self.loop.state is LoopState.READY

    @property
    def said(self) -> str:
        if self.loop.candidacy.withdrawn_at is not None:
            return "withdrew"
        if self.loop.is_cancelled:
            return "the loop was cancelled"
        if not self.cards_in and self.loop.state in {LoopState.DRAFT, LoopState.SCHEDULED}:
            return f"the loop is {'being arranged' if self.loop.state is LoopState.DRAFT else 'scheduled'}, no card yet"
        return f"{self.cards_in} of {self.seats} cards are in" + (", not revealed yet" if self.is_ready else "")


def get_debrief(key: str) -> Debrief:
    """The debrief of the opening with this id or slug."""
    opening = get_opening(key)
    loops: dict[str, Loop] = {}
    for loop in list_loops(opening):
        found = loops.get(loop.candidacy_id)
        if found is None or found.is_cancelled:
            loops[loop.candidacy_id] = loop
    return Debrief(opening, tuple(sorted(loops.values(), key=lambda loop: loop.candidacy.position)))


def list_revealed(actor: Actor, debrief: Debrief) -> list[Loop]:
    """The loops whose marks `actor` may read, in the opening's order; who withdrew is no longer compared."""
    return [loop for loop in debrief.loops if allows(actor, Can.READ_RESULT, loop) and loop.candidacy.withdrawn_at is None]


def list_panels(actor: Actor, debrief: Debrief) -> list[Panel]:
    """The panels that `actor` may know of but that are not compared: blind, cancelled, or of candidates who withdrew."""
    revealed = {loop.id for loop in list_revealed(actor, debrief)}
    hidden = [loop for loop in debrief.loops if loop.id not in revealed and allows(actor, Can.READ_LOOP, loop)]
    return [read_panel(loop, with_late=allows(actor, Can.COORDINATE, loop)) for loop in hidden]


def read_panel(loop: Loop, *, with_late: bool = False) -> Panel:
    """Where a panel stands. with_late: also who is late, for whoever coordinates it."""
    return Panel(loop, *count_cards_in(loop), tuple(say_late(loop, now())) if with_late else ())


@dataclass(frozen=True)
class Choice:
    """An amended mark beside the sealed one. holds: whether it counts. otherwise: the sheet as it would be if the other one did."""

    amendment: Amendment
    skill: SheetSkill
    entry: Entry
    holds: bool
    sheet: Sheet
    otherwise: Sheet


def read_choice(actor: Actor, debrief: Debrief, loop: Loop, amendment_id: str) -> Choice:
    """What hangs on a ruling; raises NotFound for an amendment that is not of a lead on this loop."""
    amendment = get_amendment(amendment_id)
    sheet = read_sheet(actor, debrief, [loop.candidacy_id], alone=True)
    cells = [cell for cell in sheet.cells if cell.skill_id == amendment.skill_id]
    entry = next((entry for cell in cells for entry in cell.entries if amendment_id in {one.id for one in entry.amended}), None)
    if entry is None:
        raise NotFound
    holds = entry.counting is not None and entry.counting.id == amendment_id
    otherwise = read_sheet(actor, debrief, [loop.candidacy_id], alone=True, suppose={amendment_id: not holds})
    return Choice(amendment, sheet.skill(amendment.skill_id), entry, holds, sheet, otherwise)


def read_sheet(
    actor: Actor,
    debrief: Debrief,
    candidacy_ids: Collection[str] | None = None,
    *,
    alone: bool = False,
    suppose: Mapping[str, bool] | None = None,
) -> Sheet:
    """The comparison of the panels that `actor` may read, or of those among them that are chosen.

    alone: for one candidate's own page and document, where nobody else is a matter. suppose: by amendment id, whether it
    were to count.
    """
    readable = list_revealed(actor, debrief)
    loops = [loop for loop in readable if candidacy_ids is None or loop.candidacy_id in candidacy_ids]
    cards = [card for card in list_cards_of_loops(loops) if card.is_submitted and allows(actor, Can.READ_SCORECARD, card)]
    plans = {loop.plan_id: read_plan(loop.plan) for loop in loops}
    leads = [card for card in cards if card.seat.is_lead]
    return build_sheet(
        opening=(debrief.opening.id, debrief.opening.slug, debrief.opening.title),
        rule=_read_rule(debrief.opening),
        skills=_list_skills(debrief.opening, sorted(plans.values(), key=lambda plan: -plan.version)),
        candidates=[_read_candidate(loop) for loop in loops],
        rows=[row for card in leads for row in _list_rows(card, plans[card.loop.plan_id], suppose or {})],
        cards=[_read_card(card) for card in leads],
        decisions=[_read_decision(decision) for decision in list_decisions(loops)],
        left_out=_list_left_out(actor, debrief, readable, loops, others=not alone),
    )


def _list_left_out(actor: Actor, debrief: Debrief, readable: Sequence[Loop], loops: Sequence[Loop], *, others: bool) -> list[LeftOut]:
    """By name and state: the shadows of who is compared and, where `others` count, who is not revealed or not chosen."""
    shadows = [
        LeftOut(loop.candidacy_id, f"{seat.interviewer.name}, shadow on {loop.candidacy.name}", SHADOW)
        for loop in loops
        for seat in loop.seats
        if not seat.is_lead
    ]
    if not others:
        return shadows
    panels = [LeftOut(panel.loop.candidacy_id, panel.loop.candidacy.name, panel.said) for panel in list_panels(actor, debrief)]
    unchosen = [LeftOut(loop.candidacy_id, loop.candidacy.name, "revealed, not chosen here") for loop in readable if loop not in loops]
    return [*panels, *unchosen, *shadows]


def _read_rule(opening: Opening) -> Rule:
    names = {skill.id: skill.name for skill in list_skills(with_retired=True)}
    changes = []
    for change in opening.changes:
        before = [SkillRule(**kept) for kept in change.rule]  # pyright: ignore[reportArgumentType] - what set_rule wrote
        told = tuple((names.get(rule.skill_id, rule.skill_id), rule.weight, rule.bar) for rule in before)
        changes.append(RuleChange(change.version, change.reason, change.changed_by, change.changed_at, told))
    return Rule(opening.rule_version, opening.least_covered_share, opening.rule_sealed_at, tuple(changes))


def _list_skills(opening: Opening, plans: Sequence[PlanSheet]) -> list[SheetSkill]:
    """The rule's skills in the words of the newest plan that asks for them, then skills that only a plan still has."""
    words: dict[str, AskedSkill] = {}
    for plan in plans:
        for skill in plan.skills:
            words.setdefault(skill.id, skill)
    ruled = [row.rule for row in opening.skills]
    names = {row.skill_id: row.skill for row in opening.skills}
    skills = []
    for rule in [*ruled, *(SkillRule(skill_id, 0.0, "", None, words[skill_id].sessions) for skill_id in words if skill_id not in names)]:
        asked = words.get(rule.skill_id)
        said = asked or names[rule.skill_id]
        group = asked.group if asked else names[rule.skill_id].group_name
        anchors = dict(said.anchors)
        skills.append(
            SheetSkill(rule.skill_id, said.name, group, rule.weight, rule.bar, rule.reason, rule.sessions, said.definition, anchors)
        )
    return skills


def _read_candidate(loop: Loop) -> SheetCandidate:
    missing = tuple(one.said for one in list_missing_cards(loop)) if loop.was_broken else ()
    revealed = (loop.revealed_at, loop.revealed_by or "", loop.early_because or "", missing)
    return SheetCandidate(loop.candidacy_id, loop.candidacy.name, loop.plan.version, *revealed)


def _list_rows(card: Scorecard, plan: PlanSheet, suppose: Mapping[str, bool]) -> list[Row]:
    """A row for each filled mark of a lead's card."""
    known = {skill.id for skill in plan.skills}
    amended = {skill_id: tuple(_suppose(one, suppose) for one in said) for skill_id, said in list_amended(card).items()}
    marks = [mark for mark in card.marks if mark.skill_id in known]
    return [_read_row(card, mark, mark.given, plan, amended.get(mark.skill_id, ())) for mark in marks if mark.given is not None]


def _suppose(amended: Amended, suppose: Mapping[str, bool]) -> Amended:
    if amended.id not in suppose:
        return amended
    return replace(amended, ruled=(*amended.ruled, Ruled(suppose[amended.id], "", "", now())))


def _read_row(card: Scorecard, mark: Mark, given: Given, plan: PlanSheet, amended: tuple[Amended, ...]) -> Row:
    seat, session = card.seat, plan.session(card.seat.session_id)
    probing = [question for question in session.questions if mark.skill_id in {*question.primary, *question.secondary}]
    keys = {question.id for question in probing} | {f"wording {question.wording_group}" for question in probing if question.wording_group}
    return Row(
        candidate_id=card.loop.candidacy_id,
        candidate=card.loop.candidacy.name,
        interviewer_id=seat.interviewer_id,
        interviewer=seat.interviewer.name,
        session_id=session.id,
        session=session.name,
        skill_id=mark.skill_id,
        sealed=given,
        evidence=mark.evidence,
        plan_version=plan.version,
        question_ids=tuple(sorted(keys)),
        amended=amended,
    )


def _read_card(card: Scorecard) -> Card:
    return Card(
        card.loop.candidacy_id,
        card.loop.candidacy.name,
        card.seat.interviewer_id,
        card.seat.interviewer.name,
        card.seat.session.name,
        card.recommendation,
        card.why_not,
        card.summary,
        card.debrief_notes,
        card.submitted_at,
    )


def list_decisions(loops: Sequence[Loop]) -> list[Decision]:
    """Every decision on these loops, the earliest first, the reopened ones too."""
    query = select(Decision).where(Decision.loop_id.in_([loop.id for loop in loops]))
    return list(db.session.scalars(query.order_by(Decision.decided_at, Decision.id)))


def find_decision(loop: Loop) -> Decision | None:
    """The decision that holds."""
    return next((one for one in list_decisions([loop]) if one.reopened_at is None), None)


def _read_decision(decision: Decision) -> SheetDecision:
    return SheetDecision(
        decision.loop.candidacy_id,
        decision.outcome,
        decision.reason,
        decision.decided_by,
        decision.decided_at,
        decision.rule_version,
        decision.reopened_at,
        decision.reopened_by,
        decision.reopened_because,
    )
