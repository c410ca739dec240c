"""The flip really flips: just past it the second is first, just before it isn't, for whatever scores, gaps and weights."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hiring.debrief.ratings import Criterion, Rating
from hiring.debrief.scoring import rank_totals, score_skills
from hiring.debrief.sensitivity import NEVER, TIED, Flip, find_flips

SKILLS = ("v", "w", "x", "y", "z")
LEAST = 0.8
FULL = st.lists(st.integers(1, 5), min_size=5, max_size=5)
GAPPED = st.tuples(FULL, st.integers(0, 4)).map(lambda both: [None if place == both[1] else mark for place, mark in enumerate(both[0])])
WEIGHTS = st.lists(st.floats(0.1, 10), min_size=5, max_size=5)


def rate(marks: dict[str, list[int | None]]) -> list[Rating]:
    return [Rating(who, "u", "s", skill, mark) for who, given in marks.items() for skill, mark in zip(SKILLS, given, strict=True)]


def make_rule(weights: list[float]) -> list[Criterion]:
    return [Criterion(skill, weight) for skill, weight in zip(SKILLS, weights, strict=True)]


def find(ratings: list[Rating], rule: list[Criterion], least: float = LEAST) -> list[Flip]:
    scores = score_skills(ratings, SKILLS)
    first, second = (one for one in rank_totals(scores, rule, least)[:2])
    assert first.total is not None
    assert second.total is not None
    return find_flips((first.candidate, second.candidate), (first.total, second.total), scores, rule, least)


def lead(ratings: list[Rating], rule: list[Criterion], flip: Flip, weight: float, least: float = LEAST) -> float | None:
    """By how much the first leads the second at another weight; None where one has no total."""
    changed = [replace(one, weight=weight) if one.skill == flip.skill else one for one in rule]
    totals = {one.candidate: one.total for one in rank_totals(score_skills(ratings, SKILLS), changed, least)}
    first, second = totals[flip.first], totals[flip.second]
    return None if first is None or second is None else first - second


def check_flip(ratings: list[Rating], rule: list[Criterion], flip: Flip, least: float = LEAST) -> None:
    """Past the flip the order is the other; on the way there it never was."""
    if flip.flips_at is None or flip.change is None:
        assert flip.reason == NEVER
        tried = [lead(ratings, rule, flip, flip.weight * factor, least) for factor in (0.001, 0.03, 0.3, 0.7, 1.4, 3, 30, 1000)]
        assert all(one is None or one > -1e-9 for one in tried)
        return
    assert flip.flips_at > 0
    assert flip.direction == ("raise" if flip.change > 0 else "lower")
    assert lead(ratings, rule, flip, flip.flips_at, least) in (None, pytest.approx(0, abs=1e-9))  # None where the share is on the edge
    step = flip.change * 1e-5
    before, past = lead(ratings, rule, flip, flip.flips_at - step, least), lead(ratings, rule, flip, flip.flips_at + step, least)
    assert before is not None
    assert before > 0
    assert past is None or past < 0
    on_the_way = [lead(ratings, rule, flip, flip.weight + share * flip.change, least) for share in (0.1, 0.5, 0.9)]
    assert all(one is not None and one > 0 for one in on_the_way)
    other_way = [
        lead(ratings, rule, flip, flip.weight - share * flip.change, least)
        for share in (0.1, 0.5, 0.9)
        if flip.weight > flip.change * share
    ]
    assert all(one is None or one > -1e-9 for one in other_way)


@given(FULL, FULL, WEIGHTS)
@settings(max_examples=60, deadline=None)
def test_the_flip_flips_where_both_have_all_scores(first: list[int | None], second: list[int | None], weights: list[float]) -> None:
    ratings, rule = rate({"a": first, "b": second}), make_rule(weights)
    for flip in find(ratings, rule):
        if flip.reason != TIED:
            check_flip(ratings, rule, flip)


@given(GAPPED, st.one_of(FULL, GAPPED), WEIGHTS, st.sampled_from([0.0, 0.5, 0.8]))
@settings(max_examples=100, deadline=None)
def test_the_flip_flips_with_gaps_too(first: list[int | None], second: list[int | None], weights: list[float], least: float) -> None:
    ratings, rule = rate({"a": first, "b": second}), make_rule(weights)
    totals = [one.total for one in rank_totals(score_skills(ratings, SKILLS), rule, least)]
    assume(None not in totals and abs((totals[0] or 0) - (totals[1] or 0)) > 1e-6)
    for flip in find(ratings, rule, least):
        check_flip(ratings, rule, flip, least)


def test_worked_by_hand() -> None:
    """5, 3 against 3, 4: (5 x + 3) against (3 x + 4) is even at x = 1/2, and 5 + 3 x against 3 + 4 x at x = 2."""
    ratings = [Rating(who, "u", "s", skill, mark) for who, skill, mark in [("a", "v", 5), ("a", "w", 3), ("b", "v", 3), ("b", "w", 4)]]
    scores = score_skills(ratings, ("v", "w"))
    flips = find_flips(("a", "b"), (4.0, 3.5), scores, [Criterion("v"), Criterion("w")], LEAST)
    assert [(one.skill, one.flips_at, one.change, one.direction, one.n) for one in flips] == [
        ("v", 0.5, -0.5, "lower", 2),
        ("w", 2.0, 1.0, "raise", 2),
    ]


def test_a_weight_that_both_score_alike_never_flips() -> None:
    flips = find(rate({"a": [5, 3, 3, 3, 3], "b": [4, 3, 3, 3, 3]}), make_rule([1] * 5))
    assert [(one.flips_at, one.reason) for one in flips] == [(None, NEVER)] * 5


def test_a_tie_has_no_flip_and_says_why() -> None:
    flips = find(rate({"a": [5, 3, 3, 3, 3], "b": [3, 5, 3, 3, 3]}), make_rule([1] * 5))
    assert {(one.flips_at, one.change, one.direction, one.reason) for one in flips} == {(None, None, None, TIED)}


def test_a_swap_where_one_has_no_total_left_is_none() -> None:
    """Without a score on z, the first loses its total before the weight of z is high enough to lose the lead."""
    ratings, rule = rate({"a": [4, 4, 4, 4, None], "b": [3, 3, 3, 3, 5]}), make_rule([1] * 5)
    flip = next(one for one in find(ratings, rule) if one.skill == "z")
    assert (flip.flips_at, flip.reason) == (None, NEVER)
    free = next(one for one in find(ratings, rule, least=0.0) if one.skill == "z")
    assert free.flips_at == pytest.approx(4.0)


@given(FULL, FULL, WEIGHTS, st.floats(0.01, 100))
def test_scaled_weights_scale_the_flips_and_keep_their_order(
    first: list[int], second: list[int], weights: list[float], factor: float
) -> None:
    ratings = rate({"a": [*first], "b": [*second]})
    before, after = find(ratings, make_rule(weights)), find(ratings, make_rule([weight * factor for weight in weights]))
    flips = {one.skill: one.flips_at for one in after}
    for one in before:
        assert flips[one.skill] == (None if one.flips_at is None else pytest.approx(one.flips_at * factor, rel=1e-6))
