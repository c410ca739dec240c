"""Fields of the bank's pages."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from hiring.bank.rules import (
    LEVELS,
    LONGEST_ITEM,
    LONGEST_MINUTES,
    LONGEST_NAME,
    LONGEST_SOURCE,
    LONGEST_WORDS,
    MARKS,
    SHORTEST_MINUTES,
    Kind,
    Mode,
    QuestionEntry,
    QuestionState,
    SkillEntry,
    SkillGroup,
    clean_line,
    clean_words,
    find_control,
    keep_order,
)
from hiring.web import as_choices

KINDS = {
    Kind.BEHAVIOURAL: "Behavioural: a real past event",
    Kind.SCENARIO: "Scenario: an invented situation",
    Kind.TECHNICAL: "Technical: explain, design, diagnose",
    Kind.BACKGROUND: "Background: evidence from a career",
}
MODES = {Mode.TECHNICAL: "Technical: conventional wisdom fits", Mode.ADAPTIVE: "Adaptive: met by experiment"}
STATES = {QuestionState.ACTIVE: "Active: plans may use it", QuestionState.DRAFT: "Draft: not yet"}


def split_lines(text: str | None) -> tuple[str, ...]:
    """The lines of a text area that hold something."""
    return tuple(line for line in map(clean_line, (text or "").splitlines()) if line)


def _check_characters(_form: FlaskForm, field: Field) -> None:
    if found := find_control(field.data or ""):
        raise ValidationError(f"A character that can't be seen stands in here ({found}). Delete it, or type the text again.")


def _check_lines(_form: FlaskForm, field: Field) -> None:
    longest = max(map(len, split_lines(field.data)), default=0)
    if longest > LONGEST_ITEM:
        raise ValidationError(f"A line has {longest} characters. At most {LONGEST_ITEM} fit: make two of it.")


class MinutesField(IntegerField):
    """A number field that says in our words what it takes."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Give a whole number of minutes.") from error


def _at_most(longest: int) -> Length:
    return Length(max=longest, message=f"At most {longest} characters fit.")


class QuestionForm(FlaskForm):
    """A question; skills and frames that may be named are given by `offer`."""

    text = TextAreaField(
        "Question",
        [DataRequired("Write the question as the interviewer says it."), _at_most(LONGEST_WORDS), _check_characters],
        description="What the interviewer says aloud: one question, in one to four sentences.",
    )
    kind = SelectField("Kind", choices=as_choices(KINDS))
    mode = SelectField("Challenge", choices=as_choices(MODES))
    minutes = MinutesField(
        "Minutes",
        [
            InputRequired("Say how many minutes it takes with its follow-ups."),
            NumberRange(SHORTEST_MINUTES, LONGEST_MINUTES, f"Minutes are a whole number from {SHORTEST_MINUTES} to {LONGEST_MINUTES}."),
        ],
        default=10,
    )
    level = SelectField("Level", choices=as_choices({level: f"{level}: {words}" for level, words in LEVELS.items()}), coerce=int, default=3)
    primary = SelectMultipleField("Primary skills", [DataRequired("Tick at least one skill as primary.")], choices=[])
    secondary = SelectMultipleField("Secondary skills", choices=[])
    frames = SelectMultipleField("Frames", choices=[])
    probes = TextAreaField("Follow-up questions", [_check_lines, _check_characters], description="One on each line, at least two.")
    strong = TextAreaField(
        "What a strong answer sounds like", [_check_lines, _check_characters], description="One on each line: what one hears in it."
    )
    weak = TextAreaField(
        "What a weak answer sounds like", [_check_lines, _check_characters], description="One on each line: what one hears in it."
    )
    wording_group = StringField(
        "Wording group",
        [_at_most(LONGEST_NAME), _check_characters],
        description="Questions with the same word here ask the same in other words: a plan takes one of them.",
    )
    source = StringField("Source", [_at_most(LONGEST_SOURCE), _check_characters], description="Where it comes from.")
    licence = StringField("Licence", [_at_most(LONGEST_NAME), _check_characters], description="Under which it may be used.")
    state = SelectField("State", choices=as_choices(STATES))
    version = HiddenField()

    def offer(self, skills: Mapping[str, str], frames: Mapping[str, str]) -> None:
        """Set what may be ticked: names by id."""
        self.primary.choices = self.secondary.choices = as_choices(skills)
        self.frames.choices = as_choices(frames)

    def read(self, before: QuestionEntry | None = None) -> QuestionEntry:
        """What was entered, with skills and frames in the order that they had `before`."""
        return QuestionEntry(
            id=before.id if before else "",
            text=clean_words(self.text.data or ""),
            kind=Kind(self.kind.data),
            mode=Mode(self.mode.data),
            minutes=self.minutes.data or 0,
            level=self.level.data,
            primary=keep_order(self.primary.data or [], before.primary if before else ()),
            secondary=keep_order(self.secondary.data or [], before.secondary if before else ()),
            frames=keep_order(self.frames.data or [], before.frames if before else ()),
            probes=split_lines(self.probes.data),
            strong=split_lines(self.strong.data),
            weak=split_lines(self.weak.data),
            wording_group=clean_line(self.wording_group.data or ""),
            source=clean_line(self.source.data or ""),
            licence=clean_line(self.licence.data or ""),
            state=before.state if before else QuestionState(self.state.data),
        )


