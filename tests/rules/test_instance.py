"""What a file of an instance may hold, what its reader says of one that it may not, and the process that answers it."""

import copy
import io
import json
import math
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiring.bank.rules import Kind, Mode
from hiring.errors import Invalid, Unavailable
from hiring.loops import building
from hiring.loops.compiler.instance import (
    MOST_QUESTIONS,
    Answer,
    Clash,
    Cover,
    Instance,
    Modes,
    Question,
    Session,
    Skill,
    Status,
    Unmet,
    order_plan,
    sort_parts,
    write_answer,
    write_instance,
)
from hiring.loops.compiler.reading import read_instance
from hiring.loops.solver import solve
from hiring.loops.worker import run

EXAMPLE: dict[str, Any] = {
    "skills": [{"id": "crisis", "weight": 2.0, "sessions": 2, "people": 2}, {"id": "empathy", "sessions": 0}],
    "sessions": [{"id": "s1", "minutes": 60, "reserve": 10, "kinds": ["behavioural", "scenario"], "seats": 2}],
    "questions": [
        {
            "id": "q1",
            "kind": "behavioural",
            "minutes": 10,
            "level": 3,
            "mode": "adaptive",
            "primary": ["crisis"],
            "secondary": ["empathy"],
            "group": "g1",
            "freshness_cost": 0,
            "frames": ["career"],
        },
        {"id": "q2", "kind": "scenario", "minutes": 8, "level": 4},
    ],
    "interviewers": [
        {"id": "ana", "skills": ["crisis"], "load": 1, "limit": 3, "cost": 0, "available": [[0, 480]], "conflicts": []},
    ],
    "level": 3,
    "exclude_questions": ["q2"],
    "pinned": [["q1", "s1"]],
    "seated": [["ana", "s1"]],
    "candidate_available": [[0, 480]],
}

FAULTS: dict[str, tuple[list[str | int], Any, str]] = {
    "minutes that are text": (["questions", 0, "minutes"], "10", "questions[0].minutes: must be a finite number."),
    "minutes that are a fraction": (["questions", 1, "minutes"], 7.5, "questions[1].minutes: must be a whole number."),
    "minutes that are none": (["questions", 1, "minutes"], 0, "questions[1].minutes: must be at least 1."),
    "negative minutes": (["sessions", 0, "minutes"], -1, "sessions[0].minutes: must be from 0 to 1,000,000."),
    "a truth value for a number": (["sessions", 0, "minutes"], True, "sessions[0].minutes: must be a finite number."),
    "more reserve than minutes": (["sessions", 0, "reserve"], 61, "sessions[0].reserve: is more than the session's minutes."),
    "a weight that is no number": (["skills", 0, "weight"], math.nan, "skills[0].weight: must be a finite number."),
    "a weight without end": (["skills", 0, "weight"], math.inf, "skills[0].weight: must be a finite number."),
    "a weight beyond reason": (["skills", 0, "weight"], 1001, "skills[0].weight: must be at most 1,000."),
    "a number that no float holds": (["questions", 0, "minutes"], 10**400, "questions[0].minutes: must be from 0 to 1,000,000."),
    "a negative freshness": (["questions", 0, "freshness_cost"], -0.5, "questions[0].freshness_cost: must be from 0 to 1,000,000."),
    "a kind of its own": (["questions", 0, "kind"], "riddle", "questions[0].kind: must be one of behavioural"),
    "a kind of its own in a session": (["sessions", 0, "kinds"], ["riddle"], "sessions[0].kinds[0]: must be one of behavioural"),
    "a mode of its own": (["questions", 0, "mode"], "odd", "questions[0].mode: must be one of technical, adaptive."),
    "an empty id": (["skills", 0, "id"], "", "skills: an id is empty."),
    "a number for an id": (["questions", 0, "id"], 7, "questions[0].id: must be a text."),
    "a skill twice": (["skills", 1, "id"], "crisis", "skills: crisis is named twice."),
    "a question twice": (["questions", 1, "id"], "q1", "questions: q1 is named twice."),
    "a skill twice in a question": (["questions", 0, "secondary"], ["crisis"], "questions[0]: crisis is named twice."),
    "an unknown skill": (["questions", 0, "primary"], ["luck"], "questions[0]: luck is unknown."),
    "an unknown skill of a person": (["interviewers", 0, "skills"], ["luck"], "interviewers[0].skills: luck is unknown."),
    "an unknown exclusion": (["exclude_questions"], ["q9"], "exclude_questions: q9 is unknown."),
    "an unknown pin": (["pinned"], [["q9", "s1"]], "pinned: q9 is unknown."),
    "a pin to nowhere": (["pinned"], [["q1", "s9"]], "pinned: s9 is unknown."),
    "a pin twice": (["pinned"], [["q1", "s1"], ["q1", "s1"]], "pinned: q1 is named twice."),
    "a pin that is no pair": (["pinned"], [["q1"]], "pinned[0]: must hold 2 values."),
    "an unknown person": (["seated"], [["bob", "s1"]], "seated: bob is unknown."),
    "skills that are no list": (["skills"], {"id": "crisis"}, "skills: must be a list."),
    "a skill that is no object": (["skills", 0], "crisis", "skills[0]: must be an object with named fields."),
    "shares the wrong way round": (["modes"], {"adaptive_share": [0.7, 0.3]}, "modes.adaptive_share: must be two shares"),
    "a span that ends before it begins": (["candidate_available"], [[480, 480]], "candidate_available[0]: must end after it begins."),
    "a person's span the wrong way round": (
        ["interviewers", 0, "available"],
        [[0, 60], [90, 80]],
        "interviewers[0].available[1]: must end after it begins.",
    ),
    "one share only": (["modes"], {"adaptive_share": [0.3]}, "modes.adaptive_share: must hold 2 values."),
}


