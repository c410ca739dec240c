"""A scorecard as plain data: the kit that an interviewer works from, and what stands on the card."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hiring.errors import NotFound
from hiring.loops.sheet import AskedQuestion, AskedSkill, SessionSheet
from hiring.scorecards.rules import Filled, Given, Recommendation

OPEN = "Not filled in yet"
YES, NO = "yes", "no"
WORDS = {YES: "Asked", NO: "Not asked"}


@dataclass(frozen=True)
class SkillEntry:
    """What stands for one skill; `given` is None while it is not filled in, which is none of the given answers."""

    given: Given | None = None
    evidence: str = ""


@dataclass(frozen=True)
class QuestionEntry:
    """What stands for one question; `was_asked` is None until the interviewer has said."""

    was_asked: bool | None = None
    notes: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class Entries:
    """Everything that its author wrote on one card: by skill id, by the question's place in the plan, and on the whole."""

    skills: Mapping[str, SkillEntry] = field(default_factory=dict)
    questions: Mapping[str, QuestionEntry] = field(default_factory=dict)
    recommendation: Recommendation | None = None
    why_not: str = ""
    summary: str = ""
    debrief_notes: str = ""
    private_notes: str = ""

    def texts(self) -> dict[str, str]:
        """Every text that somebody typed, by its field's name."""
        typed = {"why_not": self.why_not, "summary": self.summary, "debrief_notes": self.debrief_notes, "private_notes": self.private_notes}
        typed |= {f"evidence-{skill_id}": entry.evidence for skill_id, entry in self.skills.items()}
        return typed | {f"notes-{place_id}": entry.notes for place_id, entry in self.questions.items()}

    def fields(self) -> dict[str, str]:
        """Every field of the form by name, as the form sends it; an empty text is an open field."""
        shown = {"recommendation": self.recommendation or "", **self.texts()}
        for skill_id, entry in self.skills.items():
            shown[f"given-{skill_id}"] = entry.given or ""
        for place_id, entry in self.questions.items():
            shown[f"asked-{place_id}"] = {True: YES, False: NO, None: ""}[entry.was_asked]
            shown[f"minutes-{place_id}"] = "" if entry.minutes is None else str(entry.minutes)
        return shown


@dataclass(frozen=True)
class Ruled:
    """What a debrief decided of an amended mark. counts: instead of the sealed one."""

    counts: bool
    reason: str
    ruled_by: str
    ruled_at: datetime

    @property
    def said(self) -> str:
        return f"the {'amended' if self.counts else 'sealed'} mark counts."


@dataclass(frozen=True)
class Amended:
    """What an author gave otherwise after the reveal, and why. The sealed mark counts unless a debrief ruled that this one does."""

    id: str
    given: Given
    reason: str
    made_at: datetime
    ruled: tuple[Ruled, ...] = ()


def find_counting(amended: Sequence[Amended]) -> Amended | None:
    """Of what was amended on one skill of a card, the mark that counts instead of the sealed one: the newest ruling decides."""
    ruled = [(ruling.ruled_at, place, ruling.counts, one) for place, one in enumerate(amended) for ruling in one.ruled]
    if not ruled:
        return None
    *_, counts, newest = max(ruled, key=lambda one: one[:2])
    return newest if counts else None


@dataclass(frozen=True)
class Step:
    """A question in its hour: its number, the minute at which it begins, and the skills that it speaks to here."""

    number: int
    begins: int
    question: AskedQuestion
    skills: tuple[AskedSkill, ...]


