"""What a plan is worth, which rules it breaks, and what is said where no plan can do better."""

from dataclasses import replace

import pytest

from hiring.bank.rules import Kind, Mode
from hiring.loops.compiler import checker, reduction
from hiring.loops.compiler.instance import Cover, Instance, Interviewer, Modes, Pair, Question, Session, Skill

BEHAVIOURAL, TECHNICAL, SCENARIO = Kind.BEHAVIOURAL, Kind.TECHNICAL, Kind.SCENARIO

INSTANCE = Instance(
    skills=(Skill("crisis", 2, weight=2.0, name="Crisis response"), Skill("empathy", 1), Skill("luck", 0)),
    sessions=(Session("s1", 30, (BEHAVIOURAL, SCENARIO), reserve=10, name="People"), Session("s2", 20, (TECHNICAL, BEHAVIOURAL))),
    questions=(
        Question("a", BEHAVIOURAL, 10, 3, Mode.ADAPTIVE, primary=("crisis",), secondary=("empathy",)),
        Question("b", BEHAVIOURAL, 8, 3, primary=("crisis",), group="g"),
        Question("c", TECHNICAL, 12, 4, secondary=("crisis", "empathy"), freshness_cost=1.5),
        Question("d", SCENARIO, 10, 3, primary=("empathy",), group="g"),
        Question("e", BEHAVIOURAL, 12, 5, primary=("crisis",)),
        Question("f", BEHAVIOURAL, 6, 3, primary=("luck",)),
        Question("g", BEHAVIOURAL, 12, 2, primary=("crisis", "empathy")),
        Question("h", BEHAVIOURAL, 4, 3, secondary=("empathy",)),
    ),
    level=3,
)
GOOD: tuple[Pair, ...] = (("a", "s1"), ("h", "s1"), ("g", "s2"))
PANEL = replace(
    INSTANCE,
    interviewers=(
        Interviewer("ana", skills=("crisis",), load=1, limit=3, cost=2.5),
        Interviewer("ben", skills=("empathy",), load=0, limit=2),
        Interviewer("cy", skills=("crisis", "empathy"), load=2, limit=2),
        Interviewer("dee", skills=("crisis", "empathy"), load=0, limit=2, conflicts=("the candidate's sister",)),
    ),
)

# Evidence of crisis is worth 10 points up to 2 * 2 + 2, then 3 for 4 more, and 5 a session up to 3; twice that, for its weight.
SCORES: dict[str, tuple[tuple[Pair, ...], float]] = {
    "an empty plan": ((), 0),
    "a primary question": ((("b", "s1"),), 2 * (20 + 5)),
    "a primary and a secondary skill": ((("a", "s1"),), 2 * (20 + 5) + 10),
    "secondary evidence alone, too little to mark": ((("h", "s1"),), 10),
    "a level that is one off, and freshness": ((("c", "s2"),), 2 * 10 + 10 - 4 - 1.5),
    "two secondaries of one session add up": ((("c", "s2"), ("a", "s2")), 2 * (30 + 5) + 20 + 5 - 5.5),
    "two secondaries of two sessions don't": ((("c", "s2"), ("h", "s1")), 2 * 10 + 20 - 5.5),
    "evidence beyond the target is worth less": ((("a", "s1"), ("b", "s1"), ("g", "s2"), ("e", "s2")), 2 * (60 + 6 + 10) + 30 + 5 - 8),
    "a skill that is not required is worth nothing": ((("f", "s1"),), 0),
}

