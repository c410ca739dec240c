"""Reads of people, invitations, and who is signed in."""

import hashlib
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from hiring.accounts.models import FailedSignIn, Invitation, Person, SignIn
from hiring.accounts.rules import FAILURES_COUNT_FOR, SEEN_EVERY, is_live
from hiring.db import apart, db, is_writing, now
from hiring.errors import NotFound
from hiring.permissions import Role


def hash_token(token: str) -> str:
    """What is kept of a token: its SHA-256, so that a copy of the database opens no door."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_actor(token: str) -> Person | None:
    """Who is signed in with this token; None where the session was closed, ended or taken away."""
    token_hash, moment = hash_token(token), now()
    sign_in = db.session.get(SignIn, token_hash)
    if sign_in is None or not sign_in.person.is_active:
        return None
    if not is_live(opened_at=sign_in.opened_at, seen_at=sign_in.seen_at, now=moment):
        return None
    if moment - sign_in.seen_at >= SEEN_EVERY:
        _note_seen(sign_in, moment)
    return sign_in.person


def _note_seen(sign_in: SignIn, moment: datetime) -> None:
    """Keep when somebody was last seen: with what their request writes, else by itself."""
    if is_writing():
        sign_in.seen_at = moment
        return
    with suppress(OperationalError), apart() as short:  # where the database is busy, the next click counts instead
        kept = short.get(SignIn, sign_in.token_hash)
        if kept is not None:
            kept.seen_at = moment


def get_person(person_id: str) -> Person:
    person = db.session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def find_person_by_email(email: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.email == email.strip().casefold()))


def list_people(*, active_only: bool = False, roles: tuple[Role, ...] = ()) -> list[Person]:
    """People by name; `roles` keeps to those who hold one of them."""
    query = select(Person)
    if active_only:
        query = query.where(Person.is_active)
    if roles:
        query = query.where(Person.role_name.in_(roles))
    return sorted(db.session.scalars(query), key=lambda person: (person.name.casefold(), person.id))


def list_open_invitations(moment: datetime) -> list[Invitation]:
    query = select(Invitation).where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > moment)
    return list(db.session.scalars(query.order_by(Invitation.created_at)))


def get_invitation(invitation_id: str) -> Invitation:
    invitation = db.session.get(Invitation, invitation_id)
    if invitation is None:
        raise NotFound
    return invitation


def get_invitation_by_token(token: str) -> Invitation:
    invitation = db.session.scalar(select(Invitation).where(Invitation.token_hash == hash_token(token)))
    if invitation is None:
        raise NotFound("This invitation does not exist. Check that the whole link was copied.")
    return invitation


def list_sign_ins(person: Person) -> list[SignIn]:
    query = select(SignIn).where(SignIn.person_id == person.id).order_by(SignIn.seen_at.desc())
    moment = now()
    return [one for one in db.session.scalars(query) if is_live(opened_at=one.opened_at, seen_at=one.seen_at, now=moment)]


def count_failures(*, email: str, address: str, moment: datetime) -> tuple[int, int]:
    """Failed sign-ins of late, for this e-mail address and from this network address."""
    recent = FailedSignIn.at > moment - FAILURES_COUNT_FOR
    by_email = db.session.scalar(select(func.count()).select_from(FailedSignIn).where(recent, FailedSignIn.email == email)) or 0
    by_address = db.session.scalar(select(func.count()).select_from(FailedSignIn).where(recent, FailedSignIn.address == address)) or 0
    return by_email, by_address


def count_active_admins() -> int:
    query = select(func.count()).select_from(Person).where(Person.is_active, Person.role_name == Role.ADMIN)
    return db.session.scalar(query) or 0
