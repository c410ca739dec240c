"""How well interviewers agree: Krippendorff's alpha for ordered marks, and the intraclass correlations ICC(A,1) and ICC(A,k).

A unit is a candidate's skill, its raters are the interviewers with a mark there; a unit with one rater says nothing of
agreement and stays out. Whoever marked a unit in two sessions enters once, with the mean. Intervals come from drawing
candidates with replacement (bootstrap percentiles), because the marks of one candidate hang together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from hiring.debrief.ratings import Rating

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Numbers = NDArray[np.intp]

FEWEST_CANDIDATES, FEWEST_DRAWN = 20, 2
DRAWS, SEED = 1_000, 1
MOST_NUMBERS = 2_000_000
"""In one batch of draws: 16 MB."""

Interval = tuple[float, float] | None
Mark = tuple[str, str, str, float]
"""Candidate, skill, interviewer, mark."""


@dataclass(frozen=True)
class Correlations:
    """single: ICC(A,1), of one mark; average: ICC(A,k), of the mean of k marks, k being the harmonic mean of marks a unit."""

    single: float | None
    single_interval: Interval
    average: float | None
    average_interval: Interval
    k: float | None


@dataclass(frozen=True)
class Agreement:
    """pairs: of two interviewers' marks in one unit, the n of all this. warning: what makes the figures weak, None if nothing does."""

    alpha: float | None
    alpha_interval: Interval
    icc: Correlations
    pairs: int
    marks: int
    units: int
    candidates: int
    interviewers: int
    warning: str | None


