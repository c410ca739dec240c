"""The states of everything that has states, as diagrams: `python -m tests.states > docs/states.md`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from hiring.bank.rules import QUESTION_MOVES
from hiring.loops.rules import LOOP_MOVES, PLAN_MOVES
from hiring.openings.rules import OPENING_MOVES
from hiring.scorecards.rules import CARD_MOVES

MACHINES: dict[str, Mapping[Any, set[Any]]] = {
    "Question": QUESTION_MOVES,
    "Opening": OPENING_MOVES,
    "Plan": PLAN_MOVES,
    "Loop": LOOP_MOVES,
    "Scorecard": CARD_MOVES,
}


def draw() -> str:
    """The whole page: one diagram a thing, made from the moves that the code allows."""
    parts = ["# States", "Made from the moves in each feature's rules by `python -m tests.states`; a test compares the two."]
    for thing, moves in MACHINES.items():
        lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {_word(next(iter(moves)))}"]
        for before, after in moves.items():
            lines += [f"    {_word(before)} --> {_word(one)}" for one in sorted(after)] or [f"    {_word(before)} --> [*]"]
        parts.append("\n".join([f"## {thing}", "", *lines, "```"]))
    return "\n\n".join(parts) + "\n"


def _word(state: StrEnum) -> str:
    return state.value.replace(" ", "_")


if __name__ == "__main__":
    print(draw(), end="")
