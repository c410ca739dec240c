"""Writes to openings: creating them, weighing their skills, naming managers and candidates."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict

from hiring import audit
from hiring.accounts.models import Person
from hiring.bank.models import Skill
from hiring.db import db, now
from hiring.errors import Conflict, Invalid
from hiring.openings.models import Candidacy, Candidate, Opening, OpeningManager, OpeningSkill, RuleChange
from hiring.openings.queries import find_candidate, is_free, list_candidacies
from hiring.openings.rules import OpeningState, Seal, SkillRule, check_change_of_rule, check_move, check_not_closed, check_rules
from hiring.permissions import Actor, Can, allows, ensure

LONGEST_SLUG = 60
TAKEN = {"new"}
"""What stands in addresses where a slug would."""


def make_slug(title: str) -> str:
    """A short name for addresses and commands, made from the title and free."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].rstrip("-") or "opening"
    slug, number = stem, 2
    while slug in TAKEN or not is_free(slug):
        slug, number = f"{stem}-{number}", number + 1
    return slug


def create_opening(
    actor: Actor,
    *,
    title: str,
    level: int,
    skills: Sequence[Skill],
    manager: Person | None,
    seal: Seal = Seal.REVEAL,
    is_sample: bool = False,
) -> Opening:
    """An opening that asks for `skills` at equal weight; `manager` runs it."""
    ensure(actor, Can.CREATE_OPENING)
    check_rules([SkillRule(skill.id) for skill in skills])
    opening = Opening(slug=make_slug(title), title=title.strip(), level=level, seal_name=seal, is_sample=is_sample)
    opening.skills = [OpeningSkill(skill_id=skill.id, skill=skill, position=position) for position, skill in enumerate(skills)]
    opening.managers = [OpeningManager(person_id=manager.id, person=manager)] if manager else []
    db.session.add(opening)
    db.session.flush()
    audit.record(actor, "openings.create_opening", opening.id, opening.title)
    return opening


def edit_opening(actor: Actor, opening: Opening, *, title: str, level: int, seal: Seal) -> None:
    """Change what is said of an opening. A loop that runs keeps the seal that its panel was promised."""
    ensure(actor, Can.EDIT_OPENING, opening)
    resealed = f"; seal from {opening.seal} to {seal}" if seal is not opening.seal else ""
    opening.title, opening.level, opening.seal_name = title.strip(), level, seal
    audit.record(actor, "openings.edit_opening", opening.id, opening.title + resealed)


def move_opening(actor: Actor, opening: Opening, state: OpeningState) -> None:
    """Open, decide or close an opening."""
    ensure(actor, Can.EDIT_OPENING, opening)
    check_move(opening.state, state)
    opening.state_name = state
    audit.record(actor, "openings.move_opening", opening.id, state)


def set_rule(actor: Actor, opening: Opening, rules: Sequence[SkillRule], *, reason: str = "") -> None:
    """Declare which skills count, how much, and which must be reached.

    After the first loop has started, the rule is sealed: a change needs a reason, makes a new version, and the old one stays.
    """
    ensure(actor, Can.EDIT_OPENING, opening)
    before = [row.rule for row in opening.skills]
    if list(rules) == before:
        return
    check_rules(rules)
    check_change_of_rule(is_sealed=opening.rule_is_sealed, reason=reason)
    if opening.rule_is_sealed:
        opening.changes.append(
            RuleChange(version=opening.rule_version, rule=[asdict(rule) for rule in before], reason=reason.strip(), changed_by=actor.name)
        )
        opening.rule_version += 1
    kept = {row.skill_id: row for row in opening.skills}
    wanted = {rule.skill_id for rule in rules}
    opening.skills = [row for row in opening.skills if row.skill_id in wanted]
    for position, rule in enumerate(rules):
        row = kept.get(rule.skill_id)
        if row is None:
            row = OpeningSkill(skill_id=rule.skill_id, skill=db.session.get_one(Skill, rule.skill_id))
            opening.skills.append(row)
        row.weight, row.reason, row.bar, row.position = rule.weight, rule.reason.strip(), rule.bar, position
        row.sessions, row.people = rule.sessions, rule.people
    db.session.flush()
    db.session.expire(opening, ["skills"])
    said = f"version {opening.rule_version}: {reason.strip()}" if reason.strip() else f"version {opening.rule_version}"
    audit.record(actor, "openings.set_rule", opening.id, said)


