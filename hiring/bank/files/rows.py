"""What each row of a bank file may hold, and what is said where it doesn't."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import isinf, isnan
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from hiring.bank import rules
from hiring.bank.rules import FrameEntry, FrameKind, Kind, Mode, QuestionEntry, QuestionState, SkillEntry, SkillGroup


@dataclass(frozen=True)
class Names:
    """Ids by all that they may be called, in small letters."""

    skills: Mapping[str, str]
    frames: Mapping[str, str]


def shorten(text: str, longest: int = 60) -> str:
    text = rules.clean_line(text)
    return text if len(text) <= longest else text[: longest - 2] + " …"


def _find(names: Mapping[str, str], value: str, noun: str) -> str:
    wanted = rules.clean_line(value).casefold()
    if wanted not in names:
        near = get_close_matches(wanted[:200], names, 1)
        raise ValueError(f"There is no {noun} “{shorten(value)}”." + (f" Did you mean “{near[0]}”?" if near else ""))
    return names[wanted]


def _find_skill(value: str, info: ValidationInfo) -> str:
    return _find(info.context.skills, value, "skill")  # pyright: ignore[reportOptionalMemberAccess]


def _find_frame(value: str, info: ValidationInfo) -> str:
    return _find(info.context.frames, value, "frame")  # pyright: ignore[reportOptionalMemberAccess]


def _read_mark(value: Any) -> int:
    if value not in {str(mark) for mark in rules.MARKS}:
        raise ValueError(f"“{shorten(str(value))}” is no mark: anchors are for {', '.join(map(str, rules.MARKS))}.")
    return int(value)


def _check_anchors(anchors: dict[int, str]) -> dict[int, str]:
    issues = rules.find_anchor_issues(anchors)
    if issues:
        raise ValueError(" ".join(issue.message for issue in issues))
    return anchors


def _check_once(values: list[str]) -> list[str]:
    twice = [value for value, number in Counter(values).items() if number > 1]
    if twice:
        raise ValueError(f"“{twice[0]}” stands here twice.")
    return values


def _clean(cleaner: Callable[[str], str]) -> BeforeValidator:
    return BeforeValidator(lambda value: cleaner(value) if isinstance(value, str) else value)


LINE, WORDS = _clean(rules.clean_line), _clean(rules.clean_words)
ALONE_OR_MANY = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)

Id = Annotated[str, Field(pattern=f"^{rules.ID_PATTERN}$", max_length=rules.LONGEST_NAME)]
Name = Annotated[str, Field(min_length=1, max_length=rules.LONGEST_NAME), LINE]
Words = Annotated[str, Field(min_length=1, max_length=rules.LONGEST_WORDS), WORDS]
Short = Annotated[str, Field(max_length=rules.LONGEST_SOURCE), LINE]
Label = Annotated[str, Field(max_length=rules.LONGEST_NAME), LINE]
Items = list[Annotated[str, Field(min_length=1, max_length=rules.LONGEST_ITEM), LINE]]
Skills = Annotated[list[Annotated[str, AfterValidator(_find_skill)]], AfterValidator(_check_once), ALONE_OR_MANY]
Frames = Annotated[list[Annotated[str, AfterValidator(_find_frame)]], AfterValidator(_check_once), ALONE_OR_MANY]
Mark = Annotated[int, BeforeValidator(_read_mark)]

# What each key has to be, and each item where it is a list: the end of the sentence "… has to be …".
LIST_OF_SKILLS, ONE_SKILL = "a list of skills", "the id or the name of a skill"
WANTED: dict[str, str] = {
    "id": "small letters and digits, with single hyphens between",
    "name": "text of 1 to 80 characters",
    "group": "one of " + ", ".join(rules.SkillGroup),
    "definition": "text of 1 to 4000 characters",
    "anchors": "an anchor for each mark from 1 to 5",
    "retired": "true or false",
    "text": "text of 1 to 4000 characters",
    "mode": "one of " + ", ".join(Mode),
    "minutes": "a whole number of minutes from 1 to 120",
    "level": "a whole number from 1 to 5",
    "primary": "a list of one skill or more",
    "secondary": LIST_OF_SKILLS,
    "skills": "a list",
    "frames": "a list",
    "questions": "a list",
    "probes": "a list of at least 2 follow-up questions",
    "strong": "a list of sentences",
    "weak": "a list of sentences",
    "state": "one of " + ", ".join(QuestionState),
    "licence": "text of at most 80 characters",
    "source": "text of at most 200 characters",
    "wording_group": "text of at most 80 characters",
}
EACH: dict[str, str] = {"primary": ONE_SKILL, "secondary": ONE_SKILL, "skills": ONE_SKILL, "frames": "the id or the name of a frame"}
ITEM = f"text of 1 to {rules.LONGEST_ITEM} characters"


class Row(BaseModel):
    """Strict: a number in quotes is no number, and a key that nobody knows is a fault."""

    model_config = ConfigDict(extra="forbid", strict=True)


class TopRow(Row):
    source: Short = ""
    licence: Label = ""
    skills: list[Any] = []
    frames: list[Any] = []
    questions: list[Any] = []


class SkillRow(Row):
    id: Id
    name: Name
    group: Annotated[SkillGroup, Field(strict=False)]
    definition: Words
    anchors: Annotated[dict[Mark, Words], AfterValidator(_check_anchors)]
    retired: bool = False

    def entry(self) -> SkillEntry:
        return SkillEntry(self.id, self.name, self.group, self.definition, dict(sorted(self.anchors.items())), self.retired)


class FrameRow(Row):
    id: Id
    name: Name
    kind: Annotated[FrameKind, Field(strict=False)]
    definition: Words
    skills: Skills = []

    def entry(self) -> FrameEntry:
        return FrameEntry(self.id, self.name, self.kind, self.definition, tuple(self.skills))


class QuestionRow(Row):
    id: Id | None = None
    text: Words
    kind: Annotated[Kind, Field(strict=False)]
    mode: Annotated[Mode, Field(strict=False)]
    minutes: int = Field(ge=rules.SHORTEST_MINUTES, le=rules.LONGEST_MINUTES)
    level: int = Field(ge=min(rules.LEVELS), le=max(rules.LEVELS))
    primary: Annotated[Skills, Field(min_length=1)]
    secondary: Skills = []
    frames: Frames = []
    probes: Annotated[Items, Field(min_length=rules.FEWEST_PROBES)]
    strong: Items = []
    weak: Items = []
    wording_group: Label = ""
    source: Short | None = None
    licence: Label | None = None
    state: Annotated[QuestionState, Field(strict=False)] | None = None

    @field_validator("secondary")
    @classmethod
    def _check_strength(cls, secondary: list[str], info: ValidationInfo) -> list[str]:
        both = [skill for skill in secondary if skill in info.data.get("primary", [])]
        if both:
            raise ValueError(f"“{both[0]}” is primary already. A skill is either primary or secondary.")
        return secondary

    def entry(self, top: Mapping[str, str]) -> QuestionEntry:
        """The question, with the file's own source and licence where it has none of its own."""
        values: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        values |= {name: default for name, default in top.items() if values[name] is None}
        values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
        return QuestionEntry(**{**values, "id": self.id or rules.make_question_id(self.text)})


