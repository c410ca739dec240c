"""Published results, found again from the published data within rounding."""

import numpy as np
import pytest
from scipy.optimize import minimize

from hiring.debrief.agreement import correlate, count_coincidences, find_alpha, find_components, measure_agreement, order_distances
from hiring.debrief.computing import compute
from hiring.debrief.model import Equations
from hiring.debrief.ratings import Rating, Scale

KRIPPENDORFF = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four observers (rows) on twelve units."""

SHROUT_FLEISS = """
9 2 5 8
6 1 3 2
8 4 6 8
7 1 2 6
10 5 6 9
6 2 4 7
"""
"""Shrout and Fleiss 1979, Intraclass correlations: uses in assessing rater reliability, table 2: six targets, four judges."""

PENICILLIN = """
27 23 26 23 23 21  27 23 26 23 23 21  25 21 25 24 24 20  26 23 25 23 23 20  25 22 26 22 23 20  24 22 25 23 22 19
24 20 23 21 22 19  26 22 26 24 24 21  24 21 24 22 22 20  24 21 24 23 22 19  26 23 26 24 24 21  25 22 26 24 24 20
26 24 26 24 25 22  26 23 26 23 23 20  26 23 25 24 24 22  25 22 25 23 23 20  25 21 24 23 23 20  25 22 24 23 23 19
24 21 23 21 21 19  26 23 26 24 24 21  25 21 24 22 22 18  25 22 25 22 22 20  24 21 24 22 24 19  24 21 24 22 21 18
"""
"""Davies and Goldsmith 1972, Statistical Methods in Research and Production, table 6.6: 24 plates by 6 samples, in mm."""

CREATIVITY = {
    "Avogadro": "55353 97585 33371 73133 97785 35351 77555",
    "Brahe": "65463 87572 45366 56455 24323 44642 33554",
    "Cavendish": "55573 77575 35555 53331 97777 33353 77757",
}
"""Guilford 1954, Psychometric Methods, page 282, as in Linacre's manual of Facets: seven junior scientists (groups) on five traits."""


def read_table(text: str) -> list[list[int | None]]:
    return [[None if cell == "." else int(cell) for cell in line.split()] for line in text.split("\n") if line]


def make_ratings(table: list[list[int | None]]) -> list[Rating]:
    """Rows are candidates, columns interviewers."""
    return [Rating(f"c{row}", f"i{column}", "s", "skill", mark) for row, line in enumerate(table) for column, mark in enumerate(line)]


def test_alpha_of_krippendorff_2011() -> None:
    table = [list(column) for column in zip(*read_table(KRIPPENDORFF), strict=True)]
    assert measure_agreement(make_ratings(table), 0.8).alpha == pytest.approx(0.815, abs=5e-4)


