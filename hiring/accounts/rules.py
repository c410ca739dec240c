"""What an account is made of, and what keeps it safe: passwords, how long a sign-in lasts, how often one may fail."""

from datetime import datetime, timedelta
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from hiring.errors import Conflict, Invalid

LONGEST_NAME = 120
LONGEST_EMAIL = 254
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
COMMON = {"password1234", "123456789012", "qwertyuiop12", "letmeinletmein", "correcthorsebatterystaple", "passwordpassword"}

IDLE = timedelta(hours=4)
"""An interview and its write-up fit in; a laptop left over night does not."""
LONGEST = timedelta(hours=12)
KNOWN_ZONES = frozenset(available_timezones())
"""Names of time zones, read once: it takes 20 ms."""
INVITATION_LASTS = timedelta(hours=72)
MOST_FAILURES = 10
FAILURES_COUNT_FOR = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)


def check_name(name: str) -> None:
    """Raise Invalid unless a person can be called so, wherever a page names them."""
    if not name.strip():
        said = "Enter a name."
    elif len(name.strip()) > LONGEST_NAME:
        said = f"A name has at most {LONGEST_NAME} characters here."
    elif not name.strip().isprintable():
        said = "A character that can't be seen stands in this name. Type the name again."
    else:
        return
    raise Invalid(said, {"name": said})


def check_email(email: str) -> None:
    """Raise Invalid unless this reads as an e-mail address; whether somebody gets mail there is not asked."""
    try:
        validate_email(email.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        said = "Enter an address such as name@example.org."
        raise Invalid(said, {"email": said}) from error


def check_password(password: str, *, email: str) -> None:
    """Raise Invalid unless the password is long, not among the commonest, and not the e-mail address."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        said = f"Use {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. A sentence of four words does well."
    elif password.casefold() in COMMON or len(set(password)) < 5:
        said = "This password is among the first that anyone would try. Choose another."
    elif email.casefold() in password.casefold():
        said = "Leave your e-mail address out of your password."
    else:
        return
    raise Invalid(said, {"password": said})


def check_zone(zone: str) -> None:
    """Raise Invalid unless times can be shown in this zone."""
    if zone not in KNOWN_ZONES:
        said = f"{zone} is no time zone that we know. They are called as in Europe/Berlin."
        raise Invalid(said, {"zone": said})


def is_live(*, opened_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a sign-in opened and last used at these moments still holds."""
    return now - seen_at < IDLE and now - opened_at < LONGEST


def check_invitation(*, expires_at: datetime, used_at: datetime | None, revoked_at: datetime | None, now: datetime) -> None:
    """Raise Conflict with the way out unless the link can be used once, now."""
    if used_at is not None:
        raise Conflict("This invitation has been used. Sign in instead, or ask for a new one.")
    if revoked_at is not None or now >= expires_at:
        raise Conflict("This invitation has ended. Ask whoever invited you for a new one.")
