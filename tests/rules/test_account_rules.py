"""Passwords, how long a sign-in lasts, and when an invitation can be used."""

from datetime import UTC, datetime, timedelta

import pytest

from hiring.accounts.rules import IDLE, INVITATION_LASTS, LONGEST, check_email, check_invitation, check_name, check_password, is_live
from hiring.errors import Conflict, Invalid
from hiring.web import here

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

BAD_PASSWORDS = {
    "too short": "eleven chrs",
    "one of the commonest": "Password1234",
    "one letter over and over": "aaaaaaaaaaaaaaaa",
    "the e-mail address with something behind": "ana@example.org1",
    "too long": "ab3 d" * 40,
}


@pytest.mark.parametrize("password", BAD_PASSWORDS.values(), ids=BAD_PASSWORDS)
def test_a_bad_password_is_refused_with_what_to_do(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_password(password, email="ana@example.org")
    assert refusal.value.fields["password"]


@pytest.mark.parametrize("password", ["four plain words here", "Zwölf Zeichen", "x" * 6 + "yzabcd 12"])
def test_a_long_password_of_any_letters_is_taken(password: str) -> None:
    check_password(password, email="ana@example.org")


BAD_EMAILS = {
    "nothing": "",
    "a word": "anna",
    "no name": "@example.org",
    "no place": "anna@",
    "a blank inside": "anna b@example.org",
    "a line break": "anna@example.org\nb",
    "too long": f"anna@{'x' * 250}.org",
}


@pytest.mark.parametrize("email", BAD_EMAILS.values(), ids=BAD_EMAILS)
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_email(email)
    assert refusal.value.fields["email"]


BAD_NAMES = {"nothing": "", "blanks alone": "  ", "too long": "x" * 121, "a line break": "Ana\nPanel", "no character to see": "Ana\u202e"}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_what_nobody_can_be_called_is_refused(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_name(name)
    assert refusal.value.fields["name"]


def test_addresses_and_names_of_all_the_world_are_taken() -> None:
    for email in ("ana.panel+hiring@sub.example.org", " Ana@Example.org ", "jürgen@example.org"):
        check_email(email)
    for name in ("X", "Ana-Lena d’Été", "नेहा", "x" * 120):
        check_name(name)


SIGN_INS = {
    "fresh": (timedelta(0), timedelta(0), True),
    "used a moment before it would end": (IDLE, IDLE - timedelta(seconds=1), True),
    "left alone too long": (IDLE, IDLE, False),
    "used all day, to the end": (LONGEST, timedelta(0), False),
}


@pytest.mark.parametrize(("open_for", "unused_for", "lives"), SIGN_INS.values(), ids=SIGN_INS)
def test_a_sign_in_ends(open_for: timedelta, unused_for: timedelta, lives: bool) -> None:
    assert is_live(opened_at=NOON - open_for, seen_at=NOON - unused_for, now=NOON) is lives


def test_an_invitation_is_used_once_and_in_time() -> None:
    ends = NOON + INVITATION_LASTS
    check_invitation(expires_at=ends, used_at=None, revoked_at=None, now=NOON)
    for fault in ({"used_at": NOON}, {"revoked_at": NOON}, {"now": ends}):
        with pytest.raises(Conflict):
            check_invitation(**{"expires_at": ends, "used_at": None, "revoked_at": None, "now": NOON, **fault})


TARGETS = {
    "/openings/": "/openings/",
    "/debrief/x?candidate=1": "/debrief/x?candidate=1",
    "//evil.example": None,
    "/\\evil.example": None,
    "https://evil.example/": None,
    "javascript:alert(1)": None,
    "/\r\nX: y": None,
    "/\t/evil.example": None,
    "/bank/\x7f": None,
    "/bank/\x85": None,
    "": None,
    None: None,
}


@pytest.mark.parametrize(("asked", "target"), TARGETS.items())
def test_after_sign_in_one_lands_on_pages_of_this_app_alone(asked: str | None, target: str | None) -> None:
    assert here(asked) == target
