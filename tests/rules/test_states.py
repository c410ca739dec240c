"""States are data: their diagram can't lie, and every state is reached and left as its moves say."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import pytest

from tests.states import MACHINES, draw

DIAGRAM = Path(__file__).resolve().parents[2] / "docs" / "states.md"


def test_the_diagram_in_docs_shows_the_moves_that_the_code_allows() -> None:
    assert DIAGRAM.read_text() == draw()


@pytest.mark.parametrize("moves", MACHINES.values(), ids=MACHINES)
def test_every_state_has_its_moves_and_is_reached_from_the_first(moves: Mapping[StrEnum, set[StrEnum]]) -> None:
    first = next(iter(moves))
    assert set(moves) == set(type(first))
    reached, ahead = {first}, [first]
    while ahead:
        fresh = moves[ahead.pop()] - reached
        reached |= fresh
        ahead += fresh
    assert reached == set(moves)
