"""The bank in and out as YAML, over the web."""

import re
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hiring.bank.models import Frame, Question, QuestionSkill, Skill
from hiring.bank.queries import get_question, get_skill
from hiring.db import db, transaction
from tests.people import add_people, sign_in

FILE = """
source: Ours
skills:
  - {id: candour, name: Candour, group: soft, definition: Says it., anchors: {1: a, 2: b, 3: c, 4: d, 5: e}}
questions:
  - id: quiet-voice
    text: Who was the quietest voice?
    kind: behavioural
    mode: adaptive
    minutes: 8
    level: 3
    primary: [candour]
    probes: [What did you notice first?, What would they say?]
"""


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        add_people()
    return sign_in(app, "manager")


def words(response: TestResponse) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Question).count()


def test_a_file_is_imported_and_counted_and_imported_again_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    for said in ("2 created, 0 changed, 0 unchanged", "0 created, 0 changed, 2 unchanged"):
        answer = manager.post("/bank/import", data={"file": (BytesIO(FILE.encode()), "bank.yaml")}, content_type="multipart/form-data")
        assert answer.status_code == 303
        assert said in words(manager.get(answer.location))
    with app.app_context():
        assert get_question("quiet-voice").version == 1


def test_a_faulty_import_names_each_fault_by_line_and_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    before = count(app)
    text = FILE.replace("minutes: 8", "minutes: 300").replace("kind: behavioural", "kind: behavioral")
    answer = manager.post("/bank/import", data={"text": text})
    assert answer.status_code == 422
    assert "2 faults found. Nothing was changed." in words(answer)
    assert re.findall(r'<th scope="row" class="number">(\d+)</th>', answer.text) == ["8", "10"]
    assert "Did you mean behavioural?" in words(answer)
    assert "Who was the quietest voice" in answer.text, "what was pasted is kept"
    assert count(app) == before


def test_a_slip_in_an_escape_is_a_fault_at_its_line_and_what_was_pasted_is_kept(manager: FlaskClient) -> None:
    text = FILE.replace("Who was the quietest voice?", '"The quietest \\UFFFFFFFF voice?"')
    answer = manager.post("/bank/import", data={"text": text})
    assert answer.status_code == 422
    assert re.findall(r'<th scope="row" class="number">(\d+)</th>', answer.text) == ["7"]
    assert "The quietest \\UFFFFFFFF voice?" in unescape(answer.text)


def test_only_check_counts_and_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    before = count(app)
    answer = manager.post("/bank/import", data={"text": FILE, "only_check": "y"})
    assert answer.status_code == 200
    assert "create 2, change 0 and leave 0" in words(answer)
    assert count(app) == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Choose a file, or paste its text."),
        ({"file": (BytesIO(b"\xff\xfe\n"), "bank.yaml")}, "This is not UTF-8 text."),
        ({"file": (BytesIO(b"a: 1"), "bank.yaml"), "text": "a: 1"}, "Leave one of them out."),
    ],
)
def test_an_import_of_nothing_or_of_two_things_is_refused(manager: FlaskClient, data: dict[str, object], said: str) -> None:
    answer = manager.post("/bank/import", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert said in words(answer)


def test_what_is_exported_can_be_imported_and_changes_nothing(manager: FlaskClient) -> None:
    export = manager.get("/bank/export")
    assert export.headers["Content-Disposition"] == 'attachment; filename="loopcard-bank.yaml"'
    manager.post("/bank/import", data={"text": export.text})
    assert manager.get("/bank/export").text == export.text


def test_an_empty_bank_says_what_to_do_next(app: Flask, manager: FlaskClient) -> None:
    with app.app_context(), transaction():
        for table in (QuestionSkill, Question, Frame, Skill):
            db.session.query(table).delete()
    for address in ("/bank/", "/bank/skills", "/bank/frames"):
        assert "Import a bank" in words(manager.get(address))
    assert "Add a skill first." in words(manager.get("/bank/questions/new"))


def test_an_import_of_one_skill_leaves_all_others_alone(app: Flask, manager: FlaskClient) -> None:
    manager.post("/bank/import", data={"text": FILE})
    with app.app_context():
        assert get_skill("candour").position > get_skill("action-orientation").position > get_skill("problem-solving").position
