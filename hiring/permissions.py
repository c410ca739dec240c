"""Who may do what: one table, one small engine, and nothing else decides it.

A rule is an any-of list of all-of lists of predicates. A predicate takes the actor and the thing and reads attributes
only, so this file knows no table and no web. *When* something may happen is in each feature's rules.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from hiring.errors import Forbidden, NotFound


class Role(StrEnum):
    """What a user holds in the whole installation."""

    INTERVIEWER = "interviewer"
    HIRING_MANAGER = "hiring manager"
    RECRUITER = "recruiter"
    ADMIN = "admin"


class Can(StrEnum):
    """Every act that the table rules, in the words of the refusal."""

    USE = "use Loopcard"
    MANAGE_PEOPLE = "manage people"
    READ_AUDIT = "read the audit trail"
    READ_BANK = "read the bank"
    EDIT_BANK = "edit the bank"
    READ_INTERVIEWERS = "read what interviewers can judge"
    EDIT_INTERVIEWERS = "say what interviewers can judge"
    EDIT_FREE_TIME = "say when this person is free"
    CREATE_OPENING = "create openings"
    READ_OPENING = "read this opening"
    EDIT_OPENING = "edit this opening"
    COORDINATE = "coordinate the loops of this opening"
    READ_LOOP = "read this loop"
    ARRANGE_LOOP = "arrange this loop"
    READ_KIT = "read the questions of this session"
    DECLARE_CONFLICT = "declare a conflict of interest in this loop"
    READ_SCORECARD = "read this scorecard"
    COMPARE_SHADOW = "compare this shadow's card with the lead's"
    FILL_SCORECARD = "fill this scorecard"
    READ_DEBRIEF = "read this debrief"
    READ_RESULT = "read this panel's marks"
    REVEAL = "reveal this panel"
    DECIDE = "decide on this candidate"


class Actor(Protocol):
    """Who acts: a person who signed in, or the operator at the command line."""

    # Both are text; a column of SQLAlchemy does not pass for `str` in a protocol.
    @property
    def id(self) -> Any: ...
    @property
    def name(self) -> Any: ...
    @property
    def role(self) -> Role: ...


@dataclass(frozen=True)
class Operator:
    """Whoever runs commands on the server: an admin by rank, with no card and no opening of their own."""

    id: str = "operator"
    name: str = "Operator"
    role: Role = Role.ADMIN


Predicate = Callable[[Actor, Any], bool]


def holds(*roles: Role) -> Predicate:
    """A predicate that is true for people who hold one of `roles`."""

    def predicate(actor: Actor, thing: Any) -> bool:
        return actor.role in roles

    predicate.__name__ = "is_" + "_or_".join(role.replace(" ", "_") for role in roles)
    return predicate


is_admin = holds(Role.ADMIN)
is_recruiter = holds(Role.RECRUITER)
is_hiring_manager = holds(Role.HIRING_MANAGER)


def is_anyone(actor: Actor, thing: Any) -> bool:
    return True


def manages_opening(actor: Actor, thing: Any) -> bool:
    return actor.id in thing.opening.manager_ids


def sits_on_panel(actor: Actor, thing: Any) -> bool:
    return actor.id in thing.panelist_ids


def wrote_scorecard(actor: Actor, thing: Any) -> bool:
    return actor.id == thing.interviewer_id


def is_oneself(actor: Actor, thing: Any) -> bool:
    return actor.id == thing.id


def still_sits(actor: Actor, thing: Any) -> bool:
    return not thing.is_freed


def is_on_record(actor: Actor, thing: Any) -> bool:
    return thing.is_on_record


def opens_after_ones_own(actor: Actor, thing: Any) -> bool:
    return thing.opens_after_own


def own_lead_card_is_in(actor: Actor, thing: Any) -> bool:
    return actor.id in thing.lead_ids_in


def panel_is_revealed(actor: Actor, thing: Any) -> bool:
    return thing.panel_is_revealed


ANYONE = [[is_anyone]]
STEWARDS = [[is_admin], [is_hiring_manager]]
OWNERS = [[manages_opening], [is_admin]]
COORDINATORS = [[manages_opening], [is_admin], [is_recruiter]]

RULES: dict[Can, list[list[Predicate]]] = {
    Can.USE: ANYONE,
    Can.MANAGE_PEOPLE: [[is_admin]],
    Can.READ_AUDIT: [[is_admin]],
    Can.READ_BANK: ANYONE,
    Can.EDIT_BANK: STEWARDS,
    Can.READ_INTERVIEWERS: [*STEWARDS, [is_recruiter]],
    Can.EDIT_INTERVIEWERS: [*STEWARDS, [is_recruiter]],
    Can.EDIT_FREE_TIME: [*STEWARDS, [is_recruiter], [is_oneself]],
    Can.CREATE_OPENING: [*STEWARDS, [is_recruiter]],
    Can.READ_OPENING: COORDINATORS,
    Can.EDIT_OPENING: OWNERS,
    Can.COORDINATE: COORDINATORS,
    Can.READ_LOOP: [*COORDINATORS, [sits_on_panel]],
    Can.ARRANGE_LOOP: COORDINATORS,
    Can.READ_KIT: [*COORDINATORS, [wrote_scorecard, still_sits]],
    Can.DECLARE_CONFLICT: [*COORDINATORS, [sits_on_panel]],
    Can.READ_SCORECARD: [
        [wrote_scorecard],
        [is_on_record, panel_is_revealed, manages_opening],
        [is_on_record, panel_is_revealed, is_admin],
        [is_on_record, panel_is_revealed, is_recruiter],
        [is_on_record, panel_is_revealed, sits_on_panel],
        [is_on_record, opens_after_ones_own, own_lead_card_is_in],
    ],
    Can.COMPARE_SHADOW: [
        [is_on_record, panel_is_revealed, wrote_scorecard],
        [is_on_record, panel_is_revealed, manages_opening],
        [is_on_record, panel_is_revealed, is_admin],
        [is_on_record, panel_is_revealed, is_recruiter],
    ],
    Can.FILL_SCORECARD: [[wrote_scorecard]],
    Can.READ_DEBRIEF: [*COORDINATORS, [sits_on_panel]],
    Can.READ_RESULT: [
        [panel_is_revealed, manages_opening],
        [panel_is_revealed, is_admin],
        [panel_is_revealed, is_recruiter],
        [panel_is_revealed, sits_on_panel],
    ],
    Can.REVEAL: [[manages_opening]],
    Can.DECIDE: [[manages_opening]],
}

# Who may not read the thing is told that it does not exist; who may, is told why they can't do this to it.
KNOWN_BY: dict[Can, Can] = {
    Can.READ_OPENING: Can.READ_OPENING,
    Can.EDIT_OPENING: Can.READ_OPENING,
    Can.COORDINATE: Can.READ_OPENING,
    Can.READ_LOOP: Can.READ_LOOP,
    Can.ARRANGE_LOOP: Can.READ_LOOP,
    Can.READ_KIT: Can.READ_KIT,
    Can.DECLARE_CONFLICT: Can.READ_LOOP,
    Can.READ_SCORECARD: Can.READ_SCORECARD,
    Can.COMPARE_SHADOW: Can.COMPARE_SHADOW,
    Can.FILL_SCORECARD: Can.READ_SCORECARD,
    Can.READ_DEBRIEF: Can.READ_DEBRIEF,
    Can.READ_RESULT: Can.READ_RESULT,
    Can.REVEAL: Can.READ_DEBRIEF,
    Can.DECIDE: Can.READ_DEBRIEF,
}

WHY: dict[Can, str] = {
    Can.MANAGE_PEOPLE: "Only an admin can manage people.",
    Can.READ_AUDIT: "Only an admin can read the audit trail.",
    Can.EDIT_BANK: "Only hiring managers and admins can change the bank.",
    Can.READ_INTERVIEWERS: "Only hiring managers, recruiters and admins can see who judges what.",
    Can.EDIT_INTERVIEWERS: "Only hiring managers, recruiters and admins can say who judges what.",
    Can.EDIT_FREE_TIME: "Only the person, a recruiter, a hiring manager or an admin can say when somebody is free.",
    Can.CREATE_OPENING: "Only hiring managers, recruiters and admins can create openings.",
    Can.EDIT_OPENING: "Only who manages this opening, or an admin, can change it.",
    Can.COORDINATE: "Only who manages this opening, a recruiter or an admin can arrange its loops.",
    Can.ARRANGE_LOOP: "Only who manages the opening, a recruiter or an admin can arrange this loop.",
    Can.DECLARE_CONFLICT: "Only the panel and its coordinators can declare a conflict of interest.",
    Can.FILL_SCORECARD: "Only its author can write on a scorecard.",
    Can.REVEAL: "Only who manages this opening can reveal its panels.",
    Can.DECIDE: "Only who manages this opening can decide.",
}


def allows(actor: Actor | None, can: Can, thing: Any = None) -> bool:
    """Whether `actor` may do `can` to `thing`; nobody signed in may nothing."""
    if actor is None:
        return False
    return any(all(predicate(actor, thing) for predicate in every) for every in RULES[can])


def ensure(actor: Actor | None, can: Can, thing: Any = None) -> None:
    """Raise unless allowed: NotFound where the thing's existence is not theirs to know, else Forbidden with its reason."""
    if allows(actor, can, thing):
        return
    known_by = KNOWN_BY.get(can)
    if known_by is not None and (known_by is can or not allows(actor, known_by, thing)):
        raise NotFound
    raise Forbidden(WHY.get(can, f"You can't {can}."))
