"""The plan's sheet: what is marked where, what is missing, and what must be mended before publishing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.loops.rules import SessionFormat
from hiring.loops.sheet import (
    AskedQuestion,
    AskedSkill,
    Cell,
    PlanSheet,
    SessionSheet,
    exchange,
    find_faults,
    find_warnings,
    freeze,
    thaw_question,
    thaw_skill,
)


def skill(name: str, sessions: int = 2) -> AskedSkill:
    return AskedSkill(name, name.capitalize(), "soft", "What it is", {1: "a", 2: "b", 3: "c", 4: "d", 5: "e"}, 1, 1.0, "", None, sessions)


def question(name: str, primary: str = "", secondary: str = "", **changed: object) -> AskedQuestion:
    made = AskedQuestion(
        place_id=f"place-{name}",
        id=name,
        text=f"Question {name}?",
        kind="behavioural",
        mode="adaptive",
        minutes=10,
        level=3,
        primary=tuple(primary.split()),
        secondary=tuple(secondary.split()),
        probes=("One?", "Two?"),
        strong=("Good",),
        weak=("Bad",),
        wording_group="",
        is_pinned=False,
    )
    return replace(made, **changed)  # type: ignore[arg-type]


def session(name: str, *questions: AskedQuestion, minutes: int = 60, form: SessionFormat = SessionFormat.MIXED) -> SessionSheet:
    return SessionSheet(name, name.capitalize(), form, minutes, 10, 1, questions)


def plan(*sessions: SessionSheet) -> PlanSheet:
    return PlanSheet(1, (skill("calm"), skill("care")), sessions)


SOUND = plan(
    session("one", question("a", "calm"), question("b", "care"), question("c"), question("d")),
    session("two", question("e", "calm care"), question("f"), question("g")),
)

CELLS = {
    "one primary marks": (Cell(1, 0), True),
    "two secondary mark": (Cell(0, 2), True),
    "one secondary does not": (Cell(0, 1), False),
    "nothing does not": (Cell(0, 0), False),
}


@pytest.mark.parametrize(("cell", "marked"), CELLS.values(), ids=CELLS)
def test_evidence_decides_whether_a_skill_can_be_marked(cell: Cell, marked: bool) -> None:
    assert cell.is_enough is marked


def test_a_covered_plan_has_no_gaps_and_no_faults() -> None:
    assert SOUND.gaps() == {}
    assert SOUND.covered_count == 2
    assert find_faults(SOUND) == []
    assert find_warnings(SOUND) == []


def test_secondary_questions_mark_a_skill_only_as_far_as_it_is_wanted() -> None:
    helping = [question("x", secondary="calm"), question("y", secondary="calm")]
    more = [*helping, question("z", secondary="calm")]
    one_primary = plan(session("one", question("a", "calm")), session("two", *helping), session("three", *more))
    assert [one.id for one in one_primary.sessions_marking("calm")] == ["one", "three"]
    two_primary = plan(session("one", question("a", "calm")), session("two", question("b", "calm")), session("three", *more))
    assert [one.id for one in two_primary.sessions_marking("calm")] == ["one", "two"]
    assert [skill.id for skill in two_primary.skills_marked_in("three")] == []


def test_secondary_questions_mark_a_skill_where_the_panel_can_judge_it() -> None:
    helping = {name: [question(f"{name}{number}", secondary="calm") for number in range(2)] for name in ("two", "three", "four")}
    sessions = [session("one", question("a", "calm")), *(session(name, *asked) for name, asked in helping.items())]

    def judged(**skills: tuple[str, ...]) -> list[str]:
        sheet = plan(*(replace(one, judged_ids=skills.get(one.id, ("care",))) for one in sessions))
        return [one.id for one in sheet.sessions_marking("calm")]

    assert judged(one=("calm",), three=("calm",)) == ["one", "three"]
    assert judged(three=("calm",), four=("calm",)) == ["one", "three", "four"]
    assert judged() == ["one", "two", "three"]


def test_a_gap_says_how_many_sessions_are_missing() -> None:
    assert exchange(SOUND, "one", out="place-a", question=None).gaps() == {"calm": 1}
    assert "Calm is marked in 1 of 2 sessions." in find_warnings(exchange(SOUND, "one", out="place-a", question=None))


FAULTS = {
    "no session": (plan(), "no session"),
    "an empty session": (plan(session("one")), "asks nothing"),
    "minutes over": (plan(session("one", *[question(str(n)) for n in range(6)])), "10 minutes over"),
    "the same question twice": (plan(session("one", question("a")), session("two", question("a"))), "asks already"),
    "two wordings of one": (
        plan(session("one", question("a", wording_group="w")), session("two", question("b", wording_group="w"))),
        "asks already",
    ),
    "a retired question": (plan(session("one", question("a", is_retired=True))), "has been retired"),
}


@pytest.mark.parametrize(("sheet", "said"), FAULTS.values(), ids=FAULTS)
def test_what_holds_up_publishing_is_said(sheet: PlanSheet, said: str) -> None:
    assert any(said in fault for fault in find_faults(sheet))


def test_a_thin_hour_and_an_odd_kind_are_worth_a_look() -> None:
    warnings = find_warnings(plan(session("one", question("a", kind="background"), form=SessionFormat.TECHNICAL)))
    assert any("only 10 of its 50 minutes" in one for one in warnings)
    assert any("unusual for the technical format" in one for one in warnings)


def test_what_is_frozen_comes_back_as_it_was() -> None:
    kept = json.loads(json.dumps(freeze(question("a", "calm", "care"))))
    assert thaw_question(kept) == question("a", "calm", "care")
    assert thaw_skill(json.loads(json.dumps(freeze(skill("calm"))))) == skill("calm")


@given(st.lists(st.sampled_from(["calm", "care", ""]), max_size=5), st.lists(st.sampled_from(["calm", "care", ""]), max_size=5))
def test_one_more_question_never_unmarks_a_skill(first: list[str], second: list[str]) -> None:
    sheet = plan(
        session("one", *[question(f"a{n}", name) for n, name in enumerate(first)]),
        session("two", *[question(f"b{n}", secondary=name) for n, name in enumerate(second)]),
    )
    more = exchange(sheet, "two", out=None, question=question("new", "calm"))
    for one in sheet.skills:
        assert len(more.sessions_marking(one.id)) >= len(sheet.sessions_marking(one.id))
