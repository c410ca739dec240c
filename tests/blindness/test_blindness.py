"""Whoever may not read a card learns nothing of it, whatever it says and whichever way they ask; the long form: `./run reliability`."""

from pathlib import Path

import pytest

from hiring.openings.rules import Seal
from hiring.scorecards.rules import Given, Recommendation
from hiring.sqlite import driver
from tests.blindness.addresses import LEFT_OUT, READS, list_addresses, list_commands
from tests.blindness.leaks import LEAKS
from tests.blindness.measure import over_states
from tests.blindness.place import FILE, make_place
from tests.blindness.states import Fate, Hand, Life, Stage, State
from tests.blindness.twins import Twins, clock, make_twins
from tests.blindness.watching import Watcher
from tests.conftest import Stocks

STATES = 3
HIDDEN = {
    "marks": {"given", "evidence"},
    "question_notes": {"was_asked", "notes", "minutes"},
    "scorecards": {"recommendation", "summary", "why_not", "debrief_notes", "private_notes"},
    "card_revisions": {"changed"},
    "refused_texts": {"fields"},
}


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory, stocks: Stocks) -> Twins:
    folder = tmp_path_factory.mktemp("blindness")
    return make_twins(folder, make_place(folder, stocks.of("sqlite").shipped / FILE), folder / FILE)


def test_nobody_can_tell_twins_apart_that_differ_in_hidden_values(twins: Twins) -> None:
    watcher = Watcher(twins, observers=1, far=3, near=8)
    over_states(twins, STATES, 1, watcher.examine)
    assert watcher.tally.leaks == []
    assert watcher.tally.told_apart == watcher.tally.states == STATES
    assert watcher.tally.documents > 0


def hand(given: Given, length: int, recommendation: Recommendation) -> Hand:
    return Hand((given,) * 3, (length,) * 4, recommendation, was_asked=True, minutes=7)


LOW, MIDDLE, HIGH = (
    hand(given, length, said)
    for given, length, said in (
        (Given.ONE, 40, Recommendation.NO),
        (Given.THREE, 60, Recommendation.STRONG_NO),
        (Given.FIVE, 300, Recommendation.YES),
    )
)


def make_state(ana: Stage, fate: Fate = Fate.BLIND, seal: Seal = Seal.REVEAL, ben: Stage = Stage.NONE) -> State:
    """Ana's card on the first panel, which the twins differ in, and one of Ben's on the second."""
    nobody = (Stage.NONE, MIDDLE)
    first = Life(((ana, MIDDLE), (ben, MIDDLE), nobody), seal, fate, amended=None, is_refused=False)
    second = Life((nobody, (Stage.DRAFT, MIDDLE), nobody), Seal.REVEAL, Fate.BLIND, amended=None, is_refused=False)
    third = Life((nobody, nobody), Seal.REVEAL, Fate.BLIND, amended=None, is_refused=False)
    return State("ana", (first, second, third), spares=False, left=LOW, right=HIGH)


DEBRIEF, CARD = {"debrief.show_debrief"}, {"scorecards.show_scorecard"}
WAYS: dict[str, tuple[State, set[str]]] = {
    "the debrief has an ETag of sealed words": (make_state(Stage.DRAFT), DEBRIEF),
    "the count of cards depends on sealed marks": (make_state(Stage.DRAFT), DEBRIEF),
    "a submitted card is read before the reveal": (make_state(Stage.SUBMITTED), CARD),
    "the audit trail keeps marks": (make_state(Stage.DRAFT), {"home.health"}),
    "a line of the log sums sealed marks up": (make_state(Stage.DRAFT), DEBRIEF),
    "a revealed card shows its earlier versions": (
        make_state(Stage.SUBMITTED, Fate.REVEALED, ben=Stage.SUBMITTED),
        {"scorecards.list_revisions", "scorecards.show_revision"},
    ),
    "a card that is not on record is read after the reveal": (make_state(Stage.WITHDRAWN, Fate.EARLY, ben=Stage.SUBMITTED), CARD),
    "cards open after one's own to whoever sits on the panel": (make_state(Stage.SUBMITTED, seal=Seal.OWN, ben=Stage.DRAFT), CARD),
    "panels are listed by their sealed recommendations": (make_state(Stage.DRAFT), DEBRIEF),
}
"""A state in which each leak shows, and the pages on which it does; the long form hunts all of them everywhere."""


def look(twins: Twins, state: State, endpoints: set[str], observers: int = 2) -> list[str]:
    watcher = Watcher(twins, observers=observers, far=0, hunting=True, scent=frozenset(endpoints))
    watcher.examine(state)
    return watcher.tally.leaks


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_is_found(twins: Twins, name: str) -> None:
    with LEAKS[name]():
        assert look(twins, *WAYS[name])


def test_without_a_leak_nothing_is_found_there(twins: Twins) -> None:
    pages: dict[State, set[str]] = {}
    for state, endpoints in WAYS.values():
        pages[state] = pages.get(state, set()) | endpoints
    assert [leak for state, endpoints in pages.items() for leak in look(twins, state, endpoints, observers=1)] == []


def test_every_page_is_asked(twins: Twins) -> None:
    def look(state: State) -> None:
        with clock(twins.place):
            twins.become(state)
        asked = {one.endpoint for one in list_addresses(twins.apps[0], twins.place, twins.cards, state.author)}
        assert asked == {rule.endpoint for rule in twins.apps[0].url_map.iter_rules() if "GET" in (rule.methods or ())}

    over_states(twins, 1, 1, look)


def test_every_command_is_asked_or_left_out_with_a_reason(twins: Twins) -> None:
    assert list_commands(twins.apps[0]) == set(READS) | set(LEFT_OUT)


def test_the_twins_differ_in_hidden_values_alone(twins: Twins) -> None:
    def look(state: State) -> None:
        with clock(twins.place):
            twins.become(state)
        left, right = (_read_tables(path) for path in twins.paths())
        assert left.keys() == right.keys()
        different = {(table, column) for table, column in left if left[table, column] != right[table, column]}
        assert ("scorecards", "private_notes") in different
        assert different <= {(table, column) for table, columns in HIDDEN.items() for column in columns}

    over_states(twins, 2, 1, look)


def _read_tables(path: Path) -> dict[tuple[str, str], list[object]]:
    """Every column of the database by its table's name and its own."""
    connection = driver.connect(str(path))  # pyright: ignore[reportAttributeAccessIssue]
    try:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[tuple[str, str], list[object]] = {}
        for table in tables:
            rows = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name from the schema
            names = [column[0] for column in rows.description]
            found |= {(table, name): list(values) for name, values in zip(names, zip(*rows, strict=True), strict=False)}
        return found
    finally:
        connection.close()
