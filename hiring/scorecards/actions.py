"""Writes to scorecards: opening, saving, submitting, and taking back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from hiring import audit
from hiring.db import apart, db, now
from hiring.errors import Conflict, Invalid, Unavailable
from hiring.loops.actions import follow_card, hold_loop
from hiring.loops.models import Seat
from hiring.loops.queries import has_other_cards_in
from hiring.permissions import Actor, Can, ensure
from hiring.scorecards.models import Amendment, CardRevision, Mark, QuestionNote, RefusedText, Scorecard, new_salt
from hiring.scorecards.queries import (
    find_card_of_seat,
    find_last_refused,
    find_last_revision,
    find_revision_by_key,
    get_card,
    read_kit,
)
from hiring.scorecards.rules import (
    CardState,
    Given,
    check_amendable,
    check_amendment,
    check_lengths,
    check_open,
    check_seated,
    check_submittable,
    check_withdrawable,
    check_writable,
)
from hiring.scorecards.sheet import Entries, Kit, QuestionEntry, SkillEntry


class StaleCard(Conflict):
    """The card was saved elsewhere since this page was opened; `kept` is what stands on it now, `version` its number."""

    def __init__(self, kept: Entries, version: int) -> None:
        super().__init__(
            "This scorecard was changed in another tab or on another device. Nothing is lost: compare both versions and choose."
        )
        self.kept, self.version = kept, version


def open_card(actor: Actor, seat: Seat) -> Scorecard:
    """The card of one's own seat; made, as a draft, where there is none yet."""
    card = find_card_of_seat(seat)
    if card is not None:
        ensure(actor, Can.FILL_SCORECARD, card)
        return card
    card = Scorecard(seat=seat, state_name=CardState.DRAFT)
    ensure(actor, Can.FILL_SCORECARD, card)
    check_open(seat.loop.state)
    try:
        with db.session.begin_nested():
            db.session.add(card)
    except IntegrityError:  # another tab was quicker: one seat, one card
        return find_card_of_seat(seat) or card
    return card  # and nothing in the audit trail: that there is a draft, others don't read anywhere


@dataclass(frozen=True)
class Saved:
    """The version that holds what was sent, and when it came to stand there."""

    version: int
    at: datetime


def save_card(actor: Actor, card: Scorecard, filled: Entries, version: int, key: str = "") -> Saved:
    """Keep `filled` as the draft, incomplete as it may be. `version` is the one that the page was opened with.

    key: what the page calls this save. The same save sent twice is kept once and answered alike, whatever came in between.
    Raises StaleCard where somebody would be overwritten; what is refused is kept for its author all the same.
    """
    ensure(actor, Can.FILL_SCORECARD, card)
    made = find_revision_by_key(card, key) if key else None
    if made is not None:
        return Saved(made.number, made.saved_at)
    with _kept_if_refused(card, filled):
        check_writable(card.state, is_blind=card.loop.is_blind)
        _write(card, filled, version, key)
    return Saved(card.version, card.changed_at)


def submit_scorecard(actor: Actor, card: Scorecard, entries: Entries, version: int, accepts_unsupported: bool) -> Scorecard:
    """Hand the card in as `entries` have it; the same submission sent twice is one."""
    ensure(actor, Can.FILL_SCORECARD, card)
    kit = read_kit(card)
    if card.is_submitted and _merge(kit.entries, entries) == kit.entries:
        return card
    with _kept_if_refused(card, entries):
        check_writable(card.state, is_blind=card.loop.is_blind)
        check_seated(is_freed=card.seat.is_freed)
        _write(card, entries, version)
    check_submittable(
        kit.filled(read_kit(card).entries), card.recommendation, card.summary, card.why_not, accepts_unsupported=accepts_unsupported
    )
    with _guarded(card, version):
        card.state_name, card.submitted_at, card.draft_salt = CardState.SUBMITTED, now(), None
        db.session.flush()
        follow_card(card.seat, card.submitted_at)
    audit.record(actor, "scorecards.submit_scorecard", card.id, card.seat.session.name)
    return card


def withdraw_scorecard(actor: Actor, card: Scorecard) -> Scorecard:
    """Take a submitted card back to draft, until the reveal."""
    ensure(actor, Can.FILL_SCORECARD, card)
    check_seated(is_freed=card.seat.is_freed)
    hold_loop(card.loop)
    could_read = card.opens_after_own and has_other_cards_in(card.seat)
    check_withdrawable(card.state, panel_is_revealed=card.panel_is_revealed, could_read_others=could_read)
    check_writable(CardState.DRAFT, is_blind=card.loop.is_blind)
    with _guarded(card, card.version):
        card.state_name, card.submitted_at, card.draft_salt = CardState.DRAFT, None, new_salt()
        db.session.flush()
        follow_card(card.seat, card.submitted_at)
    audit.record(actor, "scorecards.withdraw_scorecard", card.id, card.seat.session.name)
    return card


