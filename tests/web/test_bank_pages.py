"""The bank's pages as people see them: finding, reading, writing, retiring."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hiring.bank import actions, files, queries
from hiring.bank.models import Skill
from hiring.bank.rules import QuestionState
from hiring.db import db, transaction
from hiring.permissions import Operator
from tests.people import add_people, sign_in

SMALL = """
source: Ours
skills:
  - {id: candour, name: Candour, group: soft, definition: Says it., anchors: {1: a, 2: b, 3: c, 4: d, 5: e}}
frames:
  - {id: leading-a-choir, name: Leading a choir, kind: responsibility, definition: Leads., skills: [candour]}
questions:
  - id: quiet-voice
    text: Who was the quietest zebra in your team, and how did you hear it?
    kind: behavioural
    mode: adaptive
    minutes: 8
    level: 3
    primary: [candour]
    secondary: [reviews]
    frames: [leading-a-choir]
    probes: [What did you notice first?, What would they say?]
    strong: [Names one person]
    weak: [Speaks of everybody at once]
  - id: review-of-a-friend
    text: A zebra's change breaks a rule of yours. What do you write?
    kind: technical
    mode: technical
    minutes: 10
    level: 4
    primary: [reviews]
    probes: [What first?, What last?]
    state: draft
"""


@pytest.fixture
def bank(app: Flask) -> Flask:
    """The shipped bank with two questions of ours, one of them a draft."""
    with app.app_context(), transaction():
        add_people()
        actions.import_bank(Operator(), files.read_bank(SMALL, queries.read_known()))
    return app


@pytest.fixture
def manager(bank: Flask) -> FlaskClient:
    return sign_in(bank, "manager")


@pytest.fixture
def interviewer(bank: Flask) -> FlaskClient:
    return sign_in(bank, "ana")


def words(response: TestResponse) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def read_question(app: Flask, question_id: str) -> SimpleNamespace:
    with app.app_context():
        question = queries.get_question(question_id)
        return SimpleNamespace(entry=queries.read_question(question), version=question.version)


def fields(**changes: object) -> dict[str, object]:
    """What the edit form of the quiet voice sends."""
    return {
        "text": "Who was the quietest zebra in your team, and how did you hear it?",
        "kind": "behavioural",
        "mode": "adaptive",
        "minutes": "8",
        "level": "3",
        "primary": ["candour"],
        "secondary": ["reviews"],
        "frames": ["leading-a-choir"],
        "probes": "What did you notice first?\nWhat would they say?",
        "strong": "Names one person",
        "weak": "Speaks of everybody at once",
        "source": "Ours",
        "version": "1",
    } | changes


QUIET, FRIEND = "quietest zebra", "A zebra's change"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=zebra", {QUIET, FRIEND}),
        ("q=QUIETEST+Zebra", {QUIET}),
        ("q=quietest+breaks+zebra", set()),
        ("q=zebra+notice", {QUIET}),
        ("q=zebra+100%25", set()),
        ("q=zebr_", set()),
        ("q=zebra&skill=reviews", {QUIET, FRIEND}),
        ("q=zebra&skill=candour", {QUIET}),
        ("q=zebra&kind=technical", {FRIEND}),
        ("q=zebra&mode=adaptive", {QUIET}),
        ("q=zebra&level=4", {FRIEND}),
        ("frame=leading-a-choir", {QUIET}),
        ("q=zebra&frame=leading-a", set()),
        ("state=draft", {FRIEND}),
        ("q=zebra&skill=reviews&state=active", {QUIET}),
        ("q=zebra&kind=nonsense&level=x&page=x", {QUIET, FRIEND}),
        ("q=zebra&page=99", {QUIET, FRIEND}),
    ],
)
def test_filters_in_the_address_find_just_what_fits(interviewer: FlaskClient, asked: str, found: set[str]) -> None:
    page = words(interviewer.get("/bank/?" + asked))
    assert {text for text in (QUIET, FRIEND) if text in page} == found
    assert f"{len(found)} question" in page or (not found and "No question fits" in page)


def test_pages_of_questions_hold_25_each_and_keep_the_filters(manager: FlaskClient) -> None:
    first, last = manager.get("/bank/?mode=adaptive"), manager.get("/bank/?mode=adaptive&page=3")
    assert first.text.count('<dl class="question-facts">') == 25
    assert 0 < last.text.count('<dl class="question-facts">') <= 25
    assert "/bank/?page=2&amp;mode=adaptive" in first.text or "/bank/?mode=adaptive&amp;page=2" in first.text


def test_who_may_not_edit_is_offered_no_button_for_it(interviewer: FlaskClient) -> None:
    assert "/edit" not in interviewer.get("/bank/questions/quiet-voice").text
    assert "/bank/import" not in interviewer.get("/bank/").text


def test_a_question_shows_all_that_the_bank_says_of_it(interviewer: FlaskClient) -> None:
    page = words(interviewer.get("/bank/questions/quiet-voice"))
    for part in (QUIET, "What did you notice first?", "Names one person", "Speaks of everybody at once", "8 min", "Candour", "Reviews"):
        assert part in page
    for part in ("Adaptive", "Behavioural", "Leading a choir", "Ours", "3: tech lead"):
        assert part in page


def test_an_unknown_question_is_not_found(interviewer: FlaskClient) -> None:
    assert interviewer.get("/bank/questions/none").status_code == 404
    assert interviewer.get("/bank/skills/none").status_code == 404


def test_a_new_question_is_found_under_its_own_address(app: Flask, manager: FlaskClient) -> None:
    answer = manager.post("/bank/questions/new", data=fields(text="What did you  learn\r\nfrom a reviewer?", state="draft"))
    assert answer.status_code == 303
    assert answer.location.startswith("/bank/questions/what-did-you-learn-from-a-reviewer-")
    assert read_question(app, answer.location.rsplit("/", 1)[1]).entry.state is QuestionState.DRAFT


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": " "}, "Write the question as the interviewer says it."),
        ({"minutes": "0"}, "Minutes are a whole number from 1 to 120."),
        ({"minutes": "ten"}, "Give a whole number of minutes."),
        ({"primary": []}, "Tick at least one skill as primary."),
        ({"primary": ["candour", "reviews"]}, "A skill is named twice."),
        ({"probes": "Only one"}, "Write at least 2 follow-up questions"),
        ({"probes": "What first?\nWhat last?\nwhat  first?"}, "“What first?” stands here twice."),
        ({"text": "a zebra's change breaks a rule of yours.\nWhat do you write?"}, "“review-of-a-friend” asks this in the same words."),
        ({"strong": "x" * 501}, "A line has 501 characters."),
        ({"text": "a\x00b"}, "A character that can't be seen"),
    ],
)
def test_a_form_with_a_fault_says_so_and_keeps_what_was_typed(manager: FlaskClient, change: dict[str, object], said: str) -> None:
    answer = manager.post("/bank/questions/quiet-voice/edit", data=fields(**{"weak": "My own words", **change}))
    assert answer.status_code == 422
    assert said in words(answer)
    assert "My own words" in answer.text


def test_an_edit_keeps_the_order_of_skills_and_raises_the_version(app: Flask, manager: FlaskClient) -> None:
    assert manager.post("/bank/questions/quiet-voice/edit", data=fields(primary=["candour", "reviews"], secondary=[])).status_code == 303
    after = read_question(app, "quiet-voice")
    assert (after.entry.primary, after.entry.secondary, after.version) == (("candour", "reviews"), (), 2)


def test_an_edit_of_a_page_that_has_moved_on_keeps_both_wordings_and_saves_on_the_second_try(app: Flask, manager: FlaskClient) -> None:
    manager.post("/bank/questions/quiet-voice/edit", data=fields(text="Theirs, saved first?"))
    answer = manager.post("/bank/questions/quiet-voice/edit", data=fields(text="Mine, typed meanwhile?"))
    assert answer.status_code == 409
    assert "Theirs, saved first?" in answer.text
    assert "Mine, typed meanwhile?" in answer.text
    assert read_question(app, "quiet-voice").entry.text == "Theirs, saved first?"
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert manager.post("/bank/questions/quiet-voice/edit", data=fields(text="Mine?", version=version[1])).status_code == 303


def test_a_retired_question_is_struck_and_tagged_and_comes_back(app: Flask, manager: FlaskClient) -> None:
    assert manager.post("/bank/questions/quiet-voice/retire").status_code == 303
    page = manager.get("/bank/?state=retired").text
    assert "<s>" in page
    assert ">Retired</span>" in page
    assert manager.post("/bank/questions/quiet-voice/retire").status_code == 409
    assert manager.post("/bank/questions/quiet-voice/activate").status_code == 303
    assert read_question(app, "quiet-voice").entry.state is QuestionState.ACTIVE


def skill_fields(**changes: object) -> dict[str, object]:
    anchors = {f"anchor_{mark}": letter for mark, letter in zip(range(1, 6), "abcde", strict=True)}
    return {"name": "Candour", "group": "soft", "definition": "Says it.", "version": "1", **anchors} | changes


@pytest.mark.parametrize(("change", "version"), [({"name": "Fellow feeling"}, 1), ({"definition": "Sees."}, 2), ({"anchor_3": "cc"}, 2)])
def test_a_skills_version_goes_up_with_its_words_alone(app: Flask, manager: FlaskClient, change: dict[str, object], version: int) -> None:
    assert manager.post("/bank/skills/candour/edit", data=skill_fields(**change)).status_code == 303
    with app.app_context():
        assert db.session.get_one(Skill, "candour").version == version


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"anchor_4": ""}, "Say what mark 4 looks like."),
        ({"anchor_4": "A"}, "same anchor"),
        ({"name": "reviews"}, "Another skill is called so."),
    ],
)
def test_a_skill_with_a_fault_is_refused(manager: FlaskClient, change: dict[str, object], said: str) -> None:
    answer = manager.post("/bank/skills/candour/edit", data=skill_fields(**change))
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_new_skill_comes_last_and_lacks_questions(manager: FlaskClient) -> None:
    answer = manager.post("/bank/skills/new", data=skill_fields(name="Patience"))
    assert answer.location == "/bank/skills/patience"
    assert "no plan can assess Patience" in words(manager.get("/bank/skills/patience"))
    assert "no primary question" in words(manager.get("/bank/skills"))


def test_frames_count_their_active_questions(interviewer: FlaskClient) -> None:
    assert "1 active question" in words(interviewer.get("/bank/frames"))
