"""The commands that scripts call: their output, their errors, and as whom they act."""

import io
import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from pypdfium2 import PdfDocument

from hiring.accounts.models import Person
from hiring.audit import AuditEvent
from hiring.bank.queries import list_skills
from hiring.commands import sample
from hiring.commands.sample import PEOPLE, load_sample, read_scripts
from hiring.db import db
from hiring.errors import Unavailable
from hiring.interviewers.models import FreeSpan, Interviewer, JudgedSkill
from hiring.interviewers.queries import list_interviewers
from hiring.interviewers.rules import count_judges
from hiring.openings.models import Candidate, Opening
from hiring.scorecards.models import Mark
from tests.factories import World, fill, reveal
from tests.people import PASSWORD, email_of


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_the_sample_shows_every_state_and_can_be_taken_away(app: Flask, runner: FlaskCliRunner, kind: str) -> None:
    with app.app_context():
        load_sample(PASSWORD)
    listed = json.loads(runner.invoke(args=["openings", "list", "--json"]).stdout)
    assert [one["slug"] for one in listed] == ["tech-lead-payments"]
    assert len(listed[0]["candidates"]) == 7
    assert listed[0]["states"] == {"decided": 1, "revealed": 5, "under way": 1}

    sheet = json.loads(runner.invoke(args=["debrief", "sheet", "tech-lead-payments", "--json"]).stdout)
    assert "Leila Haddad" not in [one["name"] for one in sheet["candidates"]]
    assert any("Leila Haddad" in str(one) for one in sheet["left_out"])

    path = Path(app.instance_path) / "comparison.pdf"
    four = ["Amara Okafor,Jonas Lindqvist", "Mei-Ling Chen", "rafael"]
    made = runner.invoke(args=["debrief", "pdf", "tech-lead-payments", "-o", str(path), "--candidates", *four])
    assert made.exit_code == 0, made.output
    document = PdfDocument(io.BytesIO(path.read_bytes()))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Mei-Ling Chen" in text
    assert "Priya Raman (revealed, not chosen here)" in " ".join(text.split())

    again = runner.invoke(args=["sample", "load"])
    assert again.exit_code == 1
    assert "loaded already" in again.output
    assert runner.invoke(args=["sample", "remove"]).exit_code == 0
    with app.app_context():
        assert [db.session.query(table).count() for table in (Opening, Candidate, Mark, Person)] == [0, 0, 0, 0]
        assert [db.session.query(table).count() for table in (Interviewer, JudgedSkill, FreeSpan)] == [0, 0, 0]
        if kind == "sqlite":  # PostgreSQL has no way to leave a reference to nothing
            assert db.session.execute(db.text("PRAGMA foreign_key_check")).all() == []


def test_what_takes_part_elsewhere_stays_when_the_sample_goes(app: Flask, runner: FlaskCliRunner, world: World) -> None:
    with app.app_context():
        load_sample(PASSWORD)
    runner.invoke(args=["sample", "remove"])
    with app.app_context():
        assert db.session.query(Opening).count() == 1
        assert db.session.query(Person).filter(Person.email.in_([email for email, _, _ in PEOPLE])).count() == 0


def test_a_person_is_added_and_can_sign_in(app: Flask, runner: FlaskCliRunner, world: World) -> None:
    added = runner.invoke(args=["accounts", "add", "nora@example.org", "--name", "Nora", "--role", "recruiter", "--password", PASSWORD])
    assert added.exit_code == 0, added.output
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "nora@example.org", "password": PASSWORD}).status_code == 303
    printed = runner.invoke(args=["accounts", "add", "max.muster@example.org"]).stdout
    assert printed.startswith("Max Muster can sign in as max.muster@example.org, interviewer. Password: ")
    with_it = {"email": "max.muster@example.org", "password": printed.split("Password: ")[1].strip()}
    assert app.test_client().post("/sign-in", data=with_it).status_code == 303
    twice = runner.invoke(args=["accounts", "add", "nora@example.org", "--name", "Nora", "--password", PASSWORD])
    assert twice.exit_code == 1
    assert "already has an account" in twice.output


