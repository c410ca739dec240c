"""The bank's pages as people see them: finding, reading, writing, retiring, and YAML in and out."""

import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from jinja2 import StrictUndefined
from werkzeug.test import TestResponse

from hiring.accounts.actions import add_person, hash_password, open_session
from hiring.accounts.queries import find_person_by_email, load_actor
from hiring.accounts.views import blueprint as accounts
from hiring.bank import actions, files, queries
from hiring.bank.models import Question, Skill
from hiring.bank.rules import QuestionState
from hiring.bank.views import blueprint as bank
from hiring.config import ROOT
from hiring.db import db, init_db, transaction
from hiring.formatting import init_formatting
from hiring.permissions import Operator, Role
from hiring.web import init_web

SHIPPED = ROOT / "hiring" / "bank" / "content" / "tech_lead"
OPERATOR = Operator()
SMALL = """
source: Ours
skills:
  - {id: empathy, name: Empathy, group: soft, definition: Sees others., anchors: {1: a, 2: b, 3: c, 4: d, 5: e}}
  - {id: reviews, name: Reviews, group: technical, definition: Reviews work., anchors: {1: f, 2: g, 3: h, 4: i, 5: j}}
frames:
  - {id: leading-a-team, name: Leading a team, kind: responsibility, definition: Leads., skills: [empathy]}
questions:
  - id: quiet-voice
    text: Who was the quietest voice in your team, and how did you hear it?
    kind: behavioural
    mode: adaptive
    minutes: 8
    level: 3
    primary: [empathy]
    secondary: [reviews]
    frames: [leading-a-team]
    probes: [What did you notice first?, What would they say?]
    strong: [Names one person]
    weak: [Speaks of everybody at once]
  - id: review-of-a-friend
    text: A friend's change breaks a rule of yours. What do you write?
    kind: technical
    mode: technical
    minutes: 10
    level: 4
    primary: [reviews]
    probes: [What first?, What last?]
    state: draft
"""


def make_app(folder: Path) -> Flask:
    """The accounts and the bank alone, with just enough around them for base.html."""
    app = Flask(
        "hiring",
        root_path=str(ROOT / "hiring"),
        instance_path=str(folder),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(
        SECRET_KEY="k" * 40,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'bank.db'}",
        PASSWORD_COST={"time_cost": 1, "memory_cost": 8, "parallelism": 1},
        MAX_FAILED_SIGN_INS=10,
        MAX_CONTENT_LENGTH=files.LARGEST,
        MAX_FORM_MEMORY_SIZE=files.LARGEST,
        WTF_CSRF_ENABLED=False,
        TESTING=True,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    init_db(app)
    init_formatting(app)
    init_web(app, load_actor)
    home = Blueprint("home", __name__)
    home.add_url_rule("/", "show_home", lambda: "home")
    home.add_url_rule("/font.css", "font_css", lambda: ("", 200, {"Content-Type": "text/css"}))
    for blueprint in (home, accounts, bank):
        app.register_blueprint(blueprint)
    app.jinja_env.globals |= {
        "asset_version": "test",
        "navigation": lambda: [("bank", "bank.list_questions", "Bank"), ("accounts", "accounts.list_people", "People")],
        "also": lambda _feature: (),
    }
    with app.app_context(), transaction():
        db.create_all()
        for role in Role:
            email = f"{role.replace(' ', '.')}@example.org"
            add_person(OPERATOR, email=email, name=role.title(), role=role, password_hash=hash_password("a sentence of words"))
    return app


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    app = make_app(tmp_path)
    with app.app_context(), transaction():
        actions.import_bank(OPERATOR, files.read_bank(SMALL))
    yield app
    with app.app_context():
        db.engine.dispose()


def sign_in(app: Flask, role: Role) -> FlaskClient:
    with app.app_context(), transaction():
        person = find_person_by_email(f"{role.replace(' ', '.')}@example.org")
        assert person is not None
        token = open_session(person.id, browser="test")
    client = app.test_client()
    with client.session_transaction() as session:
        session["token"] = token
    return client


@pytest.fixture
def manager(app: Flask) -> FlaskClient:
    return sign_in(app, Role.HIRING_MANAGER)


@pytest.fixture
def interviewer(app: Flask) -> FlaskClient:
    return sign_in(app, Role.INTERVIEWER)


def words(response: TestResponse) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def read_question(app: Flask, question_id: str) -> SimpleNamespace:
    with app.app_context():
        question = db.session.get(Question, question_id)
        assert question is not None
        return SimpleNamespace(entry=queries.read_question(question), version=question.version)


def fields(**changes: object) -> dict[str, object]:
    """What the edit form of the quiet voice sends."""
    return {
        "text": "Who was the quietest voice in your team, and how did you hear it?",
        "kind": "behavioural",
        "mode": "adaptive",
        "minutes": "8",
        "level": "3",
        "primary": ["empathy"],
        "secondary": ["reviews"],
        "frames": ["leading-a-team"],
        "probes": "What did you notice first?\nWhat would they say?",
        "strong": "Names one person",
        "weak": "Speaks of everybody at once",
        "source": "Ours",
        "version": "1",
    } | changes


QUIET, FRIEND = "quietest voice", "A friend's change"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/bank/", {QUIET, FRIEND}),
        ("/bank/?q=QUIETEST+team", {QUIET}),
        ("/bank/?q=quietest+friend", set()),
        ("/bank/?q=notice", {QUIET}),
        ("/bank/?q=100%25", set()),
        ("/bank/?q=_", set()),
        ("/bank/?skill=reviews", {QUIET, FRIEND}),
        ("/bank/?skill=empathy", {QUIET}),
        ("/bank/?kind=technical", {FRIEND}),
        ("/bank/?mode=adaptive", {QUIET}),
        ("/bank/?level=4", {FRIEND}),
        ("/bank/?frame=leading-a-team", {QUIET}),
        ("/bank/?frame=leading", set()),
        ("/bank/?state=draft", {FRIEND}),
        ("/bank/?skill=reviews&state=active", {QUIET}),
        ("/bank/?kind=nonsense&level=x&page=x", {QUIET, FRIEND}),
        ("/bank/?page=99", {QUIET, FRIEND}),
    ],
)
def test_filters_in_the_address_find_just_what_fits(interviewer: FlaskClient, address: str, found: set[str]) -> None:
    page = words(interviewer.get(address))
    assert {text for text in (QUIET, FRIEND) if text in page} == found
    assert f"{len(found)} question" in page or (not found and "No question fits" in page)


