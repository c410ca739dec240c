"""Every endpoint has a row in the access table, and every row is tried as everybody."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from hiring import web
from hiring.accounts.actions import invite_person
from hiring.bank.models import Question
from hiring.bank.rules import QuestionState
from hiring.db import db, now, transaction
from hiring.interviewers.actions import add_free_span
from hiring.interviewers.queries import list_free_spans
from hiring.loops.actions import add_candidate_span
from hiring.loops.models import Plan
from hiring.loops.plan_actions import start_plan
from hiring.loops.queries import get_plan, list_candidate_span_rows
from hiring.loops.template_actions import save_template
from hiring.openings.queries import get_candidacy, get_opening
from hiring.permissions import Role
from hiring.scorecards.models import Amendment, RefusedText
from hiring.scorecards.queries import find_last_revision, get_card, read_kit
from hiring.scorecards.rules import Given
from tests.conftest import Stock, make_app, settle
from tests.databases import Databases
from tests.factories import SECRET, World, enter, fill, open_after_own, reveal
from tests.people import PARTS, person, same_for_all
from tests.web.access import BANK, DEBRIEF, INTERVIEWERS, PUBLIC, ROWS, SCORECARDS, Row

Look = Callable[[str], tuple[Flask, dict[str, str]]]
TABLE = [*ROWS, *BANK, *INTERVIEWERS, *SCORECARDS, *DEBRIEF]


def ids_of(one: Row) -> str:
    return f"{one.method} {one.endpoint}{' ' + one.needs if one.needs else ''}"


def write_cards(app: Flask, world: World, needs: str) -> tuple[str, str]:
    """Ana's card and the shadow's, with those of the others, as far as a row needs them."""
    card = fill(app, world, "ana", submit=bool(needs))
    if "own" in needs:
        open_after_own(app, world)
    if needs and "one in" not in needs:
        fill(app, world, "ben")
    shadow_card = fill(app, world, "shadow") if needs else "0" * 32
    if needs == "revealed":
        reveal(app, world)
    return card, shadow_card


def prepare(app: Flask, world: World, needs: str) -> dict[str, str]:
    """Bring the world where a row needs it, and name everything that addresses speak of."""
    card, shadow_card = write_cards(app, world, needs)
    with app.app_context(), transaction():
        admin = person("admin")
        invitation, token = invite_person(admin, email="new@example.org", name="New", role=Role.INTERVIEWER)
        ben, ana_card = person("ben"), get_card(card)
        draft = start_plan(admin, get_opening(world.slug))
        unused = db.session.query(Question).where(Question.state_name == QuestionState.ACTIVE, Question.id.startswith("reviews")).first()
        assert unused is not None
        noon = now() + timedelta(days=7)
        add_free_span(admin, ben, (noon, noon + timedelta(hours=1)))
        candidacy = get_candidacy(get_opening(world.slug), world.candidacy)
        add_candidate_span(admin, candidacy, starts_at=noon, ends_at=noon + timedelta(hours=4))
        return {
            "slug": world.slug,
            "plan": draft.id,
            "session": draft.sessions[0].id,
            "place": draft.sessions[0].questions[0].id,
            "question": unused.id,
            "candidacy": world.candidacy,
            "loop": world.loop,
            "seat": world.seats["ana"],
            "ben_seat": world.seats["ben"],
            "card": card,
            "shadow_card": shadow_card,
            "skill": read_kit(ana_card).skills[0].id,
            "revision": str(find_last_revision(ana_card)),
            "refused": refuse(card),
            "amendment": amend(card) if needs == "revealed" else "0" * 32,
            "ben": ben.id,
            "build": make_build(app, draft.id),
            "span": list_free_spans(ben.id)[0].id,
            "template": save_template(admin, draft, name="Ours").id,
            "candidate_span": list_candidate_span_rows(candidacy)[0].id,
            "invitation": token,
            "invitation_id": invitation.id,
        }


def refuse(card: str) -> str:
    """A text that the card could not take; its id."""
    refused = RefusedText(scorecard_id=card, fields={"summary": SECRET}, because="Too late.")
    db.session.add(refused)
    db.session.flush()
    return refused.id


def amend(card: str) -> str:
    """A mark that its author amended; the amendment's id."""
    amendment = Amendment(scorecard_id=card, skill_id=read_kit(get_card(card)).skills[0].id, given_name=Given.ONE, reason=SECRET)
    db.session.add(amendment)
    db.session.flush()
    return amendment.id


