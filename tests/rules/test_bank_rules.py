"""What a skill and a question are made of, and how a question moves."""

import pytest

from hiring.bank import rules
from hiring.bank.rules import Kind, Mode, QuestionEntry, QuestionState, Strength
from hiring.errors import Conflict, Invalid

ANCHORS = {1: "Blames", 2: "Waits", 3: "Asks", 4: "Plans", 5: "Teaches"}


def entry(**changes: object) -> QuestionEntry:
    sound = {"minutes": 8, "level": 3, "primary": ("empathy",), "probes": ("What first?", "What last?")}
    return QuestionEntry(**{"id": "q", "text": "Who?", "kind": Kind.SCENARIO, "mode": Mode.ADAPTIVE, **sound, **changes})


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        (QuestionState.DRAFT, QuestionState.ACTIVE, True),
        (QuestionState.DRAFT, QuestionState.RETIRED, True),
        (QuestionState.ACTIVE, QuestionState.RETIRED, True),
        (QuestionState.RETIRED, QuestionState.ACTIVE, True),
        (QuestionState.ACTIVE, QuestionState.DRAFT, False),
        (QuestionState.RETIRED, QuestionState.DRAFT, False),
        (QuestionState.RETIRED, QuestionState.RETIRED, False),
    ],
)
def test_a_question_moves_only_as_the_table_says(before: QuestionState, after: QuestionState, may: bool) -> None:
    if may:
        rules.check_move(before, after)
    else:
        with pytest.raises(Conflict):
            rules.check_move(before, after)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, set()),
        ({"text": " "}, {"text"}),
        ({"minutes": 0}, {"minutes"}),
        ({"minutes": 121}, {"minutes"}),
        ({"minutes": 1}, set()),
        ({"minutes": 120}, set()),
        ({"level": 0}, {"level"}),
        ({"level": 6}, {"level"}),
        ({"probes": ("One?",)}, {"probes"}),
        ({"probes": ("One?", "one? ")}, {"probes"}),
        ({"strong": ("Asks", "Asks"), "weak": ("Asks",)}, {"strong"}),
        ({"weak": ("Waits", "Blames", "Waits")}, {"weak"}),
        ({"primary": ()}, {"primary"}),
        ({"secondary": ("empathy",)}, {"secondary"}),
        ({"text": "", "level": 9, "probes": ()}, {"text", "level", "probes"}),
    ],
)
def test_a_question_with_faults_is_refused_at_its_fields(changes: dict[str, object], wrong: set[str]) -> None:
    issues = rules.find_question_issues(entry(**changes))
    assert {issue.field for issue in issues} == wrong
    if wrong:
        with pytest.raises(Invalid) as refusal:
            rules.check_entry(issues)
        assert set(refusal.value.fields) == wrong


@pytest.mark.parametrize(
    ("anchors", "number"),
    [(ANCHORS, 0), (ANCHORS | {3: " "}, 1), ({1: "a"}, 4), (ANCHORS | {2: "BLAMES "}, 1), (ANCHORS | {4: "", 5: "asks"}, 2)],
)
def test_each_mark_needs_an_anchor_of_its_own(anchors: dict[int, str], number: int) -> None:
    assert len(rules.find_anchor_issues(anchors)) == number


def test_evidence_counts_primary_twice() -> None:
    assert rules.count_evidence({"a": [Strength.PRIMARY, Strength.SECONDARY], "b": [Strength.SECONDARY]}) == {"a": 3, "b": 1}


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Crisis response", "crisis-response"), ("  Größe & Maß ", "groe-ma"), ("C++ / Rust", "c-rust"), ("日本", ""), ("a" * 90, "a" * 80)],
)
def test_a_slug_is_made_of_plain_letters(text: str, slug: str) -> None:
    assert rules.make_slug(text) == slug


def test_a_question_without_an_id_gets_the_same_one_each_time_and_another_for_other_words() -> None:
    long = "What did you do on the first day of the project, and what on the second?"
    assert rules.make_question_id(long) == rules.make_question_id(f" {long}  ")
    assert rules.make_question_id(long) != rules.make_question_id(long.replace("second", "third"))
    assert rules.make_question_id("日本語?").startswith("question-")


def test_ticked_skills_keep_the_order_they_had_and_new_ones_follow() -> None:
    assert rules.keep_order(["a", "b", "c", "d"], ["c", "x", "b"]) == ("c", "b", "a", "d")


@pytest.mark.parametrize("text", ["a\x00", "\x1b[31m", "a\u202eb", "\ufeff", "\u2028", "\x85"])
def test_characters_that_no_one_sees_are_found(text: str) -> None:
    assert rules.find_control(text).startswith("U+")


def test_ordinary_text_of_any_language_is_let_through() -> None:
    assert rules.find_control("Grüße,\n\t日本語 👩🏽‍💻 “quotes” – dashes") == ""