def test_pages_of_questions_hold_25_each_and_keep_the_filters(app: Flask, manager: FlaskClient) -> None:
    with app.app_context(), transaction():
        actions.import_bank(OPERATOR, files.read_bank_folder(SHIPPED, queries.read_known()))
    first, last = manager.get("/bank/?mode=adaptive"), manager.get("/bank/?mode=adaptive&page=3")
    assert first.text.count('<dl class="question-facts">') == 25
    assert 0 < last.text.count('<dl class="question-facts">') <= 25
    assert "/bank/?page=2&amp;mode=adaptive" in first.text or "/bank/?mode=adaptive&amp;page=2" in first.text


@pytest.mark.parametrize("address", ["/bank/questions/quiet-voice", "/bank/skills", "/bank/skills/empathy", "/bank/frames", "/bank/export"])
def test_everybody_reads_the_bank(interviewer: FlaskClient, address: str) -> None:
    assert interviewer.get(address).status_code == 200


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/bank/questions/new"),
        ("post", "/bank/questions/new"),
        ("get", "/bank/questions/quiet-voice/edit"),
        ("post", "/bank/questions/quiet-voice/edit"),
        ("post", "/bank/questions/quiet-voice/retire"),
        ("post", "/bank/questions/review-of-a-friend/activate"),
        ("get", "/bank/skills/new"),
        ("post", "/bank/skills/new"),
        ("get", "/bank/skills/empathy/edit"),
        ("post", "/bank/skills/empathy/edit"),
        ("get", "/bank/import"),
        ("post", "/bank/import"),
    ],
)
@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.RECRUITER])
def test_only_managers_and_admins_change_the_bank(app: Flask, role: Role, method: str, address: str) -> None:
    assert sign_in(app, role).open(address, method=method, data=fields()).status_code == 403


def test_who_may_not_edit_is_offered_no_button_for_it(interviewer: FlaskClient) -> None:
    assert "/edit" not in interviewer.get("/bank/questions/quiet-voice").text
    assert "/bank/import" not in interviewer.get("/bank/").text


