"""A slip that could keep a whole bank file from being read: named where it was made, with every other fault of the file."""

from pathlib import Path

import pytest

from hiring.bank import files
from hiring.bank.rules import Known, QuestionState

KNOWN = Known({"empathy": "Empathy"})
ROW = """  - id: quiet-{0}
    text: "Who was quiet {0}?"
    kind: behavioural
    mode: adaptive
    minutes: {1}
    level: 3
    primary: ["empathy"]
    probes: [What first?, "What last?"]
    strong: ['Names {{somebody}}', b]
"""
TEXT = "questions:\n" + ROW.format("one", 8) + ROW.format("two", 300) + ROW.format("three", 8)
MINUTES = (15, "questions[2].minutes")
"""The fault that the second row has anyway."""


def read_faults(text: str, known: Known = KNOWN) -> list[files.Fault]:
    with pytest.raises(files.Faulty) as refusal:
        files.read_bank(text, known)
    return refusal.value.faults


def places(text: str, known: Known = KNOWN) -> list[tuple[int, str]]:
    return [(fault.line, fault.place) for fault in read_faults(text, known)]


SLIPS = {
    "a mark of direction in a value": ('text: "Who was quiet one', 'text: "Who was \u202equiet one', (3, "questions[1].text")),
    "one in a key": ("mode: adaptive\n    minutes: 8", "mo\u202ede: adaptive\n    minutes: 8", (5, "questions[1].mode")),
    "one after a value": ("kind: behavioural", "kind: behavioural\u202e", (4, "questions[1].kind")),
    "one in a list": ("What first?", "What \x00first?", (9, "questions[1].probes[1]")),
    "one in a remark": ("level: 3", "level: 3 # \u202e", (7, "file")),
    "one alone on a line": ("    level: 3", "\u202e\n    level: 3", (7, "file")),
    "one before a key": ("    level: 3", "    \ufefflevel: 3", (7, "questions[1].level")),
    "an escape far too large": ("quiet one", "quiet \\UFFFFFFFF one", (3, "questions[1].text")),
    "an escape a little too large": ("quiet one", "quiet \\U00110000 one", (3, "questions[1].text")),
    "an escape behind another": ("quiet one", "quiet \\\\\\UFFFFFFFF one", (3, "questions[1].text")),
    "an escape in the second line of a value": ("Who was", "Who\n      was \\UFFFFFFFF", (4, "questions[1].text")),
    "an escape of half a character": ("quiet one", "quiet \\uD800 one", (3, "questions[1].text")),
    "an escape in a key": ("level: 3", '"level\\UFFFFFFFF": 3', (7, "questions[1].level")),
    "a list for a key": ("level: 3", "level: 3\n    ? [a, {b: c}]\n    : d", (8, "questions[1]")),
    "a mapping for a key": ("level: 3", "level: 3\n    {a: b}: c", (8, "questions[1]")),
    "an alias for a key": ("level: 3", "level: 3\n    *a : c", (8, "questions[1]")),
    "bytes that are not UTF-8": ("Who was quiet one", "Wer w\udce4r \udcfcberall leise", (3, "questions[1].text")),
}


@pytest.mark.parametrize(("sound", "bad", "place"), SLIPS.values(), ids=SLIPS)
def test_a_slip_hides_no_other_fault(sound: str, bad: str, place: tuple[int, str]) -> None:
    text = TEXT.replace(sound, bad, 1)
    below = text.count("\n") - TEXT.count("\n")
    assert places(text) == [place, (MINUTES[0] + below, MINUTES[1])]


def test_an_escape_counts_in_double_quotes_alone() -> None:
    text = TEXT.replace("300", "30").replace("b]", "b, 'C:\\UFFFFFFFF']", 1)
    [first, *_] = files.read_bank(text, KNOWN).questions
    assert first.strong[2] == "C:\\UFFFFFFFF"
    assert places(text.replace("quiet two", "\\UFFFFFFFF")) == [(12, "questions[2].text")]


def test_a_quote_that_is_never_closed_is_named_though_an_escape_stands_in_it() -> None:
    assert places('questions: "\\UFFFFFFFF') == [(1, "file")]


def test_the_rows_of_a_second_document_are_looked_at_too() -> None:
    text = TEXT + "---\nquestions:\n" + ROW.format("four", 400)
    assert places(text) == [MINUTES, (29, "file"), (35, "questions[4].minutes")]
    assert places(TEXT + "---\n") == [MINUTES, (29, "file")]
    assert places("---\n--- \n" + TEXT) == [(2, "file"), (17, "questions[2].minutes")]


