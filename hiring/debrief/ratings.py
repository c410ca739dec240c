"""What the statistics are made of: ratings, the rule that weighs them, the scale, and the cards that ratings make.

A rating is what one interviewer says of one skill of one candidate in one session. Candidates, interviewers, sessions and
skills are known by text (a name or an id) that is compared exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from hiring.debrief.statistics import deviation


@dataclass(frozen=True, order=True)
class Rating:
    """mark: None where there is none; then `asked` tells *no evidence* (True) from *not asked* (False)."""

    candidate: str
    interviewer: str
    session: str
    skill: str
    mark: int | None = None
    asked: bool = True


@dataclass(frozen=True, order=True)
class Criterion:
    """A skill's part in the rule. weight: 0 says that the rule doesn't ask for it. must_have: the bar, None without one."""

    skill: str
    weight: float = 1.0
    must_have: float | None = None


@dataclass(frozen=True)
class Scale:
    """The lowest and the highest mark that can be given."""

    low: int = 1
    high: int = 5

    @property
    def unit(self) -> float:
        """What one mark of the scale from 1 to 5 is on this one: figures that are fixed in marks are multiplied by it."""
        return (self.high - self.low) / 4


@dataclass(frozen=True)
class Card:
    """One interviewer's marks for one candidate in one session.

    mean: weighted as the total is, over the marks of weighted skills; None without any. variance: of all marks (divisor
    n - 1); None under two. n: how many marks.
    """

    candidate: str
    interviewer: str
    session: str
    mean: float | None
    variance: float | None
    n: int


def make_cards(ratings: Iterable[Rating], weights: Mapping[str, float]) -> list[Card]:
    """The cards that have a mark, by candidate, interviewer and session; the order of `ratings` changes nothing."""
    marks: dict[tuple[str, str, str], list[tuple[str, int]]] = defaultdict(list)
    for one in ratings:
        if one.mark is not None:
            marks[one.candidate, one.interviewer, one.session].append((one.skill, one.mark))
    return [_make_card(key, marks[key], weights) for key in sorted(marks)]


def _make_card(key: tuple[str, str, str], marks: Sequence[tuple[str, int]], weights: Mapping[str, float]) -> Card:
    whole = fsum(weights[skill] for skill, _ in marks)
    mean = fsum(weights[skill] * mark for skill, mark in marks) / whole if whole else None
    apart = deviation([mark for _, mark in marks])
    return Card(*key, mean, None if apart is None else apart**2, len(marks))


def find_links(cards: Iterable[Card]) -> list[list[str]]:
    """The candidates in groups that a chain of shared interviewers links, the largest first, then by name."""
    interviewers: dict[str, set[str]] = defaultdict(set)
    candidates: dict[str, set[str]] = defaultdict(set)
    for card in cards:
        interviewers[card.candidate].add(card.interviewer)
        candidates[card.interviewer].add(card.candidate)
    groups, seen = list[list[str]](), set[str]()
    for start in sorted(interviewers):
        if start not in seen:
            group, waiting = {start}, [start]
            while waiting:
                for interviewer in interviewers[waiting.pop()]:
                    # An interviewer is looked at once: what was reached over them needs no second look.
                    new = candidates.pop(interviewer, set()) - group
                    group |= new
                    waiting += new
            seen |= group
            groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group))
