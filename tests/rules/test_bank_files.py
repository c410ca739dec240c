"""The bank as YAML: each fault at its line, all of them at once, and nothing lost on the way out and in."""

from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hiring.bank import files, rules
from hiring.bank.rules import BankFile, FrameEntry, FrameKind, Kind, Known, Mode, QuestionEntry, QuestionState, SkillEntry, SkillGroup

KNOWN = Known({"empathy": "Empathy", "reviews": "Reviews"}, {"leading-a-team": "Leading a team"}, {"old-one": QuestionState.ACTIVE})
QUESTION = """questions:
  - id: quiet-voice
    text: Who was quiet?
    kind: behavioural
    mode: adaptive
    minutes: 8
    level: 3
    primary: [empathy]
    secondary: [reviews]
    frames: [leading-a-team]
    probes: [What first?, What last?]
"""
SKILL = """skills:
  - id: patience
    name: Patience
    group: soft
    definition: Waits well.
    anchors:
      1: a
      2: b
      3: c
      4: d
      5: e
"""


def read_faults(text: str, known: Known = KNOWN) -> list[tuple[int, str, str]]:
    with pytest.raises(files.Faulty) as refusal:
        files.read_bank(text, known)
    return [(fault.line, fault.place, fault.message) for fault in refusal.value.faults]


QUESTION_FAULTS = [
    ("id: quiet-voice", "id: Quiet Voice", 2, "id", "small letters and digits"),
    ("text: Who was quiet?", "text:", 3, "text", "“text” is empty"),
    ("text: Who was quiet?", "text: 12", 3, "text", "Put it in quotes"),
    ("text: Who was quiet?", "text: [a]", 3, "text", "is a list"),
    ("text: Who was quiet?", f"text: {'x' * 4001}", 3, "text", "4,001 characters"),
    ("    text: Who was quiet?\n", "", 2, "text", "“text” is missing"),
    ("kind: behavioural", "kind: behavioral", 4, "kind", "Did you mean behavioural?"),
    ("mode: adaptive", "mode: clever", 5, "mode", "one of technical, adaptive"),
    ("minutes: 8", "minutes: 300", 6, "minutes", "is the number 300, but has to be a whole number of minutes from 1 to 120"),
    ("minutes: 8", "minutes: 0", 6, "minutes", "the number 0"),
    ("minutes: 8", "minutes: 8.5", 6, "minutes", "the number 8.5"),
    ("minutes: 8", "minutes: .nan", 6, "minutes", "not a number"),
    ("minutes: 8", "minutes: .inf", 6, "minutes", "endless"),
    ("minutes: 8", "minutes: true", 6, "minutes", "is true"),
    ("minutes: 8", 'minutes: "8"', 6, "minutes", "“8”"),
    ("minutes: 8", "minutes: 8 min", 6, "minutes", "“8 min”"),
    ("minutes: 8", f"minutes: {'9' * 5000}", 6, "minutes", "whole number"),
    ("level: 3", "level: 6", 7, "level", "whole number from 1 to 5"),
    ("    level: 3\n", "", 2, "level", "“level” is missing"),
    ("primary: [empathy]", "primary: []", 8, "primary", "an empty list"),
    ("    primary: [empathy]\n", "", 2, "primary", "“primary” is missing"),
    ("primary: [empathy]", "primary: [empaty]", 8, "primary[1]", "There is no skill “empaty”. Did you mean “empathy”?"),
    ("primary: [empathy]", "primary: [empathy, empathy]", 8, "primary", "stands here twice"),
    ("secondary: [reviews]", "secondary: [empathy]", 9, "secondary", "is primary already"),
    ("secondary: [reviews]", "secondary: [reviews, juggling]", 9, "secondary[2]", "There is no skill “juggling”."),
    ("secondary: [reviews]", "secondary: {a: b}", 9, "secondary", "is a mapping"),
    ("frames: [leading-a-team]", "frames: [leading]", 10, "frames[1]", "There is no frame “leading”."),
    ("probes: [What first?, What last?]", "probes: [What first?]", 11, "probes", "has 1 entry, but has to be a list of at least 2"),
    ("    probes: [What first?, What last?]\n", "", 2, "probes", "“probes” is missing"),
    ("probes: [What first?, What last?]", 'probes: [What first?, ""]', 11, "probes[2]", "This part of “probes” is empty"),
    ("probes: [What first?, What last?]", "probes:\n      - a\n      -\n      - c", 13, "probes[2]", "is empty"),
    ("probes: [What first?, What last?]", f"probes: [a, {'x' * 501}]", 11, "probes[2]", "501 characters"),
    ("probes: [What first?, What last?]", "probes: [a, b, A]", 11, "probes[3]", "This stands in “probes” already, in line 11."),
    ("probes: [What first?, What last?]", "probes:\n      - a\n      - b\n      - a", 14, "probes[3]", "in line 12"),
    ("level: 3", "level: 3\n    strong: [Asks, 'asks ']", 8, "strong[2]", "This stands in “strong” already"),
    ("level: 3", "level: 3\n    weak: [Asks, b, Asks]", 8, "weak[3]", "This stands in “weak” already"),
    ("level: 3", "level: 3\n    state: old", 8, "state", "one of draft, active, retired"),
    ("level: 3", "level: 3\n    minuts: 3", 8, "minuts", "Did you mean “minutes”?"),
    ("level: 3", "level: 3\n    colour: red", 8, "colour", "Known: id, text, kind"),
    ("level: 3", "level: 3\n    minutes: 9", 8, "minutes", "stands here a second time; the first is in line 6"),
    ("level: 3", "level: 3\n    weak: &w [a]", 8, "weak", "The anchor &w is not accepted"),
    ("level: 3", "level: 3\n    weak: *w", 8, "weak", "The alias *w"),
    ("level: 3", "level: !!python/object/apply:os.system [ls]", 7, "level", "The tag !!python/object/apply:os.system is not accepted"),
    ("level: 3", 'level: 3\n    source: "a\\0b"', 8, "source", "U+0000"),
    ("level: 3", f"level: 3\n    licence: {'x' * 81}", 8, "licence", "81 characters"),
]


