"""Writes to accounts: signing in and out, inviting, changing roles and passwords."""

import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import delete, select

from hiring import audit
from hiring.accounts.models import FailedSignIn, Invitation, Person, SignIn
from hiring.accounts.queries import count_active_admins, count_failures, find_person_by_email, hash_token
from hiring.accounts.rules import (
    FAILURES_COUNT_FOR,
    INVITATION_LASTS,
    LONGEST,
    MOST_FAILURES,
    check_email,
    check_invitation,
    check_name,
    check_password,
    check_zone,
)
from hiring.db import apart, db, now
from hiring.errors import Conflict, HiringError, Invalid
from hiring.permissions import Actor, Can, Role, ensure

FROM_ONE_ADDRESS = 5
"""How many times the failures of one account one network address may have: an office shares one."""


class TooManyFailures(HiringError):
    """The account or the address has failed too often of late."""

    status = 429


hasher = PasswordHasher()
"""argon2id with the library's own parameters, which follow RFC 9106."""


def hash_password(password: str) -> str:
    """Slow on purpose: call it outside of a transaction."""
    return hasher.hash(password)


@cache
def _hash_of_nobody() -> str:
    return hash_password(secrets.token_hex())


def _matches(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; takes as long where there is no account, so that time tells nothing."""
    try:
        hasher.verify(password_hash or _hash_of_nobody(), password)
    except VerifyMismatchError:
        return False
    return password_hash is not None


def sign_in(email: str, password: str, *, address: str, browser: str) -> str:
    """Open a session and return its token; raises Invalid with one sentence for every way of being wrong."""
    email, moment = email.strip().casefold(), now()
    by_email, by_address = count_failures(email=email, address=address, moment=moment)
    if by_email >= MOST_FAILURES or by_address >= MOST_FAILURES * FROM_ONE_ADDRESS:
        wait = FAILURES_COUNT_FOR.seconds // 60
        raise TooManyFailures(f"Too many failed sign-ins. Wait {wait} minutes, or ask an admin for a new password.")
    person = find_person_by_email(email)
    person_id, password_hash = (person.id, person.password_hash) if person and person.is_active else (None, None)
    db.session.rollback()  # no transaction is open while argon2 works
    if not _matches(password_hash, password) or person_id is None:
        with apart() as short:
            short.add(FailedSignIn(email=email, address=address, at=moment))
            short.execute(delete(FailedSignIn).where(FailedSignIn.at < moment - timedelta(days=1)))
            audit.record(None, "accounts.fail_sign_in", detail=email, session=short)
        raise Invalid("E-mail address or password is wrong.", {"password": "E-mail address or password is wrong."})
    return open_session(person_id, browser=browser)


def open_session(person_id: str, *, browser: str) -> str:
    """Make a new session for this person; what has ended is swept away."""
    token, moment = secrets.token_urlsafe(32), now()
    db.session.execute(delete(SignIn).where(SignIn.opened_at < moment - LONGEST))
    db.session.add(SignIn(token_hash=hash_token(token), person_id=person_id, opened_at=moment, seen_at=moment, browser=browser[:200]))
    person = db.session.get_one(Person, person_id)
    audit.record(person, "accounts.sign_in", person_id)
    db.session.flush()
    return token


def sign_out(actor: Actor, token: str) -> None:
    db.session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(token)))
    audit.record(actor, "accounts.sign_out", actor.id)


def sign_out_everywhere(actor: Actor, person: Person) -> None:
    """End every session of `person`: one's own, or, as an admin, anybody's."""
    if actor.id != person.id:
        ensure(actor, Can.MANAGE_PEOPLE)
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    audit.record(actor, "accounts.sign_out_everywhere", person.id)


def _check_new(*, email: str, name: str) -> None:
    """Raise Invalid unless somebody can get an account by this address and name."""
    check_email(email)
    check_name(name)
    _check_email_is_free(email)


def _check_email_is_free(email: str) -> None:
    if find_person_by_email(email) is not None:
        said = "Somebody with this e-mail address already has an account."
        raise Invalid(said, {"email": said})


def add_person(
    actor: Actor, *, email: str, name: str, role: Role, password_hash: str | None, zone: str = "UTC", is_sample: bool = False
) -> Person:
    """Make an account at once; the password's hash is made before, outside of the transaction."""
    ensure(actor, Can.MANAGE_PEOPLE)
    email = email.strip().casefold()
    check_zone(zone)
    _check_new(email=email, name=name)
    person = Person(email=email, name=name.strip(), role_name=role, password_hash=password_hash, zone=zone, is_sample=is_sample)
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "accounts.add_person", person.id, f"{person.name} as {role}")
    return person


