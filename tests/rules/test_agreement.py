"""Agreement beyond the published tables: gaps, one rater alone, no difference at all, and intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.debrief.agreement import list_joint_marks, measure_agreement
from hiring.debrief.model import Equations
from hiring.debrief.ratings import Rating

MARKS = st.lists(
    st.builds(
        Rating,
        st.sampled_from("abcd"),
        st.sampled_from("uvw"),
        st.sampled_from(["s", "t"]),
        st.sampled_from("xy"),
        st.one_of(st.none(), st.integers(1, 5)),
        st.booleans(),
    ),
    max_size=40,
    unique_by=lambda one: (one.candidate, one.interviewer, one.session, one.skill),
)


def make_panel(seed: int, candidates: int = 40, gaps: float = 0.3, spreads: tuple[float, float, float] = (1.0, 0.5, 0.7)) -> list[Rating]:
    random = np.random.default_rng(seed)
    leans = random.normal(0, spreads[1], 5)
    found = []
    for candidate in range(candidates):
        for skill in range(4):
            worth = random.normal(0, spreads[0])
            for who in range(5):
                if random.random() > gaps:
                    mark = round(2 * (5 + worth + leans[who] + random.normal(0, spreads[2])))
                    found.append(Rating(f"c{candidate}", f"i{who}", "s", f"k{skill}", mark))
    return found


def test_nothing_marked_twice_has_no_agreement_and_says_so() -> None:
    found = measure_agreement([Rating("a", "u", "s", "x", 3), Rating("b", "v", "s", "x", 4)], 0.8)
    assert (found.alpha, found.icc.single, found.icc.average, found.pairs, found.marks) == (None, None, None, 0, 0)
    assert "not enough data" in (found.warning or "")


def test_where_all_marks_are_the_same_there_is_nothing_to_measure() -> None:
    found = measure_agreement([Rating(one, who, "s", "x", 3) for one in "abc" for who in "uv"], 0.8)
    assert (found.alpha, found.icc.single, found.pairs) == (None, None, 3)


def test_perfect_agreement_is_one() -> None:
    found = measure_agreement([Rating(one, who, "s", "x", mark) for mark, one in enumerate("abcde", 1) for who in "uvw"], 0.8)
    assert (found.alpha, found.icc.single, found.icc.average) == (pytest.approx(1), pytest.approx(1), pytest.approx(1))


def test_one_interviewer_in_two_sessions_is_one_rater() -> None:
    joint = list_joint_marks([Rating("a", "u", "s", "x", 2), Rating("a", "u", "t", "x", 5), Rating("a", "v", "s", "x", 4)])
    assert joint == [("a", "x", "u", 3.5), ("a", "x", "v", 4.0)]
    assert list_joint_marks([Rating("a", "u", "s", "x", 2), Rating("a", "u", "t", "x", 5)]) == []


def test_the_warning_goes_from_twenty_jointly_marked_candidates_on() -> None:
    assert measure_agreement(make_panel(1, 19, 0), 0.8).warning
    assert measure_agreement(make_panel(1, 20, 0), 0.8).warning is None


@given(MARKS.flatmap(lambda marks: st.tuples(st.just(marks), st.permutations(marks))))
@settings(max_examples=30, deadline=None)
def test_order_and_what_is_no_mark_change_nothing(both: tuple[list[Rating], list[Rating]]) -> None:
    first, second = both
    found = measure_agreement(first, 0.8)
    assert found == measure_agreement(second, 0.8)
    assert found == measure_agreement([one for one in first if one.mark is not None], 0.8)


@pytest.mark.parametrize("seed", range(4))
def test_with_gaps_the_variances_agree_with_restricted_likelihood(seed: int) -> None:
    panel = make_panel(seed)
    joint = list_joint_marks(panel)
    units = {unit: number for number, unit in enumerate(sorted({one[:2] for one in joint}))}
    fit = Equations([one[3] for one in joint], [units[one[:2]] for one in joint], [int(one[2][1]) for one in joint]).fit(None)
    unit, rater, rest = (one**2 for one in fit.spreads)
    assert measure_agreement(panel, 0.8).icc.single == pytest.approx(unit / (unit + rater + rest), abs=0.02)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    """Fifty made-up panels without differences between raters: ICC(A,1) is 1 / 1.49."""
    inside = []
    for seed in range(50):
        between = measure_agreement(make_panel(seed, 25, 0.2, (1.0, 0.0, 0.7)), 0.8).icc.single_interval
        assert between is not None
        inside.append(between[0] <= 1 / 1.49 <= between[1])
    assert np.mean(inside) == pytest.approx(0.8, abs=0.15)


def test_two_draws_of_the_same_marks_give_the_same_interval() -> None:
    panel = make_panel(2)
    assert measure_agreement(panel, 0.8) == measure_agreement(panel, 0.8)
    wide = measure_agreement(panel, 0.95).alpha_interval
    narrow = measure_agreement(panel, 0.8).alpha_interval
    assert wide is not None
    assert narrow is not None
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
