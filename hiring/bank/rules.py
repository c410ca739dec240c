"""What a skill and a question are made of, and how a question moves between its states."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from hiring.errors import Conflict, Invalid

MARKS = (1, 2, 3, 4, 5)
LEVELS = {
    1: "senior engineer who starts to lead",
    2: "new tech lead",
    3: "tech lead",
    4: "lead of several teams",
    5: "head of engineering",
}
FEWEST_PROBES = 2
SHORTEST_MINUTES, LONGEST_MINUTES = 1, 120
LONGEST_NAME = 80
LONGEST_ITEM = 500
LONGEST_WORDS = 4000
LONGEST_SOURCE = 200
ID_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
# What no one can see and some readers choke on: controls, separators, direction marks, half characters.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


class SkillGroup(StrEnum):
    """The three groups of the shipped framework."""

    LEADERSHIP = "leadership"
    TECHNICAL = "technical"
    SOFT = "soft"


class Kind(StrEnum):
    """How a question draws its evidence."""

    BEHAVIOURAL = "behavioural"
    SCENARIO = "scenario"
    TECHNICAL = "technical"
    BACKGROUND = "background"


class Mode(StrEnum):
    """The kind of challenge: conventional wisdom fits, or it has to be met by experiment."""

    TECHNICAL = "technical"
    ADAPTIVE = "adaptive"


class FrameKind(StrEnum):
    """What a frame belongs to in the framework of a tech lead."""

    RESPONSIBILITY = "responsibility"
    KNOWLEDGE = "knowledge"
    CAREER = "career step"


class Strength(StrEnum):
    """How much evidence a question gives of a skill: primary counts 2, secondary 1."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


EVIDENCE = {Strength.PRIMARY: 2, Strength.SECONDARY: 1}
ENOUGH_EVIDENCE = 2
"""How much evidence a session's questions must give of a skill for it to be marked there."""


class QuestionState(StrEnum):
    """Where a question stands: only active ones are built into plans."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


QUESTION_MOVES: dict[QuestionState, set[QuestionState]] = {
    QuestionState.DRAFT: {QuestionState.ACTIVE, QuestionState.RETIRED},
    QuestionState.ACTIVE: {QuestionState.RETIRED},
    QuestionState.RETIRED: {QuestionState.ACTIVE},
}


@dataclass(frozen=True)
class Issue:
    """One thing wrong with one part of a question or a skill."""

    field: str
    message: str


def check_move(before: QuestionState, after: QuestionState) -> None:
    """Raise Conflict unless a question may go from `before` to `after`."""
    if after not in QUESTION_MOVES[before]:
        raise Conflict(f"A {before} question can't become {after}.")


def find_anchor_issues(anchors: Mapping[int, str]) -> list[Issue]:
    """What is wrong with a skill's anchors: each mark needs words of its own."""
    issues = [Issue("anchors", f"The anchor for mark {mark} is missing.") for mark in MARKS if not anchors.get(mark, "").strip()]
    said = [text.strip().casefold() for text in anchors.values() if text.strip()]
    if len(set(said)) < len(said):
        issues.append(Issue("anchors", "Two marks have the same anchor: nobody could tell them apart."))
    return issues


def check_skills_of_question(primary: list[str], secondary: list[str]) -> None:
    """Raise Invalid unless at least one skill is primary and none is named twice."""
    if not primary:
        raise Invalid("Name at least one primary skill.", {"primary": "Name at least one primary skill."})
    named = [*primary, *secondary]
    if len(set(named)) < len(named):
        said = "A skill is named twice. Each is either primary or secondary, once."
        raise Invalid(said, {"secondary": said})


def count_evidence(strengths: Mapping[str, list[Strength]]) -> dict[str, int]:
    """Evidence by skill id, from the strengths with which a session's questions probe it."""
    return {skill: sum(EVIDENCE[strength] for strength in found) for skill, found in strengths.items()}


@dataclass(frozen=True)
class SkillEntry:
    """All that a bank says of one skill."""

    id: str
    name: str
    group: SkillGroup
    definition: str
    anchors: dict[int, str]
    is_retired: bool = False


