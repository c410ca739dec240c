"""The people of the tests, one for each part that somebody can play."""

import re

from flask import Flask
from flask.testing import FlaskClient

from hiring.accounts.actions import add_person, hash_password
from hiring.accounts.models import Person
from hiring.accounts.queries import find_person_by_email
from hiring.permissions import Operator, Role

PASSWORD = "four plain words here"
PARTS = {
    "admin": ("Ada Admin", Role.ADMIN),
    "manager": ("Hanna Manager", Role.HIRING_MANAGER),
    "other manager": ("Omar Elsewhere", Role.HIRING_MANAGER),
    "recruiter": ("Ruth Recruiter", Role.RECRUITER),
    "ana": ("Ana Panel", Role.INTERVIEWER),
    "ben": ("Ben Panel", Role.INTERVIEWER),
    "shadow": ("Sam Shadow", Role.INTERVIEWER),
    "outsider": ("Otto Outside", Role.INTERVIEWER),
}


def email_of(part: str) -> str:
    return part.replace(" ", ".") + "@example.org"


def add_people() -> dict[str, Person]:
    """Everybody, by their part. To be called in a transaction."""
    password_hash = hash_password(PASSWORD)
    return {
        part: add_person(Operator(), email=email_of(part), name=name, role=role, password_hash=password_hash, zone="Europe/Berlin")
        for part, (name, role) in PARTS.items()
    }


def same_for_all(text: str) -> str:
    """A page without what differs from one request to the next: its token, and the time of day."""
    text = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", text)
    return re.sub(r"\d{1,2}:\d\d", "TIME", text)


def person(part: str) -> Person:
    """Somebody, inside of an app context."""
    found = find_person_by_email(email_of(part))
    assert found is not None
    return found


def sign_in(app: Flask, part: str) -> FlaskClient:
    """A browser in which somebody has signed in."""
    client = app.test_client()
    answer = client.post("/sign-in", data={"email": email_of(part), "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client
