"""Fields of the pages of interviewers: what they judge, and when they are free."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.validators import InputRequired, NumberRange

from hiring.bank.rules import SkillGroup
from hiring.interviewers.rules import HIGHEST_LIMIT, LOWEST_LIMIT, SENIORITIES, USUAL_LIMIT, USUAL_SENIORITY, WORKING_DAYS, WORKING_HOURS
from hiring.web import as_choices

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKS = {2: "the coming 2 weeks", 4: "the coming 4 weeks", 8: "the coming 8 weeks", 13: "the coming 3 months"}
USUAL_WEEKS = 8


class LimitField(IntegerField):
    """A number field that says in our words what it takes."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Give a whole number of loops.") from error


class DayField(DateField):
    """The same for a day."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Give a date as in 2026-11-30.") from error


class ClockField(TimeField):
    """The same for a time of day."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Give a time as in 09:30.") from error


def _clock(label: str, **values: Any) -> ClockField:
    return ClockField(label, [InputRequired("Give a time as in 09:30.")], format=["%H:%M", "%H:%M:%S"], **values)


class InterviewerForm(FlaskForm):
    """What somebody can judge; skills that may be ticked are given by `offer`."""

    seniority = SelectField(
        "Seniority",
        choices=as_choices({number: f"{number}: {words}" for number, words in SENIORITIES.items()}),
        coerce=int,
        default=USUAL_SENIORITY,
        description="So that a panel can have somebody who has seen more than the candidate.",
    )
    limit = LimitField(
        "Loops at once",
        [
            InputRequired("Say how many loops may be under way at once."),
            NumberRange(LOWEST_LIMIT, HIGHEST_LIMIT, f"The limit is a whole number from {LOWEST_LIMIT} to {HIGHEST_LIMIT}."),
        ],
        default=USUAL_LIMIT,
        description="How many loops they may sit in at the same time, over all openings.",
    )
    skills = SelectMultipleField("Skills", choices=[])
    groups = SelectMultipleField("Whole groups", choices=as_choices({group.value: group.value for group in SkillGroup}))

    def offer(self, names: Mapping[str, str]) -> None:
        """Set which skills may be ticked: names by id."""
        self.skills.choices = as_choices(names)


class SpanForm(FlaskForm):
    """A time to add."""

    day = DayField("Date", [InputRequired("Give a date as in 2026-11-30.")])
    starts = _clock("From")
    ends = _clock("To")


class CalendarForm(FlaskForm):
    """A calendar, and the week that it is laid over."""

    file = FileField("Calendar file", [FileRequired("Choose an .ics file.")], description="An .ics file of at most 1 MB.")
    weeks = SelectField("Look at", choices=as_choices(WEEKS), coerce=int, default=USUAL_WEEKS)
    opens = _clock("Working day from", default=WORKING_HOURS[0])
    closes = _clock("Working day to", default=WORKING_HOURS[1])
    days = SelectMultipleField(
        "Working days",
        [InputRequired("Tick at least one day.")],
        choices=as_choices(dict(enumerate(DAYS))),
        coerce=int,
        default=list(WORKING_DAYS),
    )
