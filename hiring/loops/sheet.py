"""A plan as plain data: its sessions, what each asks, and which skill is marked where.

The same sheet serves the page of the plan, the checks before publishing, the interviewer's kit and the comparison. A
published plan's sheet is made from the words frozen into it, a draft's from the bank as it stands.
"""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from hiring.bank.rules import ENOUGH_EVIDENCE, EVIDENCE, Strength
from hiring.loops.rules import KINDS, SessionFormat

LEAST_FILLED = 0.6
"""The share of a session's usable minutes below which its hour would run dry (loop-builder's lower bound)."""


@dataclass(frozen=True)
class AskedSkill:
    """A skill of the opening as its plan carries it: words, anchors by mark, weight, bar, sessions wanted."""

    id: str
    name: str
    group: str
    definition: str
    anchors: dict[int, str]
    version: int
    weight: float
    reason: str
    bar: float | None
    sessions: int
    people: int = 2


@dataclass(frozen=True)
class AskedQuestion:
    """A question in its place; `place_id` names the place, `id` the question in the bank. Skills by id."""

    place_id: str
    id: str
    text: str
    kind: str
    mode: str
    minutes: int
    level: int
    primary: tuple[str, ...]
    secondary: tuple[str, ...]
    probes: tuple[str, ...]
    strong: tuple[str, ...]
    weak: tuple[str, ...]
    wording_group: str
    is_pinned: bool
    is_retired: bool = False


@dataclass(frozen=True)
class Cell:
    """What one session gives of one skill: how many of its questions probe it, and whether that is enough for a mark."""

    primary: int
    secondary: int

    @property
    def evidence(self) -> int:
        return self.primary * EVIDENCE[Strength.PRIMARY] + self.secondary * EVIDENCE[Strength.SECONDARY]

    @property
    def is_enough(self) -> bool:
        return self.evidence >= ENOUGH_EVIDENCE


@dataclass(frozen=True)
class SessionSheet:
    """One session with its questions in the order in which they are asked."""

    id: str
    name: str
    format: SessionFormat
    minutes: int
    reserve: int
    seats: int
    questions: tuple[AskedQuestion, ...]
    is_locked: bool = False
    panel_ids: tuple[str, ...] = ()
    judged_ids: tuple[str, ...] = ()

    def has_judge(self, skill_id: str) -> bool:
        """Whether somebody of the proposed panel can judge the skill; where no panel is proposed, anybody might."""
        return not self.judged_ids or skill_id in self.judged_ids

    @property
    def usable_minutes(self) -> int:
        return self.minutes - self.reserve

    @property
    def asked_minutes(self) -> int:
        return sum(question.minutes for question in self.questions)

    @cached_property
    def _counted(self) -> tuple[Counter[str], Counter[str]]:
        """How many questions have each skill as primary, and how many as secondary."""
        primary = Counter(skill for question in self.questions for skill in question.primary)
        return primary, Counter(skill for question in self.questions for skill in question.secondary)

    def cell(self, skill_id: str) -> Cell:
        primary, secondary = self._counted
        return Cell(primary[skill_id], secondary[skill_id])


@dataclass(frozen=True)
class PlanSheet:
    """A whole plan: skills down, sessions across."""

    version: int
    skills: tuple[AskedSkill, ...]
    sessions: tuple[SessionSheet, ...]

    @property
    def groups(self) -> dict[str, list[AskedSkill]]:
        """The skills by their group, in the opening's order."""
        grouped: dict[str, list[AskedSkill]] = {}
        for skill in self.skills:
            grouped.setdefault(skill.group, []).append(skill)
        return grouped

    def session(self, session_id: str) -> SessionSheet:
        return next(session for session in self.sessions if session.id == session_id)

    def skill(self, skill_id: str) -> AskedSkill:
        return next(skill for skill in self.skills if skill.id == skill_id)

    def skills_marked_in(self, session_id: str) -> tuple[AskedSkill, ...]:
        """The opening's skills that get a mark in this session, in the opening's order."""
        session = self.session(session_id)
        return tuple(skill for skill in self.skills if session in self.sessions_marking(skill.id))

    def sessions_marking(self, skill_id: str) -> tuple[SessionSheet, ...]:
        """Where the skill is marked: wherever a question has it as primary, and where two have it as secondary only as far
        as the number of sessions with a judge would otherwise be missed. An hour with fourteen marks leaves no time to listen.
        """
        marking = [session for session in self.sessions if session.cell(skill_id).primary]
        helping = [session for session in self.sessions if session not in marking and session.cell(skill_id).is_enough]
        helping.sort(key=lambda session: (not session.has_judge(skill_id), -session.cell(skill_id).secondary))
        judged = sum(session.has_judge(skill_id) for session in marking)
        marking += helping[: max(self.skill(skill_id).sessions - judged, 0)]
        return tuple(session for session in self.sessions if session in marking)

    def count_marking(self) -> dict[str, int]:
        """Skill id to in how many sessions it is marked."""
        return {skill.id: len(self.sessions_marking(skill.id)) for skill in self.skills}

    def gaps(self) -> dict[str, int]:
        """Skill id to how many separate sessions are still missing for it; covered skills are left out."""
        marking = self.count_marking()
        short = {skill.id: skill.sessions - marking[skill.id] for skill in self.skills}
        return {skill_id: missing for skill_id, missing in short.items() if missing > 0}

    @property
    def covered_count(self) -> int:
        return len(self.skills) - len(self.gaps())

    @property
    def question_count(self) -> int:
        return sum(len(session.questions) for session in self.sessions)


