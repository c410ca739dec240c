"""The seal: before the reveal, a card's content is its author's alone, whichever way somebody asks for it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from hiring.audit import AuditEvent
from hiring.db import db, transaction
from hiring.loops.queries import get_seat
from hiring.scorecards.queries import find_card_of_seat
from hiring.scorecards.rules import Given
from tests.factories import SECRET, World, enter, fill, reveal
from tests.people import email_of, same_for_all

OTHERS = ("ben", "shadow", "manager", "recruiter", "admin", "outsider", "other manager")


def pages(world: World) -> list[str]:
    """Every address that could tell of the panel."""
    return [
        "/",
        "/openings/",
        f"/openings/{world.slug}",
        f"/loops/{world.loop}",
        f"/debrief/{world.slug}",
        f"/debrief/{world.slug}/{world.candidacy}",
        f"/debrief/{world.slug}/{world.candidacy}/scorecard.pdf",
        f"/debrief/{world.slug}/comparison.pdf?candidate={world.candidacy}",
        "/scorecards/",
        f"/scorecards/seat/{world.seats['ana']}",
        "/audit",
        "/bank/",
    ]


def commands(world: World) -> list[list[str]]:
    return [
        ["openings", "list", "--json"],
        ["debrief", "sheet", world.slug, "--json"],
        ["debrief", "sheet", world.opening],
    ]


@pytest.mark.parametrize("part", OTHERS)
def test_no_page_says_what_a_sealed_card_says(app: Flask, world: World, part: str) -> None:
    card = fill(app, world, "ana")
    client = enter(app, world, part)
    for path in [*pages(world), f"/scorecards/{card}", f"/scorecards/{card}/read"]:
        assert SECRET not in client.get(path).text, path


@pytest.mark.parametrize("part", OTHERS)
def test_a_colleagues_card_is_like_one_that_does_not_exist(app: Flask, world: World, part: str) -> None:
    card = fill(app, world, "ana")
    client = enter(app, world, part)
    client.get("/")  # the first page sets the cookie of the form's token
    for path in ("/scorecards/{}", "/scorecards/{}/read"):
        real, made_up = client.get(path.format(card)), client.get(path.format("0" * 32))
        assert real.status_code == made_up.status_code == 404
        assert same_for_all(real.text) == same_for_all(made_up.text)
        assert dict(real.headers) == dict(made_up.headers)


@pytest.mark.parametrize("part", ["ben", "manager", "recruiter", "admin"])
def test_nothing_that_others_see_depends_on_a_sealed_mark(app: Flask, world: World, part: str) -> None:
    """The same world twice, but for what Ana gave: nobody else can tell which is which."""
    seen = []
    fill(app, world, "ana", Given.ONE, evidence="one")
    seen.append([same_for_all(enter(app, world, part).get(path).text) for path in pages(world)])
    enter(app, world, "ana").post(f"/scorecards/{card_of(app, world)}/withdraw")
    fill(app, world, "ana", Given.FIVE, evidence="another, longer one")
    seen.append([same_for_all(enter(app, world, part).get(path).text) for path in pages(world)])
    for path, first, second in zip(pages(world), *seen, strict=True):
        if path != "/audit":  # it lists that a card was withdrawn and submitted again
            assert first == second, path


def card_of(app: Flask, world: World) -> str:
    with app.app_context():
        card = find_card_of_seat(get_seat(world.seats["ana"]))
        assert card is not None
        return card.id


@pytest.mark.parametrize("who", [[], ["--as", email_of("ben")], ["--as", email_of("manager")], ["--as", email_of("admin")]])
def test_commands_keep_the_seal_for_the_operator_too(app: Flask, world: World, who: list[str]) -> None:
    fill(app, world, "ana")
    runner = app.test_cli_runner()
    for command in commands(world):
        assert SECRET not in runner.invoke(args=[*command, *who]).output


def test_the_audit_trail_holds_no_mark(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    fill(app, world, "ben")
    reveal(app, world)
    with app.app_context():
        assert not any(SECRET in event.detail for event in db.session.query(AuditEvent))


def test_after_the_reveal_the_panel_reads_all_of_it(app: Flask, world: World) -> None:
    card = fill(app, world, "ana")
    fill(app, world, "ben")
    assert SECRET not in enter(app, world, "ben").get(f"/debrief/{world.slug}").text
    reveal(app, world)
    for part in ("ben", "manager", "recruiter", "admin"):
        assert SECRET in enter(app, world, part).get(f"/scorecards/{card}/read").text
        assert SECRET in enter(app, world, part).get(f"/debrief/{world.slug}/{world.candidacy}").text


def test_a_shadows_card_is_never_computed(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.FOUR, evidence="lead")
    fill(app, world, "ben", Given.FOUR, evidence="lead")
    fill(app, world, "shadow", Given.ONE, evidence="Shadow words")
    reveal(app, world)
    page = enter(app, world, "manager").get(f"/debrief/{world.slug}").text
    assert "Shadow words" not in page
    assert "4.00" in page


def test_private_notes_never_leave_their_author(app: Flask, world: World) -> None:
    card = fill(app, world, "ana", submit=False)
    ana = enter(app, world, "ana")
    version = re.search(r'name="version"[^>]*value="(\d+)"', ana.get(f"/scorecards/{card}").text)
    assert version is not None
    saved = ana.post(f"/scorecards/{card}", data={"do": "save", "version": version[1], "private_notes": "For my eyes"})
    assert saved.status_code == 303
    fill(app, world, "ana")
    fill(app, world, "ben")
    reveal(app, world)
    for part in ("ben", "manager", "admin"):
        assert "For my eyes" not in enter(app, world, part).get(f"/scorecards/{card}/read").text


@pytest.mark.parametrize("part", ["ben", "manager", "admin", "outsider"])
def test_a_sealed_panels_document_is_like_one_that_does_not_exist(app: Flask, world: World, part: str) -> None:
    fill(app, world, "ana")
    client = enter(app, world, part)
    client.get("/")
    for path in ("/debrief/{slug}/{}/scorecard.pdf", "/debrief/{slug}/{}"):
        real = client.get(path.format(world.candidacy, slug=world.slug))
        made_up = client.get(path.format("0" * 32, slug=world.slug))
        assert real.status_code == made_up.status_code == 404
        assert same_for_all(real.text) == same_for_all(made_up.text)


@pytest.mark.parametrize("part", ["ben", "outsider"])
def test_a_command_for_a_sealed_panel_answers_as_for_nobody(app: Flask, world: World, part: str) -> None:
    fill(app, world, "ana")
    runner = app.test_cli_runner()
    path = str(Path(app.instance_path) / "out.pdf")
    answers = []
    for name in ("Cleo Candidate", "Nobody Atall"):
        done = runner.invoke(args=["debrief", "pdf", world.slug, "-o", path, "--candidates", name, "--as", email_of(part)])
        answers.append((done.exit_code, done.output.replace(name, "NAME")))
    assert answers[0] == answers[1]
    assert not Path(path).exists()


FAILS = {
    "sqlite": "CREATE TRIGGER full BEFORE UPDATE ON marks BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
    "postgresql": """ALTER TABLE marks ADD CONSTRAINT "the disk is full" CHECK (evidence NOT LIKE '%again')""",
}
"""What makes a save fail; PostgreSQL would then quote the whole row."""


def test_a_save_that_fails_tells_the_log_nothing_of_the_card(app: Flask, world: World, caplog: pytest.LogCaptureFixture) -> None:
    card = fill(app, world, "ana", submit=False)
    with app.app_context(), transaction():
        db.session.execute(text(FAILS[db.engine.dialect.name]))
    app.testing = False
    answer = enter(app, world, "ana").post(f"/scorecards/{card}/draft", data={"version": "2", "evidence-empathy": f"{SECRET}, again"})
    assert answer.status_code == 500
    assert "the disk is full" in caplog.text
    assert SECRET not in caplog.text
