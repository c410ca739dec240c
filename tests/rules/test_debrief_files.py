"""Ratings and weights as CSV: what is read, and that each row which isn't is named with its line."""

import pytest

from hiring.debrief.files import Unusable, read_ratings, read_weights
from hiring.debrief.ratings import Criterion, Rating, Scale

HEAD = "candidate,interviewer,session,skill,mark\n"
FIVE = Scale()


def read(rows: str, scale: Scale = FIVE) -> tuple[list[Rating], list[str]]:
    found = read_ratings((HEAD + rows).encode(), scale)
    return list(found.ratings), list(found.warnings)


def test_a_mark_no_evidence_and_not_asked_are_three_things() -> None:
    ratings, warnings = read("a,u,s,x,4\na,u,s,y,none\na,u,s,z,\n")
    assert ratings == [
        Rating("a", "u", "s", "x", 4),
        Rating("a", "u", "s", "y", None, asked=True),
        Rating("a", "u", "s", "z", None, asked=False),
    ]
    assert warnings == []


ROWS = [Rating("Ana, B.", "u", "s", "x", 4), Rating("b", "u", "s", "x", 2)]
SPELLINGS = {
    "commas": 'candidate,interviewer,session,skill,mark\n"Ana, B.",u,s,x,4\nb,u,s,x,2\n',
    "semicolons": "candidate;interviewer;session;skill;mark\nAna, B.;u;s;x;4\nb;u;s;x;2\n",
    "tabs": "candidate\tinterviewer\tsession\tskill\tmark\nAna, B.\tu\ts\tx\t4\nb\tu\ts\tx\t2\n",
    "a byte order mark": '\ufeffcandidate,interviewer,session,skill,mark\n"Ana, B.",u,s,x,4\nb,u,s,x,2\n',
    "Windows' line ends": 'candidate,interviewer,session,skill,mark\r\n"Ana, B.",u,s,x,4\r\nb,u,s,x,2\r\n',
    "a line that names the separator": "sep=;\r\ncandidate;interviewer;session;skill;mark\r\nAna, B.;u;s;x;4\r\nb;u;s;x;2\r\n",
    "columns in another order and case": 'MARK, Skill ,session,Interviewer,candidate\n4,x,s,u,"Ana, B."\n2,x,s,u,b\n',
    "spaces around, and empty rows": 'candidate,interviewer,session,skill,mark\n"Ana, B. ",u , s,x, 4\n,,,,\n\nb,u,s,x,2\n',
    "whole numbers with a point": 'candidate,interviewer,session,skill,mark\n"Ana, B.",u,s,x,4.0\nb,u,s,x,2.0\n',
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_spreadsheets_write_it_in_many_ways(text: str) -> None:
    found = read_ratings(text.encode(), FIVE)
    assert list(found.ratings) == ROWS
    assert found.warnings == ()


FAULTS = {
    "not on the scale": ("a,u,s,x,6", "mark: “6” is neither a whole number from 1 to 5 nor “none” nor empty."),
    "below the scale": ("a,u,s,x,0", "mark: “0” is neither"),
    "no whole number": ("a,u,s,x,3.5", "mark: “3.5” is neither"),
    "a word": ("a,u,s,x,good", "mark: “good” is neither"),
    "a dash": ("a,u,s,x,-", "mark: “-” is neither"),
    "digits of another script": ("a,u,s,x,٣", "mark: “٣” is neither"),
    "endless": ("a,u,s,x,inf", "mark: “inf” is neither"),
    "no candidate": (",u,s,x,3", "candidate: it is empty."),
    "no interviewer": ("a, ,s,x,3", "interviewer: it is empty."),
    "no session": ("a,u,,x,3", "session: it is empty."),
    "no skill": ("a,u,s,,3", "skill: it is empty."),
    "a cell too few": ("a,u,s,x", "it has 4 cells, and the first row 5."),
    "a cell too many": ("a,u,s,x,3,4", "it has 6 cells, and the first row 5."),
    "a line break in a name": ('"a\nb",u,s,x,3', "candidate: it holds a line break or another character that can't be seen."),
    "an escape in a name": ("a\x1b[2J,u,s,x,3", "candidate: it holds a line break or another"),
    "a name without end": (f"{'a' * 201},u,s,x,3", "is longer than 200 characters."),
    "a quote that closes too early": ('"a"b,u,s,x,3', "a quote opens here that doesn't close, or closes too early."),
}


@pytest.mark.parametrize(("row", "said"), FAULTS.values(), ids=FAULTS)
def test_a_row_that_can_not_be_used_is_named_and_the_rest_is_read(row: str, said: str) -> None:
    ratings, warnings = read(f"b,u,s,x,3\n{row}\nc,u,s,x,3\n")
    assert [one.candidate for one in ratings] == ["b", "c"]
    assert len(warnings) == 1
    assert warnings[0].startswith("line 3: ")
    assert said in warnings[0]


def test_lines_are_those_of_the_file_whatever_stands_between() -> None:
    _, warnings = read('b,u,s,x,3\n\n\n"b\nc",u,s,y,3\nb,u,s,z,9\n')
    assert [one.split(":")[0] for one in warnings] == ["line 5", "line 7"]


def test_of_rows_for_the_same_none_is_used_and_each_names_the_others() -> None:
    ratings, warnings = read("a,u,s,x,3\nb,u,s,x,3\na,u,s,x,4\n a ,u,s,x,3\na,u,t,x,3\n")
    assert ratings == [Rating("b", "u", "s", "x", 3), Rating("a", "u", "t", "x", 3)]
    same = "has the same candidate, interviewer, session, skill: none of them is used."
    assert warnings == [f"line 2: line 4, 5 {same}", f"line 4: line 2, 5 {same}", f"line 5: line 2, 4 {same}"]


def test_a_quote_that_never_closes_is_named_where_it_opens() -> None:
    ratings, warnings = read('a,u,s,x,3\n"b,u,s,x,3\nc,u,s,x,3\n')
    assert [one.candidate for one in ratings] == ["a"]
    assert warnings == ["line 3: a quote opens here that doesn't close, or closes too early."]


def test_bytes_that_are_no_text_cost_their_row_alone() -> None:
    found = read_ratings(HEAD.encode() + b"a,u,s,x,3\nJos\xe9,u,s,x,3\n", FIVE)
    assert [one.candidate for one in found.ratings] == ["a"]
    assert found.warnings == ("line 3: candidate: this isn't UTF-8 text. Save the file as “CSV UTF-8”.",)


def test_columns_that_nobody_reads_are_named() -> None:
    found = read_ratings(b"candidate,interviewer,session,skill,mark,Notes\na,u,s,x,3,well\n", FIVE)
    assert found.warnings == ("line 1: the column “notes” isn't read.",)


def test_names_that_differ_in_case_alone_are_two_and_named() -> None:
    ratings, warnings = read("Ana,u,s,x,3\nana,u,s,x,4\n")
    assert len(ratings) == 2
    assert warnings == ["candidate: “Ana” and “ana” are taken as 2 different ones."]


UNUSABLE = {
    "an empty file": (b"", "there is no column “candidate”"),
    "a head alone": (HEAD.encode(), "no row follows"),
    "a column missing": (b"candidate,interviewer,skill,mark\na,u,x,3\n", "line 1: there is no column “session”."),
    "a column twice": (b"candidate,interviewer,session,skill,mark,Mark\na,u,s,x,3,3\n", "line 1: two columns are called “mark”."),
    "another encoding": (HEAD.encode("utf-16"), "This is no CSV in UTF-8."),
    "faults alone": (HEAD.encode() + b"a,u,s,x,9\n", "line 2: mark: “9”"),
}


@pytest.mark.parametrize(("data", "said"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_of_which_nothing_can_be_used_says_why(data: bytes, said: str) -> None:
    with pytest.raises(Unusable) as caught:
        read_ratings(data, FIVE)
    assert said in " ".join([str(caught.value), *caught.value.faults])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param("skill,weight,must_have\nx,2,3\ny,1,\n", [Criterion("x", 2, 3), Criterion("y", 1)], id="as documented"),
        pytest.param("Weight;Skill;Must_Have\n1,5;x;3,5\n", [Criterion("x", 1.5, 3.5)], id="a comma in a number of Excel in Europe"),
        pytest.param("skill,weight\nx,0.5\n", [Criterion("x", 0.5)], id="without bars"),
    ],
)
def test_weights_are_read(text: str, rule: list[Criterion]) -> None:
    assert list(read_weights(text.encode(), FIVE)) == rule


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,0,", "line 3: weight: “0” is no positive number."),
        ("x,-1,", "line 3: weight: “-1” is no positive number."),
        ("x,,", "line 3: weight: “” is no positive number."),
        ("x,nan,", "line 3: weight: “nan” is no positive number."),
        ("x,inf,", "line 3: weight: “inf” is no positive number."),
        ("x,1e3,", "line 3: weight: “1e3” is no positive number."),
        ("x,1,6", "line 3: must_have: “6” is no number from 1 to 5."),
        ("x,1,yes", "line 3: must_have: “yes” is no number from 1 to 5."),
        ("y,2,", "line 3: line 2 has the same skill: none of them is used."),
        (",2,", "line 3: skill: it is empty."),
    ],
)
def test_half_of_a_rule_is_no_rule(row: str, said: str) -> None:
    with pytest.raises(Unusable) as caught:
        read_weights(f"skill,weight,must_have\ny,1,\n{row}\n".encode(), FIVE)
    assert any(fault.startswith(said) for fault in caught.value.faults)