@dataclass(frozen=True)
class Kit:
    """What one seat works from: the session as its plan version froze it, the skills to mark, and what is filled so far."""

    session: SessionSheet
    skills: tuple[AskedSkill, ...]
    plan_version: int
    entries: Entries

    def skill(self, skill_id: str) -> AskedSkill:
        """The skill, if it is marked here; raises NotFound."""
        skill = next((one for one in self.skills if one.id == skill_id), None)
        if skill is None:
            raise NotFound
        return skill

    @property
    def steps(self) -> tuple[Step, ...]:
        """The questions in the order of the hour."""
        steps, begins = [], 0
        for number, question in enumerate(self.session.questions, start=1):
            named = {*question.primary, *question.secondary}
            steps.append(Step(number, begins, question, tuple(skill for skill in self.skills if skill.id in named)))
            begins += question.minutes
        return tuple(steps)

    def steps_for(self, skill_id: str) -> tuple[Step, ...]:
        """The questions that give evidence of a skill."""
        return tuple(step for step in self.steps if any(skill.id == skill_id for skill in step.skills))

    def filled(self, entries: Entries) -> tuple[Filled, ...]:
        """What `entries` hold for each skill of this kit, open ones too, in the plan's order."""
        rows = ((skill, entries.skills.get(skill.id, SkillEntry())) for skill in self.skills)
        return tuple(Filled(skill.id, skill.name, entry.given, entry.evidence) for skill, entry in rows)

    def labels(self) -> dict[str, str]:
        """What each field of the form is called where it is spoken of elsewhere."""
        named = {}
        for number, question in enumerate(self.session.questions, start=1):
            named[f"asked-{question.place_id}"] = f"Question {number}: asked or not"
            named[f"minutes-{question.place_id}"] = f"Question {number}: minutes"
            named[f"notes-{question.place_id}"] = f"Question {number}: notes"
        for skill in self.skills:
            named[f"evidence-{skill.id}"] = f"{skill.name}: evidence"
            named[f"given-{skill.id}"] = f"{skill.name}: mark"
        return named | {
            "recommendation": "Recommendation",
            "why_not": "Why you can't recommend",
            "summary": "Summary",
            "debrief_notes": "Notes for the debrief",
            "private_notes": "Private notes",
        }


@dataclass(frozen=True)
class Revision:
    """A card as it stood after one save: all fields, and which of them that save changed."""

    number: int
    saved_at: datetime
    fields: Mapping[str, str]
    changed: frozenset[str]


def fold(rows: Iterable[tuple[int, datetime, Mapping[str, str]]]) -> list[Revision]:
    """The card after each save, from rows that each hold what they changed."""
    fields, made = dict[str, str](), list[Revision]()
    for number, saved_at, changed in rows:
        is_first = not made
        fields = {**fields, **changed}
        touched = {name for name, text in changed.items() if text} if is_first else set(changed)
        made.append(Revision(number, saved_at, fields, frozenset(touched)))
    return made


def thin(revisions: Sequence[Revision]) -> list[Revision]:
    """Of the saves of each minute the last one, the newest first, each with all that its minute changed: autosave makes many."""
    minutes: dict[datetime, list[Revision]] = {}
    for one in revisions:
        minutes.setdefault(one.saved_at.replace(second=0, microsecond=0), []).append(one)
    last = [replace(group[-1], changed=frozenset().union(*(one.changed for one in group))) for group in minutes.values()]
    return sorted(last, key=lambda one: -one.number)


@dataclass(frozen=True)
class Difference:
    """A field that holds one thing on the page and another on the card."""

    field: str
    label: str
    mine: str
    kept: str

    @property
    def mine_in_words(self) -> str:
        return _in_words(self.mine)

    @property
    def kept_in_words(self) -> str:
        return _in_words(self.kept)


def find_differences(kit: Kit, mine: Mapping[str, str], kept: Mapping[str, str]) -> tuple[Difference, ...]:
    """Where two versions of a card part, field by field in the order of the page; fields come as `Entries.fields` gives them."""
    return tuple(
        Difference(name, label, mine.get(name, ""), kept.get(name, ""))
        for name, label in kit.labels().items()
        if mine.get(name, "") != kept.get(name, "")
    )


def _in_words(value: str) -> str:
    return WORDS.get(value, value) or OPEN
