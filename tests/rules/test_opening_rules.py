"""Weights, bars and the sealed rule."""

from math import inf, nan

import pytest

from hiring.errors import Conflict, Invalid
from hiring.openings.forms import read_number, read_rules
from hiring.openings.rules import OpeningState, SkillRule, check_change_of_rule, check_move, check_rules, find_rule_faults

FAULTS = {
    "a weight of nothing": (SkillRule("a", weight=0, reason="x"), "weight-a"),
    "a negative weight": (SkillRule("a", weight=-1, reason="x"), "weight-a"),
    "a weight that is no number": (SkillRule("a", weight=nan, reason="x"), "weight-a"),
    "a weight without end": (SkillRule("a", weight=inf, reason="x"), "weight-a"),
    "more than the heaviest": (SkillRule("a", weight=101, reason="x"), "weight-a"),
    "an unequal weight without its reason": (SkillRule("a", weight=2, reason="  "), "reason-a"),
    "a bar below the marks": (SkillRule("a", bar=0.5), "bar-a"),
    "a bar above the marks": (SkillRule("a", bar=5.5), "bar-a"),
    "a bar that is no number": (SkillRule("a", bar=nan), "bar-a"),
}


@pytest.mark.parametrize(("rule", "field"), FAULTS.values(), ids=FAULTS)
def test_an_unfit_rule_is_refused_at_its_field(rule: SkillRule, field: str) -> None:
    assert list(find_rule_faults([rule])) == [field]
    with pytest.raises(Invalid) as refusal:
        check_rules([rule])
    assert field in refusal.value.fields


def test_equal_weights_need_no_reason_and_a_bar_may_lie_between_marks() -> None:
    check_rules([SkillRule("a"), SkillRule("b", bar=3.5), SkillRule("c", weight=2, reason="Half of the work.")])


def test_an_opening_needs_a_skill() -> None:
    with pytest.raises(Invalid):
        check_rules([])


def test_a_sealed_rule_changes_only_with_a_reason() -> None:
    check_change_of_rule(is_sealed=False, reason="")
    check_change_of_rule(is_sealed=True, reason="The team was split.")
    with pytest.raises(Invalid):
        check_change_of_rule(is_sealed=True, reason=" ")


def test_a_closed_opening_is_opened_again_but_not_decided() -> None:
    check_move(OpeningState.CLOSED, OpeningState.OPEN)
    with pytest.raises(Conflict):
        check_move(OpeningState.CLOSED, OpeningState.DECIDED)


def test_numbers_are_read_with_a_point_or_a_comma() -> None:
    assert read_number("1.5") == read_number(" 1,5 ") == 1.5
    assert read_number("two") != read_number("two")


def test_only_ticked_skills_are_read() -> None:
    posted = {"use-a": "1", "weight-a": "2", "reason-a": " Why. ", "bar-a": "3", "sessions-a": "1", "weight-b": "9"}
    assert read_rules(posted, ["a", "b"]) == [SkillRule("a", 2.0, "Why.", 3.0, 1)]


def test_a_reason_is_not_a_book() -> None:
    assert list(find_rule_faults([SkillRule("a", weight=2, reason="x" * 2_001)])) == ["reason-a"]
    with pytest.raises(Invalid) as refusal:
        check_change_of_rule(is_sealed=True, reason="x" * 2_001)
    assert "rule_reason" in refusal.value.fields
