"""The seal: before the reveal, a card's content is its author's alone, whichever way somebody asks for it."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from hiring.audit import AuditEvent
from hiring.db import db, transaction
from hiring.debrief.actions import break_seal
from hiring.loops.actions import create_loop
from hiring.loops.queries import get_loop, get_seat
from hiring.openings.actions import add_candidate
from hiring.openings.queries import get_opening
from hiring.scorecards.queries import find_card_of_seat
from hiring.scorecards.rules import Given
from tests.factories import SECRET, World, enter, fill, open_after_own, reveal
from tests.people import email_of, person, same_for_all

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


def reads(app: Flask, world: World, part: str, card: str) -> bool:
    """Whether somebody reads what a card says; who doesn't is told that there is none."""
    answer = enter(app, world, part).get(f"/scorecards/{card}/read")
    assert (answer.status_code, SECRET in answer.text) in {(200, True), (404, False)}
    return answer.status_code == 200


def test_after_ones_own_is_one_by_one_and_only_for_leads(app: Flask, world: World) -> None:
    """Who reads Ana's card while the others come in: each lead from their own on, the shadow and who coordinates never."""
    open_after_own(app, world)
    ana = fill(app, world, "ana")
    assert {part for part in OTHERS if reads(app, world, part, ana)} == set()
    fill(app, world, "ben", evidence="Ben's own", submit=False)
    fill(app, world, "shadow", evidence="The shadow's own")
    assert {part for part in OTHERS if reads(app, world, part, ana)} == set()
    fill(app, world, "ben", evidence="Ben's own")
    assert {part for part in OTHERS if reads(app, world, part, ana)} == {"ben"}
    manager = enter(app, world, "manager")
    assert all(SECRET not in manager.get(path).text for path in pages(world))


def test_who_took_their_card_back_reads_nothing_from_then_on(app: Flask, world: World) -> None:
    """Submitted once is not submitted now."""
    open_after_own(app, world)
    ben = fill(app, world, "ben", evidence="Ben's own")
    assert enter(app, world, "ben").post(f"/scorecards/{ben}/withdraw").status_code == 303
    ana = fill(app, world, "ana")
    assert not reads(app, world, "ben", ana)
    assert enter(app, world, "ben").get(f"/scorecards/seat/{world.seats['ana']}/card").status_code == 404
    fill(app, world, "ben", evidence="Ben's own")
    assert reads(app, world, "ben", ana)


@pytest.mark.parametrize("part", ["ana", "ben", "shadow"])
def test_where_cards_open_after_ones_own_nobody_takes_theirs_back_from_the_second_on(app: Flask, world: World, part: str) -> None:
    open_after_own(app, world)
    cards = {one: fill(app, world, one) for one in ("ana", "ben", "shadow")}
    client = enter(app, world, part)
    assert client.post(f"/scorecards/{cards[part]}/withdraw").status_code == 409
    assert "Take back" not in client.get(f"/scorecards/{cards[part]}/read").text


def test_a_loop_keeps_the_seal_that_it_was_started_with(app: Flask, world: World) -> None:
    manager = enter(app, world, "manager")
    ana = fill(app, world, "ana")
    fill(app, world, "ben", evidence="Ben's own")
    form = {"title": "Tech lead, Ledger", "level": "3", "seal": "own"}
    assert manager.post(f"/openings/{world.slug}/edit", data=form).status_code == 303
    assert not reads(app, world, "ben", ana)
    with app.app_context(), transaction():
        opening = get_opening(world.slug)
        assert create_loop(person("manager"), add_candidate(person("manager"), opening, name="Dina")).opens_after_own


def test_what_a_seat_says_of_its_card_is_what_the_card_says(app: Flask, world: World) -> None:
    """The seat's note of it rules who reads what: no act may leave the two apart."""

    def compare() -> None:
        with app.app_context():
            for seat_id in world.seats.values():
                card = find_card_of_seat(get_seat(seat_id))
                assert get_seat(seat_id).card_in_at == (card.submitted_at if card else None)
                assert get_seat(seat_id).is_in == (card is not None and card.is_submitted)

    compare()
    for submit in (False, True):
        card = fill(app, world, "ana", submit=submit)
        compare()
    enter(app, world, "ana").post(f"/scorecards/{card}/withdraw")
    compare()
    for part in ("ana", "ben", "shadow"):
        fill(app, world, part)
        compare()
    reveal(app, world)
    compare()


@pytest.mark.parametrize("part", ["ben", "manager", "admin"])
def test_a_draft_and_no_card_at_all_look_the_same_to_others(app: Flask, world: World, part: str) -> None:
    broken, time = f"/debrief/{world.slug}/{world.candidacy}/break", f"/seats/{world.seats['ana']}/time"
    everywhere = [*pages(world), time, broken]
    before = [same_for_all(enter(app, world, part).get(path).text) for path in everywhere]
    fill(app, world, "ana", submit=False)
    after = [same_for_all(enter(app, world, part).get(path).text) for path in everywhere]
    for path, first, second in zip(everywhere, before, after, strict=True):
        assert first == second, path


def test_an_early_reveal_shows_what_was_in_and_keeps_the_draft_sealed(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    draft = fill(app, world, "ben", evidence="Draft words", submit=False)
    with app.app_context(), transaction():
        break_seal(person("manager"), get_loop(world.loop), "The offer elsewhere ends tomorrow.")
    for part in ("ana", "manager"):
        client = enter(app, world, part)
        assert SECRET in client.get(f"/debrief/{world.slug}/{world.candidacy}").text
        for path in [*pages(world), f"/scorecards/{draft}/read"]:
            assert b"Draft words" not in client.get(path).data, path
    own = enter(app, world, "ben").get(f"/scorecards/{draft}/read").text
    assert "Draft words" in own
    assert "The offer elsewhere ends tomorrow." in own