def test_an_example_is_read_field_by_field() -> None:
    instance = read_instance(EXAMPLE)
    assert instance.skills[0] == Skill("crisis", sessions=2, people=2, weight=2.0)
    assert instance.sessions[0] == Session("s1", 60, (Kind.BEHAVIOURAL, Kind.SCENARIO), reserve=10, seats=2)
    question = Question("q1", Kind.BEHAVIOURAL, 10, 3, Mode.ADAPTIVE, ("crisis",), ("empathy",), "g1", 0, ("career",))
    assert instance.questions[0] == question
    assert instance.people[0].available == ((0, 480),)
    assert (instance.pinned, instance.seated, instance.modes) == ((("q1", "s1"),), (("ana", "s1"),), None)


def test_an_instance_comes_back_as_it_was_written() -> None:
    instance = replace(read_instance(EXAMPLE), modes=Modes((0.3, 0.7)))
    assert read_instance(json.loads(json.dumps(write_instance(instance)))) == instance


@pytest.mark.parametrize(("path", "value", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_named_with_its_place(path: list[str | int], value: Any, said: str) -> None:
    data: Any = copy.deepcopy(EXAMPLE)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(Invalid) as caught:
        read_instance(data)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("name", ["skills", "sessions", "questions", "level"])
def test_what_every_instance_needs_must_be_given(name: str) -> None:
    with pytest.raises(Invalid, match=f"^{name}: must be given"):
        read_instance({key: value for key, value in EXAMPLE.items() if key != name})


@pytest.mark.parametrize("data", [None, [], "skills", 3])
def test_what_is_no_object_is_no_instance(data: Any) -> None:
    with pytest.raises(Invalid, match="^instance: must be an object"):
        read_instance(data)


def test_too_many_questions_are_refused_before_they_are_read() -> None:
    with pytest.raises(Invalid, match="^questions: 50,001 are too many, the most is 50,000"):
        read_instance(EXAMPLE | {"questions": [{}] * (MOST_QUESTIONS + 1)})


def test_fields_that_nobody_knows_are_passed_over() -> None:
    assert read_instance(EXAMPLE | {"author": "Ana"}) == read_instance(EXAMPLE)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=6))
def test_whatever_stands_in_a_field_is_read_or_refused(value: Any) -> None:
    for name in EXAMPLE:
        with suppress(Invalid):
            assert isinstance(read_instance(EXAMPLE | {name: value}), Instance)


@pytest.mark.parametrize(("minutes", "reserve", "room", "fewest"), [(60, 10, 50, 30), (45, 0, 45, 27), (56, 5, 51, 31), (10, 10, 0, 0)])
def test_a_session_has_room_less_its_reserve_and_wants_60_percent_of_it(minutes: int, reserve: int, room: int, fewest: int) -> None:
    session = Session("s1", minutes, (), reserve=reserve)
    assert (session.room, session.fewest) == (room, fewest)