def amend_mark(actor: Actor, card: Scorecard, skill_id: str, given: Given | None, reason: str) -> Amendment:
    """Say otherwise of one skill after the reveal; the sealed mark stays beside it, and counts."""
    ensure(actor, Can.FILL_SCORECARD, card)
    kit = read_kit(card)
    kit.skill(skill_id)
    check_amendable(card.state, card.loop.state)
    said = [one.given for one in card.amendments if one.skill_id == skill_id]
    check_amendment(given, said[-1] if said else kit.entries.skills[skill_id].given, reason)
    assert given is not None  # checked just now
    made = Amendment(skill_id=skill_id, given_name=given, reason=reason.strip())
    card.amendments.append(made)
    db.session.flush()
    audit.record(actor, "scorecards.amend_mark", card.id, f"{card.seat.session.name}, {skill_id}")
    return made


def _merge(kept: Entries, new: Entries) -> Entries:
    """`new`, with what it does not speak of as it is kept."""
    return Entries(
        {**kept.skills, **new.skills},
        {**kept.questions, **new.questions},
        new.recommendation,
        new.why_not,
        new.summary,
        new.debrief_notes,
        new.private_notes,
    )


def _check_belongs(kit: Kit, entries: Entries) -> None:
    """Raise Invalid where something is filled in that this session neither asks nor marks."""
    places = {question.place_id for question in kit.session.questions}
    if entries.skills.keys() - {skill.id for skill in kit.skills} or entries.questions.keys() - places:
        raise Invalid("This session does not ask or mark that. Reload the page.")


@contextmanager
def _kept_if_refused(card: Scorecard, entries: Entries) -> Iterator[None]:
    """Where the card can't take what was typed, keep that for its author, in a transaction of its own."""
    card_id = card.id
    try:
        yield
    except Conflict as refusal:
        stands = refusal.kept if isinstance(refusal, StaleCard) else read_kit(card).entries
        before = stands.fields()
        typed = {name: text for name, text in _merge(stands, entries).fields().items() if text and text != before.get(name, "")}
        with apart() as short:
            if typed and find_last_refused(card_id, short) != typed:
                short.add(RefusedText(scorecard_id=card_id, fields=typed, because=str(refusal)))
        raise


def _write(card: Scorecard, entries: Entries, version: int, key: str = "") -> None:
    """Put `entries` on the card unless they stand there already; a stale page may only repeat what is kept."""
    kit = read_kit(card)
    _check_belongs(kit, entries)
    check_lengths(entries.texts())
    after = _merge(kit.entries, entries)
    if after == kit.entries:
        return
    if card.version != version:
        raise StaleCard(kit.entries, card.version)
    with _guarded(card, version):
        _write_marks(card, kit, entries)
        _write_notes(card, kit, entries)
        card.recommendation_name = entries.recommendation
        card.why_not, card.summary = entries.why_not, entries.summary
        card.debrief_notes, card.private_notes = entries.debrief_notes, entries.private_notes
        card.changed_at = now()  # so that the card's version counts on where only a mark or a note changed
        db.session.flush()
        _keep_revision(card, kit.entries.fields(), after.fields(), key)


def _keep_revision(card: Scorecard, before: Mapping[str, str], after: Mapping[str, str], key: str) -> None:
    """Add what this save changed; a card's first row holds all fields, so that each version can be told from its rows."""
    has_rows = find_last_revision(card) is not None
    if not has_rows and any(before.values()):  # written before revisions were kept
        db.session.add(CardRevision(scorecard_id=card.id, number=card.version - 1, changed=dict(before)))
        has_rows = True
    changed = {name: text for name, text in after.items() if not has_rows or before.get(name, "") != text}
    db.session.add(CardRevision(scorecard_id=card.id, number=card.version, changed=changed, key=key or None, saved_at=card.changed_at))


def _write_marks(card: Scorecard, kit: Kit, entries: Entries) -> None:
    kept = {mark.skill_id: mark for mark in card.marks}
    for skill in kit.skills:
        entry = entries.skills.get(skill.id)
        if entry is None or (skill.id not in kept and entry == SkillEntry()):
            continue
        mark = kept.get(skill.id)
        if mark is None:
            mark = Mark(skill_id=skill.id)
            card.marks.append(mark)
        mark.given_name, mark.evidence = entry.given, entry.evidence


def _write_notes(card: Scorecard, kit: Kit, entries: Entries) -> None:
    kept = {note.plan_question_id: note for note in card.notes}
    for question in kit.session.questions:
        entry = entries.questions.get(question.place_id)
        if entry is None or (question.place_id not in kept and entry == QuestionEntry()):
            continue
        note = kept.get(question.place_id)
        if note is None:
            note = QuestionNote(plan_question_id=question.place_id)
            card.notes.append(note)
        note.was_asked, note.notes, note.minutes = entry.was_asked, entry.notes, entry.minutes


@contextmanager
def _guarded(card: Scorecard, version: int) -> Iterator[None]:
    """Tell apart whether this very card was saved elsewhere meanwhile, or something beside it."""
    card_id = card.id
    try:
        yield
        db.session.flush()
    except StaleDataError:
        db.session.rollback()
        card = get_card(card_id)
        if card.version != version:
            raise StaleCard(read_kit(card).entries, card.version) from None
        raise Unavailable("Somebody else saved at the same moment. Try again.") from None
