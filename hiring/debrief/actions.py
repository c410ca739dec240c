"""Writes of a debrief: revealing a panel, deciding on a candidate, opening a decision again."""

from hiring import audit
from hiring.db import db, now
from hiring.debrief.models import Decision
from hiring.debrief.queries import Debrief, find_decision
from hiring.debrief.rules import Outcome, check_breakable, check_decidable, check_reopenable, check_revealable, check_rulable
from hiring.errors import Conflict
from hiring.loops.actions import hold_loop
from hiring.loops.models import Loop
from hiring.loops.queries import list_missing_cards
from hiring.loops.rules import LoopState, check_loop_move
from hiring.permissions import Actor, Can, ensure
from hiring.scorecards.models import Amendment, Ruling
from hiring.scorecards.queries import count_cards_in, list_amended
from hiring.scorecards.sheet import find_counting


def reveal_panel(actor: Actor, loop: Loop) -> None:
    """End the blind phase of one panel: from now on its marks can be read, and no longer changed."""
    ensure(actor, Can.REVEAL, loop)
    check_revealable(loop.state)
    _move(loop, LoopState.REVEALED)
    loop.revealed_at, loop.revealed_by = now(), actor.name
    audit.record(actor, "debrief.reveal_panel", loop.id, loop.candidacy.name)
    db.session.flush()


def break_seal(actor: Actor, loop: Loop, reason: str) -> None:
    """Reveal a panel before all of its lead cards are in; what isn't in counts nowhere, and can't come in any more.

    Why, by whom and without whose cards stands on the loop, on its cards, in the debrief and in the documents for good.
    """
    ensure(actor, Can.REVEAL, loop)
    hold_loop(loop)
    check_breakable(loop.state, cards_in=count_cards_in(loop)[0], reason=reason)
    _move(loop, LoopState.REVEALED)
    loop.revealed_at, loop.revealed_by, loop.early_because = now(), actor.name, reason.strip()
    missing = ", ".join(one.said for one in list_missing_cards(loop))
    audit.record(actor, "debrief.break_seal", loop.id, f"{loop.candidacy.name}: {reason.strip()} Not in: {missing}")
    db.session.flush()


def reveal_ready(actor: Actor, debrief: Debrief) -> list[Loop]:
    """Reveal every panel of the opening whose cards are all in; raises Conflict where there is none."""
    ensure(actor, Can.REVEAL, debrief)
    ready = [loop for loop in debrief.loops if loop.state is LoopState.READY]
    if not ready:
        raise Conflict("No panel is ready: a panel is revealed when all of its lead cards are in.")
    for loop in ready:
        reveal_panel(actor, loop)
    return ready


def decide(actor: Actor, loop: Loop, outcome: Outcome, reason: str) -> Decision:
    """Put the decision on record, with its reason and the version of the rule that it was made under."""
    ensure(actor, Can.DECIDE, loop)
    check_decidable(loop.state, reason=reason)
    _move(loop, LoopState.DECIDED)
    decision = Decision(
        loop=loop,
        outcome_name=outcome,
        reason=reason.strip(),
        decided_by=actor.name,
        decided_at=now(),
        rule_version=loop.opening.rule_version,
    )
    db.session.add(decision)
    audit.record(actor, "debrief.decide", loop.id, f"{loop.candidacy.name}: {outcome}")
    db.session.flush()
    return decision


def rule_on_amendment(actor: Actor, amendment: Amendment, *, counts: bool, reason: str) -> Ruling:
    """Decide whether an amended mark counts instead of the sealed one; every ruling stays on record, and the newest holds."""
    card = amendment.scorecard
    ensure(actor, Can.DECIDE, card.loop)
    standing = find_counting(list_amended(card).get(amendment.skill_id, ()))
    holds = standing is not None and standing.id == amendment.id
    check_rulable(card.loop.state, counts=counts, holds=holds, reason=reason)
    ruling = Ruling(counts=counts, reason=reason.strip(), ruled_by=actor.name, ruled_at=now())
    amendment.rulings.append(ruling)
    said = f"{card.seat.interviewer.name}, {amendment.skill_id}: the {'amended' if counts else 'sealed'} mark counts. {reason.strip()}"
    audit.record(actor, "debrief.rule_on_amendment", card.loop.id, f"{card.loop.candidacy.name}, {said}")
    db.session.flush()
    return ruling


def reopen(actor: Actor, loop: Loop, reason: str) -> None:
    """Open a decision again; it stays on record with the reason why it no longer holds."""
    ensure(actor, Can.DECIDE, loop)
    check_reopenable(loop.state, reason=reason)
    _move(loop, LoopState.REVEALED)
    decision = find_decision(loop)
    if decision is not None:
        decision.reopened_at, decision.reopened_by, decision.reopened_because = now(), actor.name, reason.strip()
    audit.record(actor, "debrief.reopen", loop.id, f"{loop.candidacy.name}: {reason.strip()}")
    db.session.flush()


def _move(loop: Loop, state: LoopState) -> None:
    check_loop_move(loop.state, state)
    loop.state_name = state
