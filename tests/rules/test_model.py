"""The mixed model against the same done with whole matrices, and its promise of calibration."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.debrief.model import CENTRES, SPREAD, Equations, Spreads

Cards = tuple[list[float], list[int], list[int]]


def make_cards(
    seed: int, candidates: int = 9, interviewers: int = 5, cards: int = 30, spreads: Spreads = CENTRES
) -> tuple[Cards, np.ndarray]:
    """Cards of made-up candidates, and what these are worth."""
    random = np.random.default_rng(seed)
    rows = np.concatenate([np.arange(candidates), random.integers(0, candidates, cards - candidates)])
    columns = np.concatenate([np.arange(interviewers), random.integers(0, interviewers, cards - interviewers)])
    worth = 3 + random.normal(0, spreads.candidate, candidates)
    lean = random.normal(0, spreads.interviewer, interviewers)
    y = worth[rows] + lean[columns] + random.normal(0, spreads.residual, cards)
    return (y.tolist(), rows.tolist(), columns.tolist()), worth


def measure_densely(cards: Cards, spreads: Spreads) -> float:
    """-2 times the restricted log-likelihood, by the textbook."""
    y, a, b = np.array(cards[0]), np.eye(max(cards[1]) + 1)[cards[1]], np.eye(max(cards[2]) + 1)[cards[2]]
    whole = spreads.candidate**2 * a @ a.T + spreads.interviewer**2 * b @ b.T + spreads.residual**2 * np.eye(len(y))
    inverse, ones = np.linalg.inv(whole), np.ones(len(y))
    rest = y - (ones @ inverse @ y) / (ones @ inverse @ ones)
    return float(np.linalg.slogdet(whole)[1] + np.log(ones @ inverse @ ones) + rest @ inverse @ rest)


SPREADS = st.builds(Spreads, *[st.floats(0.05, 3)] * 3)


@given(st.integers(0, 500), SPREADS)
@settings(max_examples=40)
def test_the_likelihood_is_that_of_the_textbook(seed: int, spreads: Spreads) -> None:
    cards = make_cards(seed)[0]
    assert Equations(*cards).solve(spreads).criterion == pytest.approx(measure_densely(cards, spreads), rel=1e-8, abs=1e-7)


@given(st.integers(0, 500), SPREADS)
@settings(max_examples=40)
def test_its_slope_is_what_small_steps_say(seed: int, spreads: Spreads) -> None:
    equations, step = Equations(*make_cards(seed)[0]), 1e-4
    slope = equations.solve(spreads).slope
    for place in range(3):
        up, down = (Spreads(*np.exp(np.log(spreads) + sign * step * np.eye(3)[place])) for sign in (1, -1))
        told = (equations.solve(up).criterion - equations.solve(down).criterion) / (2 * step)
        assert slope[place] == pytest.approx(told, rel=1e-4, abs=1e-3)


def test_values_and_their_errors_are_those_of_whole_matrices() -> None:
    cards, _ = make_cards(3)
    fit = Equations(*cards).fit()
    a, b = np.eye(9)[cards[1]], np.eye(5)[cards[2]]
    design = np.column_stack([np.ones(len(a)), a, b])
    held = np.diag([0.0] + [fit.spreads.candidate**-2] * 9 + [fit.spreads.interviewer**-2] * 5)
    inverse = np.linalg.inv(design.T @ design / fit.spreads.residual**2 + held)
    solution = inverse @ design.T @ np.array(cards[0]) / fit.spreads.residual**2
    of_values = np.column_stack([np.ones(9), np.eye(9), np.zeros((9, 5))])
    assert fit.values == pytest.approx(of_values @ solution)
    assert fit.covariance == pytest.approx(of_values @ inverse @ of_values.T)
    assert fit.leanings == pytest.approx(solution[10:])
    assert fit.leaning_variances == pytest.approx(np.diag(inverse)[10:])


@pytest.mark.parametrize("seed", range(6))
def test_no_spreads_nearby_are_better(seed: int) -> None:
    cards = make_cards(seed)[0]
    equations = Equations(*cards)
    best = np.log(equations.fit().spreads)

    def measure(logs: np.ndarray) -> float:
        return equations.solve(Spreads(*np.exp(logs))).criterion + float((((logs - np.log(CENTRES)) / SPREAD) ** 2).sum())

    random = np.random.default_rng(seed)
    assert all(measure(best) <= measure(best + random.normal(0, size, 3)) + 1e-9 for size in (0.001, 0.05, 0.5, 2) for _ in range(50))


def test_without_a_trace_of_interviewers_the_fit_still_ends() -> None:
    cards = make_cards(1, spreads=Spreads(0.8, 1e-9, 0.2))[0]
    fit = Equations(*cards).fit(None)
    assert fit.spreads.interviewer < 0.1
    assert np.isfinite(fit.values).all()


def test_intervals_hold_what_they_promise() -> None:
    """80 % of what made-up candidates are worth lie within 80 % intervals, with the priors' spreads and with others."""
    inside = []
    for seed in range(60):
        spreads = Spreads(*np.array(CENTRES) * np.random.default_rng(seed).uniform(0.6, 1.6, 3))
        cards, worth = make_cards(seed, 12, 8, 48, spreads)
        fit = Equations(*cards).fit()
        inside += list(np.abs(fit.values - worth) <= 1.2816 * np.sqrt(np.diag(fit.covariance)))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.05)


def test_probabilities_are_calibrated() -> None:
    """Of the pairs that are told apart with so much confidence, so many are in the right order."""
    told, right = [], []
    for seed in range(80):
        cards, worth = make_cards(seed, 8, 6, 32)
        fit = Equations(*cards).fit()
        for i in range(8):
            for j in range(i):
                error = np.sqrt(fit.covariance[i, i] + fit.covariance[j, j] - 2 * fit.covariance[i, j])
                z = (fit.values[i] - fit.values[j]) / error
                told.append(abs(z))
                right.append((worth[i] > worth[j]) == (z > 0))
    kept = [(z, one) for z, one in zip(told, right, strict=True) if 0.84 <= z <= 1.645]
    assert np.mean([one for _, one in kept]) == pytest.approx(0.89, abs=0.04)
    assert np.mean([one for z, one in zip(told, right, strict=True) if z > 1.645]) > 0.96