def test_a_question_shows_all_that_the_bank_says_of_it(interviewer: FlaskClient) -> None:
    page = words(interviewer.get("/bank/questions/quiet-voice"))
    for part in (QUIET, "What did you notice first?", "Names one person", "Speaks of everybody at once", "8 min", "Empathy", "Reviews"):
        assert part in page
    for part in ("Adaptive", "Behavioural", "Leading a team", "Ours", "3: tech lead"):
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
        ({"primary": ["empathy", "reviews"]}, "A skill is named twice."),
        ({"probes": "Only one"}, "Write at least 2 follow-up questions"),
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
    assert manager.post("/bank/questions/quiet-voice/edit", data=fields(primary=["empathy", "reviews"], secondary=[])).status_code == 303
    after = read_question(app, "quiet-voice")
    assert (after.entry.primary, after.entry.secondary, after.version) == (("empathy", "reviews"), (), 2)


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
    return {"name": "Empathy", "group": "soft", "definition": "Sees others.", "version": "1", **anchors} | changes


@pytest.mark.parametrize(("change", "version"), [({"name": "Fellow feeling"}, 1), ({"definition": "Sees."}, 2), ({"anchor_3": "cc"}, 2)])
def test_a_skills_version_goes_up_with_its_words_alone(app: Flask, manager: FlaskClient, change: dict[str, object], version: int) -> None:
    assert manager.post("/bank/skills/empathy/edit", data=skill_fields(**change)).status_code == 303
    with app.app_context():
        assert db.session.get_one(Skill, "empathy").version == version


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"anchor_4": ""}, "Say what mark 4 looks like."),
        ({"anchor_4": "A"}, "same anchor"),
        ({"name": "reviews"}, "Another skill is called so."),
    ],
)
def test_a_skill_with_a_fault_is_refused(manager: FlaskClient, change: dict[str, object], said: str) -> None:
    answer = manager.post("/bank/skills/empathy/edit", data=skill_fields(**change))
    assert answer.status_code == 422
    assert said in words(answer)


def test_a_new_skill_comes_last_and_lacks_questions(manager: FlaskClient) -> None:
    answer = manager.post("/bank/skills/new", data=skill_fields(name="Patience"))
    assert answer.location == "/bank/skills/patience"
    assert "no plan can assess Patience" in words(manager.get("/bank/skills/patience"))
    assert "no primary question" in words(manager.get("/bank/skills"))


def test_frames_count_their_active_questions(interviewer: FlaskClient) -> None:
    assert "1 active question" in words(interviewer.get("/bank/frames"))


def test_a_faulty_import_names_each_fault_by_line_and_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    text = SMALL.replace("minutes: 8", "minutes: 300").replace("kind: technical", "kind: tecnical").replace("Sees others.", "Changed.")
    answer = manager.post("/bank/import", data={"text": text})
    assert answer.status_code == 422
    assert "2 faults found. Nothing was changed." in words(answer)
    assert re.findall(r'<th scope="row" class="number">(\d+)</th>', answer.text) == ["13", "23"]
    assert "Did you mean technical?" in words(answer)
    assert "Who was the quietest voice" in answer.text
    with app.app_context():
        assert db.session.get_one(Skill, "empathy").definition == "Sees others."


def test_only_check_counts_and_changes_nothing(app: Flask, manager: FlaskClient) -> None:
    answer = manager.post("/bank/import", data={"text": SMALL.replace("minutes: 8", "minutes: 9"), "only_check": "y"})
    assert answer.status_code == 200
    assert "create 0, change 1 and leave 4" in words(answer)
    assert read_question(app, "quiet-voice").entry.minutes == 8


def test_an_upload_is_imported_and_counted(app: Flask, manager: FlaskClient) -> None:
    upload = (BytesIO(SMALL.replace("minutes: 8", "minutes: 9").encode()), "bank.yaml")
    answer = manager.post("/bank/import", data={"file": upload}, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert "0 created, 1 changed, 4 unchanged" in words(manager.get(answer.location))
    assert read_question(app, "quiet-voice").entry.minutes == 9


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


def test_an_empty_bank_says_what_to_do_next(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    client = sign_in(app, Role.ADMIN)
    for address in ("/bank/", "/bank/skills", "/bank/frames"):
        assert "Import a bank" in words(client.get(address))
    with app.app_context():
        db.engine.dispose()
