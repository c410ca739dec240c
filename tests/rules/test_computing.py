"""All figures of a set of ratings together: what must not change them, and where they keep silent."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.debrief.computing import Figures, compute
from hiring.debrief.halo import adjust, measure_halo
from hiring.debrief.ranking import TOO_CLOSE, say_verdict
from hiring.debrief.ratings import Card, Criterion, Rating, Scale, find_links
from hiring.debrief.rules import Verdict
from hiring.debrief.sheet import sheet_to_dict
from tests.ratings import make_panel

SKILLS = ("x", "y", "z")
RATINGS = st.lists(
    st.builds(
        Rating,
        st.sampled_from("abcdefg"),
        st.sampled_from("uvw"),
        st.sampled_from(["s", "t"]),
        st.sampled_from(SKILLS),
        st.one_of(st.none(), st.integers(1, 5)),
        st.booleans(),
    ).map(lambda one: replace(one, asked=True) if one.mark else one),
    min_size=1,
    max_size=60,
    unique_by=lambda one: (one.candidate, one.interviewer, one.session, one.skill),
)
WEIGHTS = st.lists(st.floats(0.1, 10), min_size=3, max_size=3)


def rule_of(weights: list[float]) -> list[Criterion]:
    return [Criterion(skill, weight, 3.0 if skill == "x" else None) for skill, weight in zip(SKILLS, weights, strict=True)]


def as_bytes(figures: Figures) -> str:
    return json.dumps(sheet_to_dict(figures))


def total_of(figures: Figures, candidate: str) -> float | None:
    return next(one.total for one in figures.candidates if one.candidate == candidate)


@given(RATINGS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))), WEIGHTS)
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_changes_no_byte(both: tuple[list[Rating], list[Rating]], weights: list[float]) -> None:
    rule = rule_of(weights)
    assert as_bytes(compute(both[0], rule)) == as_bytes(compute(both[1], rule[::-1]))


def test_the_order_of_rows_changes_no_byte_where_the_model_is_used() -> None:
    panel = make_panel()
    assert compute(panel).model.used
    assert as_bytes(compute(panel)) == as_bytes(compute(panel[::-1])) == as_bytes(compute(sorted(panel, key=str)))


@given(RATINGS, st.data(), WEIGHTS)
@settings(max_examples=30, deadline=None)
def test_a_mark_raised_never_lowers_its_candidate(rows: list[Rating], data: st.DataObject, weights: list[float]) -> None:
    raisable = [one for one in rows if one.mark is not None and one.mark < 5]
    if not raisable:
        return
    chosen = data.draw(st.sampled_from(raisable))
    raised = [replace(one, mark=5) if one is chosen else one for one in rows]
    before, after = compute(rows, rule_of(weights)), compute(raised, rule_of(weights))
    totals = total_of(before, chosen.candidate), total_of(after, chosen.candidate)
    assert (totals[0] is None) == (totals[1] is None)
    assert (totals[1] or 0) >= (totals[0] or 0)
    places = [[one.candidate for one in figures.candidates].index(chosen.candidate) for figures in (before, after)]
    assert places[1] <= places[0]


@given(RATINGS, WEIGHTS)
@settings(max_examples=30, deadline=None)
def test_another_candidate_changes_nobody_s_scores_and_totals(rows: list[Rating], weights: list[float]) -> None:
    alone = [one for one in rows if one.candidate != "a"]
    if not alone:
        return
    before, after = compute(alone, rule_of(weights)), compute(rows, rule_of(weights))
    assert [one for one in after.skills if one.candidate != "a"] == list(before.skills)
    for one in before.candidates:
        assert total_of(after, one.candidate) == one.total


@given(RATINGS, WEIGHTS, st.sampled_from([0.125, 2.0, 64.0]))
@settings(max_examples=30, deadline=None)
def test_scaled_weights_change_nothing(rows: list[Rating], weights: list[float], factor: float) -> None:
    """By powers of two, so that not even rounding differs."""
    before, after = compute(rows, rule_of(weights)), compute(rows, rule_of([weight * factor for weight in weights]))
    assert [replace(one, reason=None) for one in after.candidates] == [replace(one, reason=None) for one in before.candidates]
    assert (after.skills, after.pairs, after.severity, after.agreement) == (before.skills, before.pairs, before.severity, before.agreement)
    assert [(one.candidate, one.skill) for one in after.agenda] == [(one.candidate, one.skill) for one in before.agenda]
    assert [one.skill for one in after.sensitivity] == [one.skill for one in before.sensitivity]


def strip(figures: Figures) -> dict[str, Any]:
    """Without the counts of what is no mark, and without whoever has none."""
    told = sheet_to_dict(figures)
    told["skills"] = [{**one, "no_evidence": 0, "not_asked": 0} for one in told["skills"] if one["n"]]
    told["candidates"] = [one for one in told["candidates"] if one["n"]]
    return {name: told[name] for name in ("skills", "candidates", "agenda", "model", "pairs", "severity", "halo", "agreement")}


@given(RATINGS, WEIGHTS)
@settings(max_examples=40, deadline=None)
def test_no_evidence_and_not_asked_never_act_as_numbers(rows: list[Rating], weights: list[float]) -> None:
    marks = [one for one in rows if one.mark is not None]
    if marks:
        assert strip(compute(rows, rule_of(weights))) == strip(compute(marks, rule_of(weights)))


def test_kinds_of_nothing_are_counted_apart() -> None:
    rows = [Rating("a", "u", "s", "x", 4), Rating("a", "v", "t", "x", None, True), Rating("a", "w", "s", "x", None, False)]
    found = compute(rows).skills[0]
    assert (found.score, found.n, found.no_evidence, found.not_asked, found.sessions, found.sd) == (4.0, 1, 1, 1, 1, None)


def test_a_total_below_the_covered_share_is_null_and_says_why() -> None:
    rows = [Rating("a", "u", "s", "x", 4), Rating("b", "u", "s", "x", 3), Rating("b", "u", "s", "y", 3)]
    figures = compute(rows, [Criterion("x", 1), Criterion("y", 1)])
    low = figures.candidates[1]
    assert (low.candidate, low.total, low.covered, low.rank, low.unscored) == ("a", None, 0.5, None, ("y",))
    assert low.reason == "The scores cover 1 of 2 of the weight, and a total asks for 80 %."
    assert f"a: no total. {low.reason}" in figures.warnings


def test_must_haves_are_judged_and_change_no_total() -> None:
    rows = [Rating("a", "u", "s", "x", 2), Rating("a", "u", "s", "y", 5), Rating("b", "u", "s", "y", 5)]
    rule = [Criterion("x", 0.1, 3), Criterion("y", 1, 4)]
    bars = {(one.candidate, bar.skill): bar.verdict for one in compute(rows, rule).candidates for bar in one.must_haves}
    assert bars == {("a", "x"): Verdict.NOT_MET, ("a", "y"): Verdict.MET, ("b", "x"): Verdict.UNKNOWN, ("b", "y"): Verdict.MET}
    unbarred = compute(rows, [replace(one, must_have=None) for one in rule])
    assert [one.total for one in unbarred.candidates] == [one.total for one in compute(rows, rule).candidates]


def test_a_rule_and_rows_that_differ_in_skills_are_named() -> None:
    figures = compute([Rating("a", "u", "s", "x", 2), Rating("a", "u", "s", "q", 5)], [Criterion("x"), Criterion("y")])
    assert "q: the rule gives it no weight, so it enters no total." in figures.warnings
    assert "y: it has a weight, and nobody was to mark it." in figures.warnings
    assert [(one.skill, one.weight) for one in figures.rule] == [("q", 0.0), ("x", 1.0), ("y", 1.0)]


@pytest.mark.parametrize(("candidates", "used"), [pytest.param(5, False, id="five candidates"), pytest.param(6, True, id="six")])
def test_the_model_waits_for_six_candidates(candidates: int, used: bool) -> None:
    figures = compute(make_panel(candidates=candidates, per=5))
    assert figures.model.used is used
    assert all((one.low is None) is not used and (one.rank is None) is not used for one in figures.candidates)
    assert any("too few cards to say how sure this order is" in one for one in figures.warnings) is not used
    assert all(one.total is not None for one in figures.candidates)


@pytest.mark.parametrize(("per", "used"), [(3, False), (4, True)])
def test_the_model_waits_for_twenty_cards(per: int, used: bool) -> None:
    figures = compute(make_panel(candidates=6, per=per))
    assert (figures.model.cards, figures.model.used) == (6 * per, used)


def test_candidates_that_nobody_links_are_not_compared_through_the_model() -> None:
    two = [replace(one, candidate=f"z{one.candidate}", interviewer=f"z{one.interviewer}") for one in make_panel(seed=2)]
    figures = compute([*make_panel(), *two])
    assert not figures.model.used
    assert {(one.rank, one.low, one.high) for one in figures.candidates} == {(None, None, None)}
    assert (figures.pairs, figures.inseparable) == ((), None)
    assert {one.estimate for one in figures.severity} == {None}
    assert any("fall into 2 groups" in one for one in figures.warnings)


def test_links_run_over_chains_of_interviewers() -> None:
    cards = [Card(candidate, who, "s", 3.0, None, 1) for candidate, who in ["au", "bu", "bv", "cv", "dw", "ew"]]
    assert find_links(cards) == [["a", "b", "c"], ["d", "e"]]


def test_ranks_are_given_only_where_they_hold() -> None:
    figures = compute(make_panel(candidates=8, talents=[1.5, 1.6, 1.7, 2.9, 3.0, 3.1, 4.5, 4.9]))
    for place, one in enumerate(figures.candidates, 1):
        pairs = [pair for pair in figures.pairs if one.candidate in (pair.above, pair.below)]
        assert one.rank == (place if all(pair.probability >= 0.8 for pair in pairs) else TOO_CLOSE)
        assert one.low is not None
        assert one.high is not None
        assert one.low < one.high
    assert len(figures.pairs) == 28
    apart = [pair for pair in figures.pairs if pair.verdict == "can't be separated"]
    assert figures.inseparable == pytest.approx(len(apart) / 28)
    assert {one.rank for one in figures.candidates} > {TOO_CLOSE}


def test_equal_totals_are_never_told_apart() -> None:
    panel = make_panel(candidates=7)
    twin = [replace(one, candidate="twin") for one in panel if one.candidate == panel[0].candidate]
    pair = next(one for one in compute([*panel, *twin]).pairs if {one.above, one.below} == {"twin", panel[0].candidate})
    assert (pair.probability, pair.verdict) == (0.5, "can't be separated")


@pytest.mark.parametrize(("probability", "verdict"), [(0.95, "clearly above"), (0.8, "probably above"), (0.79, "can't be separated")])
def test_verdicts_begin_where_the_definitions_say(probability: float, verdict: str) -> None:
    assert say_verdict(probability) == verdict


def test_severity_finds_the_strict_and_never_orders() -> None:
    panel = make_panel(candidates=12, leans={"i0": -1.0})
    figures = compute(panel)
    severest = max(figures.severity, key=lambda one: one.estimate or 0)
    assert severest.interviewer == "i0"
    assert (severest.low or 0) > 0, "positive is severe"
    totals = [one.total or 0 for one in figures.candidates]
    assert totals == sorted(totals, reverse=True)


def test_little_history_is_a_note_and_a_warning() -> None:
    figures = compute(make_panel(candidates=6, per=4, interviewers=12))
    short = [one for one in figures.severity if one.n < 5]
    assert short
    assert all(one.note and "little history" in one.note for one in short)
    assert any(one.startswith("Severity: little history of") for one in figures.warnings)


def test_another_scale_gives_the_same_figures_stretched() -> None:
    panel = make_panel()
    wide = [replace(one, mark=None if one.mark is None else 2 * one.mark - 1) for one in panel]
    before, after = compute(panel), compute(wide, scale=Scale(1, 9))
    assert [one.candidate for one in after.candidates] == [one.candidate for one in before.candidates]
    for low, high in zip(before.candidates, after.candidates, strict=True):
        assert high.total == pytest.approx(2 * (low.total or 0) - 1)
        assert high.same_panel == pytest.approx(2 * (low.same_panel or 0) - 1, abs=1e-4)
        assert high.rank == low.rank
    assert [one.probability for one in after.pairs] == pytest.approx([one.probability for one in before.pairs], abs=1e-4)
    assert [one.flagged for one in after.agenda] == [one.flagged for one in before.agenda]


def test_halo_finds_who_gives_similar_marks_for_every_skill() -> None:
    panel = make_panel(candidates=12, per=5, interviewers=6)
    flat = [replace(one, mark=3 + (int(one.candidate[1:]) % 2)) if one.interviewer == "i1" and one.mark else one for one in panel]
    flagged = [one for one in compute(flat).halo if one.flagged]
    assert [one.interviewer for one in flagged] == ["i1"]
    assert flagged[0].variance == 0 < flagged[0].expected


def test_halo_says_nothing_of_under_five_cards_and_corrects_for_many() -> None:
    found = measure_halo([Card(candidate, who, "s", 3.0, 1.0, 4) for candidate in "abcd" for who in "uv"])
    assert [(one.n, one.p, one.flagged) for one in found] == [(4, None, False)] * 2
    assert measure_halo([]) == []
    assert adjust([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
