"""The pages of interviewers as people see them: who can judge what, and when somebody is free."""

import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hiring.accounts.actions import add_person
from hiring.bank.queries import list_skills
from hiring.db import now, transaction
from hiring.interviewers import actions, queries
from hiring.interviewers.rules import Judge
from hiring.permissions import Operator, Role
from tests.databases import Databases
from tests.people import add_people, person, sign_in

NEXT_WEEK = now() + timedelta(days=7)
BUSY = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:secret
SUMMARY:Dentist
DTSTART;TZID=Europe/Berlin:20200106T120000
DURATION:PT1H
RRULE:FREQ=DAILY
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def team(app: Flask) -> Flask:
    """Everybody, of whom Ana and Ben can judge something."""
    with app.app_context(), transaction():
        people = add_people()
        describe(people["ana"].id, {"empathy", "reviews"})
        describe(people["ben"].id, {"empathy"})
    return app


def describe(person_id: str, skill_ids: set[str], limit: int = 3) -> None:
    actions.describe_interviewer(Operator(), queries.get_person(person_id), seniority=4, limit=limit, skill_ids=skill_ids)


@pytest.fixture
def manager(team: Flask) -> FlaskClient:
    return sign_in(team, "manager")


@pytest.fixture
def ben(team: Flask) -> FlaskClient:
    return sign_in(team, "ben")


def words(response: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.text)))


def address(app: Flask, part: str, rest: str = "") -> str:
    with app.app_context():
        return f"/interviewers/{person(part).id}{rest}"


def read(app: Flask, part: str) -> Judge:
    with app.app_context():
        return queries.get_interviewer(person(part).id)


def row_of(page: TestResponse, skill: str) -> str:
    found = re.search(rf"<tr>(?:(?!</tr>).)*>{skill}</a></th>.*?</tr>", page.text, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()


def time_fields(**changes: str) -> dict[str, str]:
    return {"do": "add", "day": f"{NEXT_WEEK:%Y-%m-%d}", "starts": "09:30", "ends": "11:00"} | changes


def calendar_fields(data: str = BUSY, **changes: object) -> dict[str, object]:
    file = (io.BytesIO(data.encode()), "ben.ics")
    return {"do": "calendar", "file": file, "weeks": "2", "opens": "09:00", "closes": "17:00", "days": list("0123456")} | changes


def test_the_matrix_says_in_words_where_a_skill_hangs_on_one_person_or_none(manager: FlaskClient) -> None:
    page = manager.get("/interviewers/")
    assert "17 skills can be judged by nobody, 1 skill by one person alone" in words(page)
    assert row_of(page, "Empathy") == "Empathy 2 ● can judge it ● can judge it"
    assert row_of(page, "Reviews") == "Reviews only Ana Panel ● can judge it no"
    assert row_of(page, "Resilience") == "Resilience nobody no no"


def test_more_people_than_fit_beside_each_other_are_named_in_the_rows(team: Flask, manager: FlaskClient) -> None:
    with team.app_context(), transaction():
        for number in range(7):
            email, name = f"p{number}@example.org", f"Person {number}"
            added = add_person(Operator(), email=email, name=name, role=Role.INTERVIEWER, password_hash=None)
            describe(added.id, {"reviews"})
    page = manager.get("/interviewers/")
    names = ", ".join(f"Person {number}" for number in range(7))
    assert row_of(page, "Reviews") == f"Reviews 8 Ana Panel, {names}"


def test_an_empty_house_says_what_to_do_next(app: Flask) -> None:
    with app.app_context(), transaction():
        add_people()
    page = words(sign_in(app, "manager").get("/interviewers/"))
    assert "Nobody can judge anything yet Choose a person below" in page
    assert "Ben Panel" in page


def test_ticked_skills_and_whole_groups_are_kept(team: Flask, manager: FlaskClient) -> None:
    answer = manager.post(address(team, "ben"), data={"seniority": "5", "limit": "9", "skills": ["reviews"], "groups": ["leadership"]})
    assert answer.status_code == 303
    ben = read(team, "ben")
    with team.app_context():
        leadership = {skill.id for skill in list_skills() if skill.group_name == "leadership"}
    assert (ben.skill_ids, ben.seniority, ben.limit) == ({*leadership, "reviews"}, 5, 9)
    assert "Ben Panel can judge 6 skills." in words(manager.get("/interviewers/"))


def test_a_retired_skill_stays_ticked_for_who_judges_it_and_is_offered_to_nobody_else(team: Flask, manager: FlaskClient) -> None:
    with team.app_context(), transaction():
        next(skill for skill in list_skills() if skill.id == "empathy").is_retired = True
    assert 'value="empathy" checked' in manager.get(address(team, "ben")).text
    assert 'value="empathy"' not in manager.get(address(team, "recruiter")).text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"limit": "many"}, "Give a whole number of loops."),
        ({"limit": "0"}, "The limit is a whole number from 1 to 20."),
        ({"limit": ""}, "Say how many loops"),
        ({"seniority": "6"}, "Not a valid choice."),
        ({"skills": ["juggling"]}, "juggling"),
    ],
)
def test_a_description_with_a_fault_says_so_and_keeps_the_ticks(
    team: Flask, manager: FlaskClient, change: dict[str, object], said: str
) -> None:
    answer = manager.post(address(team, "ben"), data={"seniority": "4", "limit": "3", "skills": ["reviews"], "groups": ["soft"]} | change)
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'value="soft" checked' in answer.text
    assert read(team, "ben").skill_ids == {"empathy"}


