"""What is said where no plan can do better: why, in a sentence with names, and what might mend it."""

from dataclasses import replace

import pytest

from hiring.bank.rules import Kind
from hiring.loops.compiler.instance import Instance, Interviewer, Question, Session, Skill
from hiring.loops.compiler.mends import list_mends
from hiring.loops.compiler.reasons import explain_alone

BEHAVIOURAL, TECHNICAL = Kind.BEHAVIOURAL, Kind.TECHNICAL


def _alike(one: str, *, primary: str = "", secondary: str = "") -> Question:
    return Question(one, BEHAVIOURAL, 10, 3, primary=tuple(primary.split()), secondary=tuple(secondary.split()))


def _bank(*questions: Question, kinds: tuple[Kind, ...] = (BEHAVIOURAL,), minutes: int = 20, need: int = 2) -> Instance:
    """Two sessions, the first for technical questions only, and a need of crisis response."""
    sessions = (Session("s1", minutes, (TECHNICAL,)), Session("s2", minutes, kinds))
    return Instance((Skill("crisis", need, name="Crisis response"),), sessions, questions, 3)


TECHNICAL_ONE = Question("t", TECHNICAL, 12, 3, primary=("crisis",))
REASONS: dict[str, tuple[Instance, str]] = {
    "too few sessions": (_bank(_alike("a", primary="crisis"), need=3), "The plan has two sessions, Crisis response needs 3."),
    "no question": (_bank(), "The bank has no active questions on Crisis response at this level."),
    "one question": (_bank(_alike("a", primary="crisis")), "The bank has one active question on Crisis response at this level."),
    "one format": (
        _bank(TECHNICAL_ONE, replace(TECHNICAL_ONE, id="u")),
        "Only one session has a format that takes technical questions, and no others probe Crisis response.",
    ),
    "no room": (
        _bank(TECHNICAL_ONE, _alike("a", primary="crisis"), minutes=8),
        "No session has room for a question that probes Crisis response.",
    ),
    "little evidence": (
        _bank(TECHNICAL_ONE, _alike("a", secondary="crisis")),
        "The bank has one active question with Crisis response as primary and one question with it as secondary at this level.",
    ),
    "nothing that counting tells": (_bank(TECHNICAL_ONE, _alike("a", primary="crisis")), ""),
}


@pytest.mark.parametrize(("instance", "because"), REASONS.values(), ids=REASONS.keys())
def test_where_counting_tells_why_a_skill_falls_short_it_is_said(instance: Instance, because: str) -> None:
    assert explain_alone(instance, ("sessions", "crisis")) == because


def test_a_session_that_stays_half_empty_is_named_with_its_minutes() -> None:
    instance = _bank(TECHNICAL_ONE, _alike("a", primary="crisis"))
    said = "The bank has 10 minutes of fitting behavioural questions, and s2 needs at least 12."
    assert explain_alone(instance, ("minutes", "s2")) == said


def test_mends_begin_with_what_is_most_natural_and_end_with_less() -> None:
    instance = _bank(TECHNICAL_ONE, replace(TECHNICAL_ONE, id="u"))
    families = list_mends(instance, ("sessions", "crisis"), {("sessions", "crisis"): 1}, is_alone=True)
    said = [[sentence for sentence, _ in family.mends] for family in families]
    assert said[0] == ["Let s2 take technical questions too"]
    assert said[1][0] == "One more behavioural question of 10 minutes with Crisis response as primary"
    assert said[2][:3] == ["10 more minutes in s1", "10 more minutes in s2", "10 more minutes in each session"]
    assert said[-1] == ["Accept one session for Crisis response"]


def _panel(*people: Interviewer) -> Instance:
    bank = _bank(TECHNICAL_ONE, _alike("a", primary="crisis"))
    skills = (replace(bank.skills[0], people=2),)
    return replace(bank, skills=skills, interviewers=people, candidate_available=((0, 15),))


ANA, BEN = Interviewer("ana", ("crisis",), name="Ana"), Interviewer("ben", ("crisis",), load=1, limit=1, name="Ben")
RATERS: dict[str, tuple[Instance, tuple[str, str], str]] = {
    "nobody": (_panel(), ("people", "crisis"), "Crisis response needs two people who can judge it; nobody can."),
    "one of two": (_panel(ANA), ("people", "crisis"), "Crisis response needs two people who can judge it; only Ana can."),
    "a judge in each session": (_panel(ANA), ("sessions", "crisis"), "Crisis response needs a judge in two sessions; only Ana can."),
    "one who is at the limit": (
        _panel(ANA, BEN),
        ("people", "crisis"),
        "Crisis response needs two people who can judge it; only Ana can (Ben may not sit in this loop or has reached the limit).",
    ),
    "enough": (_panel(ANA, replace(BEN, load=0)), ("people", "crisis"), ""),
    "no seats": (_panel(), ("seats", "s1"), "s1 has one seat, and no people may sit in this loop."),
    "no time": (_panel(), ("time", "s1"), "The candidate is never free for the 20 minutes of s1."),
}


@pytest.mark.parametrize(("instance", "need", "because"), RATERS.values(), ids=RATERS.keys())
def test_too_few_people_are_named(instance: Instance, need: tuple[str, str], because: str) -> None:
    assert explain_alone(instance, need) == because


def test_a_rater_that_is_missing_can_be_trained_or_done_without() -> None:
    instance = _panel(ANA, replace(BEN, skills=(), load=0), Interviewer("cy", ("crisis",), load=2, limit=2, name="Cy"))
    families = list_mends(instance, ("people", "crisis"), {("people", "crisis"): 1}, is_alone=True)
    said = [[sentence for sentence, _ in family.mends] for family in families]
    assert said == [
        ["Train Ben for Crisis response"],
        ["Raise the limit of Cy to three loops"],
        ["Accept one rater for Crisis response"],
    ]
