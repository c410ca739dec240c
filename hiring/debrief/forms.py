"""Fields of a decision and of its reopening."""

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from hiring.debrief.rules import WHY_EARLY, WHY_RULED, Outcome
from hiring.openings.rules import LONGEST_REASON
from hiring.openings.rules import TOO_LONG as REASON_TOO_LONG
from hiring.scorecards.rules import LONGEST_NOTE, TOO_LONG, Given
from hiring.web import as_choices

SEALED, AMENDED = "sealed", "amended"


class DecideForm(FlaskForm):
    outcome = RadioField(
        "Outcome",
        [InputRequired("Choose an outcome.")],
        choices=as_choices({outcome.value: outcome.value.capitalize() for outcome in Outcome}),
    )
    reason = TextAreaField(
        "Reason",
        [DataRequired("Say on what evidence, in a sentence or two."), Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="On what evidence, and what spoke against it. It stands in the documents.",
    )


class BreakForm(FlaskForm):
    reason = TextAreaField(
        "Why the panel can't wait",
        [DataRequired(WHY_EARLY), Length(max=LONGEST_REASON, message=REASON_TOO_LONG)],
        description="The whole panel reads it: on the loop's page, on each of its cards, in the debrief and in the documents.",
    )


class RulingForm(FlaskForm):
    counts = RadioField("Which mark counts", [InputRequired("Choose one of the two.")])
    reason = TextAreaField(
        "Why",
        [DataRequired(WHY_RULED), Length(max=LONGEST_REASON, message=REASON_TOO_LONG)],
        description="What convinced the panel. It stands beside the mark, on the page and in the documents.",
    )


def offer_marks(sealed: Given, amended: Given, *, is_amended: bool) -> RulingForm:
    """The form with both marks to choose from, the one that counts now chosen."""
    form = RulingForm(data={"counts": AMENDED if is_amended else SEALED})
    form.counts.choices = as_choices({SEALED: f"The sealed mark: {sealed}", AMENDED: f"The amended mark: {amended}"})
    return form


class ReopenForm(FlaskForm):
    reason = TextAreaField(
        "Why again?",
        [DataRequired("Say what is new."), Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="What is new since the decision.",
    )