def test_a_command_acts_as_somebody_and_the_trail_names_them(app: Flask, runner: FlaskCliRunner, world: World) -> None:
    refused = runner.invoke(args=["loops", "build", world.slug, "--as", email_of("ana")])
    assert refused.exit_code == 1
    assert "nothing here, or it is not yours" in refused.output
    built = runner.invoke(args=["loops", "build", world.slug, "--json", "--as", email_of("manager")])
    assert built.exit_code == 0, built.output
    assert json.loads(built.stdout)["version"] == 2
    assert runner.invoke(args=["loops", "build", world.opening]).exit_code == 0
    with app.app_context():
        actors = [event.actor_name for event in db.session.query(AuditEvent).where(AuditEvent.act == "loops.build_plan")]
    assert actors == ["Hanna Manager", "Operator"]


def test_nobody_by_that_address_is_an_error(runner: FlaskCliRunner, world: World) -> None:
    assert "Nobody who may sign in" in runner.invoke(args=["openings", "list", "--as", "no@example.org"]).output


def test_a_sheet_before_the_reveal_names_who_is_left_out_and_nothing_else(app: Flask, runner: FlaskCliRunner, world: World) -> None:
    fill(app, world, "ana")
    before = json.loads(runner.invoke(args=["debrief", "sheet", world.slug, "--json"]).stdout)
    assert before["candidates"] == []
    fill(app, world, "ben")
    reveal(app, world)
    after = json.loads(runner.invoke(args=["debrief", "sheet", world.slug, "--json"]).stdout)
    assert [one["name"] for one in after["candidates"]] == ["Cleo Candidate"]


def test_the_sheet_of_an_interviewer_holds_their_own_loops_alone(app: Flask, runner: FlaskCliRunner, world: World) -> None:
    for part in ("ana", "ben"):
        fill(app, world, part)
    reveal(app, world)
    sheet = json.loads(runner.invoke(args=["debrief", "sheet", world.slug, "--json", "--as", email_of("ana")]).stdout)
    assert len(sheet["candidates"]) == 1
    outsider = runner.invoke(args=["debrief", "sheet", world.slug, "--json", "--as", email_of("outsider")])
    missing = runner.invoke(args=["debrief", "sheet", "no-such-opening", "--json", "--as", email_of("outsider")])
    assert (outsider.exit_code, outsider.output) == (missing.exit_code, missing.output)


def test_the_sample_can_judge_every_skill_thrice(app: Flask) -> None:
    with app.app_context():
        load_sample(PASSWORD)
        judges = [judge for judge in list_interviewers() if judge.skill_ids]
        counts = [len(people) for people in count_judges(judges, [skill.id for skill in list_skills()]).values()]
    assert (len(judges), len(counts)) == (5, 19)
    assert min(counts) >= 3
    assert {13 <= len(judge.skill_ids) <= 16 and judge.limit == 9 for judge in judges} == {True}
    assert len({judge.seniority for judge in judges}) == 4


def test_what_somebody_can_judge_is_set_and_listed(runner: FlaskCliRunner, world: World) -> None:
    def find() -> dict:
        listed = json.loads(runner.invoke(args=["interviewers", "list", "--json"]).stdout)
        return next(one for one in listed if one["email"] == email_of("ben"))

    assert (find()["skills"], find()["limit"], find()["seniority"], find()["free"]) == ([], 3, 3, None)
    done = runner.invoke(args=["interviewers", "set", email_of("ben"), "--skills", "reviews, empathy", "--limit", "5"])
    assert done.stdout == "Ben Panel: 2 skills, limit 5, seniority 3\n"
    runner.invoke(args=["interviewers", "set", email_of("ben"), "--seniority", "4"])
    assert (find()["skills"], find()["limit"], find()["seniority"]) == (["empathy", "reviews"], 5, 4)
    lines = runner.invoke(args=["interviewers", "list"]).stdout.splitlines()
    assert "ben@example.org\tBen Panel\tseniority 4\tlimit 5\talways free\tempathy,reviews" in lines


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([email_of("ben"), "--skills", "juggling"], "no skill called juggling"),
        ([email_of("ben"), "--limit", "99"], "from 1 to 20"),
        (["nobody@example.org", "--limit", "3"], "Nobody has the e-mail address"),
        ([email_of("ben"), "--limit", "3", "--as", email_of("ana")], "Only hiring managers, recruiters and admins"),
    ],
)
def test_what_can_t_be_set_is_an_error(runner: FlaskCliRunner, world: World, args: list[str], said: str) -> None:
    answer = runner.invoke(args=["interviewers", "set", *args])
    assert answer.exit_code == 1
    assert said in answer.output