def _name_value(value: Any) -> str:
    """What was found, in words."""
    if value is None or value == "":
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and (isnan(value) or isinf(value)):
        return "not a number" if isnan(value) else "endless"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f"“{shorten(value)}”"
    size = "an empty" if not value else "a"
    return f"{size} {'list' if isinstance(value, list) else 'mapping'}"


def _suggest(value: Any, wanted: str) -> str:
    if isinstance(value, str) and wanted.startswith("one of "):
        near = get_close_matches(value.lower(), wanted.removeprefix("one of ").split(", "), 1)
        return f" Did you mean {near[0]}?" if near else ""
    is_bare = isinstance(value, int | float) and wanted.startswith(("text", "small"))
    return " Put it in quotes." if is_bare else ""


def _want(row: type[Row], name: str) -> str:
    if name == "kind":
        return "one of " + ", ".join(FrameKind if row is FrameRow else Kind)
    return WANTED[name]


def say(row: type[Row], error: ErrorDetails) -> str:
    """One fault of a row as a sentence: what stands there, and what has to."""
    loc, kind, value = error["loc"], error["type"], error["input"]
    name = str(loc[0]) if loc else ""
    if kind == "value_error":
        return str(error.get("ctx", {})["error"])
    if kind == "extra_forbidden":
        near = get_close_matches(name[:100], row.model_fields, 1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(row.model_fields)}."
        return f"There is no key “{shorten(name)}” here. {hint}"
    return _say_value(row, error) if loc else _say_row(row, value)


def _say_row(row: type[Row], value: Any) -> str:
    return f"This is {_name_value(value)}, but has to be a mapping with keys such as {', '.join([*row.model_fields][:3])}."


def _say_value(row: type[Row], error: ErrorDetails) -> str:
    loc, kind, value = error["loc"], error["type"], error["input"]
    context = error.get("ctx", {})
    name = str(loc[0])
    wanted = _want(row, name)
    if kind == "missing":
        return f"“{name}” is missing. It has to be {wanted}."
    if kind == "string_too_long":
        return f"“{name}” has {len(value):,} characters here. At most {context['max_length']:,} fit."
    if kind == "too_short" and value:
        return f"“{name}” has {context['actual_length']} entry, but has to be {wanted}."
    if len(loc) > 1:
        wanted = WANTED["definition"] if name == "anchors" else EACH.get(name, ITEM)
        return f"This part of “{name}” is {_name_value(value)}, but has to be {wanted}.{_suggest(value, wanted)}"
    return f"“{name}” is {_name_value(value)}, but has to be {wanted}.{_suggest(value, wanted)}"
