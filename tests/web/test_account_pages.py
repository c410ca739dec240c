"""Signing in and out, invitations, roles, and what guards every page."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hiring import postgresql, sqlite
from hiring.accounts import actions
from hiring.accounts.models import FailedSignIn, SignIn
from hiring.accounts.rules import IDLE, SEEN_EVERY
from hiring.audit import AuditEvent
from hiring.db import db, now, transaction
from hiring.permissions import Role
from tests.databases import Databases
from tests.factories import World, enter
from tests.people import PASSWORD, email_of, person, sign_in


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("loopcard")
    assert cookie is not None
    return cookie.value


def test_a_cookie_is_worth_nothing_after_signing_out(app: Flask, world: World) -> None:
    client = sign_in(app, "ana")
    kept = cookie_of(client)
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("loopcard", kept)
    answer = thief.get("/")
    assert answer.status_code == 303
    assert "/sign-in" in answer.location


ENDINGS = {
    "their password changed": lambda: setattr(person("ana"), "password_hash", "") or drop_sessions(),
    "their account closed": lambda: setattr(person("ana"), "is_active", False),
    "their session left alone too long": lambda: setattr(newest_session(), "seen_at", now() - IDLE),
}


def newest_session() -> SignIn:
    found = db.session.query(SignIn).where(SignIn.person_id == person("ana").id).order_by(SignIn.opened_at.desc()).first()
    assert found is not None
    return found


def drop_sessions() -> None:
    db.session.delete(newest_session())


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_an_open_session_ends_at_the_next_click(app: Flask, world: World, end) -> None:
    client = sign_in(app, "ana")
    assert client.get("/").status_code == 200
    with app.app_context(), transaction():
        end()
    assert client.get("/").status_code == 303


def test_one_lands_where_one_meant_to_go(app: Flask, world: World) -> None:
    client = app.test_client()
    asked = client.get("/bank/?q=crisis")
    page = client.get(asked.location)
    wanted = re.search(r'name="next"[^>]*value="([^"]*)"', page.text)
    assert wanted is not None
    answer = client.post("/sign-in", data={"email": email_of("ana"), "password": PASSWORD, "next": wanted[1].replace("&amp;", "&")})
    assert answer.location == "/bank/?q=crisis"


LANDINGS = {
    "a page with a search": ("/bank/?q=crisis", "/bank/?q=crisis"),
    "a page whose slash is missing": ("/bank", "/bank"),
    "letters written as signs": ("/b%61nk/", "/b%61nk/"),
    "an address with a line break": ("/\r\nX: y", "/"),
    "an address that takes only a POST": ("/sign-out", "/"),
    "an address that nothing answers": ("/nowhere", "/"),
}


@pytest.mark.parametrize(("wanted", "landing"), LANDINGS.values(), ids=LANDINGS)
def test_whatever_one_meant_to_see_one_lands_on_a_page(app: Flask, world: World, wanted: str, landing: str) -> None:
    client = app.test_client()
    assert client.get("/sign-in", query_string={"next": wanted}).status_code == 200
    answer = client.post("/sign-in", data={"email": email_of("ana"), "password": PASSWORD, "next": wanted})
    assert (answer.status_code, answer.location) == (303, landing)
    assert client.get(answer.location, follow_redirects=True).status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app: Flask, world: World) -> None:
    client = app.test_client()
    wrong = client.post("/sign-in", data={"email": email_of("ana"), "password": "not this one at all"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.org", "password": "not this one at all"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(email_of("ana"), "") == unknown.text.replace("nobody@example.org", "")


def test_guessing_ends_after_ten_tries_for_one_account_and_not_for_another(app: Flask, world: World) -> None:
    client = app.test_client()
    for _ in range(10):
        assert client.post("/sign-in", data={"email": email_of("ana"), "password": "wrong wrong wrong"}).status_code == 422
    assert client.post("/sign-in", data={"email": email_of("ana"), "password": PASSWORD}).status_code == 429
    sign_in(app, "ben")


def test_an_invitation_makes_one_account_once(app: Flask, world: World) -> None:
    admin = sign_in(app, "admin")
    made = admin.post("/people/invite", data={"name": "Nora New", "email": "nora@example.org", "role": "recruiter"})
    link = re.search(r'value="https?://[^/]+(/invitation/[^"]+)"', made.text)
    assert link is not None
    nora = app.test_client()
    assert "Nora New" in nora.get(link[1]).text
    short = nora.post(link[1], data={"name": "Nora New", "password": "short", "zone": "Europe/Berlin"})
    assert short.status_code == 422
    answer = nora.post(link[1], data={"name": "Nora New", "password": PASSWORD, "zone": "Europe/Berlin"})
    assert answer.status_code == 303
    assert nora.get("/openings/").status_code == 200
    assert app.test_client().get(link[1]).status_code == 409


REFUSED = {
    "a word for an address": ({"email": "nora"}, "Enter an address such as name@example.org."),
    "an address like a book": ({"email": f"nora@{'x' * 250}.org"}, "Enter an address such as name@example.org."),
    "a name like a book": ({"name": "x" * 121}, "A name has at most 120 characters here."),
    "no name": ({"name": " "}, "Enter a name."),
}


@pytest.mark.parametrize(("change", "said"), REFUSED.values(), ids=REFUSED)
def test_an_invitation_to_nobody_is_refused_at_its_field(app: Flask, world: World, change: dict[str, str], said: str) -> None:
    sent = {"name": "Nora New", "email": "nora@example.org", "role": "recruiter", **change}
    answer = sign_in(app, "admin").post("/people/invite", data=sent)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_last_admin_stays(app: Flask, world: World) -> None:
    admin = sign_in(app, "admin")
    with app.app_context():
        own = person("admin").id
    answer = admin.post(f"/people/{own}", data={"name": "Ada Admin", "role": "interviewer", "is_active": "y"})
    assert answer.status_code == 409
    assert "only admin" in answer.text


def test_a_role_holds_from_the_next_click_on(app: Flask, world: World) -> None:
    ben = sign_in(app, "ben")
    assert ben.get("/people").status_code == 403
    with app.app_context():
        his = person("ben").id
    sign_in(app, "admin").post(f"/people/{his}", data={"name": "Ben Panel", "role": "admin", "is_active": "y"})
    assert ben.get("/people").status_code == 200


def test_every_answer_carries_the_guarding_headers(app: Flask, world: World) -> None:
    client = sign_in(app, "ana")
    for path in ("/", "/nowhere", "/people", "/static/css/base.css", "/sign-in"):
        headers = client.get(path, buffered=True).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/sign-in", data={"email": "a@example.org", "password": "x"})
    assert answer.status_code == 400
    assert "reload" in answer.text


def test_another_host_is_refused(app: Flask, world: World) -> None:
    assert app.test_client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400


def test_too_much_is_refused_in_words(app: Flask, world: World) -> None:
    client = sign_in(app, "manager")
    answer = client.post("/openings/new", data={"title": "x" * (5 * 1024 * 1024)})
    assert answer.status_code == 413
    assert "more than this page takes" in answer.text


def test_a_refusal_and_a_failure_are_on_record_without_a_password(app: Flask, world: World) -> None:
    app.test_client().post("/sign-in", data={"email": email_of("ana"), "password": "my secret words"})
    with app.app_context():
        events = db.session.query(AuditEvent).where(AuditEvent.act == "accounts.fail_sign_in").all()
        assert [event.detail for event in events] == [email_of("ana")]
        assert not any("secret" in event.detail for event in db.session.query(AuditEvent))


def test_an_unknown_address_costs_as_many_hashes_as_a_wrong_password(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[str] = []
    hasher = actions.hasher

    class Counted:
        def hash(self, password: str) -> str:
            work.append("hash")
            return hasher.hash(password)

        def verify(self, password_hash: str, password: str) -> bool:
            work.append("verify")
            return hasher.verify(password_hash, password)

    def try_as(email: str) -> list[str]:
        work.clear()
        app.test_client().post("/sign-in", data={"email": email, "password": "not the right words"})
        return list(work)

    monkeypatch.setattr(actions, "hasher", Counted())
    try_as("nobody@example.org")
    assert try_as("nobody@example.org") == try_as(email_of("ana")) == ["verify"]


def test_a_sign_in_with_a_book_for_an_address_is_refused_and_not_kept(app: Flask, world: World) -> None:
    answer = app.test_client().post("/sign-in", data={"email": "x" * 100_000, "password": "not the right words"})
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(FailedSignIn).count() == 0


@pytest.mark.parametrize("broken", ["/%09/[", "/%5C[", "//["])
def test_an_address_that_can_t_be_read_leads_nowhere(app: Flask, world: World, broken: str) -> None:
    assert app.test_client().get(f"/sign-in?next={broken}").status_code == 200
    assert app.test_client().post("/sign-out", headers={"Referer": "http://[x"}).status_code == 303


def test_no_transaction_is_open_while_a_password_is_hashed(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    open_while: list[bool] = []
    hasher = actions.hasher

    class Watched:
        def hash(self, password: str) -> str:
            open_while.append(db.session().in_transaction())
            return hasher.hash(password)

        def verify(self, password_hash: str, password: str) -> bool:
            open_while.append(db.session().in_transaction())
            return hasher.verify(password_hash, password)

    with app.app_context(), transaction():
        _, token = actions.invite_person(person("admin"), email="new@example.org", name="New", role=Role.INTERVIEWER)
    monkeypatch.setattr(actions, "hasher", Watched())
    sent = {"name": "New", "password": "four other plain words", "zone": "Europe/Berlin"}
    new = app.test_client()
    assert new.post(f"/invitation/{token}", data=sent).status_code == 303
    changed = {"current": sent["password"], "password": "four more plain words"}
    assert new.post("/account/password", data=changed).status_code == 303
    assert open_while == [False, False, False]


def test_a_database_that_is_busy_keeps_nobody_from_reading(
    app: Flask, world: World, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.testing = False
    monkeypatch.setitem(sqlite.PRAGMAS, "busy_timeout", ("200", 200))  # nobody lets go of it here, however long one waits
    monkeypatch.setitem(postgresql.SETTINGS, "lock_timeout", "200ms")
    with app.app_context():
        db.engine.dispose()
    ana = enter(app, world, "ana")
    with app.app_context(), transaction():
        for one in db.session.query(SignIn):
            one.seen_at = now() - SEEN_EVERY
    with databases.keep_busy(Path(app.instance_path)):
        assert ana.get("/").status_code == 200
        answer = ana.post(f"/scorecards/seat/{world.seats['ana']}")
        assert answer.status_code == 503
        assert "Nothing of your last step was saved" in answer.text
    assert ana.post(f"/scorecards/seat/{world.seats['ana']}").status_code == 303


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/static/css/base.css?v=12345678", "public, max-age=31536000, immutable"),
        ("/static/css/base.css", "no-cache"),
        ("/sign-in?v=12345678", "no-store"),
    ],
)
def test_what_is_named_by_its_version_may_be_kept_and_nothing_else(app: Flask, address: str, kept: str) -> None:
    with app.test_client().get(address) as answer:
        assert answer.headers["Cache-Control"] == kept
