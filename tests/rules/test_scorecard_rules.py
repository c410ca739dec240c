"""What a card must hold to go in, when it can be written on, and how two versions of it are told apart."""

import pytest

from hiring.errors import Conflict, Invalid
from hiring.loops.rules import LoopState, SessionFormat
from hiring.loops.sheet import AskedQuestion, AskedSkill, SessionSheet
from hiring.scorecards.forms import parse_card
from hiring.scorecards.rules import (
    LONGEST_NOTE,
    CardState,
    Filled,
    Given,
    Recommendation,
    check_lengths,
    check_open,
    check_submittable,
    check_withdrawable,
    check_writable,
    find_gaps,
)
from hiring.scorecards.sheet import Entries, Kit, QuestionEntry, SkillEntry, find_differences

CRISIS = AskedSkill(
    "crisis", "Crisis response", "leadership", "Calm.", {mark: f"anchor {mark}" for mark in range(1, 6)}, 1, 1.0, "", None, 2
)
EMPATHY = AskedSkill("empathy", "Empathy", "soft", "Sees.", {mark: f"sign {mark}" for mark in range(1, 6)}, 1, 1.0, "", None, 2)


def ask(place: str, minutes: int, *skills: str) -> AskedQuestion:
    return AskedQuestion(place, f"q-{place}", "Tell me.", "behavioural", "adaptive", minutes, 3, skills, (), (), (), (), "", False)


SESSION = SessionSheet("s", "First talk", SessionFormat.MIXED, 60, 10, 1, (ask("p1", 10, "crisis"), ask("p2", 15, "crisis", "empathy")))
BLANK = Entries({"crisis": SkillEntry(), "empathy": SkillEntry()}, {"p1": QuestionEntry(), "p2": QuestionEntry()})
KIT = Kit(SESSION, (CRISIS, EMPATHY), 1, BLANK)


def filled(given: Given | None, evidence: str = "Said so.") -> Filled:
    return Filled("crisis", "Crisis response", given, evidence)


@pytest.mark.parametrize("given", [Given.NO_EVIDENCE, Given.NOT_ASKED])
def test_an_empty_answer_is_an_answer_without_a_number(given: Given) -> None:
    assert given.mark is None
    assert find_gaps([filled(given, "")], Recommendation.YES, "Good.", "") == {}


def test_each_number_counts_as_itself() -> None:
    assert [given.mark for given in Given if given.mark is not None] == [1, 2, 3, 4, 5]


GAPS = {
    "nothing is missing": ([filled(Given.THREE)], Recommendation.NO, "Weak.", "", set()),
    "a skill is open": ([filled(None)], Recommendation.NO, "Weak.", "", {"given-crisis"}),
    "no recommendation": ([filled(Given.THREE)], None, "Weak.", "", {"recommendation"}),
    "can't recommend without a reason": ([filled(Given.THREE)], Recommendation.CANT_SAY, "Weak.", " ", {"why_not"}),
    "can't recommend with a reason": ([filled(Given.THREE)], Recommendation.CANT_SAY, "Weak.", "We were cut off.", set()),
    "a summary of blanks": ([filled(Given.THREE)], Recommendation.NO, "  \n", "", {"summary"}),
    "everything is missing": ([filled(None)], None, "", "", {"given-crisis", "recommendation", "summary"}),
}


@pytest.mark.parametrize(("rows", "recommendation", "summary", "why_not", "missing"), GAPS.values(), ids=GAPS)
def test_what_is_missing_is_named_by_its_field(
    rows: list[Filled], recommendation: Recommendation | None, summary: str, why_not: str, missing: set[str]
) -> None:
    assert find_gaps(rows, recommendation, summary, why_not).keys() == missing
    if missing:
        with pytest.raises(Invalid) as caught:
            check_submittable(rows, recommendation, summary, why_not, accepts_unsupported=True)
        assert caught.value.fields.keys() == missing


UNSUPPORTED = {
    "a number with evidence": (Given.FOUR, "Named the lead.", False),
    "a number without": (Given.FOUR, "", True),
    "a number with blanks for evidence": (Given.FOUR, " \n ", True),
    "no evidence needs none": (Given.NO_EVIDENCE, "", False),
    "not asked needs none": (Given.NOT_ASKED, "", False),
    "not filled in yet": (None, "", False),
}