def test_a_file_in_another_encoding_hides_no_fault_of_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(TEXT.replace("300", "30").replace("somebody", "jemanden für").encode("latin-1"))
    (tmp_path / "b.yaml").write_text(TEXT.replace("quiet", "loud"))
    (tmp_path / "c.yaml").mkdir()
    (tmp_path / "d.yaml").write_bytes(TEXT.encode("utf-16"))
    (tmp_path / "order.txt").write_bytes(b"b\xfc\n")
    with pytest.raises(files.Faulty) as refusal:
        files.read_bank_folder(tmp_path, KNOWN)
    found = [(Path(fault.path).name, fault.line, fault.message.split(".")[0]) for fault in refusal.value.faults]
    assert found[:2] == [
        ("a.yaml", 10, "This is not UTF-8 text"),
        ("b.yaml", 15, "“minutes” is the number 300, but has to be a whole number of minutes from 1 to 120"),
    ]
    assert found[2:] == [("c.yaml", 1, "This file can't be read: Is a directory"), ("d.yaml", 1, "This is not UTF-8 text")]


SOUND = TEXT.replace("300", "30")
CLOSING = [(place, letter) for place, letter in enumerate(SOUND) if letter in "\"']" and SOUND[place + 1] in "\n],"]


@pytest.mark.parametrize(("place", "letter"), CLOSING, ids=repr)
def test_what_is_never_closed_is_named_where_it_opens(place: int, letter: str) -> None:
    [fault] = read_faults(SOUND[:place] + SOUND[place + 1 :])
    assert fault.line == SOUND[:place].count("\n") + 1
    assert fault.message.startswith(f"The {'bracket' if letter == ']' else 'quote'} that opens here is never closed")


BRACKETS = {
    "a list over lines": ('probes: [What first?, "What last?"]', "probes: [\n      a,\n      b", 9, "The bracket that opens here"),
    "a list of quoted parts": ('probes: [What first?, "What last?"]', 'probes: ["a", "b"', 9, "The bracket that opens here"),
    "a comma that is missing": ('probes: [What first?, "What last?"]', 'probes: [\n      "a"\n      "b"\n    ]', 11, "A comma is missing"),
    "a mapping": ("mode: adaptive", "mode: {a: b", 5, "The bracket that opens here"),
    "the inner of two": ("mode: adaptive", "mode: [a,\n     {a: b]", 6, "The bracket that opens here"),
}


@pytest.mark.parametrize(("sound", "bad", "line", "said"), BRACKETS.values(), ids=BRACKETS)
def test_a_bracket_is_told_from_a_comma(sound: str, bad: str, line: int, said: str) -> None:
    [fault] = read_faults(SOUND.replace(sound, bad, 1))
    assert (fault.line, said in fault.message) == (line, True), fault


IN_BANK = Known(KNOWN.skills, {}, {"old": QuestionState.ACTIVE, "gone": QuestionState.RETIRED}, {"old": "who was quiet one?"})
ONE, TWO = ROW.format("one", 8), ROW.format("two", 8)
SAME = {
    "a new question asks what the bank's asks": (ONE, [(3, "questions[1].text")]),
    "with other capitals and blanks": (ONE.replace("quiet one?", "QUIET  one?"), [(3, "questions[1].text")]),
    "in the bank's own question": (ONE.replace("quiet-one", "old"), []),
    "as a retired one": (ONE + "    state: retired\n", []),
    "as a variant of the bank's": (ONE + "    wording_group: quiet\n", [(3, "questions[1].text")]),
    "while the bank's gets other words": (ONE + TWO.replace("quiet-two", "old"), []),
    "while the bank's is retired": (ONE + TWO.replace("quiet-two", "old").replace("two", "one") + "    state: retired\n", []),
    "before the bank's own, in one file": (ONE + TWO.replace("quiet-two", "old").replace("two", "one"), [(3, "questions[1].text")]),
    "a retired one of the bank comes back": (ONE.replace("quiet-one", "gone") + "    state: active\n", [(3, "questions[1].text")]),
    "a retired one of the bank stays so": (ONE.replace("quiet-one", "gone"), []),
    "two new ones": (TWO + TWO.replace("quiet-two", "quiet-too"), [(12, "questions[2].text")]),
    "two new ones, one without an id": (TWO + TWO.replace("id: quiet-two\n    ", ""), [(11, "questions[2].text")]),
}


@pytest.mark.parametrize(("rows", "expected"), SAME.values(), ids=SAME)
def test_two_questions_in_use_never_ask_in_the_same_words(rows: str, expected: list[tuple[int, str]]) -> None:
    text = "questions:\n" + rows
    if expected:
        assert places(text, IN_BANK) == expected
    else:
        assert files.read_bank(text, IN_BANK).questions


def test_a_bank_that_has_two_of_the_same_words_already_can_be_taken_in_again() -> None:
    twice = Known(
        KNOWN.skills,
        {},
        dict.fromkeys(("quiet-two", "too"), QuestionState.ACTIVE),
        dict.fromkeys(("quiet-two", "too"), "who was quiet two?"),
    )
    assert len(files.read_bank("questions:\n" + TWO + TWO.replace("quiet-two", "too"), twice).questions) == 2
