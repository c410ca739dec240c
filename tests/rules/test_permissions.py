"""The one table of permissions, case by case, with things that are nothing but attributes."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from hiring.errors import Forbidden, NotFound
from hiring.permissions import KNOWN_BY, RULES, WHY, Can, Operator, Role, allows, ensure


@dataclass
class Somebody:
    id: str
    role: Role
    name: str = "Somebody"


@dataclass
class Thing:
    """An opening, a loop and a card in one."""

    managers: set[str] = field(default_factory=lambda: {"manager"})
    panelist_ids: set[str] = field(default_factory=lambda: {"author", "colleague"})
    interviewer_id: str = "author"
    is_on_record: bool = True
    panel_is_revealed: bool = False
    opens_after_own: bool = False
    lead_ids_in: set[str] = field(default_factory=set)
    is_freed: bool = False

    @property
    def opening(self) -> Any:
        return SimpleNamespace(manager_ids=self.managers)


PEOPLE = {
    "author": Somebody("author", Role.INTERVIEWER),
    "colleague": Somebody("colleague", Role.INTERVIEWER),
    "outsider": Somebody("outsider", Role.INTERVIEWER),
    "manager": Somebody("manager", Role.HIRING_MANAGER),
    "other manager": Somebody("other", Role.HIRING_MANAGER),
    "recruiter": Somebody("recruiter", Role.RECRUITER),
    "admin": Somebody("admin", Role.ADMIN),
    "operator": Operator(),
}
SEALED, REVEALED, DRAFT = Thing(), Thing(panel_is_revealed=True), Thing(panel_is_revealed=True, is_on_record=False)
BOTH_IN = {"author", "colleague"}

CASES = {
    "before the reveal only its author reads a card": (Can.READ_SCORECARD, SEALED, {"author"}),
    "after the reveal the panel and who coordinates read it": (
        Can.READ_SCORECARD,
        REVEALED,
        {"author", "colleague", "manager", "recruiter", "admin", "operator"},
    ),
    "a draft is its author's for ever": (Can.READ_SCORECARD, DRAFT, {"author"}),
    "who handed in reads the others where the loop opens after one's own": (
        Can.READ_SCORECARD,
        Thing(opens_after_own=True, lead_ids_in=BOTH_IN),
        {"author", "colleague"},
    ),
    "who hasn't handed in, or took it back, reads nothing there": (
        Can.READ_SCORECARD,
        Thing(opens_after_own=True, lead_ids_in={"author"}),
        {"author"},
    ),
    "a draft is not opened by a colleague's card": (
        Can.READ_SCORECARD,
        Thing(opens_after_own=True, lead_ids_in={"colleague"}, is_on_record=False),
        {"author"},
    ),
    "who handed in reads nothing where the seal is the panel's": (Can.READ_SCORECARD, Thing(lead_ids_in=BOTH_IN), {"author"}),
    "a panel's result waits for the reveal in either case": (Can.READ_RESULT, Thing(opens_after_own=True, lead_ids_in=BOTH_IN), set()),
    "a shadow's card is compared after the reveal": (
        Can.COMPARE_SHADOW,
        REVEALED,
        {"author", "manager", "recruiter", "admin", "operator"},
    ),
    "before it nobody compares, the shadow included": (Can.COMPARE_SHADOW, Thing(opens_after_own=True, lead_ids_in=BOTH_IN), set()),
    "a seat's kit is read by who sits there": (Can.READ_KIT, SEALED, {"author", "manager", "recruiter", "admin", "operator"}),
    "and no longer by who sat there": (Can.READ_KIT, Thing(is_freed=True), {"manager", "recruiter", "admin", "operator"}),
    "nobody reads a panel's marks before the reveal": (Can.READ_RESULT, SEALED, set()),
    "a revealed panel is read by its members and who coordinates": (
        Can.READ_RESULT,
        REVEALED,
        {"author", "colleague", "manager", "recruiter", "admin", "operator"},
    ),
    "only its author writes on a card": (Can.FILL_SCORECARD, SEALED, {"author"}),
    "only who manages the opening reveals": (Can.REVEAL, SEALED, {"manager"}),
    "only who manages the opening decides": (Can.DECIDE, REVEALED, {"manager"}),
    "who coordinates reads an opening": (Can.READ_OPENING, SEALED, {"manager", "recruiter", "admin", "operator"}),
    "a recruiter arranges but does not change an opening": (Can.EDIT_OPENING, SEALED, {"manager", "admin", "operator"}),
    "people are an admin's": (Can.MANAGE_PEOPLE, None, {"admin", "operator"}),
    "the bank is changed by stewards": (Can.EDIT_BANK, None, {"manager", "other manager", "admin", "operator"}),
    "everybody reads the bank": (Can.READ_BANK, None, set(PEOPLE)),
}


@pytest.mark.parametrize(("can", "thing", "allowed"), CASES.values(), ids=CASES)
def test_who_may(can: Can, thing: Thing | None, allowed: set[str]) -> None:
    assert {name for name, actor in PEOPLE.items() if allows(actor, can, thing)} == allowed


def test_nobody_signed_in_may_nothing() -> None:
    assert not any(allows(None, can, REVEALED) for can in Can)


def test_who_may_not_know_of_a_thing_is_told_that_it_does_not_exist() -> None:
    with pytest.raises(NotFound) as colleague:
        ensure(PEOPLE["colleague"], Can.READ_SCORECARD, SEALED)
    assert str(colleague.value) == str(NotFound())


def test_who_may_read_but_not_do_is_told_why() -> None:
    with pytest.raises(Forbidden, match="Only who manages this opening"):
        ensure(PEOPLE["recruiter"], Can.EDIT_OPENING, SEALED)


def test_every_act_has_a_rule_and_a_refusal_in_words() -> None:
    assert set(RULES) == set(Can)
    spoken = {can for can in Can if KNOWN_BY.get(can) is not can} - {Can.USE, Can.READ_BANK}
    assert spoken <= set(WHY)
