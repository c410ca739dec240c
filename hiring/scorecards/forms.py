"""The form of a scorecard, read into plain entries with each fault at its field.

Its fields follow the kit (one group for each question and skill), which is why it is read by hand. What a browser does
not send stays as it is kept, so that half a form can't wipe the other half.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from hiring.errors import Invalid
from hiring.scorecards.rules import LONGEST_NOTE, MOST_MINUTES, OTHERWISE, TOO_LONG, Given, Recommendation
from hiring.scorecards.sheet import NO, YES, Entries, Kit, QuestionEntry, SkillEntry
from hiring.web import as_choices

Choice = TypeVar("Choice", bound=StrEnum)
KEY = re.compile("[A-Za-z0-9-]{8,64}")
"""What a page may call one of its saves; without a name, the same entries sent twice are still kept once."""


class AmendmentForm(FlaskForm):
    """What the author would give now, after the reveal."""

    given = RadioField(
        "What you would give now",
        [InputRequired("Choose what you would give now.")],
        choices=as_choices({given.value: given.value.capitalize() for given in Given}),
    )
    reason = TextAreaField(
        "What made you think otherwise",
        [DataRequired(OTHERWISE), Length(max=LONGEST_NOTE, message=TOO_LONG)],
        description="What you heard from whom, or what you had forgotten. The panel reads it, and it stands in the documents.",
    )


@dataclass(frozen=True)
class CardForm:
    """What was sent: `fields` as typed, to be shown again, and `entries` as far as they could be read."""

    entries: Entries
    fields: dict[str, str]
    faults: dict[str, str]
    version: int
    accepts_unsupported: bool
    key: str

    def check(self) -> None:
        """Raise Invalid where something can't be read."""
        if self.faults:
            raise Invalid("Please check what you entered. Nothing was lost.", self.faults)


def parse_card(form: Mapping[str, str], kit: Kit) -> CardForm:
    """Read the form that `kit` drew."""
    kept = kit.entries.fields()
    fields = {name: _clean(form.get(name, value)) for name, value in kept.items()}
    faults: dict[str, str] = {}
    entries = Entries(
        {skill.id: SkillEntry(_choose(Given, fields, f"given-{skill.id}", faults), fields[f"evidence-{skill.id}"]) for skill in kit.skills},
        {question.place_id: _read_question(fields, question.place_id, faults) for question in kit.session.questions},
        _choose(Recommendation, fields, "recommendation", faults),
        fields["why_not"],
        fields["summary"],
        fields["debrief_notes"],
        fields["private_notes"],
    )
    version = form.get("version", "")
    key = form.get("key", "")
    return CardForm(
        entries,
        fields,
        faults,
        int(version) if _is_number(version) else 0,
        bool(form.get("accept_unsupported")),
        key if KEY.fullmatch(key) else "",
    )


def _clean(text: str) -> str:
    """Line ends as one character, as people count them, and none of the NULs that PostgreSQL refuses."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _choose(kind: type[Choice], fields: Mapping[str, str], name: str, faults: dict[str, str]) -> Choice | None:
    if not fields[name]:
        return None
    try:
        return kind(fields[name])
    except ValueError:
        faults[name] = "Choose one of the answers shown."
        return None


def _read_question(fields: Mapping[str, str], place_id: str, faults: dict[str, str]) -> QuestionEntry:
    asked, minutes = fields[f"asked-{place_id}"], fields[f"minutes-{place_id}"].strip()
    if asked not in {YES, NO, ""}:
        faults[f"asked-{place_id}"] = "Choose one of the answers shown."
    if minutes and not (_is_number(minutes) and int(minutes) <= MOST_MINUTES):
        faults[f"minutes-{place_id}"] = f"Minutes are a whole number from 0 to {MOST_MINUTES}."
        minutes = ""
    return QuestionEntry({YES: True, NO: False}.get(asked), fields[f"notes-{place_id}"], int(minutes) if minutes else None)


def _is_number(text: str) -> bool:
    """Whether `text` is a whole number of at most six plain digits."""
    return text.isascii() and text.isdigit() and len(text) <= 6
