"""What-if: small changes of an instance, and the difference that they make to the plan that is built."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from hiring.loops.compiler.instance import Answer, Instance
from hiring.loops.shortfalls import group_unmet

Change = Callable[[Instance], Instance]


@dataclass(frozen=True)
class Row:
    """One skill before and after: in how many sessions it is marked, and by how many people."""

    name: str
    sessions: tuple[int, int]
    people: tuple[int, int]

    @property
    def is_worse(self) -> bool:
        return self.sessions[1] < self.sessions[0] or self.people[1] < self.people[0]


@dataclass(frozen=True)
class Difference:
    """Two plans side by side: skills that change, questions that come and go, and what falls short in each."""

    worse: tuple[Row, ...]
    better: tuple[Row, ...]
    questions: tuple[int, int]
    changed: int
    worth: tuple[float, float]
    short: tuple[tuple[str, ...], tuple[str, ...]]


def leave_out(person_id: str) -> Change:
    """Without somebody."""

    def change(instance: Instance) -> Instance:
        if instance.interviewers is None:
            return instance
        return replace(instance, interviewers=tuple(one for one in instance.interviewers if one.id != person_id))

    return change


def shorten(session_id: str, minutes: int) -> Change:
    """With a session of so many minutes."""

    def change(instance: Instance) -> Instance:
        sessions = [replace(one, minutes=max(minutes, one.reserve)) if one.id == session_id else one for one in instance.sessions]
        return replace(instance, sessions=tuple(sessions))

    return change


def weigh(skill_id: str, weight: float) -> Change:
    """With a skill that weighs so much."""

    def change(instance: Instance) -> Instance:
        return replace(instance, skills=tuple(replace(one, weight=weight) if one.id == skill_id else one for one in instance.skills))

    return change


def compare(before: Answer, after: Answer, names: Mapping[str, str]) -> Difference:
    """The difference between two answers, with the names of their things."""
    rows = [
        Row(
            names.get(skill, skill),
            (len(cover.sessions), len(after.coverage[skill].sessions)),
            (len(cover.people), len(after.coverage[skill].people)),
        )
        for skill, cover in before.coverage.items()
    ]
    changed = [row for row in rows if row.sessions[0] != row.sessions[1] or row.people[0] != row.people[1]]
    return Difference(
        worse=tuple(row for row in changed if row.is_worse),
        better=tuple(row for row in changed if not row.is_worse),
        questions=(len(before.questions), len(after.questions)),
        changed=len(set(after.questions) - set(before.questions)),
        worth=(before.objective, after.objective),
        short=(_say_short(before, names), _say_short(after, names)),
    )


def _say_short(answer: Answer, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(one.said for one in group_unmet(answer.unmet, names))