@pytest.mark.parametrize(
    ("sound", "bad", "line", "place", "said"), QUESTION_FAULTS, ids=[str(row[1])[:40].strip() for row in QUESTION_FAULTS]
)
def test_a_fault_of_a_question_is_named_at_its_line(sound: str, bad: str, line: int, place: str, said: str) -> None:
    assert QUESTION.count(sound) == 1
    [(found_line, found_place, message)] = read_faults(QUESTION.replace(sound, bad))
    assert (found_line, found_place) == (line, f"questions[1].{place}")
    assert said in message


@pytest.mark.parametrize(
    ("sound", "bad", "line", "place", "said"),
    [
        ("group: soft", "group: hard", 4, "group", "one of leadership, technical, soft"),
        ("      3: c\n", "", 6, "anchors", "The anchor for mark 3 is missing."),
        ("3: c", "3: A", 6, "anchors", "Two marks have the same anchor"),
        ("5: e", "5: e\n      6: f", 12, "anchors.6", "“6” is no mark"),
        ("3: c", "3: [c]", 9, "anchors.3", "This part of “anchors” is a list"),
        ("name: Patience", "name: empathy", 3, "name", "The skill “empathy” of the bank has this name already."),
        ("definition: Waits well.", "definition: null", 5, "definition", "is empty"),
    ],
)
def test_a_fault_of_a_skill_is_named_at_its_line(sound: str, bad: str, line: int, place: str, said: str) -> None:
    [(found_line, found_place, message)] = read_faults(SKILL.replace(sound, bad))
    assert (found_line, found_place) == (line, f"skills[1].{place}")
    assert said in message


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "The file is empty."),
        (" \n\n", 1, "The file is empty."),
        ("# only a remark\n", 1, "has to be a mapping"),
        ("- a\n- b\n", 1, "This is a list, but has to be a mapping"),
        ("just words", 1, "“just words”"),
        ("source: Ours\n", 1, "There are no skills, frames or questions"),
        ("questions: [1]\n", 1, "This is the number 1, but has to be a mapping"),
        ("questions: none\n", 1, "“questions” is “none”, but has to be a list"),
        ("question: []\n", 1, "Did you mean “questions”?"),
        ("questions:\n  - id: a\n\ttext: b\n", 3, "Indent with blanks."),
        ("questions:\n  - text: What: now?\n", 2, "Put the whole value in quotes."),
        ("questions: [\n  a\n", 1, "The bracket that opens here is never closed."),
        ("a: 'x\n", 1, "The quote that opens here is never closed."),
        ("a: 1 ]\n- b\n", 2, "This is not YAML as it should be"),
        ("source: x\n---\nsource: y\n", 2, "A second document starts here."),
        ("source: a\x00b\n", 1, "U+0000"),
        ("x: 1\n# \u202e\n", 2, "U+202E"),
        ("? [a]\n: b\n", 1, "A key has to be one plain word"),
        ("a: " + "[" * 30 + "]" * 30, 1, "nested more than 10 deep"),
        ("a: " + "{a: " * 5000, 1, "nested more than 10 deep"),
        ("x" * (files.LARGEST + 1), 1, "larger than 4 MB"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_file_that_is_no_bank_says_why(text: str, line: int, said: str) -> None:
    faults = read_faults(text)
    assert any(fault[0] == line and said in fault[2] for fault in faults), faults


def test_an_alias_bomb_is_refused_without_being_blown_up() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    faults = read_faults("\n".join(rows))
    assert {"anchor" in message or "alias" in message or "key" in message or "no skills" in message for *_, message in faults} == {True}
    assert len(faults) < 1002


def test_a_flood_of_faults_is_cut_short() -> None:
    faults = read_faults("questions:\n" + "  - 1\n" * 5000)
    assert len(faults) == 1001
    assert faults[-1][2].startswith("There are more faults.")


TWENTY = [row for row in QUESTION_FAULTS if row[0] in QUESTION][::2][:20]


def test_twenty_faults_in_one_file_are_each_named_at_their_own_line() -> None:
    text, expected = "questions:\n", []
    for number, (sound, bad, line, place, _) in enumerate(TWENTY, start=1):
        block = QUESTION.replace(sound, bad).removeprefix("questions:\n").replace("id: quiet-voice", f"id: quiet-voice-{number}")
        block = block.replace("Who was quiet?", f"Who was quiet {number}?")
        expected.append((line + text.count("\n") - 1, f"questions[{number}].{place}"))
        text += block
    assert len(expected) == 20
    assert [(line, place) for line, place, _ in read_faults(text)] == expected


def test_ids_names_and_texts_that_stand_twice_are_faults_of_the_second() -> None:
    twice = QUESTION + QUESTION.removeprefix("questions:\n")
    assert read_faults(twice) == [(12, "questions[2].id", "Another question has this id already, in line 2.")]
    [(line, place, _)] = read_faults(twice.replace("id: quiet-voice\n    ", ""))
    assert (line, place) == (11, "questions[2].text")
    other = SKILL + SKILL.removeprefix("skills:\n").replace("id: patience", "id: waiting").replace("name: Patience", "name: PATIENCE")
    assert read_faults(other) == [(13, "skills[2].name", "Another skill has this name already, in line 3.")]


def test_a_skill_may_be_named_by_its_name_and_alone() -> None:
    [question] = files.read_bank(QUESTION.replace("primary: [empathy]", "primary: EMPATHY"), KNOWN).questions
    assert question.primary == ("empathy",)


def test_a_skill_of_a_faulty_row_is_known_all_the_same() -> None:
    text = SKILL.replace("group: soft", "group: hard") + QUESTION.replace("primary: [empathy]", "primary: [patience]")
    assert [place for _, place, _ in read_faults(text)] == ["skills[1].group"]


def test_an_active_question_does_not_become_a_draft_by_import() -> None:
    text = QUESTION.replace("id: quiet-voice", "id: old-one") + "    state: draft\n"
    assert read_faults(text) == [(12, "questions[1].state", "“old-one” is active in the bank and can't become draft.")]


def test_yaml_1_2_keeps_words_that_look_like_something_else() -> None:
    text = QUESTION.replace("probes: [What first?, What last?]", "probes: [NO, 12:30, yes, 2024-01-01]")
    [question] = files.read_bank(text, KNOWN).questions
    assert question.probes == ("NO", "12:30", "yes", "2024-01-01")


def test_the_files_own_source_and_licence_hold_where_a_question_has_none() -> None:
    text = (
        "source: Ours\nlicence: internal\n"
        + QUESTION
        + QUESTION.removeprefix("questions:\n").replace("quiet-voice", "b").replace("quiet?", "loud?")
        + "    source: ''\n"
    )
    first, second = files.read_bank(text, KNOWN).questions
    assert (first.source, first.licence, second.source, second.licence) == ("Ours", "internal", "", "internal")


def test_a_folder_is_one_bank_in_the_order_of_its_list(tmp_path: Path) -> None:
    (tmp_path / "order.txt").write_text("waiting\npatience\n")
    (tmp_path / "patience.yaml").write_text(SKILL)
    (tmp_path / "waiting.yaml").write_text(SKILL.replace("patience", "waiting").replace("Patience", "Waiting"))
    (tmp_path / "questions.yaml").write_text(QUESTION.replace("[empathy]", "[waiting]"))
    assert [skill.id for skill in files.read_bank_folder(tmp_path, KNOWN).skills] == ["waiting", "patience"]
    (tmp_path / "waiting.yaml").write_text(SKILL)
    with pytest.raises(files.Faulty) as refusal:
        files.read_bank_folder(tmp_path, KNOWN)
    assert {Path(fault.path).name for fault in refusal.value.faults} == {"questions.yaml", "patience.yaml"}


ODD = st.sampled_from(
    ["true", "null", "~", "12", "1e3", ".5", "- a", "a: b", "# no", "'", '"', "*x", "&x", "!x", "%", "@", "|", ">", "a #b", "0x1F"]
)
LINES = (st.text(max_size=40) | ODD).map(lambda text: rules.clean_line(rules.CONTROL.sub("", text)))
WORDS = st.lists(LINES, min_size=1, max_size=4).map(lambda lines: rules.clean_words("\n".join(lines)))
SOME = WORDS.map(lambda text: text or "x")


@settings(max_examples=150, deadline=None)
@given(SOME, LINES.map(lambda text: text or "x"), LINES, SOME)
def test_whatever_is_written_reads_back_the_same(words: str, line: str, label: str, other: str) -> None:
    assume(rules.fold(words) != rules.fold(other) and rules.fold(line) != "b")  # else the second is refused
    anchors = {mark: f"{words} {mark}" for mark in rules.MARKS}
    bank = BankFile(
        (SkillEntry("empathy", line, SkillGroup.SOFT, words, anchors, is_retired=True),),
        (FrameEntry("leading", line, FrameKind.CAREER, other, ("empathy",)),),
        (
            QuestionEntry("q", words, Kind.SCENARIO, Mode.ADAPTIVE, 8, 3, ("empathy",), (), (), (line, "b"), (line,), (), label, label),
            QuestionEntry(
                "r", other, Kind.TECHNICAL, Mode.TECHNICAL, 9, 1, ("empathy",), (), ("leading",), (line, "b"), state=QuestionState.RETIRED
            ),
        ),
    )
    text = files.write_bank(bank)
    assert files.read_bank(text) == bank
    assert files.write_bank(files.read_bank(text)) == text
    assert text.endswith("\n")


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(SKILL + QUESTION)),
    st.integers(0, 12),
    st.text(max_size=12) | st.sampled_from(["\t", ": ", "- ", "[", "{", "&a ", "*a", "!!x ", '"', "? ", "---"]),
)
def test_whatever_a_slip_makes_of_a_file_it_is_a_bank_or_has_faults(place: int, cut: int, slip: str) -> None:
    text = (SKILL + QUESTION)[:place] + slip + (SKILL + QUESTION)[place + cut :]
    faults: list[files.Fault] = []
    try:
        assert files.read_bank(text, KNOWN)
    except files.Faulty as refusal:
        faults = refusal.faults
    assert all(1 <= fault.line <= text.count("\n") + 2 and fault.message for fault in faults)
