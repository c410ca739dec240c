"""`flask loops solve FILE`: an answer in JSON and nothing else, or the place of the fault, before anything is solved."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from hiring.loops import building

ANSWER = {"status", "objective", "bound", "seconds", "questions", "seats", "coverage", "unmet", "clash", "times"}
UNMET = {"skill", "session", "what", "short_by", "because", "mend"}


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def make_data(**changes: Any) -> dict[str, Any]:
    """An instance of two sessions, two people and one skill, with a plan that meets all."""
    question = {"kind": "behavioural", "minutes": 10, "level": 3, "mode": "adaptive", "primary": ["crisis"]}
    session = {"minutes": 20, "reserve": 5, "kinds": ["behavioural"], "seats": 1}
    data: dict[str, Any] = {
        "skills": [{"id": "crisis", "weight": 2.0, "sessions": 2, "people": 2}],
        "sessions": [{"id": one, **session} for one in ("s1", "s2")],
        "questions": [{"id": one, **question} for one in ("q1", "q2", "q3")],
        "interviewers": [{"id": one, "skills": ["crisis"], "load": 1, "limit": 3} for one in ("ana", "ben")],
        "level": 3,
    }
    return data | changes


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "loop.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_the_answer_is_all_that_is_printed(runner: FlaskCliRunner, tmp_path: Path) -> None:
    done = runner.invoke(args=["loops", "solve", write(tmp_path, json.dumps(make_data())), "--gap", "0", "--seconds", "20"])
    assert (done.exit_code, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert set(answer) == ANSWER
    assert answer["status"] == "optimal"
    assert answer["bound"] == pytest.approx(answer["objective"])
    assert sorted(session for _, session in answer["questions"]) == ["s1", "s2"]
    assert sorted(answer["seats"]) in ([["ana", "s1"], ["ben", "s2"]], [["ana", "s2"], ["ben", "s1"]])
    assert answer["coverage"] == {"crisis": {"sessions": ["s1", "s2"], "people": ["ana", "ben"]}}
    assert (answer["unmet"], answer["clash"], answer["times"]) == ([], [], [])


def test_what_can_not_be_had_is_an_answer_too(runner: FlaskCliRunner, tmp_path: Path) -> None:
    lone = make_data(interviewers=[{"id": "ana", "skills": ["crisis"], "available": [[0, 60]]}, {"id": "ben"}])
    done = runner.invoke(args=["loops", "solve", write(tmp_path, json.dumps(lone))])
    assert (done.exit_code, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert set(answer) == ANSWER
    assert answer["status"] == "infeasible"
    assert {one["what"] for one in answer["unmet"]} == {"sessions", "people"}
    assert all(set(one) == UNMET and one["because"] for one in answer["unmet"])
    assert [set(one) for one in answer["clash"]] == [{"what", "id", "said"}]
    assert len(answer["seats"]) == len(answer["times"]) == 2


def _change_first(part: str, **values: Any) -> str:
    rows = make_data()[part]
    return json.dumps(make_data(**{part: [{**rows[0], **values}, *rows[1:]]}))


FAULTS: dict[str, tuple[str | bytes, str]] = {
    "no JSON": ('{"skills": [\n  oops]}', "loop.json, line 2, column 3: is not JSON"),
    "an empty file": ("", "loop.json, line 1, column 1: is not JSON"),
    "bytes that are no text": (b'{"skills": "\xff"}', "loop.json: is not JSON in UTF-8"),
    "JSON that is no object": ("[]", "instance: must be an object with named fields."),
    "nothing in it": ("{}", "skills: must be given."),
    "not a number": (_change_first("questions", freshness_cost=float("nan")), "questions[0].freshness_cost: must be a finite number."),
    "an endless number": (_change_first("skills", weight=float("inf")), "skills[0].weight: must be a finite number."),
    "a negative weight": (_change_first("skills", weight=-1), "skills[0].weight: must be from 0 to 1,000,000."),
    "a word for a number": (_change_first("sessions", minutes="60"), "sessions[0].minutes: must be a finite number."),
    "no minutes": (_change_first("questions", minutes=0), "questions[0].minutes: must be at least 1."),
    "an unknown kind": (_change_first("questions", kind="riddle"), "questions[0].kind: must be one of"),
    "an unknown skill": (_change_first("questions", primary=["luck"]), "questions[0]: luck is unknown."),
    "an unknown person": (json.dumps(make_data(seated=[["cy", "s1"]])), "seated: cy is unknown."),
    "an unknown session": (json.dumps(make_data(pinned=[["q1", "s9"]])), "pinned: s9 is unknown."),
    "an unknown exclusion": (json.dumps(make_data(exclude_questions=["q9"])), "exclude_questions: q9 is unknown."),
    "an id twice": (_change_first("questions", id="q2"), "questions: q2 is named twice."),
    "a skill twice": (_change_first("interviewers", skills=["crisis", "crisis"]), "interviewers[0].skills: crisis is named twice."),
    "a pin that can't stay": (
        json.dumps(make_data(pinned=[["q1", "s1"]], exclude_questions=["q1"])),
        "pinned: the pinned questions can't all stay. Question q1 is excluded.",
    ),
    "a seat that can't stay": (
        json.dumps(make_data(seated=[["ana", "s1"], ["ben", "s1"]])),
        "seated: the given seats can't all stay. s1 has 2 people and needs 1.",
    ),
}


@pytest.mark.parametrize(("text", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_a_bad_file_ends_with_2_and_the_place_of_its_fault(runner: FlaskCliRunner, tmp_path: Path, text: str | bytes, said: str) -> None:
    done = runner.invoke(args=["loops", "solve", write(tmp_path, text)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_named(runner: FlaskCliRunner, tmp_path: Path) -> None:
    done = runner.invoke(args=["loops", "solve", str(tmp_path / "none.json")])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "none.json" in done.stderr


def test_too_many_questions_are_refused_before_anything_is_built(
    runner: FlaskCliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building.subprocess, "run", lambda *_, **__: pytest.fail("a worker was started"))
    question = make_data()["questions"][0]
    crowd = make_data(questions=[{**question, "id": f"q{number}"} for number in range(100_000)])
    done = runner.invoke(args=["loops", "solve", write(tmp_path, json.dumps(crowd))])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "questions: 100,000 are too many, the most is 50,000." in done.stderr


@pytest.mark.parametrize("option", [("--gap", "2"), ("--gap", "-0.1"), ("--seconds", "-1"), ("--gap", "some")])
def test_options_out_of_their_range_are_refused(runner: FlaskCliRunner, tmp_path: Path, option: tuple[str, str]) -> None:
    done = runner.invoke(args=["loops", "solve", write(tmp_path, json.dumps(make_data())), *option])
    assert (done.exit_code, done.stdout) == (2, "")
    assert option[0] in done.stderr