def describe_question(entry: QuestionEntry, version: int) -> dict[str, Any]:
    """A question as its form shows it."""
    kept = ("text", "minutes", "level", "wording_group", "source", "licence")
    lines = {name: "\n".join(getattr(entry, name)) for name in ("probes", "strong", "weak")}
    ticked = {name: list(getattr(entry, name)) for name in ("primary", "secondary", "frames")}
    chosen = {"kind": entry.kind.value, "mode": entry.mode.value}
    return {name: getattr(entry, name) for name in kept} | lines | ticked | chosen | {"version": str(version)}


def _anchor(mark: int) -> TextAreaField:
    checks = [DataRequired(f"Say what mark {mark} looks like."), _at_most(LONGEST_WORDS), _check_characters]
    hints = {1: "Does harm, or has nothing to show.", 3: "Does the job soundly.", 5: "Rare: raises others too."}
    return TextAreaField(f"Mark {mark}", checks, description=hints.get(mark, ""))


class SkillForm(FlaskForm):
    """A skill with its five anchors."""

    name = StringField("Name", [DataRequired("Give the skill a name."), _at_most(LONGEST_NAME), _check_characters])
    group = SelectField("Group", choices=as_choices({group: group.capitalize() for group in SkillGroup}))
    definition = TextAreaField(
        "Definition",
        [DataRequired("Say in a sentence or two what the skill is."), _at_most(LONGEST_WORDS), _check_characters],
        description="What it is in the week of the person you hire, and what it is not.",
    )
    anchor_1, anchor_2, anchor_3, anchor_4, anchor_5 = (_anchor(mark) for mark in MARKS)
    is_retired = BooleanField("Retired", description="No longer offered to new openings and questions. Nothing that uses it is lost.")
    version = HiddenField()

    @property
    def anchors(self) -> list[Field]:
        return [self[f"anchor_{mark}"] for mark in MARKS]

    def read(self, before: SkillEntry | None = None) -> SkillEntry:
        """What was entered."""
        anchors = {mark: clean_words(field.data or "") for mark, field in zip(MARKS, self.anchors, strict=True)}
        definition = clean_words(self.definition.data or "")
        group, is_retired = SkillGroup(self.group.data), bool(before and self.is_retired.data)
        return SkillEntry(before.id if before else "", clean_line(self.name.data or ""), group, definition, anchors, is_retired)


def describe_skill(entry: SkillEntry, version: int) -> dict[str, Any]:
    """A skill as its form shows it."""
    anchors = {f"anchor_{mark}": text for mark, text in entry.anchors.items()}
    own = {"name": entry.name, "group": entry.group.value, "definition": entry.definition, "is_retired": entry.is_retired}
    return own | anchors | {"version": str(version)}


class ImportForm(FlaskForm):
    """A bank file, uploaded or pasted."""

    file = FileField("YAML file", description="At most 4 MB.", render_kw={"accept": ".yaml,.yml,text/yaml,application/yaml"})
    text = TextAreaField("Or paste it here", render_kw={"rows": 10, "spellcheck": "false", "class": "code"})
    only_check = BooleanField("Only check", description="Says what would be created and changed, and changes nothing.")

    def validate_text(self, field: Field) -> None:
        has_file, has_text = bool(self.file.data), bool((field.data or "").strip())
        if has_file and has_text:
            raise ValidationError("There is a file and a pasted text. Leave one of them out.")
        if not has_file and not has_text:
            raise ValidationError("Choose a file, or paste its text.")
