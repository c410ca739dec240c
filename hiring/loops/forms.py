"""Fields of the pages of plans and loops."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FloatField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from hiring.accounts.forms import ZONES
from hiring.loops.rules import KINDS, LONGEST_SESSION, SHORTEST_SESSION, SeatKind, SessionFormat
from hiring.openings.rules import HEAVIEST
from hiring.web import as_choices

FORMAT_CHOICES = as_choices({form.value: f"{form.value.capitalize()}: {', '.join(KINDS[form])}" for form in SessionFormat})
SEAT_CHOICES = as_choices({SeatKind.LEAD.value: "Lead: the card counts", SeatKind.SHADOW.value: "Shadow: learns, never counts"})


class SessionForm(FlaskForm):
    name = StringField("Name", [DataRequired("Give the session a name."), Length(max=80)])
    form = SelectField("Format", choices=FORMAT_CHOICES, description="It says which kinds of question fit in.")
    minutes = IntegerField("Minutes", [InputRequired("Enter whole minutes.")], default=60)
    reserve = IntegerField(
        "Reserve",
        [InputRequired("Enter whole minutes.")],
        default=10,
        description="Kept free for hello and for the candidate's questions.",
    )
    seats = IntegerField("Seats", [InputRequired("Enter a whole number.")], default=1, description="Interviewers whose marks count.")


class SeatForm(FlaskForm):
    session = SelectField("Session")
    person = SelectField(
        "Interviewer",
        [DataRequired("Choose somebody.")],
        description="Not in the list: who sits in this loop already, or has a conflict of interest.",
    )
    kind = SelectField("Seat", choices=SEAT_CHOICES)
    starts_at = DateTimeLocalField("Starts at", [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    zone = SelectField("Time zone", choices=ZONES)
    later = BooleanField("The later of the two", description="Only matters on the night when the clocks go back and an hour comes twice.")


class TimeForm(FlaskForm):
    starts_at = DateTimeLocalField("Starts at", [Optional()], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    zone = SelectField("Time zone", choices=ZONES)
    later = BooleanField("The later of the two", description="Only matters on the night when the clocks go back and an hour comes twice.")


class ConflictForm(FlaskForm):
    person = SelectField("Person")
    reason = TextAreaField(
        "What the conflict is",
        [DataRequired("Say what the conflict is, in a few words."), Length(max=500)],
        description="Seen by whoever coordinates this loop.",
    )


class CancelForm(FlaskForm):
    reason = TextAreaField("Why", [DataRequired("Say why the loop is cancelled."), Length(max=500)])


class FreeForm(FlaskForm):
    because = TextAreaField("Why", [Length(max=500)])


class WhatIfForm(FlaskForm):
    """Changes to try; each may be left as it is."""

    person = SelectField("Leave out")
    session = SelectField("Change the length of")
    minutes = IntegerField("to so many minutes", [Optional(), NumberRange(SHORTEST_SESSION, LONGEST_SESSION)], default=45)
    skill = SelectField("Let it weigh more or less")
    weight = FloatField("as much as", [Optional(), NumberRange(0.1, HEAVIEST)], default=2.0)


class CandidateTimeForm(FlaskForm):
    """One span in which a candidate is free."""

    day = DateField("Day", [InputRequired("Enter a day.")])
    start = TimeField("From", [InputRequired("Enter a time.")])
    until = TimeField("Until", [InputRequired("Enter a time.")])
    zone = SelectField("Time zone", choices=ZONES)


class TemplateForm(FlaskForm):
    """The name under which a plan is kept to start others from."""

    name = StringField(
        "Name", [DataRequired("Give the template a name."), Length(max=80)], description="A name that is taken makes its next version."
    )
    about = TextAreaField("What it is for", [Length(max=500)])
