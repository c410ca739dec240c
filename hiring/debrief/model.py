"""The mixed model of a panel: card mean = mu + candidate + interviewer + e, candidates and interviewers random.

The variances are those of restricted maximum likelihood (Patterson and Thompson 1971), with log-normal priors on the three
standard deviations; the values are Henderson's best linear unbiased predictions (Henderson 1975). Candidates are absorbed
first, so that the work grows with candidates times interviewers squared, and only interviewers make a dense matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SPREAD = 0.5
"""Of the priors, on the scale of the logarithm: two thirds of what is likely lies within a factor of 1.65 of the centre."""
STARTS = ((1.0, 1.0, 1.0), (2.0, 0.3, 0.7), (0.3, 2.0, 0.7))
"""Times the centres: from one starting point alone a variance can stop at 0."""
MOST_STEPS, LONGEST_STEP = 200, 1.0
FLAT = 1e-7
LEAST_LOG = -14.0
"""A standard deviation of a millionth of a mark is as good as none, and still can be divided by."""


class Spreads(NamedTuple):
    """Standard deviations, in marks: of candidates, of interviewers, and of what neither explains."""

    candidate: float
    interviewer: float
    residual: float


CENTRES = Spreads(0.6, 0.3, 0.5)
"""The priors' medians, for marks from 1 to 5."""


@dataclass(frozen=True)
class Fit:
    """The model solved once for n cards, in the order in which candidates and interviewers were numbered.

    values: mu + candidate, in marks, and covariance (candidates x candidates): of the errors of these. leanings: by how
    much an interviewer marks above (or, negative, below) the others, and leaning_variances: of their errors.
    """

    spreads: Spreads
    n: int
    values: Array
    covariance: Array
    leanings: Array
    leaning_variances: Array


@dataclass(frozen=True)
class _Solved:
    """Henderson's equations for one set of spreads. kept: mu, then interviewers. gain: (candidates x kept)."""

    spreads: Spreads
    held: Array
    gain: Array
    inverse: Array
    kept: Array
    candidates: Array
    criterion: float
    slope: Array