@pytest.mark.parametrize(("metric", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_alpha_by_every_metric_of_krippendorff_2011(metric: str, alpha: float) -> None:
    columns = zip(*read_table(KRIPPENDORFF), strict=True)
    given = [(unit, mark) for unit, column in enumerate(columns) for mark in column if mark and sum(map(bool, column)) > 1]
    units = np.unique([unit for unit, _ in given], return_inverse=True)[1]
    values = np.array([float(mark) for _, mark in given])
    table = count_coincidences(values, units, np.zeros(units.max() + 1, dtype=int))[0]
    levels = np.unique(values)
    apart, both = levels[:, None] - levels[None, :], levels[:, None] + levels[None, :]
    distances = {"nominal": apart != 0, "ordinal": order_distances(table.sum(axis=1)), "interval": apart**2, "ratio": (apart / both) ** 2}
    assert float(find_alpha(table, distances[metric])) == pytest.approx(alpha, abs=5e-4)


def test_correlations_of_shrout_and_fleiss_1979() -> None:
    found = measure_agreement(make_ratings(read_table(SHROUT_FLEISS)), 0.8)
    assert (found.icc.single, found.icc.average) == (pytest.approx(0.29, abs=5e-3), pytest.approx(0.62, abs=5e-3))
    assert (found.icc.k, found.pairs, found.marks) == (4, 36, 24)


def test_variances_behind_them_give_the_other_correlations_too() -> None:
    """With judges as they are, .71 and .91; as if each mark had a judge of its own, .17 and .44."""
    y = np.array(read_table(SHROUT_FLEISS), dtype=float)
    targets, judges = (place.ravel() for place in np.indices(y.shape))
    variances, k = find_components(np.ones((1, 6)), y.ravel(), targets, targets, judges)
    target, judge, rest = variances[0]
    assert target / (target + rest) == pytest.approx(0.71, abs=5e-3)
    assert target / (target + rest / 4) == pytest.approx(0.91, abs=5e-3)
    assert [float(one[0]) for one in correlate(variances, k)][:2] == [pytest.approx(0.29, abs=5e-3), pytest.approx(0.62, abs=5e-3)]
    within = judge + rest
    between = 4 * target + rest
    assert (between - within) / (between + 3 * within) == pytest.approx(0.17, abs=5e-3)
    assert (between - within) / between == pytest.approx(0.44, abs=5e-3)


def test_variances_of_penicillin_by_restricted_likelihood() -> None:
    """Bates 2010, lme4: mixed-effects modeling with R, section 2.1, and lme4's own help page; no priors there."""
    y = np.array(PENICILLIN.split(), dtype=float).reshape(24, 6)
    plates, samples = (place.ravel().tolist() for place in np.indices(y.shape))
    fit = Equations(y.ravel().tolist(), plates, samples).fit(None)
    assert fit.spreads == pytest.approx((0.8467, 1.9316, 0.5499), abs=1e-4)
    assert fit.n == 144


def make_creativity() -> list[Rating]:
    return [
        Rating(f"junior {number}", judge, "s", f"trait {trait}", int(mark))
        for judge, rows in CREATIVITY.items()
        for number, row in enumerate(rows.split(), 1)
        for trait, mark in enumerate(row, 1)
    ]


def test_severities_have_the_rank_and_the_sign_of_a_many_facet_analysis() -> None:
    """Published: B is more severe than A and C (Bond and Fox, Applying the Rasch Model, chapter 8; Linacre's manual)."""
    ours = {one.interviewer: one.estimate for one in compute(make_creativity(), scale=Scale(1, 9)).severity}
    theirs = dict(zip(CREATIVITY, fit_facets()[0], strict=True))
    assert all(estimate is not None for estimate in ours.values())
    assert sorted(ours, key=lambda one: ours[one] or 0) == sorted(theirs, key=lambda one: theirs[one]) == ["Cavendish", "Avogadro", "Brahe"]
    assert {one: bool(np.sign(ours[one] or 0) == np.sign(theirs[one])) for one in ours} == dict.fromkeys(CREATIVITY, True)
    assert np.corrcoef([ours[one] or 0 for one in CREATIVITY], [*theirs.values()])[0, 1] > 0.99


def test_the_creativity_data_are_those_that_were_published() -> None:
    """Both sources say that all unexpected marks (two standard residuals) are Brahe's, five of them."""
    judges, residuals = fit_facets()[1:]
    assert [int(judge) for judge, residual in zip(judges, residuals, strict=True) if abs(residual) >= 2] == [1] * 5


def fit_facets() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A many-facet rating scale model by joint maximum likelihood: severities around their mean, and each mark's judge and residual."""
    marks = np.array([[[int(mark) for mark in row] for row in rows.split()] for rows in CREATIVITY.values()])
    judges, juniors, traits = np.indices(marks.shape).reshape(3, -1)
    steps, y = np.arange(9), marks.ravel() - 1

    def chances(p: np.ndarray) -> np.ndarray:
        able, hard, thresholds = (np.append(part, -part.sum()) for part in (p[3:9], p[9:13], p[13:]))
        logits = (able[juniors] - hard[traits] - p[judges])[:, None] * steps - np.append(0, np.cumsum(thresholds))
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    best = minimize(lambda p: -np.log(chances(p)[np.arange(len(y)), y]).sum(), np.zeros(20), method="BFGS", options={"maxiter": 500}).x
    found = chances(best)
    expected = found @ steps
    return best[:3] - best[:3].mean(), judges, (y - expected) / np.sqrt(found @ steps**2 - expected**2)
