"""Fields of the pages of an opening."""

from collections.abc import Mapping, Sequence
from math import nan

from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Email, Length, Optional

from hiring.bank.rules import LEVELS
from hiring.openings.rules import SEAL_WORDS, Seal, SkillRule
from hiring.web import as_choices

LEVEL_CHOICES = as_choices({str(level): f"{level} · {words}" for level, words in LEVELS.items()})


class OpeningForm(FlaskForm):
    title = StringField("Title", [DataRequired("Enter a title."), Length(max=120)], description="As the team says it: Tech lead, Payments.")
    level = SelectField("Level", choices=LEVEL_CHOICES, default="3", description="Questions at most one level off are chosen.")
    seal = RadioField(
        "Who reads a submitted card before the reveal",
        choices=as_choices({seal.value: words for seal, words in SEAL_WORDS.items()}),
        default=Seal.REVEAL.value,
        description="Managers and admins wait for the reveal in either case. A loop keeps what held when it was started.",
    )


class CreateOpeningForm(OpeningForm):
    skills = SelectMultipleField("Skills", description="Everything that the job needs; each counts the same until you say why not.")


class CandidateForm(FlaskForm):
    name = StringField("Name", [DataRequired("Enter a name."), Length(max=120)])
    email = EmailField(
        "E-mail address",
        [Optional(), Email("Enter an address such as name@example.org."), Length(max=254)],
        description="So that somebody who comes back is known.",
    )


class ManagerForm(FlaskForm):
    person = SelectField("Person")


def read_number(text: str) -> float:
    """The number in a field, with a comma or a point; not a number at all where it is none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return nan


def _choose(posted: Mapping[str, str], name: str, numbers: Sequence[int]) -> int:
    """The number that was chosen of those offered; 2 where none was."""
    chosen = posted.get(name, "2")
    return next((number for number in numbers if str(number) == chosen), 2)


def read_rules(posted: Mapping[str, str], skill_ids: Sequence[str]) -> list[SkillRule]:
    """The weights and bars that were posted, for the skills whose box is ticked, in the bank's order."""
    rules = []
    for skill_id in skill_ids:
        if f"use-{skill_id}" not in posted:
            continue
        bar = posted.get(f"bar-{skill_id}", "").strip()
        rules.append(
            SkillRule(
                skill_id,
                weight=read_number(posted.get(f"weight-{skill_id}", "1")),
                reason=posted.get(f"reason-{skill_id}", "").strip(),
                bar=read_number(bar) if bar else None,
                sessions=_choose(posted, f"sessions-{skill_id}", (1, 2, 3)),
                people=_choose(posted, f"people-{skill_id}", (1, 2, 3, 4)),
            )
        )
    return rules