def invite_person(actor: Actor, *, email: str, name: str, role: Role) -> tuple[Invitation, str]:
    """Make an invitation and return it with its token, which is shown once and kept nowhere."""
    ensure(actor, Can.MANAGE_PEOPLE)
    email, moment = email.strip().casefold(), now()
    _check_new(email=email, name=name)
    query = select(Invitation).where(Invitation.email == email, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    for earlier in db.session.scalars(query):
        earlier.revoked_at = moment
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=hash_token(token),
        email=email,
        name=name.strip(),
        role_name=role,
        invited_by=actor.id,
        expires_at=moment + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(actor, "accounts.invite_person", invitation.id, f"{email} as {role}")
    return invitation, token


def revoke_invitation(actor: Actor, invitation: Invitation) -> None:
    ensure(actor, Can.MANAGE_PEOPLE)
    check_invitation(expires_at=invitation.expires_at, used_at=invitation.used_at, revoked_at=invitation.revoked_at, now=now())
    invitation.revoked_at = now()
    audit.record(actor, "accounts.revoke_invitation", invitation.id, invitation.email)


def accept_invitation(invitation: Invitation, *, name: str, password_hash: str, zone: str) -> Person:
    """Turn an invitation into an account; the link is dead afterwards."""
    moment = now()
    check_invitation(expires_at=invitation.expires_at, used_at=invitation.used_at, revoked_at=invitation.revoked_at, now=moment)
    check_name(name)
    _check_email_is_free(invitation.email)
    person = Person(email=invitation.email, name=name.strip(), role_name=invitation.role_name, password_hash=password_hash, zone=zone)
    invitation.used_at = moment
    db.session.add(person)
    db.session.flush()
    audit.record(person, "accounts.accept_invitation", invitation.id)
    return person


def change_person(actor: Actor, person: Person, *, name: str, role: Role, is_active: bool) -> None:
    """Change somebody's name, role or access; the last admin can't be lost. It holds from their next request on."""
    ensure(actor, Can.MANAGE_PEOPLE)
    check_name(name)
    loses_admin = person.role is Role.ADMIN and person.is_active and (role is not Role.ADMIN or not is_active)
    if loses_admin and count_active_admins() == 1:
        raise Conflict("This is the only admin. Make somebody else an admin first.")
    changes = []
    if person.role is not role:
        changes.append(f"{person.role} to {role}")
    if person.is_active != is_active:
        changes.append("opened again" if is_active else "closed")
    if not is_active:
        db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    person.name, person.role_name, person.is_active = name.strip(), role, is_active
    audit.record(actor, "accounts.change_person", person.id, ", ".join(changes))


def change_password(actor: Actor, person: Person, *, new: str) -> None:
    """Set a new password and end every session, this one included."""
    if actor.id != person.id:
        ensure(actor, Can.MANAGE_PEOPLE)
    check_password(new, email=person.email)
    db.session.rollback()  # no transaction is open while argon2 works
    password_hash = hash_password(new)
    person.password_hash = password_hash
    db.session.execute(delete(SignIn).where(SignIn.person_id == person.id))
    audit.record(actor, "accounts.change_password", person.id)


def password_fits(person: Person, password: str) -> bool:
    """Whether this is the person's present password."""
    password_hash = person.password_hash
    db.session.rollback()  # no transaction is open while argon2 works
    return _matches(password_hash, password)


def check_own_password(person: Person, password: str) -> None:
    """Raise Invalid unless this is the person's present password."""
    if not password_fits(person, password):
        raise Invalid("Your present password is another.", {"current": "Your present password is another."})


def change_account(actor: Actor, person: Person, *, name: str, zone: str) -> None:
    """Change one's own name and zone."""
    ensure(actor, Can.USE)
    check_name(name)
    person.name, person.zone = name.strip(), zone
    audit.record(actor, "accounts.change_account", person.id)
