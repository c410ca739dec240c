"""How far each weight is from swapping the first and the second candidate: exact, by solving for the weight.

With every other weight held, a total is (N + s x) / (W + x) in the weight x of a skill with score s, or N / W where the
candidate has no score on it. Two totals are equal where a polynomial of degree 2 at the most is 0; the order changes
wherever it changes its sign.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, inf, isclose, sqrt

from hiring.debrief.ratings import Criterion
from hiring.debrief.scoring import SAME, Scores

NOTHING = 1e-9
"""A billionth of a weight is 0 that was rounded: without the skill is no weight of it."""
CANCELLED = 1e-12
TIED = "The first and the second have the same total, so there is no order to swap."
NEVER = "No positive weight of it swaps them while both keep a total."


@dataclass(frozen=True)
class Flip:
    """The weight of a skill at which first and second swap. n: both their marks on the skill.

    flips_at: None where nothing swaps them; `reason` then says why. change: flips_at - weight; direction: "raise" or
    "lower" the weight to get there.
    """

    skill: str
    weight: float
    flips_at: float | None
    change: float | None
    direction: str | None
    first: str
    second: str
    n: int
    reason: str | None


@dataclass(frozen=True)
class _Part:
    """A candidate's total as a function of one weight: the rest's sum(w * score) and sum(w), and the score beside it."""

    rest: float
    rest_weight: float
    score: float | None

    @property
    def line(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Numerator and denominator, each as (constant, slope)."""
        if self.score is None:
            return (self.rest, 0.0), (self.rest_weight, 0.0)
        return (self.rest, self.score), (self.rest_weight, 1.0)

    def keep_total(self, others: float, least: float) -> tuple[float, float]:
        """From which weight to which the covered share is at least `least`; others: the weight of all other skills."""
        if self.score is None:
            return 0.0, (self.rest_weight / least - others if least else inf)
        if least >= 1:
            return (0.0, inf) if isclose(self.rest_weight, others) else (inf, inf)
        return max(0.0, (least * others - self.rest_weight) / (1 - least)), inf


def find_flips(pair: tuple[str, str], totals: tuple[float, float], scores: Scores, rule: Sequence[Criterion], least: float) -> list[Flip]:
    """For each weighted skill the smallest change of its weight that swaps the pair, the smallest of all first.

    pair: first and second by total, with their totals. least: the covered share below which there is no total. The
    weights stay positive, and a swap counts only where both still have a total there.
    """
    tied = round(totals[0] - totals[1], SAME) == 0
    flips = [_find_flip(pair, one, scores, rule, least, tied) for one in rule if one.weight > 0]
    return sorted(flips, key=lambda one: (one.change is None, round(abs(one.change or 0) / one.weight, SAME), one.skill))


def _find_flip(pair: tuple[str, str], criterion: Criterion, scores: Scores, rule: Sequence[Criterion], least: float, tied: bool) -> Flip:
    first, second = (_take_apart(one, criterion, scores, rule) for one in pair)
    others = fsum(one.weight for one in rule if one is not criterion)
    spans = [part.keep_total(others, least) for part in (first, second)]
    low, high = max(span[0] for span in spans), min(span[1] for span in spans)
    weight = criterion.weight
    roots = [] if tied else [root for root in _cross(first, second) if root > NOTHING * weight and low <= root <= high]
    flips_at = min(roots, key=lambda root: (abs(root - weight), root), default=None)
    change = None if flips_at is None else flips_at - weight
    direction = None if change is None else "raise" if change > 0 else "lower"
    n = sum(scores[one, criterion.skill].n for one in pair)
    reason = None if change is not None else TIED if tied else NEVER
    return Flip(criterion.skill, weight, flips_at, change, direction, *pair, n, reason)


def _take_apart(candidate: str, criterion: Criterion, scores: Scores, rule: Sequence[Criterion]) -> _Part:
    found: Mapping[str, float] = {
        one.skill: score for one in rule if one.weight > 0 and (score := scores[candidate, one.skill].score) is not None
    }
    rest = [one for one in rule if one.skill in found and one is not criterion]
    return _Part(fsum(one.weight * found[one.skill] for one in rest), fsum(one.weight for one in rest), found.get(criterion.skill))


def _cross(first: _Part, second: _Part) -> Iterator[float]:
    """The weights at which the difference of the totals changes its sign."""
    (top, top_slope), (under, under_slope) = first.line
    (other, other_slope), (below, below_slope) = second.line
    if isclose(under, below) and under_slope == below_slope:  # the same weight behind both: the difference is a line
        yield from _solve(0.0, _add(top_slope, -other_slope), _add(top, -other))
        return
    yield from _solve(
        _add(top_slope * below_slope, -other_slope * under_slope),
        _add(top_slope * below, top * below_slope, -other_slope * under, -other * under_slope),
        _add(top * below, -other * under),
    )


def _add(*terms: float) -> float:
    """Their sum, and 0 where it is nothing but what rounding left of terms that cancel out."""
    total = fsum(terms)
    return 0.0 if abs(total) <= CANCELLED * fsum(abs(term) for term in terms) else total


def _solve(square: float, slope: float, constant: float) -> Iterator[float]:
    """The simple roots of square * x**2 + slope * x + constant: at a double one the sign stays."""
    if square == 0:
        if slope != 0:
            yield -constant / slope
        return
    inner = slope * slope - 4 * square * constant
    if inner > 0:
        far = -(slope + (sqrt(inner) if slope >= 0 else -sqrt(inner))) / 2
        yield far / square
        yield constant / far