FAULTS: dict[str, tuple[tuple[Pair, ...], list[str]]] = {
    "a good plan": (GOOD, []),
    "an unknown question": ((*GOOD, ("z", "s1")), ["There is no question z."]),
    "an unknown session": ((*GOOD, ("b", "s9")), ["There is no session s9."]),
    "a question twice": ((("a", "s1"), ("h", "s1"), ("a", "s2"), ("f", "s2")), ["Question a is asked 2 times."]),
    "a wording group twice": ((("b", "s1"), ("d", "s1"), ("g", "s2")), ["Wording group g is asked 2 times."]),
    "a kind that does not fit": ((*GOOD[:2], ("d", "s2"), ("f", "s2")), ["Question d is scenario, which s2 does not take."]),
    "a level too far": ((*GOOD[:2], ("e", "s2")), ["Question e is of level 5, more than one off level 3."]),
    "too many minutes": ((("a", "s1"), ("b", "s1"), ("h", "s1"), ("g", "s2")), ["People has 22 minutes of questions and room for 20."]),
    "all of the room": ((("a", "s1"), ("d", "s1"), ("g", "s2")), []),
    "too few minutes": ((("b", "s1"), ("g", "s2")), ["People has 8 minutes of questions and needs 12."]),
    "just enough minutes": ((("b", "s1"), ("h", "s1"), ("g", "s2")), []),
    "an empty session": ((("a", "s1"), ("h", "s1")), ["s2 has 0 minutes of questions and needs 12."]),
}

SEATS: dict[str, tuple[tuple[Pair, ...], list[str]]] = {
    "one seat each": ((("ana", "s1"), ("ben", "s2")), []),
    "nobody in a session": ((("ana", "s1"),), ["s2 has 0 people and needs 1."]),
    "one person in two sessions": ((("ana", "s1"), ("ana", "s2")), ["ana sits in 2 sessions."]),
    "somebody at the limit": ((("cy", "s1"), ("ben", "s2")), ["cy has reached the limit of 2 loops."]),
    "somebody with a conflict": ((("dee", "s1"), ("ben", "s2")), ["dee may not sit in this loop."]),
    "a stranger": ((("eve", "s1"), ("ben", "s2")), ["There is no interviewer eve."]),
}


@pytest.mark.parametrize(("plan", "worth"), SCORES.values(), ids=SCORES.keys())
def test_a_plan_is_worth_what_its_evidence_is_less_its_costs(plan: tuple[Pair, ...], worth: float) -> None:
    assert checker.score(INSTANCE, plan) == pytest.approx(worth)


# 10 of the 26 minutes of GOOD are adaptive.
@pytest.mark.parametrize(("share", "cost"), [((0.0, 1.0), 0), ((0.3, 0.4), 0), ((0.5, 0.6), 3), ((0.1, 0.25), 3.5)])
def test_leaving_the_balance_of_modes_costs_a_point_a_minute(share: tuple[float, float], cost: float) -> None:
    balanced = replace(INSTANCE, modes=Modes(share))
    assert checker.score(INSTANCE, GOOD) - checker.score(balanced, GOOD) == pytest.approx(cost)


@pytest.mark.parametrize(("plan", "faults"), FAULTS.values(), ids=FAULTS.keys())
def test_each_hard_rule_has_its_sentence(plan: tuple[Pair, ...], faults: list[str]) -> None:
    assert checker.find_faults(INSTANCE, plan) == faults


def test_an_excluded_question_and_a_lost_pin_are_faults() -> None:
    instance = replace(INSTANCE, exclude_questions=("h",), pinned=(("b", "s1"), ("a", "s1")))
    assert checker.find_faults(instance, GOOD) == ["Question h is excluded.", "Question b is pinned to session s1."]


@pytest.mark.parametrize(("seats", "faults"), SEATS.values(), ids=SEATS.keys())
def test_each_rule_on_seats_has_its_sentence(seats: tuple[Pair, ...], faults: list[str]) -> None:
    assert checker.find_faults(PANEL, GOOD, seats) == faults


def test_a_person_who_is_to_sit_must_sit() -> None:
    panel = replace(PANEL, seated=(("ana", "s2"),))
    assert checker.find_faults(panel, GOOD, (("ana", "s1"), ("ben", "s2"))) == ["ana is to sit in session s2."]


def test_coverage_names_the_sessions_with_enough_evidence() -> None:
    assert checker.cover(INSTANCE, GOOD) == {"crisis": Cover(("s1", "s2")), "empathy": Cover(("s1", "s2")), "luck": Cover()}
    assert checker.cover(INSTANCE, GOOD[:1]) == {"crisis": Cover(("s1",)), "empathy": Cover(), "luck": Cover()}


