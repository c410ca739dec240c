"""After the reveal a mark is amended, never changed: the sealed one counts unless the debrief rules otherwise; both are read."""

import pytest
from flask import Flask

from hiring.audit import AuditEvent
from hiring.db import db, transaction
from hiring.debrief.actions import decide, rule_on_amendment
from hiring.debrief.parts import Entry
from hiring.debrief.queries import get_debrief, read_sheet
from hiring.debrief.rules import Outcome
from hiring.errors import Conflict, Forbidden, Invalid, NotFound
from hiring.loops.models import Loop
from hiring.loops.rules import LoopState
from hiring.scorecards.actions import amend_mark
from hiring.scorecards.models import Ruling
from hiring.scorecards.queries import get_amendment, get_card, list_amended, read_kit
from hiring.scorecards.rules import CardState, Given, check_amendable
from tests.factories import World, fill, reveal
from tests.people import person, sign_in

WHY = "Ben heard the same story with the figures that I had missed."


@pytest.fixture
def revealed(app: Flask, world: World) -> str:
    """Ana's card, after the reveal."""
    card_id = fill(app, world, "ana")
    fill(app, world, "ben", Given.TWO)
    reveal(app, world)
    return card_id


MOMENTS = {
    "before the reveal": (CardState.SUBMITTED, LoopState.READY, "isn't revealed"),
    "a draft": (CardState.DRAFT, LoopState.REVEALED, "not submitted before the reveal"),
    "decided": (CardState.SUBMITTED, LoopState.DECIDED, "has to be reopened"),
    "cancelled": (CardState.SUBMITTED, LoopState.CANCELLED, "isn't revealed"),
}


@pytest.mark.parametrize(("state", "loop", "said"), MOMENTS.values(), ids=MOMENTS)
def test_only_between_reveal_and_decision_a_mark_is_amended(state: CardState, loop: LoopState, said: str) -> None:
    with pytest.raises(Conflict, match=said):
        check_amendable(state, loop)


def test_the_amendment_stands_beside_the_sealed_mark_that_counts(app: Flask, world: World, revealed: str) -> None:
    with app.app_context(), transaction():
        card = get_card(revealed)
        skill = read_kit(card).skills[0].id
        before = read_sheet(person("manager"), get_debrief(world.slug))
        amend_mark(person("ana"), card, skill, Given.THREE, WHY)
        amend_mark(person("ana"), card, skill, Given.TWO, "And then Ben showed the log.")
        after = read_sheet(person("manager"), get_debrief(world.slug))
        assert [one.given for one in list_amended(card)[skill]] == [Given.THREE, Given.TWO]
        assert read_kit(card).entries.skills[skill].given is Given.FOUR
        assert after.totals == before.totals
        assert [cell.score for cell in after.cells] == [cell.score for cell in before.cells]
        entry = next(one for cell in after.cells if cell.skill_id == skill for one in cell.entries if one.amended)
        assert [(one.given, one.reason) for one in entry.amended] == [(Given.THREE, WHY), (Given.TWO, "And then Ben showed the log.")]
        assert after.as_of == list_amended(card)[skill][-1].made_at
        assert db.session.query(AuditEvent).where(AuditEvent.act == "scorecards.amend_mark").count() == 2


REFUSED = ((Given.FOUR, WHY, "given"), (None, WHY, "given"), (Given.TWO, " ", "reason"), (Given.TWO, "x" * 10_001, "reason"))


def test_an_amendment_says_something_else_and_why(app: Flask, world: World, revealed: str) -> None:
    with app.app_context(), transaction():
        card = get_card(revealed)
        skill = read_kit(card).skills[0].id
        for given, reason, field in REFUSED:
            with pytest.raises(Invalid) as raised:
                amend_mark(person("ana"), card, skill, given, reason)
            assert set(raised.value.fields) == {field}
        with pytest.raises(NotFound):
            amend_mark(person("ana"), card, "no-such-skill", Given.TWO, WHY)
        with pytest.raises(NotFound):
            amend_mark(person("outsider"), card, skill, Given.TWO, WHY)


def test_the_author_amends_on_the_page_and_the_panel_reads_it(app: Flask, world: World, revealed: str) -> None:
    ana, manager = sign_in(app, "ana"), sign_in(app, "manager")
    with app.app_context():
        skill = read_kit(get_card(revealed)).skills[0].id
    address = f"/scorecards/{revealed}/amend/{skill}"
    assert address in ana.get(f"/scorecards/{revealed}/read").text
    assert address not in manager.get(f"/scorecards/{revealed}/read").text
    refused = ana.post(address, data={"given": "2", "reason": ""})
    assert refused.status_code == 422
    assert "Say what made you think otherwise" in refused.text
    assert 'value="2" checked' in refused.text
    assert ana.post(address, data={"given": "4", "reason": WHY}).status_code == 422
    assert ana.post(address, data={"given": "2", "reason": f"{WHY} <script>"}).status_code == 303
    for page in (f"/scorecards/{revealed}/read", f"/debrief/{world.slug}"):
        shown = manager.get(page).text
        assert "Amended after the reveal" in shown
        assert f"{WHY} &lt;script&gt;" in shown