def test_ones_own_times_are_reached_from_ones_account(team: Flask, ben: FlaskClient) -> None:
    link = re.search(r'href="([^"]*/times)"', ben.get("/account").text)
    assert link is not None
    page = words(ben.get(link[1]))
    assert "When you are free" in page
    assert "Any time, until something is said here" in page
    assert "Europe/Berlin" in page


def test_a_time_is_added_in_the_persons_own_zone_and_removed(team: Flask, ben: FlaskClient) -> None:
    assert ben.post(address(team, "ben", "/times"), data=time_fields()).status_code == 303
    page = ben.get(address(team, "ben", "/times"))
    assert f"{NEXT_WEEK:%a %-d %B}" in words(page)
    assert "09:30–11:00" in words(page)
    free = read(team, "ben").free
    assert free is not None
    assert f"{free[0][0]:%H:%M}" in {"07:30", "08:30"}
    remove = re.search(r'action="([^"]*/remove)"', page.text)
    assert remove is not None
    assert ben.post(remove[1]).status_code == 303
    assert "No time is left" in words(ben.get(address(team, "ben", "/times")))
    assert ben.post(remove[1]).status_code == 404
    assert ben.post(address(team, "ben", "/times/forget")).status_code == 303
    assert read(team, "ben").free is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"day": ""}, "Give a date as in 2026-11-30."),
        ({"day": "tomorrow"}, "Give a date as in 2026-11-30."),
        ({"day": "2020-01-06"}, "This time is over already."),
        ({"day": "9999-12-31"}, "in a year from 2000"),
        ({"starts": "9 o'clock"}, "Give a time as in 09:30."),
        ({"ends": ""}, "Give a time as in 09:30."),
        ({"ends": "09:00"}, "The end has to come after the start."),
        ({"day": "2099-03-29", "starts": "02:15"}, "02:15 does not exist on that day in Europe/Berlin: the clocks skip it."),
    ],
)
def test_a_time_with_a_fault_says_so_and_keeps_what_was_typed(team: Flask, ben: FlaskClient, change: dict[str, str], said: str) -> None:
    fields = time_fields(**change)
    answer = ben.post(address(team, "ben", "/times"), data=fields)
    assert answer.status_code == 422
    assert said in words(answer)
    for typed in (fields["day"], fields["starts"], fields["ends"]):
        assert f'value="{typed}"'.replace("'", "&#39;") in answer.text
    assert read(team, "ben").free is None


def test_a_calendar_gives_times_and_nothing_else_of_it_is_kept(team: Flask, ben: FlaskClient, databases: Databases) -> None:
    answer = ben.post(address(team, "ben", "/times"), data=calendar_fields(), follow_redirects=True)
    assert re.search(r"The calendar is read: \d+ free times found.", words(answer))
    assert "12:00–" not in words(answer)
    assert "13:00–17:00" in words(answer)
    assert "Dentist" not in answer.text
    kept = databases.read_all(Path(team.instance_path))
    assert b"Ben Panel" in kept
    assert b"Dentist" not in kept


def test_a_calendar_of_somebody_without_a_minute_leaves_them_no_time(team: Flask, ben: FlaskClient) -> None:
    full = BUSY.replace("T120000", "T000000").replace("PT1H", "P1D")
    answer = words(ben.post(address(team, "ben", "/times"), data=calendar_fields(full), follow_redirects=True))
    assert "it leaves nothing free" in answer
    assert read(team, "ben").free == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"file": (io.BytesIO(b""), "")}, "Choose an .ics file."),
        ({"data": "Dear all"}, "This is no calendar."),
        ({"data": BUSY.replace("DAILY", "SECONDLY")}, "repeats every second or minute"),
        ({"closes": "08:00"}, "The end has to come after the start."),
        ({"opens": "early"}, "Give a time as in 09:30."),
        ({"days": []}, "Tick at least one day."),
        ({"weeks": "99"}, "Not a valid choice."),
    ],
)
def test_a_calendar_with_a_fault_is_refused_at_its_field(team: Flask, ben: FlaskClient, change: dict, said: str) -> None:
    answer = ben.post(address(team, "ben", "/times"), data=calendar_fields(**change))
    assert answer.status_code == 422
    assert said in words(answer)
    assert read(team, "ben").free is None


def test_a_coordinator_sees_who_has_no_time_left(team: Flask, manager: FlaskClient) -> None:
    with team.app_context(), transaction():
        actions.set_free_time(person("ben"), person("ben"), [], actions.SpanSource.CALENDAR)
    page = words(manager.get("/interviewers/"))
    assert "Ben Panel is free: no time left can't be seated" in page
    assert "When Ben Panel is free" in words(manager.get(address(team, "ben", "/times")))


def test_interviewers_see_no_link_to_what_they_may_not_read(ben: FlaskClient) -> None:
    assert 'href="/interviewers/"' not in ben.get("/").text