@pytest.mark.usefixtures("web_fonts")
def test_set_up_makes_an_admin_once_and_says_how_to_sign_in(app: Flask, runner: FlaskCliRunner) -> None:
    first = runner.invoke(args=["set-up", "--no-sample"])
    assert first.exit_code == 0, first.output
    password = (Path(app.instance_path) / "first-sign-in.txt").read_text().strip()
    assert password in first.stdout
    client = app.test_client()
    assert client.post("/sign-in", data={"email": "admin@example.org", "password": password}).status_code == 303
    assert runner.invoke(args=["set-up", "--no-sample"]).stdout == first.stdout
    client.post("/account/password", data={"current": password, "password": PASSWORD})
    assert password not in runner.invoke(args=["set-up", "--no-sample"]).stdout
    assert not (Path(app.instance_path) / "first-sign-in.txt").exists()


NOT_ADDED = {
    "a zone that nobody knows": (["zoe@example.org", "--zone", "Mars/Olympus"], "Mars/Olympus"),
    "no address": ([""], "such as name@example.org"),
    "a word for an address": (["zoe"], "such as name@example.org"),
    "a name of blanks": (["zoe@example.org", "--name", "  "], "Enter a name."),
    "an empty name": (["zoe@example.org", "--name", ""], "Enter a name."),
    "a name with a line break": (["zoe@example.org", "--name", "Zoe\nZ"], "Type the name again."),
    "a name like a book": (["zoe@example.org", "--name", "z" * 121], "at most 120 characters"),
}


@pytest.mark.parametrize(("args", "said"), NOT_ADDED.values(), ids=NOT_ADDED)
def test_the_command_adds_nobody_whom_the_page_would_refuse(app: Flask, runner: FlaskCliRunner, args: list[str], said: str) -> None:
    answer = runner.invoke(args=["accounts", "add", *args, "--password", PASSWORD])
    assert answer.exit_code == 1
    assert said in answer.output
    with app.app_context():
        assert db.session.query(Person).count() == 0


def test_the_samples_people_get_no_password_that_nobody_else_could_have(app: Flask, runner: FlaskCliRunner) -> None:
    answer = runner.invoke(args=["sample", "load", "--password", "short"])
    assert answer.exit_code == 1
    assert "Use 12 to 128 characters." in answer.output
    with app.app_context():
        assert db.session.query(Person).count() == 0


@pytest.mark.usefixtures("web_fonts")
def test_a_sample_that_can_t_be_built_leaves_an_installation_that_starts(
    app: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("The planner is asleep.")

    monkeypatch.setattr(sample, "build_sessions", fail)
    answer = runner.invoke(args=["set-up"])
    assert answer.exit_code == 0, answer.output
    assert "The planner is asleep." in answer.output
    assert "password" in answer.stdout
    with app.app_context():
        assert db.session.query(Opening).count() == 0
        assert [one.email for one in db.session.query(Person)] == ["admin@example.org"]


KNOWS_OTHERS = re.compile(
    r"between us|\b(two|both|all|none|others) of us\b|\bno card\b|\b(the other|another|one) card\b|\balone with\b|\b(two|three) apart\b"
    r"|\bmarks apart\b|\bwhole panel\b|\bother interviewers?\b|\b(Ana|Chiara|Dev|Eva)'s (card|marks?|notes?|hour)\b",
    re.IGNORECASE,
)


def test_no_card_of_the_sample_knows_another() -> None:
    """Cards are sealed until the reveal, so what an author wrote can't count, compare or quote the others'."""
    said = [text for script in read_scripts() for card in script.cards for text in card.values()]
    said += [entry["evidence"] for script in read_scripts() for entries in script.marks.values() for entry in entries]
    assert [text for text in said if KNOWS_OTHERS.search(text)] == []
    assert [text for text in said if text.startswith(("That ", "The same "))] == []
