"""What a shadow's marks say beside the lead's, case by case."""

import pytest

from hiring.scorecards.rules import Given
from hiring.scorecards.sheet import SkillEntry
from hiring.scorecards.training import Compared, Pair, count_progress

Marks = tuple[str | None, str | None]


def pair(shadow: str | None, lead: str | None, skill: str = "empathy") -> Pair:
    entries = [SkillEntry(Given(one) if one else None) for one in (shadow, lead)]
    return Pair(skill, skill.capitalize(), entries[0], entries[1], "Lead")


DISTANCES: dict[str, tuple[Marks, int | None, bool]] = {
    "the same": (("3", "3"), 0, True),
    "one step below": (("2", "3"), 1, True),
    "one step above": (("4", "3"), 1, True),
    "two steps": (("5", "3"), 2, False),
    "the shadow saw no evidence": (("no evidence", "3"), None, False),
    "the lead did not ask": (("3", "not asked"), None, False),
    "neither gave a mark": (("no evidence", "no evidence"), None, False),
    "the lead's card has no such skill": (("3", None), None, False),
}


@pytest.mark.parametrize(("marks", "distance", "close"), DISTANCES.values(), ids=DISTANCES)
def test_how_far_two_marks_are_apart(marks: Marks, distance: int | None, close: bool) -> None:
    assert (pair(*marks).distance, pair(*marks).is_close) == (distance, close)


STANDS: dict[str, tuple[list[list[Marks]], str, str, bool]] = {
    "one far session": (
        [[("1", "3")]],
        "1 of 3 sessions; 0 of 1 mark within one step",
        "three more sessions, with marks closer to the lead's",
        False,
    ),
    "one close session": ([[("3", "3")]], "1 of 3 sessions; 1 of 1 mark within one step", "two more sessions", False),
    "two leads beside them": (
        [[("3", "3"), ("3", "4")], [("4", "4"), ("4", "2")]],
        "2 of 3 sessions; 3 of 4 marks within one step",
        "one more session",
        False,
    ),
    "enough": ([[("3", "3")], [("2", "3")], [("5", "4")]], "3 sessions; 3 of 3 marks within one step", "", True),
    "one far of four": ([[("3", "3")], [("1", "3")], [("5", "4")], [("2", "2")]], "4 sessions; 3 of 4 marks within one step", "", True),
    "one far of three": (
        [[("3", "3")], [("1", "3")], [("5", "4")]],
        "3 sessions; 2 of 3 marks within one step",
        "one more session, with marks closer to the lead's",
        False,
    ),
    "a session without a mark counts for nothing": (
        [[("3", "3")], [("3", "3")], [("not asked", "3")]],
        "2 of 3 sessions; 2 of 2 marks within one step",
        "one more session",
        False,
    ),
}


@pytest.mark.parametrize(("sessions", "said", "lacks", "enough"), STANDS.values(), ids=STANDS)
def test_what_the_sessions_show_of_a_skill(sessions: list[list[Marks]], said: str, lacks: str, enough: bool) -> None:
    compared = [Compared(str(number), tuple(pair(*marks) for marks in session)) for number, session in enumerate(sessions)]
    (row,) = count_progress(compared)
    assert (row.said, row.lacks, row.is_enough) == (said, lacks, enough)


def test_skills_stand_by_name_and_those_without_two_marks_are_left_out() -> None:
    compared = [Compared("one", (pair("3", "3", "reviews"), pair("3", "3", "empathy"), pair("not asked", "3", "feedback")))]
    assert [row.skill for row in count_progress(compared)] == ["Empathy", "Reviews"]
