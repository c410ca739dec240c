"""Whoever may not read a card learns nothing of it, whatever it says and whichever way they ask; the long form: `./run reliability`."""

from pathlib import Path

import pytest

from hiring.sqlite import driver
from tests.blindness.addresses import LEFT_OUT, READS, list_addresses, list_commands
from tests.blindness.leaks import LEAKS
from tests.blindness.measure import find_leak, over_states
from tests.blindness.place import FILE, make_place
from tests.blindness.states import State
from tests.blindness.twins import Twins, clock, make_twins
from tests.blindness.watching import Watcher

STATES = 3
HIDDEN = {
    "marks": {"given", "evidence"},
    "question_notes": {"was_asked", "notes", "minutes"},
    "scorecards": {"recommendation", "summary", "why_not", "debrief_notes", "private_notes"},
    "card_revisions": {"changed"},
    "refused_texts": {"fields"},
}


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Twins:
    folder = tmp_path_factory.mktemp("blindness")
    return make_twins(folder, make_place(folder), folder / FILE)


def test_nobody_can_tell_twins_apart_that_differ_in_hidden_values(twins: Twins) -> None:
    watcher = Watcher(twins, observers=1, far=4)
    over_states(twins, STATES, 1, watcher.examine)
    assert watcher.tally.leaks == []
    assert watcher.tally.told_apart == watcher.tally.states == STATES
    assert watcher.tally.documents > 0


@pytest.mark.parametrize("name", list(LEAKS)[:3])
def test_a_leak_is_found(twins: Twins, name: str) -> None:
    assert find_leak(twins, name) is not None


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