def make_build(app: Flask, plan_id: str) -> str:
    """The files of a build that is over, as `start_build` leaves them; its id."""
    folder, build_id = Path(app.instance_path) / "builds", "b" * 32
    folder.mkdir(exist_ok=True)
    (folder / f"{build_id}.jsonl").write_text('{"error": "stopped"}\n')
    (folder / f"{build_id}.note").write_text(json.dumps({"plan": plan_id, "digest": ""}))
    (folder / f"{build_id}.pid").write_text("999999999")
    return build_id


def test_every_endpoint_has_a_row(app: Flask) -> None:
    known = {(one.endpoint, one.method) for one in TABLE}
    wanted = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint not in PUBLIC
    }
    # A form's page and its sending are guarded by the same line: one row for each address is the least, both are better.
    by_endpoint = {endpoint for endpoint, _ in known}
    assert {endpoint for endpoint, _ in wanted} - by_endpoint == set()
    assert {one for one in known if one not in wanted} == set()


def test_only_a_short_list_is_public(app: Flask) -> None:
    assert set(PUBLIC) == web.PUBLIC
    assert set(app.view_functions) >= web.PUBLIC


@pytest.mark.usefixtures("web_fonts")
@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_public_pages_open_without_signing_in(app: Flask, world: World, path: str) -> None:
    names = prepare(app, world, "")
    client = app.test_client()
    if path == PUBLIC["accounts.sign_in_again"]:  # for a script alone: there is no page of it
        assert client.post(path, headers={"Accept": "application/json"}).status_code == 422
    else:
        assert client.get(path.format(**names), buffered=True).status_code == 200


STOOD = "as-it-stood"


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory, usual_stock: Stock) -> Iterator[Look]:
    """An app in each state, for requests that can't write: all of these share it. Its database as it stood is kept for those that do."""
    made: dict[str, tuple[Flask, dict[str, str]]] = {}
    original, world = usual_stock.world

    def look(needs: str) -> tuple[Flask, dict[str, str]]:
        if needs not in made:
            instance = tmp_path_factory.mktemp("looked-at")
            usual_stock.databases.copy(original, instance)
            app = make_app(instance, usual_stock.databases)
            made[needs] = app, prepare(app, world, needs)
            (instance / STOOD).mkdir()
            put(usual_stock.databases, app, instance, instance / STOOD)
        return made[needs]

    yield look
    for app, _ in made.values():
        settle(app)


@pytest.mark.parametrize("row", TABLE, ids=ids_of)
def test_who_gets_in(request: pytest.FixtureRequest, looked_at: Look, databases: Databases, world: World, row: Row) -> None:
    app, names = looked_at(row.needs)
    as_it_stood = Path(app.instance_path) / STOOD
    if row.method != "GET":
        app = request.getfixturevalue("app")
        make_build(app, names["plan"])
    path = row.path.format(**names)
    data = {name: value.format(**names) for name, value in row.data.items()}
    stranger = app.test_client().open(path, method=row.method, data=data)
    assert stranger.status_code == 303
    assert "/sign-in" in stranger.location
    here = Path(app.instance_path)
    for part in PARTS:
        if row.method != "GET":  # which can't write; else nobody finds the door open because somebody else went through
            databases.drop(here)
            put(databases, app, as_it_stood, here)
        status = enter(app, world, part).open(path, method=row.method, data=data, buffered=True).status_code
        if part in row.allowed:
            assert status not in {401, 403, 404, 500}, (part, status)
        elif row.told is None or part in row.told:
            assert status == 403, (part, status)
        else:
            assert status == 404, (part, status)


def put(databases: Databases, app: Flask, source: Path, target: Path) -> None:
    settle(app)
    databases.copy(source, target)


def test_what_one_may_not_know_of_looks_like_what_does_not_exist(app: Flask, world: World) -> None:
    names = prepare(app, world, "")
    outsider = enter(app, world, "outsider")
    nothing = "0" * 32
    for row in TABLE:
        named = re.findall(r"{(\w+)}", row.path)
        if not named or row.told is None or "outsider" in row.allowed | row.told or row.needs:
            continue
        real = outsider.open(row.path.format(**names), method=row.method)
        made_up = outsider.open(row.path.format(**dict.fromkeys(names, nothing)), method=row.method)
        assert real.status_code == made_up.status_code == 404, row.path
        assert same_for_all(real.text) == same_for_all(made_up.text), row.path


def test_a_get_can_not_write(app: Flask, world: World) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        plan = get_plan(world.plan)
        plan.version = 99
        with pytest.raises(Exception, match="read-?only"):
            db.session.flush()
        db.session.rollback()
        assert db.session.get_one(Plan, world.plan).version == 1