@dataclass(frozen=True)
class FrameEntry:
    """All that a bank says of one frame; skills by id."""

    id: str
    name: str
    kind: FrameKind
    definition: str
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionEntry:
    """All that a bank says of one question; skills and frames by id; no state means: as it is, or active if it is new."""

    id: str
    text: str
    kind: Kind
    mode: Mode
    minutes: int
    level: int
    primary: tuple[str, ...]
    secondary: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    strong: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    wording_group: str = ""
    source: str = ""
    licence: str = ""
    state: QuestionState | None = None


@dataclass(frozen=True)
class BankFile:
    """A bank, or a part of one, as it comes from a file or goes into one."""

    skills: tuple[SkillEntry, ...] = ()
    frames: tuple[FrameEntry, ...] = ()
    questions: tuple[QuestionEntry, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the bank holds already: names of skills and frames, states of questions, and words of those not retired, all by id."""

    skills: Mapping[str, str] = field(default_factory=dict)
    frames: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, QuestionState] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """As `fold` gives them."""


def clean_line(text: str) -> str:
    """`text` on one line, with single blanks."""
    return " ".join(text.split())


def clean_words(text: str) -> str:
    """`text` with its lines kept and single blanks in them."""
    return "\n".join(clean_line(line) for line in text.splitlines()).strip()


def fold(text: str) -> str:
    """`text` without what nobody hears, such as line breaks and capitals: equal for what is said in the same words."""
    return clean_line(text).casefold()


def find_control(text: str) -> str:
    """The name of the first character that may not stand in a bank, such as U+0000; empty when all may."""
    found = CONTROL.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def make_slug(text: str, longest: int = LONGEST_NAME) -> str:
    """Words of `text` as an id: small letters without accents, digits and hyphens; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))
    return slug if len(slug) <= longest else slug[:longest].rsplit("-", 1)[0]


def make_question_id(text: str) -> str:
    """An id from a question's first words; the same text always has the same id, another text another."""
    words = make_slug(" ".join(clean_line(text).split()[:7]), 60) or "question"
    return f"{words}-{hashlib.sha256(clean_words(text).encode()).hexdigest()[:8]}"


def keep_order(chosen: Sequence[str], before: Sequence[str]) -> tuple[str, ...]:
    """`chosen` with those first that were there `before`, in the order they had: a list of boxes to tick knows no order."""
    return (*(one for one in before if one in chosen), *(one for one in chosen if one not in before))


def find_question_issues(question: QuestionEntry) -> list[Issue]:
    """What is wrong with a question, by field; empty when it is sound."""
    issues = []
    if not question.text.strip():
        issues.append(Issue("text", "Write the question as the interviewer says it."))
    if not SHORTEST_MINUTES <= question.minutes <= LONGEST_MINUTES:
        issues.append(Issue("minutes", f"Minutes are a whole number from {SHORTEST_MINUTES} to {LONGEST_MINUTES}."))
    if question.level not in LEVELS:
        issues.append(Issue("level", f"A level is a whole number from {min(LEVELS)} to {max(LEVELS)}."))
    if len(question.probes) < FEWEST_PROBES:
        issues.append(Issue("probes", f"Write at least {FEWEST_PROBES} follow-up questions, one on each line."))
    for name in ("probes", "strong", "weak"):
        items = getattr(question, name)
        if twice := [item for item, number in Counter(map(fold, items)).items() if number > 1]:
            said = next(item for item in items if fold(item) == twice[0])
            issues.append(Issue(name, f"“{said}” stands here twice. Delete one of them."))
    try:
        check_skills_of_question([*question.primary], [*question.secondary])
    except Invalid as error:
        issues += [Issue(name, message) for name, message in error.fields.items()]
    return issues


def find_skill_issues(skill: SkillEntry) -> list[Issue]:
    """What is wrong with a skill, by field; empty when it is sound."""
    issues = [Issue(name, f"A skill needs a {name}.") for name in ("name", "definition") if not getattr(skill, name).strip()]
    return issues + find_anchor_issues(skill.anchors)


def check_entry(issues: Sequence[Issue]) -> None:
    """Raise Invalid with each issue at its field, where there is one."""
    if issues:
        raise Invalid("Please check what you entered.", {issue.field: issue.message for issue in issues})