def begin(opening: Opening) -> None:
    """Seal the declared rule and open the opening; the first loop does it."""
    if opening.rule_sealed_at is None:
        opening.rule_sealed_at = now()
    if opening.state is OpeningState.DRAFT:
        opening.state_name = OpeningState.OPEN


def add_manager(actor: Actor, opening: Opening, person: Person) -> None:
    ensure(actor, Can.EDIT_OPENING, opening)
    if person.id in opening.manager_ids:
        raise Conflict(f"{person.name} manages this opening already.")
    opening.managers.append(OpeningManager(person_id=person.id, person=person))
    db.session.flush()
    audit.record(actor, "openings.add_manager", opening.id, person.name)


def remove_manager(actor: Actor, opening: Opening, person: Person) -> None:
    """Take the opening out of somebody's hands; one manager has to stay."""
    ensure(actor, Can.EDIT_OPENING, opening)
    if opening.manager_ids == {person.id}:
        raise Conflict("An opening needs somebody who manages it. Add another first.")
    opening.managers = [row for row in opening.managers if row.person_id != person.id]
    db.session.flush()
    audit.record(actor, "openings.remove_manager", opening.id, person.name)


def add_candidate(actor: Actor, opening: Opening, *, name: str, email: str = "", is_sample: bool = False) -> Candidacy:
    """Add a candidate; whoever applied before under this e-mail address is the same person."""
    ensure(actor, Can.COORDINATE, opening)
    check_not_closed(opening.state)
    address = email.strip().casefold() or None
    candidate = find_candidate(address) if address else None
    if candidate is None:
        candidate = Candidate(name=name.strip(), email=address, is_sample=is_sample)
        db.session.add(candidate)
    elif any(row.candidate_id == candidate.id for row in opening.candidacies):
        said = f"{candidate.name} is a candidate for this opening already."
        raise Invalid(said, {"email": said})
    candidacy = Candidacy(opening=opening, candidate=candidate, position=len(opening.candidacies))
    db.session.add(candidacy)
    db.session.flush()
    audit.record(actor, "openings.add_candidate", candidacy.id, candidate.name)
    return candidacy


def edit_candidate(actor: Actor, candidacy: Candidacy, *, name: str, email: str) -> None:
    """Change a candidate's name and address; who applies elsewhere too is changed by somebody who coordinates all of it."""
    ensure(actor, Can.COORDINATE, candidacy)
    if not all(allows(actor, Can.COORDINATE, one) for one in list_candidacies(candidacy.candidate)):
        raise Invalid("This candidate applies for an opening of others too. Ask a recruiter or an admin to change name or address.")
    address = email.strip().casefold() or None
    other = find_candidate(address) if address else None
    if other is not None and other.id != candidacy.candidate_id:
        said = "Another candidate has this e-mail address."
        raise Invalid(said, {"email": said})
    candidacy.candidate.name, candidacy.candidate.email = name.strip(), address
    audit.record(actor, "openings.edit_candidate", candidacy.id)


def withdraw_candidate(actor: Actor, candidacy: Candidacy, *, withdraws: bool) -> None:
    """Note that a candidate withdraws, or has come back; who withdrew is no longer compared, and nothing is deleted."""
    ensure(actor, Can.COORDINATE, candidacy)
    candidacy.withdrawn_at = now() if withdraws else None
    audit.record(actor, "openings.withdraw_candidate" if withdraws else "openings.bring_back_candidate", candidacy.id, candidacy.name)