def test_with_interviewers_a_skill_is_marked_only_where_somebody_can_judge_it() -> None:
    covered = checker.cover(PANEL, GOOD, (("ana", "s1"), ("ben", "s2")))
    assert covered["crisis"] == Cover(("s1",), ("ana",))
    assert covered["empathy"] == Cover(("s2",), ("ben",))
    assert checker.score(INSTANCE, GOOD) - checker.score(PANEL, GOOD, (("ana", "s1"), ("ben", "s2"))) == pytest.approx(2 * 5 + 5 + 2.5)


def test_no_plan_is_worth_more_than_all_evidence_that_counts() -> None:
    assert checker.score_at_most(INSTANCE) == 2 * (60 + 12 + 15) + 1 * (40 + 12 + 10)


def test_candidates_are_of_the_level_not_excluded_and_touch_a_required_skill() -> None:
    instance = replace(INSTANCE, exclude_questions=("h",))
    assert [question.id for question in reduction.list_candidates(instance)] == ["a", "b", "c", "d", "g"]
    pinned = replace(instance, pinned=(("f", "s1"),))
    assert [question.id for question in reduction.list_candidates(pinned)] == ["a", "b", "c", "d", "f", "g"]


def _alike(one: str, *, primary: str = "", secondary: str = "", level: int = 3, group: str = "", mode: Mode = Mode.TECHNICAL) -> Question:
    return Question(one, BEHAVIOURAL, 10, level, mode, tuple(primary.split()), tuple(secondary.split()), group)


DOMINATED: dict[str, tuple[list[Question], set[str]]] = {
    "the weaker one": ([_alike("a", primary="crisis"), _alike("b", secondary="crisis")], {"a"}),
    "the one with a subset of the skills": ([_alike("a", primary="crisis"), _alike("b", primary="crisis empathy")], {"b"}),
    "of equals the later one": ([_alike("b", primary="crisis"), _alike("a", primary="crisis")], {"a"}),
    "the dearer one": ([_alike("a", primary="crisis", level=4), _alike("b", primary="crisis")], {"b"}),
    "neither if each is better in something": ([_alike("a", primary="crisis"), _alike("b", primary="empathy")], {"a", "b"}),
    "neither if the better one is dearer": ([_alike("a", primary="crisis", level=4), _alike("b", secondary="crisis")], {"a", "b"}),
    "not by a wording that may be taken": ([_alike("a", primary="crisis", group="g"), _alike("b", secondary="crisis")], {"a", "b"}),
    "by another wording of the same": ([_alike("a", primary="crisis", group="g"), _alike("b", secondary="crisis", group="g")], {"a"}),
}


@pytest.mark.parametrize(("questions", "kept"), DOMINATED.values(), ids=DOMINATED.keys())
def test_a_question_is_dropped_where_enough_others_could_stand_in(questions: list[Question], kept: set[str]) -> None:
    one_place = replace(INSTANCE, sessions=(Session("s1", 19, (BEHAVIOURAL,)),), questions=tuple(questions))
    assert {question.id for question in reduction.drop_dominated(one_place)} == kept
    two_places = replace(one_place, sessions=(Session("s1", 20, (BEHAVIOURAL,)),))
    assert {question.id for question in reduction.drop_dominated(two_places)} == {question.id for question in questions}


def test_a_pinned_question_is_never_dropped_and_modes_are_told_apart_where_they_count() -> None:
    strong, weak = _alike("a", primary="crisis"), _alike("b", secondary="crisis", mode=Mode.ADAPTIVE)
    instance = replace(INSTANCE, sessions=(Session("s1", 19, (BEHAVIOURAL,)),), questions=(strong, weak))
    assert list(reduction.drop_dominated(instance)) == [strong]
    assert list(reduction.drop_dominated(replace(instance, pinned=(("b", "s1"),)))) == [strong, weak]
    assert list(reduction.drop_dominated(replace(instance, modes=Modes((0.3, 0.7))))) == [strong, weak]
