"""The comparison as plain data: what each cell says, what may be totalled, and what no change to the panel may do."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiring.debrief.building import Row, build_sheet
from hiring.debrief.parts import Rule, SheetCandidate, SheetSkill
from hiring.debrief.rules import CellState, Outcome, Verdict
from hiring.debrief.sheet import Sheet, sheet_to_dict
from hiring.scorecards.rules import Given
from tests.panels import NAMES, START, make_decision, make_hard_sheet, make_panel, make_sheet

PEOPLE = ("ann", "ben", "cho")
RULE = Rule(1, 0.8, START)


def skill(id: str, weight: float = 1.0, bar: float | None = None) -> SheetSkill:
    return SheetSkill(id, id.capitalize(), "soft", weight, bar, "", 2, "", {})


def candidate(id: str, plan_version: int = 1) -> SheetCandidate:
    return SheetCandidate(id, id.upper(), plan_version, START, "Nadia")


def row(candidate_id: str, who: str, skill_id: str, given: Given | str, evidence: str = "heard", version: int = 1, asked: str = "q") -> Row:
    return Row(
        candidate_id,
        candidate_id.upper(),
        who,
        who.capitalize(),
        f"s-{who}",
        f"With {who}",
        skill_id,
        Given(given),
        evidence,
        version,
        (asked,),
    )


def build(
    rows: list[Row], skills: list[SheetSkill] | None = None, candidates: list[SheetCandidate] | None = None, rule: Rule = RULE
) -> Sheet:
    candidates = candidates or [candidate("a")]
    return build_sheet(opening=("o", "o", "Lead"), rule=rule, skills=skills or [skill("x")], candidates=candidates, rows=rows, cards=[])


@pytest.mark.parametrize(
    ("given", "state", "n", "none", "not_asked"),
    [
        pytest.param([], CellState.NO_SESSION, 0, 0, 0, id="nobody was to mark it"),
        pytest.param(["not asked"], CellState.NOT_ASKED, 0, 0, 1, id="nobody asked"),
        pytest.param(["no evidence"], CellState.NO_EVIDENCE, 0, 1, 0, id="asked in vain"),
        pytest.param(["not asked", "no evidence"], CellState.NO_EVIDENCE, 0, 1, 1, id="somebody did ask"),
        pytest.param(["not asked", "no evidence", "1"], CellState.SCORED, 1, 1, 1, id="one mark makes a score"),
    ],
)
def test_the_kinds_of_nothing_stay_apart(given: list[str], state: CellState, n: int, none: int, not_asked: int) -> None:
    sheet = build([row("a", who, "x", one) for who, one in zip(PEOPLE, given, strict=False)])
    cell = sheet.cell("x", "a")
    assert (cell.state, cell.n, cell.none, cell.not_asked) == (state, n, none, not_asked)
    assert cell.score == (1.0 if n else None)


def test_a_cell_counts_marks_sessions_and_what_has_no_evidence() -> None:
    cell = build([row("a", "ann", "x", "2"), row("a", "ben", "x", "5", "  "), row("a", "cho", "x", "no evidence", "")]).cell("x", "a")
    assert (cell.score, cell.n, cell.low, cell.high, cell.spread, cell.flagged) == (3.5, 2, 2, 5, 3, True)
    assert (cell.sessions, cell.wanted, cell.unsupported) == (2, 2, 1)
    assert cell.marks == (2, 5)


def test_two_people_in_one_session_are_one_session() -> None:
    rows = [row("a", "ann", "x", "3"), replace(row("a", "ben", "x", "3"), session_id="s-ann")]
    assert build(rows).cell("x", "a").sessions == 1


@pytest.mark.parametrize(("apart", "flagged"), [("3", False), ("4", False), ("5", True)])
def test_marks_are_flagged_from_two_apart(apart: str, flagged: bool) -> None:
    assert build([row("a", "ann", "x", "3"), row("a", "ben", "x", apart)]).cell("x", "a").flagged is flagged


@pytest.mark.parametrize(
    ("weights", "printed"),
    [
        pytest.param((4, 1), True, id="exactly the least share"),
        pytest.param((3, 1), False, id="less than the least share"),
    ],
)
def test_a_total_is_printed_only_where_enough_weight_has_a_score(weights: tuple[float, float], printed: bool) -> None:
    total = build([row("a", "ann", "x", "4")], [skill("x", weights[0]), skill("y", weights[1])]).total("a")
    assert total.value == (4.0 if printed else None)
    assert bool(total.reason) is not printed
    assert total.covered_share == weights[0] / sum(weights)


@pytest.mark.parametrize(
    ("given", "verdict"), [("3", Verdict.MET), ("2", Verdict.NOT_MET), ("no evidence", Verdict.UNKNOWN), ("not asked", Verdict.UNKNOWN)]
)
def test_a_must_have_without_a_score_is_unknown_and_not_missed(given: str, verdict: Verdict) -> None:
    sheet = build([row("a", "ann", "x", given)], [skill("x", bar=3.0)])
    assert [one.verdict for one in sheet.must_haves] == [verdict]
    assert sheet.cell("x", "a").below_bar is (verdict is Verdict.NOT_MET)


def test_the_agenda_goes_by_weight_times_distance_and_ties_by_marks() -> None:
    marks = {"x": "14", "y": "24", "z": "134", "w": "33"}
    rows = [row("a", who, one, mark) for one, given in marks.items() for who, mark in zip(PEOPLE, given, strict=False)]
    sheet = build(rows, [skill("x"), skill("y", 2), skill("z"), skill("w", 9)])
    assert [one.skill_id for one in sheet.agenda] == ["y", "z", "x"]
    assert [one.urgency for one in sheet.agenda] == [4, 3, 3]


def two_versions(asked: str) -> Sheet:
    """Ann asked the same or another question, and Ben always asked each of the two something of his own."""
    rows = [row("a", "ann", "x", "4", asked="q1"), row("b", "ann", "x", "4", version=2, asked=asked)]
    rows += [row("a", "ben", "x", "4", asked="q3"), row("b", "ben", "x", "4", version=2, asked="q4")]
    return build(rows, candidates=[candidate("a"), candidate("b", 2)])


def test_other_questions_under_another_plan_are_told() -> None:
    assert [(one.skill_id, one.versions, one.candidates) for one in two_versions("q2").other_questions] == [("x", (1, 2), (("a",), ("b",)))]


def test_a_shared_question_or_wording_makes_two_plans_comparable() -> None:
    assert two_versions("q1").other_questions == ()


def test_skills_that_only_some_have_fall_out_of_the_shared_totals() -> None:
    rows = [row("a", "ann", "x", "4"), row("a", "ann", "y", "1"), row("b", "ann", "x", "2"), row("b", "ann", "y", "not asked")]
    sheet = build(rows, [skill("x", 8), skill("y", 2)], [candidate("a"), candidate("b")])
    assert [(one.skill_id, one.scored, one.missing) for one in sheet.only_some] == [("y", ("a",), ("b",))]
    assert sheet.shared.totals == {"a": 4.0, "b": 2.0}
    assert sheet.total("a").value == pytest.approx(3.4)


def test_too_little_in_common_gives_no_shared_totals() -> None:
    rows = [row("a", "ann", "x", "4"), row("b", "ann", "y", "2")]
    assert build(rows, [skill("x"), skill("y")], [candidate("a"), candidate("b")]).shared.totals == {}


def test_candidates_stand_in_the_opening_s_order_whatever_their_scores() -> None:
    sheet = make_sheet()
    assert [one.name for one in sheet.candidates] == list(NAMES[:4])
    assert [one.candidate_id for one in sheet.totals] == [one.id for one in sheet.candidates]


def test_a_reopened_decision_holds_no_longer_and_stays_on_record() -> None:
    old = make_decision("c1", reopened_at=START, reopened_by="Nadia", reopened_because="A reference came in.")
    sheet = make_sheet(decisions=(old, make_decision("c1", outcome=Outcome.NO_HIRE)))
    held = sheet.decision_on("c1")
    assert held is not None
    assert held.outcome is Outcome.NO_HIRE
    assert len(sheet.decisions) == 2


def test_who_is_left_out_has_a_name_and_a_state_and_no_number() -> None:
    told = json.dumps(sheet_to_dict(make_sheet())["left_out"])
    assert set(json.loads(told)[0]) == {"candidate_id", "name", "state"}


@pytest.mark.parametrize("sheet", [make_sheet(), make_hard_sheet(2)], ids=["plain", "hard"])
def test_the_sheet_is_json_with_unrounded_numbers(sheet: Sheet) -> None:
    kept = json.loads(json.dumps(sheet_to_dict(sheet)))
    assert [cell["score"] for cell in kept["cells"]] == [cell.score for cell in sheet.cells]
    assert kept["as_of"] == (sheet.as_of.isoformat() if sheet.as_of else None)


SKILLS = (skill("x", 2, 3.0), skill("y"), skill("z", 0.5))
PANELS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(PEOPLE), st.sampled_from("xyz"), st.sampled_from(list(Given))),
    unique_by=lambda one: one[:3],
    min_size=1,
    max_size=18,
)
BOTH = [candidate("a"), candidate("b")]


def build_drawn(drawn: list[Any], factor: float = 1.0, candidates: list[SheetCandidate] = BOTH, share: float = 0.0) -> Sheet:
    skills = [replace(one, weight=one.weight * factor) for one in SKILLS]
    return build([row(*one) for one in drawn], skills, candidates, replace(RULE, least_covered_share=share))


@given(PANELS.flatmap(lambda drawn: st.tuples(st.just(drawn), st.permutations(drawn))))
@settings(max_examples=60)
def test_the_order_of_rows_changes_nothing(both: tuple[list[Any], list[Any]]) -> None:
    assert build_drawn(both[0]) == build_drawn(both[1])


@given(PANELS, st.data())
@settings(max_examples=60)
def test_a_raised_mark_never_lowers_a_score_or_a_total(drawn: list[Any], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(drawn) - 1))
    who, by, what, was = drawn[place]
    if was.mark is None or was.mark == 5:
        return
    raised = [*drawn[:place], (who, by, what, Given(str(was.mark + 1))), *drawn[place + 1 :]]
    before, after = build_drawn(drawn), build_drawn(raised)
    assert (after.cell(what, who).score or 0) > (before.cell(what, who).score or 0)
    assert (after.total(who).value or 0) >= (before.total(who).value or 0)


@given(PANELS, st.floats(0.1, 40))
@settings(max_examples=60)
def test_scaling_all_weights_changes_no_total_and_no_order_of_the_agenda(drawn: list[Any], factor: float) -> None:
    before, after = build_drawn(drawn), build_drawn(drawn, 2.0 ** round(factor / 10))
    assert after.cells == before.cells
    assert [one.value for one in after.totals] == [one.value for one in before.totals]
    assert [(one.skill_id, one.candidate_id) for one in after.agenda] == [(one.skill_id, one.candidate_id) for one in before.agenda]


@given(PANELS)
@settings(max_examples=60)
def test_another_candidate_changes_nobody_s_cells_and_totals(drawn: list[Any]) -> None:
    alone = build_drawn([one for one in drawn if one[0] == "a"], candidates=BOTH[:1])
    beside = build_drawn(drawn)
    assert [cell for cell in beside.cells if cell.candidate_id == "a"] == list(alone.cells)
    assert beside.total("a") == alone.total("a")


@given(PANELS)
@settings(max_examples=60)
def test_no_evidence_and_not_asked_never_act_as_numbers(drawn: list[Any]) -> None:
    numbers = build_drawn([one for one in drawn if one[3].mark is not None])
    everything = build_drawn(drawn)
    for kept, cell in zip(numbers.cells, everything.cells, strict=True):
        assert (kept.score, kept.n, kept.sd, kept.spread, kept.sessions) == (cell.score, cell.n, cell.sd, cell.spread, cell.sessions)
    assert numbers.totals == everything.totals
    assert numbers.agenda == everything.agenda


def test_every_row_of_a_made_up_panel_stands_in_a_cell() -> None:
    panel = make_panel()
    assert sum(len(cell.entries) for cell in build_sheet(**panel).cells) == len(panel["rows"])
