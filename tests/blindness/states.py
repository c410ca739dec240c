"""Made-up states of an opening with three panels, and how each comes about by the actions that people use."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import cycle

from hypothesis import strategies as st

from hiring.db import transaction
from hiring.debrief.actions import break_seal, decide, reopen, reveal_panel
from hiring.debrief.rules import Outcome
from hiring.errors import Conflict
from hiring.loops.actions import cancel_loop, free_seat
from hiring.loops.queries import get_loop, get_seat
from hiring.openings.actions import withdraw_candidate
from hiring.openings.queries import get_candidacy, get_opening
from hiring.openings.rules import Seal
from hiring.scorecards.actions import amend_mark, open_card, save_card, submit_scorecard, withdraw_scorecard
from hiring.scorecards.queries import read_kit
from hiring.scorecards.rules import Given, Recommendation
from hiring.scorecards.sheet import Entries, Kit, QuestionEntry, SkillEntry
from tests.blindness.place import AUTHORS, Place, Table
from tests.people import person

TYPED = "Getippt"
"""What every text begins with that somebody types while a state comes about: the audit trail and the log may hold none."""
LENGTHS = (0, 1, 40, 300, 10_000)


class Stage(StrEnum):
    """How far somebody has come with a card."""

    NONE = "none"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What becomes of a loop once its cards are written."""

    BLIND = "blind"
    SET_ASIDE = "set aside"
    CANCELLED = "cancelled"
    REVEALED = "revealed"
    DECIDED = "decided"
    REOPENED = "reopened"
    WITHDREW = "withdrew"
    EARLY = "revealed early"
    ASIDE_EARLY = "set aside, and revealed early"


SEALED = (Fate.BLIND, Fate.BLIND, Fate.BLIND, Fate.SET_ASIDE, Fate.CANCELLED)
BROKEN = {Fate.EARLY, Fate.ASIDE_EARLY}
AFTER_REVEAL = {Fate.REVEALED, Fate.DECIDED, Fate.REOPENED, Fate.WITHDREW}


@dataclass(frozen=True)
class Hand:
    """What somebody writes: taken in turn, over and over, for as many fields as there are."""

    given: tuple[Given | None, ...]
    lengths: tuple[int, ...]
    recommendation: Recommendation | None
    was_asked: bool | None
    minutes: int | None

    def complete(self) -> "Hand":
        """The same with nothing left open, as a card that is handed in has it."""
        given = tuple(one or Given.NOT_ASKED for one in self.given)
        return replace(self, given=given, recommendation=self.recommendation or Recommendation.CANT_SAY)


@dataclass(frozen=True)
class Life:
    """One loop: its seal, the stage and the hand of each seat's card, what becomes of it, and what is amended.

    is_refused: whether each of its authors typed something once more, which the card could not take.
    """

    cards: tuple[tuple[Stage, Hand], ...]
    seal: Seal
    fate: Fate
    amended: Given | None
    is_refused: bool


@dataclass(frozen=True)
class State:
    """A life for each loop, whose hidden values the twins differ in, and these values.

    spares: what some lead reads before the reveal stays the same in both twins, so that this lead too has to see no
    difference; else it differs, and they are not asked.
    """

    author: str
    lives: tuple[Life, ...]
    spares: bool
    left: Hand
    right: Hand


hands = st.builds(
    Hand,
    given=st.tuples(*[st.sampled_from([None, *Given])] * 3),
    lengths=st.tuples(*[st.sampled_from(LENGTHS)] * 4),
    recommendation=st.sampled_from([None, *Recommendation]),
    was_asked=st.sampled_from([None, True, False]),
    minutes=st.sampled_from([None, 0, 7, 240]),
)


@st.composite
def _lives(draw: st.DrawFn, table: Table, hidden: str) -> Life:
    """hidden: whose card has to be there and sealed, or nobody's."""
    fates = [*SEALED, Fate.EARLY, *([Fate.ASIDE_EARLY] if hidden == "ana" else [])] if hidden else list(Fate)
    fate, seal = draw(st.sampled_from(fates)), draw(st.sampled_from(Seal))
    cards = tuple((draw(st.sampled_from(_list_stages(table, part, fate, hidden))), draw(hands)) for part, _ in table.parts)
    return Life(cards, seal, fate, draw(st.sampled_from([None, *Given])), draw(st.booleans()))


def _list_stages(table: Table, part: str, fate: Fate, hidden: str) -> list[Stage]:
    """How far somebody can have come with their card where this becomes of the loop."""
    leads = [one for one, is_lead in table.parts if is_lead]
    not_in = {hidden} & {*leads} or {"ana"}
    if fate in AFTER_REVEAL and part in leads:
        return [Stage.SUBMITTED]
    if fate in BROKEN and part in leads and part not in not_in:
        return [Stage.SUBMITTED]
    stages = [one for one in Stage if part != hidden or one is not Stage.NONE]
    if fate is Fate.EARLY and (part in not_in or part == hidden):
        stages.remove(Stage.SUBMITTED)
    return stages


