"""The figures of a panel, by hand and by property."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.debrief.statistics import deviation, mean, spread, urgency, weigh

MARKS = st.lists(st.integers(1, 5), min_size=1, max_size=8)
WEIGHTS = st.floats(0.01, 100)
PAIRS = st.lists(st.tuples(WEIGHTS, st.one_of(st.none(), st.floats(1, 5))), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("marks", "middle", "apart", "off"),
    [
        pytest.param([], None, None, None, id="no marks have no figures, not zeros"),
        pytest.param([4], 4.0, 0, None, id="one mark has a mean but no deviation"),
        pytest.param([2, 5], 3.5, 3, pytest.approx(2.1213203), id="two marks: the deviation divides by n - 1"),
        pytest.param([3, 3, 3], 3.0, 0, 0.0, id="equal marks do not deviate"),
        pytest.param([2, 4, 4, 4, 5, 5], 4.0, 3, pytest.approx(1.0954451), id="six marks, worked by hand"),
    ],
)
def test_figures_of_marks(marks: list[float], middle: float | None, apart: float | None, off: float | None) -> None:
    assert mean(marks) == middle
    assert spread(marks) == apart
    assert deviation(marks) == off


@given(MARKS.flatmap(lambda marks: st.tuples(st.just(marks), st.permutations(marks))))
def test_the_order_of_marks_changes_no_figure(both: tuple[list[int], list[int]]) -> None:
    first, second = both
    assert (mean(first), deviation(first), spread(first)) == (mean(second), deviation(second), spread(second))


@given(MARKS)
def test_a_mean_lies_between_its_marks(marks: list[int]) -> None:
    middle = mean(marks)
    assert middle is not None
    assert min(marks) <= middle <= max(marks)


def test_a_total_is_the_weighted_mean_of_what_has_a_score() -> None:
    weighed = weigh([(2, 4.0), (1, 1.0), (1, None)])
    assert weighed.value == 3.0
    assert weighed.covered_weight == 3
    assert weighed.covered_share == 0.75


def test_a_share_is_reached_though_its_weights_do_not_add_up_to_the_last_bit() -> None:
    weighed = weigh([(1.4, 4.0), (1.0, 3.0), (0.6, None)])
    assert weighed.covered_share < 0.8, "2.4 / 3.0 in floating point"
    assert weighed.covers(0.8)
    assert not weigh([(1.4, 4.0), (1.0, 3.0), (0.61, None)]).covers(0.8)
    assert not weigh([(1.0, None)]).covers(0.8)


def test_nothing_scored_has_no_total_and_covers_nothing() -> None:
    weighed = weigh([(2, None), (1, None)])
    assert weighed.value is None
    assert weighed.covered_share == 0


@given(PAIRS, st.floats(0.01, 100))
def test_scaling_all_weights_changes_neither_total_nor_share(pairs: list[tuple[float, float | None]], factor: float) -> None:
    before, after = weigh(pairs), weigh([(weight * factor, score) for weight, score in pairs])
    assert after.covered_share == pytest.approx(before.covered_share)
    assert after.value == (None if before.value is None else pytest.approx(before.value))


@given(PAIRS)
def test_a_skill_without_a_score_moves_the_share_but_never_the_total(pairs: list[tuple[float, float | None]]) -> None:
    before, after = weigh(pairs), weigh([*pairs, (1.0, None)])
    assert after.value == before.value
    assert after.covered_share <= before.covered_share


def test_urgency_is_weight_times_distance() -> None:
    assert urgency(1.5, 3) == 4.5
