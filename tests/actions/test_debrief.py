"""The reveal, the decision and its reopening; and which rows a sheet is made of."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from hiring.audit import AuditEvent
from hiring.db import db, transaction
from hiring.debrief import actions
from hiring.debrief.queries import find_decision, get_debrief, list_decisions, list_panels, read_sheet
from hiring.debrief.rules import CellState, Outcome
from hiring.debrief.sheet import Sheet, sheet_to_dict
from hiring.errors import Conflict, Forbidden, Invalid, NotFound
from hiring.loops.actions import cancel_loop, create_loop
from hiring.loops.models import Loop
from hiring.loops.queries import get_loop
from hiring.loops.rules import LoopState
from hiring.openings.actions import set_rule
from hiring.openings.queries import get_opening
from hiring.openings.rules import SkillRule
from hiring.permissions import Operator
from hiring.scorecards.rules import Given
from tests.factories import SECRET, World, fill, reveal
from tests.people import person


def fill_all(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.FOUR)
    fill(app, world, "ben", Given.TWO)


def read(app: Flask, world: World, part: str) -> Sheet:
    with app.app_context():
        return read_sheet(person(part), get_debrief(world.slug))


def test_a_panel_is_revealed_by_who_manages_the_opening_when_all_cards_are_in(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    with app.app_context():
        loop = get_loop(world.loop)
        assert loop.state is LoopState.REVEALED
        assert loop.revealed_by == "Hanna Manager"
        assert loop.revealed_at is not None


def test_a_panel_with_a_missing_card_stays_sealed(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    with app.app_context(), transaction(), pytest.raises(Conflict, match="Cards are still missing"):
        actions.reveal_panel(person("manager"), get_loop(world.loop))


@pytest.mark.parametrize("part", ["admin", "recruiter", "ana"])
def test_nobody_else_reveals(app: Flask, world: World, part: str) -> None:
    fill_all(app, world)
    with app.app_context(), transaction():
        with pytest.raises(Forbidden):
            actions.reveal_panel(person(part), get_loop(world.loop))
        with pytest.raises(Forbidden):
            actions.reveal_ready(person(part), get_debrief(world.slug))


@pytest.mark.parametrize("part", ["other manager", "outsider"])
def test_for_others_there_is_nothing_to_reveal(app: Flask, world: World, part: str) -> None:
    fill_all(app, world)
    with app.app_context(), transaction(), pytest.raises(NotFound):
        actions.reveal_panel(person(part), get_loop(world.loop))


def test_all_ready_panels_are_revealed_at_once_and_none_twice(app: Flask, world: World) -> None:
    fill_all(app, world)
    with app.app_context(), transaction():
        debrief = get_debrief(world.slug)
        assert [loop.id for loop in actions.reveal_ready(person("manager"), debrief)] == [world.loop]
        with pytest.raises(Conflict, match="No panel is ready"):
            actions.reveal_ready(person("manager"), debrief)


@pytest.mark.parametrize("part", ["admin", "manager", "recruiter", "ana", "ben", "shadow"])
def test_before_the_reveal_no_sheet_holds_anything_of_the_panel(app: Flask, world: World, part: str) -> None:
    fill_all(app, world)
    sheet = read(app, world, part)
    told = json.dumps(sheet_to_dict(sheet))
    assert sheet.candidates == sheet.cells == sheet.cards == ()
    assert SECRET not in told
    assert [(one.name, one.state) for one in sheet.left_out] == [("Cleo Candidate", "2 of 2 cards are in, not revealed yet")]


def test_before_the_first_card_and_between_the_state_counts_cards_only(app: Flask, world: World) -> None:
    assert read(app, world, "manager").left_out[0].state == "the loop is scheduled, no card yet"
    fill(app, world, "ana", submit=False)
    fill(app, world, "shadow")
    assert read(app, world, "manager").left_out[0].state == "0 of 2 cards are in"
    fill(app, world, "ben")
    assert read(app, world, "manager").left_out[0].state == "1 of 2 cards are in"


@pytest.mark.parametrize("part", ["admin", "manager", "recruiter", "ana", "ben", "shadow"])
def test_after_the_reveal_the_panel_and_its_coordinators_read_the_same_sheet(app: Flask, world: World, part: str) -> None:
    fill_all(app, world)
    fill(app, world, "shadow", Given.ONE, evidence="A shadow's word")
    reveal(app, world)
    sheet = read(app, world, part)
    assert [cell.score for cell in sheet.cells] == [3.0, 3.0]
    assert {cell.sessions for cell in sheet.cells} == {2}
    assert {card.interviewer for card in sheet.cards} == {"Ana Panel", "Ben Panel"}
    assert "A shadow's word" not in json.dumps(sheet_to_dict(sheet))
    assert [one.name for one in sheet.left_out] == ["Sam Shadow, shadow on Cleo Candidate"]


@pytest.mark.parametrize("part", ["other manager", "outsider"])
def test_who_has_no_part_in_the_opening_gets_an_empty_sheet_that_names_nobody(app: Flask, world: World, part: str) -> None:
    fill_all(app, world)
    reveal(app, world)
    sheet = read(app, world, part)
    assert sheet.candidates == sheet.left_out == ()


def test_the_operator_reads_what_an_admin_reads(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    with app.app_context():
        assert len(read_sheet(Operator(), get_debrief(world.opening)).candidates) == 1


def test_private_notes_are_in_no_sheet(app: Flask, world: World) -> None:
    fill_all(app, world)
    with app.app_context(), transaction():
        db.session.execute(db.text("UPDATE scorecards SET private_notes = 'for my eyes only'"))
    reveal(app, world)
    assert "for my eyes only" not in json.dumps(sheet_to_dict(read(app, world, "admin")))


def test_no_evidence_reaches_the_sheet_as_what_it_is(app: Flask, world: World) -> None:
    fill(app, world, "ana", Given.NO_EVIDENCE)
    fill(app, world, "ben", Given.NOT_ASKED)
    reveal(app, world)
    sheet = read(app, world, "manager")
    assert {cell.state for cell in sheet.cells} == {CellState.NO_EVIDENCE}
    assert sheet.totals[0].value is None
    assert sheet.totals[0].reason


def test_who_withdrew_is_named_and_no_longer_compared(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    with app.app_context(), transaction():
        get_loop(world.loop).candidacy.withdrawn_at = db.session.get_one(Loop, world.loop).revealed_at
    sheet = read(app, world, "manager")
    assert sheet.candidates == ()
    assert [one.state for one in sheet.left_out] == ["withdrew"]


def test_a_changed_rule_shows_with_its_reason_and_how_it_stood(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    with app.app_context(), transaction():
        opening = get_opening(world.slug)
        rules = [SkillRule(row.skill_id, 2.0, "On call", 4.0) if n == 0 else row.rule for n, row in enumerate(opening.skills)]
        set_rule(person("manager"), opening, rules, reason="The rota moves to this team.")
    sheet = read(app, world, "manager")
    assert sheet.rule.version == 2
    assert [(change.reason, change.before[0][1]) for change in sheet.rule.changes] == [("The rota moves to this team.", 1.0)]
    assert sheet.skills[0].weight == 2.0
    assert sheet.must_haves[0].verdict == "not met"


def decide(app: Flask, world: World, part: str = "manager", reason: str = " The panel agrees. ") -> None:
    with app.app_context(), transaction():
        actions.decide(person(part), get_loop(world.loop), Outcome.HIRE, reason)


def test_a_decision_is_on_record_with_its_reason_and_rule(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    decide(app, world)
    with app.app_context():
        decision = find_decision(get_loop(world.loop))
        assert decision is not None
        assert (decision.outcome, decision.reason, decision.decided_by, decision.rule_version) == (
            Outcome.HIRE,
            "The panel agrees.",
            "Hanna Manager",
            1,
        )
        assert get_loop(world.loop).state is LoopState.DECIDED
    assert read(app, world, "ana").decision_on(world.candidacy) is not None


def test_no_decision_rests_on_sealed_marks(app: Flask, world: World) -> None:
    fill_all(app, world)
    with pytest.raises(Conflict, match="Reveal the panel first"):
        decide(app, world)


def test_no_decision_without_a_reason(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    with pytest.raises(Invalid):
        decide(app, world, reason="  ")


@pytest.mark.parametrize("part", ["admin", "recruiter", "ana"])
def test_only_who_manages_the_opening_decides(app: Flask, world: World, part: str) -> None:
    fill_all(app, world)
    reveal(app, world)
    with pytest.raises(Forbidden):
        decide(app, world, part)


def test_a_reopened_decision_stays_and_a_later_one_stands_beside_it(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    decide(app, world)
    with pytest.raises(Conflict, match="Reopen the decision first"):
        decide(app, world)
    with app.app_context(), transaction():
        actions.reopen(person("manager"), get_loop(world.loop), "A reference came in.")
    decide(app, world, reason="The reference agrees.")
    with app.app_context():
        first, second = list_decisions([get_loop(world.loop)])
        assert (first.reopened_because, first.reopened_by, second.reopened_at) == ("A reference came in.", "Hanna Manager", None)


def test_the_audit_trail_knows_the_acts_and_no_mark(app: Flask, world: World) -> None:
    fill_all(app, world)
    reveal(app, world)
    decide(app, world)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.act.startswith("debrief.")).order_by(AuditEvent.id)).all()
        assert [event.act for event in events] == ["debrief.reveal_panel", "debrief.decide"]
        assert not any(SECRET in event.detail or "4" in event.detail for event in events)


def test_panels_that_are_not_revealed_are_counted_for_coordinators_only(app: Flask, world: World) -> None:
    fill(app, world, "ana")
    with app.app_context():
        debrief = get_debrief(world.slug)
        assert [(one.cards_in, one.seats, one.is_ready) for one in list_panels(person("recruiter"), debrief)] == [(1, 2, False)]
        assert list_panels(person("outsider"), debrief) == []


def test_of_two_cancelled_loops_the_last_stands_in_the_debrief(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        first = get_loop(world.loop)
        cancel_loop(person("manager"), first, reason="Fell ill.")
        second = create_loop(person("manager"), first.candidacy)
        cancel_loop(person("manager"), second, reason="Fell ill again.")
        assert [loop.id for loop in get_debrief(world.slug).loops] == [second.id]


def test_a_skill_that_left_the_rule_is_named_in_its_history(app: Flask, world: World) -> None:
    with app.app_context(), transaction():
        set_rule(person("manager"), get_opening(world.slug), [SkillRule("empathy")], reason="Nights are over.")
        sheet = read_sheet(person("manager"), get_debrief(world.slug))
        assert [name for name, _, _ in sheet.rule.changes[0].before] == ["Crisis response", "Empathy"]
