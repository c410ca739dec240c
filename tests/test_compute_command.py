"""`flask debrief compute ROWS.csv`: the statistics of a file, as JSON or text, or what is wrong with it and where."""

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from hiring.config import ROOT
from tests.ratings import make_panel, write_rows

CANDIDATE = {"candidate", "total", "covered", "low", "high", "rank", "n", "cards", "same_panel", "reason", "unscored", "must_haves"}
PARTS = {"candidates", "skills", "agenda", "sensitivity", "severity", "agreement", "warnings", "pairs", "model", "halo", "interval", "rule"}


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def write(folder: Path, text: str, name: str = "rows.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def compute(runner: FlaskCliRunner, *args: str) -> Any:
    done = runner.invoke(args=["debrief", "compute", *args, "--json"])
    assert (done.exit_code, done.stderr) == (0, ""), done.output
    return json.loads(done.stdout)


def test_the_json_is_all_that_is_printed_and_has_every_part(runner: FlaskCliRunner, tmp_path: Path) -> None:
    told = compute(runner, write(tmp_path, write_rows(make_panel(candidates=8))))
    assert set(told) > PARTS
    assert told["interval"] == 0.8
    assert all(set(one) == CANDIDATE for one in told["candidates"])
    assert {"candidate", "skill", "score", "n", "min", "max", "sd"} < set(told["skills"][0])
    assert {"skill", "weight", "flips_at", "first", "second", "direction"} < set(told["sensitivity"][0])
    assert {"interviewer", "estimate", "low", "high", "n"} < set(told["severity"][0])
    assert {"alpha", "alpha_interval", "icc", "pairs"} < set(told["agreement"])
    assert set(told["agreement"]["icc"]) == {"single", "single_interval", "average", "average_interval", "k"}
    assert {"above", "below", "probability", "verdict", "n"} == set(told["pairs"][0])
    assert len(told["candidates"]) == 8
    assert len(told["skills"]) == 8 * 5


def test_the_bytes_are_the_same_whatever_the_order_of_rows(runner: FlaskCliRunner, tmp_path: Path) -> None:
    head, *rows = write_rows(make_panel()).splitlines()
    first = runner.invoke(args=["debrief", "compute", write(tmp_path, "\n".join([head, *rows])), "--json"]).stdout_bytes
    Random(1).shuffle(rows)  # noqa: S311
    again = runner.invoke(args=["debrief", "compute", write(tmp_path, "\n".join([head, *rows])), "--json"]).stdout_bytes
    assert first == again


def test_rows_that_can_not_be_used_are_warnings_with_their_lines(runner: FlaskCliRunner, tmp_path: Path) -> None:
    text = write_rows(make_panel()) + "c0,i9,s9,k0,7\nc0,i9,s9,k1,\nc0,,s9,k2,3\n"
    last = len(text.splitlines())
    told = compute(runner, write(tmp_path, text))
    named = [one for one in told["warnings"] if one.startswith("line ")]
    assert [one.split(":")[0] for one in named] == [f"line {last - 2}", f"line {last}"]


def test_weights_bars_and_another_scale(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rows = write(tmp_path, "candidate;interviewer;session;skill;mark\na;u;s;x;9\na;u;s;y;0\nb;u;s;x;4\nb;u;s;y;10\n")
    weights = write(tmp_path, "skill;weight;must_have\nx;3;5\ny;1;\n", "weights.csv")
    told = compute(runner, rows, "--weights", weights, "--scale", "0", "10")
    assert [(one["candidate"], one["total"], one["rank"]) for one in told["candidates"]] == [("a", 6.75, None), ("b", 5.5, None)]
    assert [one["must_haves"][0]["verdict"] for one in told["candidates"]] == ["met", "not met"]
    flips = [(one["skill"], one["weight"], one["flips_at"], one["direction"]) for one in told["sensitivity"]]
    assert flips == [("x", 3.0, pytest.approx(2.0), "lower"), ("y", 1.0, pytest.approx(1.5), "raise")]
    assert any("too few cards to say how sure this order is" in one for one in told["warnings"])


def test_the_table_says_the_same_in_words(runner: FlaskCliRunner, tmp_path: Path) -> None:
    done = runner.invoke(args=["debrief", "compute", write(tmp_path, write_rows(make_panel(candidates=8)))])
    assert done.exit_code == 0, done.output
    for said in ("80% interval", "c0", "Severity, in marks below the others", "Krippendorff's alpha", "overtakes at", "Warnings:"):
        assert said in done.stdout


def test_the_example_of_the_documentation_prints_what_stands_there(runner: FlaskCliRunner, tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:csv|text)\n(.*?)```", (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8"), re.DOTALL)
    rows, weights = write(tmp_path, blocks[0]), write(tmp_path, blocks[1], "weights.csv")
    assert runner.invoke(args=["debrief", "compute", rows, "--weights", weights]).stdout == blocks[2]


@pytest.mark.parametrize(
    ("text", "args", "said"),
    [
        pytest.param("candidate,skill\na,x\n", [], "rows.csv, line 1: there is no column “interviewer”.", id="columns"),
        pytest.param("candidate,interviewer,session,skill,mark\na,u,s,x,9\n", [], "rows.csv, line 2: mark: “9”", id="no usable row"),
        pytest.param("", ["--weights", "nowhere.csv"], "nowhere.csv can't be read: No such file", id="no file"),
        pytest.param("", ["--scale", "5", "1"], "A scale has a low and a higher mark", id="scale"),
    ],
)
def test_what_can_not_be_computed_ends_with_1_and_says_where(
    runner: FlaskCliRunner, tmp_path: Path, text: str, args: list[str], said: str
) -> None:
    done = runner.invoke(args=["debrief", "compute", write(tmp_path, text), *args, "--json"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert said in done.stderr
