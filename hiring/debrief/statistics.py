"""Figures of a panel: small pure functions over marks and weights, unrounded.

The definitions are those of docs/ (scoring): a skill's score is the plain mean of its marks, a total the weighted mean of
the scores there are. What has no number (*no evidence*, *not asked*) never comes in here as one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, isclose, sqrt

FEWEST_FOR_DEVIATION = 2


@dataclass(frozen=True)
class Weighted:
    """A weighted mean, and the weight behind it. `value` is None where nothing has a score."""

    value: float | None
    covered_weight: float
    whole_weight: float

    @property
    def covered_share(self) -> float:
        """Share of the declared weight that has a score, from 0 to 1."""
        return self.covered_weight / self.whole_weight if self.whole_weight else 0.0

    def covers(self, least: float) -> bool:
        """Whether the share reaches `least`: 2.4 of 3.0 is 80 %, though not to the last bit."""
        return self.covered_share >= least or isclose(self.covered_share, least)


def mean(marks: Sequence[float]) -> float | None:
    """The arithmetic mean, or None of no marks; `fsum` makes it the same in any order."""
    return fsum(marks) / len(marks) if marks else None


def deviation(marks: Sequence[float]) -> float | None:
    """The sample standard deviation, divisor n - 1 (Bessel); None under two marks."""
    if len(marks) < FEWEST_FOR_DEVIATION:
        return None
    middle = fsum(marks) / len(marks)
    return sqrt(fsum((mark - middle) ** 2 for mark in marks) / (len(marks) - 1))


def spread(marks: Sequence[float]) -> float | None:
    """The distance from the lowest to the highest mark; None of no marks."""
    return max(marks) - min(marks) if marks else None


def weigh(scores: Iterable[tuple[float, float | None]]) -> Weighted:
    """sum(w * score) / sum(w) over the pairs (w, score) that have a score, with the weight that they cover."""
    pairs = list(scores)
    scored = [(weight, score) for weight, score in pairs if score is not None]
    covered = fsum(weight for weight, _ in scored)
    value = fsum(weight * score for weight, score in scored) / covered if covered else None
    return Weighted(value, covered, fsum(weight for weight, _ in pairs))


def urgency(weight: float, apart: float) -> float:
    """How much a disagreement matters: what the skill weighs, times the distance between its marks."""
    return weight * apart