class Equations:
    """The cards as Henderson's equations. values: card means; candidates and interviewers: their numbers, from 0, one a card."""

    def __init__(self, values: Sequence[float], candidates: Sequence[int], interviewers: Sequence[int]) -> None:
        import numpy as np  # noqa: PLC0415 - 20 MB that most commands and pages don't need

        self.n = len(values)
        self.rows, self.columns = np.array(candidates), np.array(interviewers)
        self.middle = float(np.mean(values))
        self.y: Array = np.array(values, dtype=float) - self.middle
        shape = (int(self.rows.max()) + 1, int(self.columns.max()) + 1)
        cells = self.rows * shape[1] + self.columns
        counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(float)
        self.of_row, of_column = counts.sum(axis=1), counts.sum(axis=0)
        self.sums = np.bincount(self.rows, self.y)
        self.links: Array = np.column_stack([self.of_row, counts])
        self.kept_sums = np.concatenate([[self.y.sum()], np.bincount(self.columns, self.y)])
        self.kept_links = np.diag(np.concatenate([[self.n], of_column]))
        self.kept_links[0, 1:] = self.kept_links[1:, 0] = of_column

    def solve(self, spreads: Spreads) -> _Solved:
        """The values for these spreads, with -2 times the restricted log-likelihood (but for a constant) and its slope."""
        import numpy as np  # noqa: PLC0415

        ratio_a, ratio_b = (spreads.residual / spreads.candidate) ** 2, (spreads.residual / spreads.interviewer) ** 2
        held = self.of_row + ratio_a
        gain = self.links / held[:, None]
        matrix = self.kept_links - self.links.T @ gain
        matrix[np.arange(1, len(matrix)), np.arange(1, len(matrix))] += ratio_b
        root = np.linalg.cholesky(matrix)
        half = np.linalg.inv(root)
        inverse = half.T @ half
        kept = inverse @ (self.kept_sums - gain.T @ self.sums)
        a = self.sums / held - gain @ kept
        b = kept[1:]
        error = self.y - kept[0] - a[self.rows] - b[self.columns]
        squares = error @ error, a @ a, b @ b
        traces = (1 / held).sum() + ((gain @ inverse) * gain).sum(), np.trace(inverse[1:, 1:])
        free = self.n - 1 - len(a) - len(b)
        logs = [log(one) for one in spreads]
        determinant = np.log(held).sum() + 2 * np.log(np.diag(root)).sum()
        penalised = (squares[0] + ratio_a * squares[1] + ratio_b * squares[2]) / spreads.residual**2
        criterion = 2 * (free * logs[2] + len(a) * logs[0] + len(b) * logs[1]) + determinant + penalised
        slope = 2 * np.array(
            [
                len(a) - ratio_a * traces[0] - squares[1] / spreads.candidate**2,
                len(b) - ratio_b * traces[1] - squares[2] / spreads.interviewer**2,
                free + ratio_a * traces[0] + ratio_b * traces[1] - squares[0] / spreads.residual**2,
            ]
        )
        return _Solved(spreads, held, gain, inverse, kept, a, float(criterion), slope)

    def fit(self, centres: Spreads | None = CENTRES) -> Fit:
        """The best spreads from three starting points, and the values there. centres: of the priors; None: without priors."""
        import numpy as np  # noqa: PLC0415

        around = centres or Spreads(*[max(float(self.y.std()), 1e-3)] * 3)

        def measure(logs: Array) -> tuple[float, Array]:
            solved = self.solve(_to_spreads(logs))
            slope = np.where(logs > LEAST_LOG, solved.slope, 0.0)
            if centres is None:
                return solved.criterion, slope
            off = (logs - np.log(centres)) / SPREAD
            return solved.criterion + float(off @ off), slope + 2 * off / SPREAD

        ends = [_descend(measure, np.log(around) + np.log(start)) for start in STARTS]
        best = min(ends, key=lambda end: end[0])[1]
        return self._write(self.solve(_to_spreads(best)))

    def _write(self, solved: _Solved) -> Fit:
        import numpy as np  # noqa: PLC0415

        scale = solved.spreads.residual**2
        carried = -solved.gain
        carried[:, 0] += 1  # mu + candidate moves with mu, less what the candidate's own cards take back
        covariance = carried @ solved.inverse @ carried.T
        covariance[np.diag_indices_from(covariance)] += 1 / solved.held
        values = self.middle + solved.kept[0] + solved.candidates
        variances = scale * np.diag(solved.inverse)[1:]
        return Fit(solved.spreads, self.n, values, scale * covariance, solved.kept[1:], variances)


def _to_spreads(logs: Array) -> Spreads:
    return Spreads(*(exp(max(float(one), LEAST_LOG)) for one in logs))


def _descend(measure: Callable[[Array], tuple[float, Array]], point: Array) -> tuple[float, Array]:
    """The least value near `point`, and where it is, by BFGS (Nocedal and Wright 2006, chapter 6) with halved steps."""
    import numpy as np  # noqa: PLC0415

    value, slope = measure(point)
    inverse = np.eye(len(point)) / max(1.0, float(np.abs(slope).max()))
    for _ in range(MOST_STEPS):
        step = -inverse @ slope
        if np.abs(slope).max() < FLAT or -(step @ slope) < 1e-14 * (1 + abs(value)):
            break
        step *= min(1.0, LONGEST_STEP / float(np.abs(step).max()))
        share, gain = 1.0, step @ slope
        next_value, next_slope = measure(point + step)
        while next_value > value + 1e-4 * share * gain and share > 1e-8:
            share /= 2
            next_value, next_slope = measure(point + share * step)
        if next_value >= value:
            break
        moved, turned = share * step, next_slope - slope
        point, value, slope = point + moved, next_value, next_slope
        along = moved @ turned
        if along > 1e-12:
            left = np.eye(len(point)) - np.outer(moved, turned) / along
            inverse = left @ inverse @ left.T + np.outer(moved, moved) / along
    return value, point