def amend(card_id: str, given: Given) -> str:
    card = get_card(card_id)
    return amend_mark(person("ana"), card, read_kit(card).skills[0].id, given, WHY).id


def read_entry(world: World) -> tuple[Entry, float | None]:
    """The amended entry, and the score of its cell."""
    sheet = read_sheet(person("manager"), get_debrief(world.slug))
    return next((entry, cell.score) for cell in sheet.cells for entry in cell.entries if entry.amended)


def test_the_debrief_lets_an_amended_mark_count_and_takes_it_back(app: Flask, world: World, revealed: str) -> None:
    with app.app_context(), transaction():
        first, second = amend(revealed, Given.THREE), amend(revealed, Given.NO_EVIDENCE)
        entry, sealed = read_entry(world)
        assert (entry.given, entry.sealed, entry.counting) == (Given.FOUR, Given.FOUR, None)
        steps = (
            (first, True, Given.THREE, "The log showed it."),
            (second, True, Given.NO_EVIDENCE, "It was another's work."),
            (second, False, Given.FOUR, "It was theirs after all."),
        )
        for amendment_id, counts, given, reason in steps:
            rule_on_amendment(person("manager"), get_amendment(amendment_id), counts=counts, reason=f" {reason} ")
            db.session.expire_all()
            entry, score = read_entry(world)
            assert (entry.given, entry.sealed) == (given, Given.FOUR)
            assert score == (sealed if given is Given.FOUR else pytest.approx((sealed or 0) - 0.5) if given.mark else 2.0)
        assert [ruling.reason for one in entry.amended for ruling in one.ruled] == [reason for *_, reason in steps]
        assert db.session.query(AuditEvent).where(AuditEvent.act == "debrief.rule_on_amendment").count() == 3


def test_a_ruling_changes_something_has_a_reason_and_comes_before_the_decision(app: Flask, world: World, revealed: str) -> None:
    with app.app_context(), transaction():
        amendment = get_amendment(amend(revealed, Given.TWO))
        for counts, reason, field in ((False, WHY, "counts"), (True, " ", "reason"), (True, "x" * 10_001, "reason")):
            with pytest.raises(Invalid) as raised:
                rule_on_amendment(person("manager"), amendment, counts=counts, reason=reason)
            assert set(raised.value.fields) == {field}
        for stranger in ("ana", "recruiter", "outsider"):
            with pytest.raises((Forbidden, NotFound)):
                rule_on_amendment(person(stranger), amendment, counts=True, reason=WHY)
        decide(person("manager"), db.session.get_one(Loop, amendment.scorecard.loop.id), Outcome.HIRE, "Four of five.")
        with pytest.raises(Conflict, match="Reopen the decision"):
            rule_on_amendment(person("manager"), amendment, counts=True, reason=WHY)
        assert not db.session.query(Ruling).count()


def test_the_manager_rules_on_a_page_that_says_what_hangs_on_it(app: Flask, world: World, revealed: str) -> None:
    manager, ana = sign_in(app, "manager"), sign_in(app, "ana")
    with app.app_context(), transaction():
        amendment_id = amend(revealed, Given.TWO)
        loop = get_card(revealed).loop
        about, candidacy = get_amendment(amendment_id).skill_id, loop.candidacy_id
    candidate = f"/debrief/{world.slug}/{candidacy}"
    address = f"{candidate}/amendments/{amendment_id}"
    assert address in manager.get(candidate).text
    assert address not in ana.get(candidate).text
    assert "is 3.00 as it stands, and 2.00 otherwise" in manager.get(address).text
    assert manager.get(f"{candidate}/amendments/nothing").status_code == 404
    assert manager.post(address, data={"counts": "sealed", "reason": WHY}).status_code == 422
    refused = manager.post(address, data={"counts": "amended", "reason": ""})
    assert refused.status_code == 422
    assert "Say what convinced the panel" in refused.text
    assert manager.post(address, data={"counts": "amended", "reason": f"{WHY} <b>"}).headers["Location"] == f"{candidate}#e-{about}"
    for page in (candidate, f"/scorecards/{revealed}/read", f"/debrief/{world.slug}"):
        shown = ana.get(page).text
        assert "It counts instead of the sealed mark." in shown
        assert f"{WHY} &lt;b&gt;" in shown