@pytest.mark.parametrize(("given", "evidence", "expected"), UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_a_mark_is_unsupported_when_it_is_a_number_with_nothing_beside_it(given: Given | None, evidence: str, expected: bool) -> None:
    assert filled(given, evidence).is_unsupported is expected


def test_marks_without_evidence_need_one_more_yes() -> None:
    rows = [filled(Given.FOUR, "")]
    with pytest.raises(Invalid, match="Crisis response") as caught:
        check_submittable(rows, Recommendation.YES, "Good.", "", accepts_unsupported=False)
    assert caught.value.fields.keys() == {"accept_unsupported", "evidence-crisis"}
    check_submittable(rows, Recommendation.YES, "Good.", "", accepts_unsupported=True)


@pytest.mark.parametrize("state", LoopState)
def test_cards_are_opened_from_the_schedule_to_the_reveal(state: LoopState) -> None:
    if state in {LoopState.SCHEDULED, LoopState.UNDER_WAY, LoopState.READY}:
        check_open(state)
        return
    with pytest.raises(Conflict, match="isn't scheduled yet" if state is LoopState.DRAFT else "revealed or closed"):
        check_open(state)


def test_only_a_draft_of_a_blind_panel_is_written_on() -> None:
    check_writable(CardState.DRAFT, is_blind=True)
    with pytest.raises(Conflict, match="Take it back"):
        check_writable(CardState.SUBMITTED, is_blind=True)
    with pytest.raises(Conflict, match="revealed or closed"):
        check_writable(CardState.DRAFT, is_blind=False)


def test_a_card_is_taken_back_until_the_reveal() -> None:
    check_withdrawable(CardState.SUBMITTED, panel_is_revealed=False, could_read_others=False)
    with pytest.raises(Conflict, match="still a draft"):
        check_withdrawable(CardState.DRAFT, panel_is_revealed=False, could_read_others=False)
    with pytest.raises(Conflict, match="has been revealed"):
        check_withdrawable(CardState.SUBMITTED, panel_is_revealed=True, could_read_others=False)
    with pytest.raises(Conflict, match="you can read it"):
        check_withdrawable(CardState.SUBMITTED, panel_is_revealed=False, could_read_others=True)


def test_a_note_of_exactly_the_longest_length_is_kept_and_one_more_is_refused() -> None:
    check_lengths({"summary": "x" * LONGEST_NOTE})
    with pytest.raises(Invalid) as caught:
        check_lengths({"summary": "x" * (LONGEST_NOTE + 1), "why_not": "short"})
    assert caught.value.fields.keys() == {"summary"}


def test_the_hour_runs_in_the_order_of_the_plan() -> None:
    assert [(step.number, step.begins) for step in KIT.steps] == [(1, 0), (2, 10)]
    assert [step.number for step in KIT.steps_for("crisis")] == [1, 2]
    assert [step.number for step in KIT.steps_for("empathy")] == [2]


def test_the_three_empty_states_are_three_different_fields() -> None:
    shown = {given: Entries({"crisis": SkillEntry(given)}).fields()["given-crisis"] for given in (None, Given.NO_EVIDENCE, Given.NOT_ASKED)}
    assert shown == {None: "", Given.NO_EVIDENCE: "no evidence", Given.NOT_ASKED: "not asked"}


def test_what_the_form_shows_is_read_back_as_it_was() -> None:
    entries = Entries(
        {"crisis": SkillEntry(Given.NOT_ASKED, "Ran out of time."), "empathy": SkillEntry(Given.TWO, "")},
        {"p1": QuestionEntry(True, "Froze deploys.\nThen rang.", 12), "p2": QuestionEntry(False)},
        Recommendation.CANT_SAY,
        "Cut off.",
        "Half an hour only.",
        "Ask again.",
        "Was tired.",
    )
    form = parse_card({**entries.fields(), "version": "3", "accept_unsupported": "yes"}, KIT)
    assert (form.entries, form.faults, form.version, form.accepts_unsupported) == (entries, {}, 3, True)


def test_what_a_browser_does_not_send_stays_as_it_is_kept() -> None:
    kept = Kit(
        SESSION, KIT.skills, 1, Entries({**BLANK.skills, "crisis": SkillEntry(Given.FIVE, "Led.")}, BLANK.questions, summary="Strong.")
    )
    assert parse_card({"summary": "Stronger."}, kept).entries.skills["crisis"] == SkillEntry(Given.FIVE, "Led.")


FAULTS = {
    "a mark of six": ("given-crisis", "6"),
    "a mark between two": ("given-crisis", "3.5"),
    "a made-up recommendation": ("recommendation", "maybe"),
    "asked or not, in other words": ("asked-p1", "perhaps"),
    "minutes in words": ("minutes-p1", "ten"),
    "minutes below nothing": ("minutes-p1", "-1"),
    "minutes beyond any session": ("minutes-p1", "241"),
    "digits that int() reads but nobody types": ("minutes-p1", "¹²"),
}


@pytest.mark.parametrize(("name", "typed"), FAULTS.values(), ids=FAULTS)
def test_what_cant_be_read_is_a_fault_at_its_field_and_stays_as_typed(name: str, typed: str) -> None:
    form = parse_card({name: typed}, KIT)
    assert form.faults.keys() == {name}
    assert form.fields[name] == typed
    with pytest.raises(Invalid):
        form.check()


def test_line_ends_are_one_character_and_nul_is_dropped() -> None:
    assert parse_card({"summary": "one\r\ntwo\rthree\0"}, KIT).entries.summary == "one\ntwo\nthree"


def test_a_garbled_version_is_no_version() -> None:
    assert parse_card({"version": "x"}, KIT).version == 0


def test_differences_come_in_the_order_of_the_page_with_both_texts() -> None:
    mine = {**BLANK.fields(), "summary": "Mine", "given-empathy": "4", "asked-p1": "yes"}
    kept = {**BLANK.fields(), "summary": "Theirs"}
    found = find_differences(KIT, mine, kept)
    assert [one.field for one in found] == ["asked-p1", "given-empathy", "summary"]
    assert (found[0].mine_in_words, found[0].kept_in_words) == ("Asked", "Not filled in yet")
    assert (found[2].mine, found[2].kept) == ("Mine", "Theirs")
    assert found[1].label == "Empathy: mark"
