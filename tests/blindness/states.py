"""Made-up states of an opening with three panels, and how each comes about by the actions that people use."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import cycle

from hypothesis import strategies as st

from hiring.debrief.actions import decide, reopen, reveal_panel
from hiring.debrief.rules import Outcome
from hiring.loops.actions import cancel_loop, free_seat
from hiring.loops.queries import get_loop, get_seat
from hiring.openings.actions import withdraw_candidate
from hiring.openings.queries import get_candidacy, get_opening
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


SEALED = (Fate.BLIND, Fate.BLIND, Fate.BLIND, Fate.SET_ASIDE, Fate.CANCELLED)
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
    """One loop: the stage and the hand of each seat's card, what becomes of it, and what is amended."""

    cards: tuple[tuple[Stage, Hand], ...]
    fate: Fate
    amended: Given | None


@dataclass(frozen=True)
class State:
    """A life for each loop, whose hidden values the twins differ in, and these values."""

    author: str
    lives: tuple[Life, ...]
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
    fate = draw(st.sampled_from(SEALED if hidden else list(Fate)))
    cards = []
    for part, is_lead in table.parts:
        stages = [Stage.SUBMITTED] if fate in AFTER_REVEAL and is_lead else [one for one in Stage if part != hidden or one != Stage.NONE]
        cards.append((draw(st.sampled_from(stages)), draw(hands)))
    return Life(tuple(cards), fate, draw(st.sampled_from([None, *Given])))


@st.composite
def states(draw: st.DrawFn, tables: Sequence[Table]) -> State:
    """Any state in which at least one card of the author's is sealed."""
    author = draw(st.sampled_from(AUTHORS))
    sealed = draw(st.sampled_from([table for table in tables if author in dict(table.parts)]))
    lives = tuple(draw(_lives(table, author if table is sealed else "")) for table in tables)
    left = draw(hands)
    others = [one for one in (None, *Recommendation) if one != left.recommendation]
    return State(author, lives, left, replace(draw(hands), recommendation=draw(st.sampled_from(others))))


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
    """Bring the installation there; to be called in a transaction."""
    for table, life in zip(place.tables, state.lives, strict=True):
        for (part, _), (stage, hand) in zip(table.parts, life.cards, strict=True):
            if stage is not Stage.NONE:
                _write_card(table.seats[part], part, stage, hand)
        _meet(place, table, life)


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
    if life.fate is Fate.SET_ASIDE:
        free_seat(manager, get_seat(table.seats["ana"]))
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