def measure_agreement(ratings: Iterable[Rating], interval: float) -> Agreement:
    """All of it, with intervals that hold this share of the draws. The draws are the same every time."""
    marks = list_joint_marks(ratings)
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for candidate, skill, _, _ in marks:
        sizes[candidate, skill] += 1
    candidates = len({one[0] for one in marks})
    pairs = sum(size * (size - 1) // 2 for size in sizes.values())
    weak = []
    if candidates < FEWEST_CANDIDATES:
        weak.append(
            f"Candidates marked jointly: {candidates}. Under {FEWEST_CANDIDATES} there is not enough data to rely on these figures."
        )
    alpha, alpha_interval, icc = _measure(marks, interval) if marks else (None, None, Correlations(None, None, None, None, None))
    interviewers = len({one[2] for one in marks})
    if marks and alpha is None:
        weak.append("All joint marks are the same: what doesn't differ can't be seen to agree.")
    return Agreement(alpha, alpha_interval, icc, pairs, len(marks), len(sizes), candidates, interviewers, " ".join(weak) or None)


def list_joint_marks(ratings: Iterable[Rating]) -> list[Mark]:
    """One mark for each interviewer and unit, of units that two interviewers or more have marked, in order."""
    found: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in ratings:
        if one.mark is not None:
            found[one.candidate, one.skill][one.interviewer].append(one.mark)
    units = {unit: raters for unit, raters in found.items() if len(raters) > 1}
    return sorted((*unit, who, fsum(given) / len(given)) for unit, raters in units.items() for who, given in raters.items())


def _number(things: Sequence[object]) -> list[int]:
    """Numbers from 0 in the order of first appearance."""
    numbers: dict[object, int] = {}
    return [numbers.setdefault(thing, len(numbers)) for thing in things]


def _measure(marks: Sequence[Mark], interval: float) -> tuple[float | None, Interval, Correlations]:
    import numpy as np  # noqa: PLC0415 - 20 MB that most commands and pages don't need

    candidates, values = np.array(_number([one[0] for one in marks])), np.array([one[3] for one in marks])
    units, raters = np.array(_number([one[:2] for one in marks])), np.array(_number([one[2] for one in marks]))
    count = int(candidates.max()) + 1
    whole, drawn = np.ones((1, count)), np.zeros((0, count))
    if count >= FEWEST_DRAWN:
        drawn = np.random.default_rng(SEED).multinomial(count, np.full(count, 1 / count), DRAWS).astype(float)
    owners = candidates[np.unique(units, return_index=True)[1]]
    tables = count_coincidences(values, units, owners)
    weights = np.concatenate([whole, drawn])
    step = max(1, MOST_NUMBERS // tables[0].size)
    alphas = np.concatenate([_draw_alphas(weights[at : at + step], tables) for at in range(0, len(weights), step)])
    single, average, k = correlate(*find_components(weights, values, candidates, units, raters))
    sides = (_take(single, interval), _take(average, interval))
    correlations = Correlations(*sides[0], *sides[1], float(k[0]))
    return *_take(alphas, interval), correlations


def _take(figures: Array, interval: float) -> tuple[float | None, Interval]:
    """The figure of all, which comes first, and the middle `interval` of those drawn; None for what can't be said."""
    import numpy as np  # noqa: PLC0415

    drawn = figures[1:][np.isfinite(figures[1:])]
    if not np.isfinite(figures[0]):
        return None, None
    if len(drawn) < DRAWS / 2:
        return float(figures[0]), None
    low, high = np.quantile(drawn, [(1 - interval) / 2, (1 + interval) / 2])
    return float(figures[0]), (float(low), float(high))


def count_coincidences(values: Array, units: Numbers, owners: Numbers) -> Array:
    """How often two marks meet in a unit, each pair weighing 1 / (marks of the unit - 1): one table (levels x levels) an owner.

    owners: for each unit the number of the candidate whose it is. Levels are the different values, in order.
    """
    import numpy as np  # noqa: PLC0415

    levels = np.unique(values, return_inverse=True)[1]
    width = int(levels.max()) + 1
    counts = np.bincount(units * width + levels, minlength=len(owners) * width).reshape(len(owners), width)
    shares = counts / (counts.sum(axis=1, keepdims=True) - 1)
    tables = np.zeros((int(owners.max()) + 1, width, width))
    for owner in range(len(tables)):
        mine = owners == owner
        tables[owner] = counts[mine].T @ shares[mine] - np.diag(shares[mine].sum(axis=0))
    return tables


def order_distances(margins: Array) -> Array:
    """The squared distances of Krippendorff's ordinal metric (levels x levels): how many marks lie between two levels."""
    middles = margins.cumsum(axis=-1) - margins / 2
    return (middles[..., :, None] - middles[..., None, :]) ** 2


def find_alpha(table: Array, distances: Array) -> Array:
    """alpha = 1 - (n - 1) * observed / expected distance (Krippendorff 2011), by tables of coincidences; NaN where all marks agree."""
    import numpy as np  # noqa: PLC0415

    margins = table.sum(axis=-1)
    expected = (margins[..., :, None] * margins[..., None, :] * distances).sum(axis=(-2, -1))
    observed = (table * distances).sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 0, 1 - (margins.sum(axis=-1) - 1) * observed / expected, np.nan)


def _draw_alphas(weights: Array, tables: Array) -> Array:
    width = tables.shape[-1]
    drawn = (weights @ tables.reshape(len(tables), -1)).reshape(-1, width, width)
    return find_alpha(drawn, order_distances(drawn.sum(axis=-1)))


def find_components(weights: Array, values: Array, candidates: Numbers, units: Numbers, raters: Numbers) -> tuple[Array, Array]:
    """Variances (draws x 3: of units, of raters, of the rest) and the harmonic mean of marks a unit, for each row of weights.

    By equating sums of squares to what they are expected to be (Henderson 1953, method I): without gaps these are the
    mean squares of a two-way table. weights (draws x candidates): how often each candidate counts. NaN where the marks
    can't tell the three apart.
    """
    import numpy as np  # noqa: PLC0415

    y = values - values.mean()
    sizes, owners = np.bincount(units), candidates[np.unique(units, return_index=True)[1]]
    width = int(raters.max()) + 1
    cells, shape = candidates * width + raters, (int(candidates.max()) + 1, width)

    def total(amounts: Array, places: Numbers) -> Array:
        return weights @ np.bincount(places, amounts, minlength=shape[0])

    n, a, squares = total(np.ones_like(y), candidates), total(np.ones(len(sizes)), owners), total(y * y, candidates)
    by_unit = total(np.bincount(units, y) ** 2 / sizes, owners)
    counts = weights @ np.bincount(cells, minlength=shape[0] * width).reshape(shape)
    sums = weights @ np.bincount(cells, y, minlength=shape[0] * width).reshape(shape)
    by_rater = (sums**2 / np.maximum(counts, 1)).sum(axis=1)
    b = (counts > 0).sum(axis=1)
    whole = total(y, candidates) ** 2 / n
    ka, kb = total(sizes.astype(float) ** 2, owners) / n, (counts**2).sum(axis=1) / n
    left = np.stack([n - ka, a - kb, a - 1, b - ka, n - kb, b - 1, ka - b, kb - a, n - a - b + 1], axis=1).reshape(-1, 3, 3)
    right = np.stack([by_unit - whole, by_rater - whole, squares - by_unit - by_rater + whole], axis=1)
    solvable = np.abs(np.linalg.det(left / n[:, None, None])) > 1e-9
    found = np.full((len(weights), 3), np.nan)
    found[solvable] = np.linalg.solve(left[solvable], right[solvable][..., None])[..., 0]
    return found, a / total(1 / sizes, owners)


def correlate(variances: Array, k: Array) -> tuple[Array, Array, Array]:
    """ICC(A,1) and ICC(A,k) of McGraw and Wong 1996, Shrout and Fleiss's (2,1) and (2,k), and k; NaN where all marks agree."""
    import numpy as np  # noqa: PLC0415

    of_unit, noise = variances[:, 0], variances[:, 1] + variances[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        single = np.where(of_unit + noise > 1e-12, of_unit / (of_unit + noise), np.nan)
        average = np.where(of_unit + noise / k > 1e-12, of_unit / (of_unit + noise / k), np.nan)
    return single, average, k