@st.composite
def states(draw: st.DrawFn, tables: Sequence[Table]) -> State:
    """Any state in which at least one card of the author's is sealed."""
    author = draw(st.sampled_from(AUTHORS))
    sealed = draw(st.sampled_from([table for table in tables if author in dict(table.parts)]))
    lives = tuple(draw(_lives(table, author if table is sealed else "")) for table in tables)
    left = draw(hands)
    others = [one for one in (None, *Recommendation) if one != left.recommendation]
    return State(author, lives, draw(st.booleans()), left, replace(draw(hands), recommendation=draw(st.sampled_from(others))))


def text_of(word: str, length: int) -> str:
    """So many characters of one word over and over."""
    return (f"{word} " * (length // (len(word) + 1) + 1))[:length]


def write_entries(kit: Kit, hand: Hand, word: str) -> Entries:
    """A hand as it stands on the card of `kit`; every text is made of `word`."""
    given, lengths = cycle(hand.given), cycle(hand.lengths)
    return Entries(
        {skill.id: SkillEntry(next(given), text_of(word, next(lengths))) for skill in kit.skills},
        {one.place_id: QuestionEntry(hand.was_asked, text_of(word, next(lengths)), hand.minutes) for one in kit.session.questions},
        hand.recommendation,
        why_not=text_of(word, 60),
        summary=text_of(word, next(lengths) or 60),
        debrief_notes=text_of(word, next(lengths)),
        private_notes=text_of(word, next(lengths)),
    )


def come_about(place: Place, state: State) -> None:
    """Bring the installation there."""
    for table, life in zip(place.tables, state.lives, strict=True):
        # Whoever takes theirs back comes first: where cards open after one's own, later they could not.
        cards = sorted(zip(table.parts, life.cards, strict=True), key=lambda one: one[1][0] is not Stage.WITHDRAWN)
        with transaction():
            get_loop(table.loop).seal_name = life.seal  # as if the opening had chosen so before
            for (part, _), (stage, hand) in cards:
                if stage is not Stage.NONE:
                    _write_card(table.seats[part], part, stage, hand)
        for (part, _), (stage, hand) in cards if life.is_refused else ():
            if stage is not Stage.NONE:
                _type_in_vain(table.seats[part], part, hand)
        with transaction():
            _meet(place, table, life)


def _type_in_vain(seat_id: str, part: str, hand: Hand) -> None:
    """A save from a page that is long out of date, or of a card that is in: kept for its author, on no card."""
    with suppress(Conflict), transaction():
        card = open_card(person(part), get_seat(seat_id))
        save_card(person(part), card, write_entries(read_kit(card), hand, f"{TYPED} again"), 0)


def _write_card(seat_id: str, part: str, stage: Stage, hand: Hand) -> None:
    author = person(part)
    card = open_card(author, get_seat(seat_id))
    kit = read_kit(card)
    save_card(author, card, write_entries(kit, hand, TYPED), card.version)
    if stage is Stage.DRAFT:
        return
    entries = write_entries(kit, hand.complete(), TYPED)
    submit_scorecard(author, card, entries, card.version, accepts_unsupported=True)
    if stage is Stage.WITHDRAWN:
        withdraw_scorecard(author, card)


def _meet(place: Place, table: Table, life: Life) -> None:
    """What becomes of the loop."""
    manager, loop = person("manager"), get_loop(table.loop)
    if life.fate in {Fate.SET_ASIDE, Fate.ASIDE_EARLY}:
        free_seat(manager, get_seat(table.seats["ana"]), because="She moved to another team.")
    if life.fate in BROKEN:
        break_seal(manager, loop, "The offer has to go out today.")
    elif life.fate is Fate.CANCELLED:
        cancel_loop(manager, loop, reason="The opening is on hold.")
    elif life.fate in AFTER_REVEAL:
        reveal_panel(manager, loop)
        if life.amended is not None and life.amended is not (life.cards[0][1].given[0] or Given.NOT_ASKED):
            ana = person("ana")
            card = open_card(ana, get_seat(table.seats["ana"]))
            amend_mark(ana, card, read_kit(card).skills[0].id, life.amended, text_of(TYPED, 40))
        if life.fate in {Fate.DECIDED, Fate.REOPENED}:
            decide(manager, loop, Outcome.HOLD, "One more talk.")
        if life.fate is Fate.REOPENED:
            reopen(manager, loop, "The talk was held.")
        if life.fate is Fate.WITHDREW:
            withdraw_candidate(manager, get_candidacy(get_opening(place.world.slug), table.candidacy), withdraws=True)