def exchange(sheet: PlanSheet, session_id: str, *, out: str | None, question: AskedQuestion | None) -> PlanSheet:
    """The plan as it would be with the place `out` left or taken over by `question`, or with `question` added."""

    def changed(session: SessionSheet) -> SessionSheet:
        if session.id != session_id:
            return session
        questions = [one for one in session.questions if one.place_id != out]
        return replace(session, questions=tuple(questions + ([question] if question else [])))

    return replace(sheet, sessions=tuple(changed(session) for session in sheet.sessions))


def say_change(before: PlanSheet, after: PlanSheet) -> str:
    """What a change of the plan broke and mended, in a sentence or two; empty where coverage and minutes are as they were."""
    lost, won = after.gaps().keys() - before.gaps().keys(), before.gaps().keys() - after.gaps().keys()
    parts = [
        f"{skill.name} is now marked in only {len(after.sessions_marking(skill.id))} of {skill.sessions} sessions."
        for skill in after.skills
        if skill.id in lost
    ]
    parts += [f"{skill.name} is covered again." for skill in after.skills if skill.id in won]
    full = {session.id for session in before.sessions if session.asked_minutes > session.usable_minutes}
    for session in after.sessions:
        over = session.asked_minutes - session.usable_minutes
        if over > 0 and session.id not in full:
            parts.append(f"{session.name} is now {over} minutes over.")
    return " ".join(parts)


def find_faults(sheet: PlanSheet) -> list[str]:
    """What must be mended before the plan can be published, as sentences; empty when it is sound."""
    faults = [] if sheet.sessions else ["The plan has no session."]
    for session in sheet.sessions:
        if not session.questions:
            faults.append(f"{session.name} asks nothing yet.")
        if session.asked_minutes > session.usable_minutes:
            over = session.asked_minutes - session.usable_minutes
            faults.append(f"{session.name} is {over} minutes over: {session.asked_minutes} asked, {session.usable_minutes} usable.")
        retired = [question for question in session.questions if question.is_retired]
        faults += [f"“{_short(question.text)}” in {session.name} has been retired." for question in retired]
    return faults + _find_repeats(sheet)


def find_warnings(sheet: PlanSheet) -> list[str]:
    """What is worth a second look but need not hold up publishing."""
    warnings = []
    for skill_id, missing in sheet.gaps().items():
        skill = sheet.skill(skill_id)
        warnings.append(f"{skill.name} is marked in {skill.sessions - missing} of {skill.sessions} sessions.")
    for session in sheet.sessions:
        if session.questions and session.asked_minutes < LEAST_FILLED * session.usable_minutes:
            warnings.append(f"{session.name} asks only {session.asked_minutes} of its {session.usable_minutes} minutes.")
        for question in session.questions:
            if question.kind not in KINDS[session.format]:
                warnings.append(f"“{_short(question.text)}” is {question.kind}: unusual for the {session.format} format of {session.name}.")
    return warnings


def _find_repeats(sheet: PlanSheet) -> list[str]:
    seen: dict[str, str] = {}
    faults = []
    for session in sheet.sessions:
        for question in session.questions:
            for key in {question.id, question.wording_group} - {""}:
                if key in seen:
                    faults.append(f"“{_short(question.text)}” asks in {session.name} what {seen[key]} asks already.")
                seen[key] = session.name
    return faults


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def freeze(part: AskedSkill | AskedQuestion) -> dict[str, Any]:
    """A skill or a question as JSON can keep it."""
    return asdict(part)


def thaw_skill(kept: dict[str, Any]) -> AskedSkill:
    """The skill that `freeze` kept; JSON turns the marks of its anchors into text."""
    return AskedSkill(**{**kept, "anchors": {int(mark): text for mark, text in kept["anchors"].items()}})


def thaw_question(kept: dict[str, Any]) -> AskedQuestion:
    """The question that `freeze` kept; JSON turns tuples into lists."""
    return AskedQuestion(**{name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()})  # pyright: ignore[reportArgumentType]