def test_a_session_starts_with_background_and_ends_with_technical_questions() -> None:
    kinds = {"a": Kind.TECHNICAL, "b": Kind.SCENARIO, "c": Kind.BEHAVIOURAL, "d": Kind.BACKGROUND, "e": Kind.BEHAVIOURAL}
    instance = Instance((), (), tuple(Question(one, kind, 5, 3) for one, kind in kinds.items()), 3)
    plan = order_plan(instance, [("a", "s1"), ("e", "s1"), ("b", "s1"), ("c", "s1"), ("d", "s2")])
    assert plan == (("c", "s1"), ("e", "s1"), ("b", "s1"), ("a", "s1"), ("d", "s2"))


def test_sorting_the_parts_makes_files_in_any_order_alike() -> None:
    instance = read_instance(EXAMPLE)
    turned = replace(instance, skills=instance.skills[::-1], questions=instance.questions[::-1])
    assert sort_parts(turned) == sort_parts(instance)


def test_an_answer_is_written_in_the_shape_of_the_file_format() -> None:
    unmet = Unmet("crisis", "sessions", 1, "Because.", ("Mend.",))
    clash = (Clash("people", "crisis", "Crisis judged by two people"),)
    answer = Answer(Status.WITHIN, 10.0, 11.0, 0.5, (("q1", "s1"),), (), {"crisis": Cover(("s1",), ())}, (unmet,), clash, (("s1", 30),))
    assert write_answer(answer) == {
        "status": "within",
        "objective": 10.0,
        "bound": 11.0,
        "seconds": 0.5,
        "questions": [["q1", "s1"]],
        "seats": [],
        "coverage": {"crisis": {"sessions": ["s1"], "people": []}},
        "unmet": [{"skill": "crisis", "what": "sessions", "short_by": 1, "because": "Because.", "mend": ["Mend."], "session": ""}],
        "clash": [{"what": "people", "id": "crisis", "said": "Crisis judged by two people"}],
        "times": [["s1", 30]],
    }


ALONE = replace(read_instance(EXAMPLE), interviewers=None, seated=(), candidate_available=None)


def _work(task: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", building.WORKER]
    return subprocess.run(command, input=task, capture_output=True, text=True, timeout=30, cwd=building.ROOT, check=False)


def test_the_worker_answers_as_the_solver_does_and_nothing_else() -> None:
    done = _work(json.dumps({"instance": write_instance(ALONE), "gap": 0.0, "seconds": 5}))
    answer = json.loads(done.stdout)["answer"]
    assert (done.returncode, done.stderr) == (0, "")
    assert answer | {"seconds": 0} == write_answer(replace(solve(ALONE, seconds=5), seconds=0))


BAD_TASKS = {
    "no json": ("{", "The task is not JSON"),
    "no object": ("[]", "The task must be an object"),
    "no instance": ("{}", "instance: must be an object"),
    "a gap beyond 1": (json.dumps({"instance": write_instance(ALONE), "gap": 2}), "gap: must be a number from 0 to 1."),
}


@pytest.mark.parametrize(("task", "said"), BAD_TASKS.values(), ids=BAD_TASKS.keys())
def test_the_worker_refuses_a_bad_task_with_a_sentence(task: str, said: str) -> None:
    target = io.StringIO()
    assert run(io.StringIO(task), target) == 2
    assert json.loads(target.getvalue())["error"].startswith(said)


def test_building_gives_the_solvers_answer_from_a_process_of_its_own() -> None:
    assert replace(building.build(ALONE, gap=0.0, seconds=5), seconds=0) == replace(solve(ALONE, seconds=5), seconds=0)


def test_building_passes_on_why_an_instance_is_refused() -> None:
    with pytest.raises(Invalid, match="^questions: q1 is named twice"):
        building.build(replace(ALONE, questions=ALONE.questions * 2))


def test_a_worker_that_dies_or_hangs_is_unavailable_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "WORKER", "hiring.loops.no_such_worker")
    with pytest.raises(Unavailable, match="Try again"):
        building.build(ALONE)
    monkeypatch.setattr(building, "GRACE", 0.01)
    with pytest.raises(Unavailable, match="took too long"):
        building.build(ALONE, seconds=0.001)


def test_the_web_process_never_loads_the_solver() -> None:
    said = "import sys, hiring.loops.building; print([name for name in ('ortools', 'flask', 'sqlalchemy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, timeout=30, cwd=building.ROOT, check=True)
    assert done.stdout.strip() == "[]"
