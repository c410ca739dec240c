"""Bugs put into the app on purpose, for the tests only: the machine has to find each of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import delete, select

from hiring import audit
from hiring.audit import AuditEvent
from hiring.db import db, now
from hiring.debrief import actions as debrief
from hiring.debrief import queries, views
from hiring.loops.rules import LoopState
from hiring.permissions import RULES, Can, is_on_record, opens_after_ones_own
from hiring.scorecards import actions
from hiring.scorecards.models import CardRevision, Scorecard
from hiring.scorecards.rules import CardState, Given

Bug = Callable[[], AbstractContextManager[Any]]


def _has_ever_submitted(actor: Any, thing: Any) -> bool:
    query = select(AuditEvent.id).where(AuditEvent.act == "scorecards.submit_scorecard", AuditEvent.actor_id == actor.id)
    return db.session.scalar(query.limit(1)) is not None


def _ask_who_ever_submitted() -> AbstractContextManager[Any]:
    """Hand in, take back, look at the others, and hand in again."""
    rules = [*RULES[Can.READ_SCORECARD], [is_on_record, opens_after_ones_own, _has_ever_submitted]]
    return patch.dict(RULES, {Can.READ_SCORECARD: rules})


def _take_stale_saves() -> AbstractContextManager[Any]:
    plain = actions._write
    return patch.object(actions, "_write", lambda card, entries, _, key="": plain(card, entries, card.version, key))


def _withdraw_ever_after() -> AbstractContextManager[Any]:
    def withdraw(actor: Any, card: Scorecard) -> Scorecard:
        card.state_name, card.submitted_at = CardState.DRAFT, None
        audit.record(actor, "scorecards.withdraw_scorecard", card.id)
        return card

    plain = actions.withdraw_scorecard
    return patch.object(actions, "withdraw_scorecard", lambda actor, card: (withdraw if card.panel_is_revealed else plain)(actor, card))


def _cut_revisions() -> AbstractContextManager[Any]:
    plain = actions.withdraw_scorecard

    def withdraw(actor: Any, card: Scorecard) -> Scorecard:
        numbers = select(CardRevision.number).where(CardRevision.scorecard_id == card.id).order_by(CardRevision.number.desc())
        last = db.session.scalars(numbers.limit(1)).first()
        plain(actor, card)
        db.session.execute(delete(CardRevision).where(CardRevision.scorecard_id == card.id, CardRevision.number == last))
        return card

    return patch.object(actions, "withdraw_scorecard", withdraw)


def _take_incomplete_cards() -> AbstractContextManager[Any]:
    return patch.object(actions, "check_submittable", lambda *_, **__: None)


def _amend_the_sealed_mark() -> AbstractContextManager[Any]:
    plain = actions.amend_mark

    def amend(actor: Any, card: Scorecard, skill_id: str, given: Given | None, reason: str) -> Any:
        made = plain(actor, card, skill_id, given, reason)
        next(mark for mark in card.marks if mark.skill_id == skill_id).given_name = made.given_name
        return made

    return patch.object(actions, "amend_mark", amend)


def _count_amended_marks() -> AbstractContextManager[Any]:
    plain = queries._read_row

    def read(*given: Any) -> Any:
        row = plain(*given)
        return replace(row, sealed=row.amended[-1].given) if row.amended else row

    return patch.object(queries, "_read_row", read)


def _reveal_with_a_card_missing() -> AbstractContextManager[Any]:
    stack = ExitStack()
    stack.enter_context(patch.object(debrief, "check_revealable", lambda _: None))
    plain = debrief.check_loop_move
    wanted = (LoopState.UNDER_WAY, LoopState.REVEALED)
    stack.enter_context(patch.object(debrief, "check_loop_move", lambda *move: None if move == wanted else plain(*move)))
    return stack


def _withdraw_under_others_eyes() -> AbstractContextManager[Any]:
    return patch.object(actions, "has_other_cards_in", lambda _: False)


def _forget_what_was_refused() -> AbstractContextManager[Any]:
    return patch.object(actions, "_kept_if_refused", lambda *_: nullcontext())


def _forget_the_names_of_saves() -> AbstractContextManager[Any]:
    return patch.object(actions, "find_revision_by_key", lambda *_: None)


def _start_with_a_draft() -> AbstractContextManager[Any]:
    plain = actions.open_card

    def opened(actor: Any, seat: Any) -> Scorecard:
        card = plain(actor, seat)
        if seat.loop.state is LoopState.SCHEDULED:
            seat.loop.state_name = LoopState.UNDER_WAY
        return card

    return patch.object(actions, "open_card", opened)


def _break_with_no_card_in() -> AbstractContextManager[Any]:
    stack = ExitStack()
    for module in (debrief, views):
        stack.enter_context(patch.object(module, "check_breakable", lambda *_, **__: None))
    return stack


def _count_each_submission() -> AbstractContextManager[Any]:
    plain = actions.submit_scorecard

    def submit(actor: Any, card: Scorecard, *given: Any, **more: Any) -> Scorecard:
        was_in = card.is_submitted
        plain(actor, card, *given, **more)
        if was_in:
            card.submitted_at = now()
            audit.record(actor, "scorecards.submit_scorecard", card.id)
        return card

    return patch.object(actions, "submit_scorecard", submit)


BUGS: dict[str, Bug] = {
    "a draft that is opened moves the loop": _start_with_a_draft,
    "an incomplete card is handed in": _take_incomplete_cards,
    "a stale save overwrites": _take_stale_saves,
    "whoever has ever handed in reads the others": _ask_who_ever_submitted,
    "taking back cuts a revision off": _cut_revisions,
    "a second submission counts again": _count_each_submission,
    "a panel is revealed with a card missing": _reveal_with_a_card_missing,
    "a card is taken back after the reveal": _withdraw_ever_after,
    "an amendment replaces the sealed mark": _amend_the_sealed_mark,
    "an amended mark counts": _count_amended_marks,
    "a card is taken back although its author reads others": _withdraw_under_others_eyes,
    "what is refused is lost": _forget_what_was_refused,
    "a save that is sent again is taken for another": _forget_the_names_of_saves,
    "the seal is broken with no lead's card in": _break_with_no_card_in,
}
