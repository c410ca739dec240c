"""What a plan is built from and the plan that comes back, as plain data in the shape of `flask loops solve FILE`."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from hiring.bank.rules import ENOUGH_EVIDENCE, EVIDENCE, Kind, Mode, Strength

MOST_QUESTIONS = 50_000
MOST_SECONDS = 3_600.0
"""The longest search."""
MOST = 1_000_000
"""No number of an instance is larger: it keeps the solver's sums far from the limits of 64 bits."""
MOST_WEIGHT = 1_000
FEWEST_PERCENT = 60
"""How much of a session's room its questions fill at least."""
ORDER = (Kind.BACKGROUND, Kind.BEHAVIOURAL, Kind.SCENARIO, Kind.TECHNICAL)
"""How an hour goes well: from what one has done, over what one would do, to what one knows."""

Pair = tuple[str, str]
Span = tuple[int, int]
"""From one minute to another, counted from the start of the first day."""


@dataclass(frozen=True)
class Skill:
    """What a skill needs: to be marked in `sessions` sessions and by `people` people; 0 and 0 means not required."""

    id: str
    sessions: int
    people: int = 0
    weight: float = 1.0
    name: str = ""

    @property
    def is_required(self) -> bool:
        return self.sessions > 0 or self.people > 0

    @property
    def target(self) -> int:
        """The evidence that is worth most: enough for each session, and a little more."""
        return ENOUGH_EVIDENCE * self.sessions + 2


@dataclass(frozen=True)
class Session:
    """One conversation; its questions share the room, which is the minutes less the reserve."""

    id: str
    minutes: int
    kinds: tuple[Kind, ...]
    reserve: int = 0
    seats: int = 1
    name: str = ""

    @property
    def room(self) -> int:
        return self.minutes - self.reserve

    @property
    def fewest(self) -> int:
        """The fewest minutes of questions that do not leave the hour half empty."""
        return -(-self.room * FEWEST_PERCENT // 100)


@dataclass(frozen=True)
class Question:
    """A question of the bank; of those with the same `group` (wordings of one question) a plan holds one."""

    id: str
    kind: Kind
    minutes: int
    level: int
    mode: Mode = Mode.TECHNICAL
    primary: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    group: str = ""
    freshness_cost: float = 0.0
    frames: tuple[str, ...] = ()

    @cached_property
    def evidence(self) -> dict[str, int]:
        """How much evidence it gives, by skill id."""
        strong = dict.fromkeys(self.primary, EVIDENCE[Strength.PRIMARY])
        return strong | dict.fromkeys(self.secondary, EVIDENCE[Strength.SECONDARY])


@dataclass(frozen=True)
class Interviewer:
    """Somebody who may sit in; spans are minutes from the first day's start, None means always."""

    id: str
    skills: tuple[str, ...] = ()
    load: int = 0
    limit: int = 1
    cost: float = 0.0
    available: tuple[Span, ...] | None = None
    conflicts: tuple[str, ...] = ()
    name: str = ""

    @property
    def is_free(self) -> bool:
        """Whether they may sit in this loop at all: below their limit, and with nothing that keeps them from it."""
        return self.load < self.limit and not self.conflicts


@dataclass(frozen=True)
class Modes:
    """Between which shares of the plan's minutes adaptive questions should lie, 0 to 1."""

    adaptive_share: tuple[float, float]


@dataclass(frozen=True)
class FrameNeed:
    """A frame that at least so many questions of the plan should be set in."""

    id: str
    questions: int = 1


@dataclass(frozen=True)
class Instance:
    """All that a plan is built from. Pairs are (question, session) and (interviewer, session).

    interviewers: None where the plan is built without people; with none at all, nobody can judge anything.
    breaks: the fewest minutes between two sessions. frames, modes: wishes, each missed one costs points.
    locked: sessions that ask what is pinned to them and nothing else.
    """

    skills: tuple[Skill, ...]
    sessions: tuple[Session, ...]
    questions: tuple[Question, ...]
    level: int
    interviewers: tuple[Interviewer, ...] | None = None
    exclude_questions: tuple[str, ...] = ()
    pinned: tuple[Pair, ...] = ()
    seated: tuple[Pair, ...] = ()
    candidate_available: tuple[Span, ...] | None = None
    breaks: int = 0
    modes: Modes | None = None
    frames: tuple[FrameNeed, ...] = ()
    locked: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[Interviewer, ...]:
        return self.interviewers or ()

    @property
    def has_times(self) -> bool:
        """Whether sessions have to be placed in the day: where anybody says when they are free."""
        return self.candidate_available is not None or any(one.available is not None for one in self.people)


def sort_parts(instance: Instance) -> Instance:
    """The instance with its parts in the order of their ids: so the order of a file changes no plan."""
    skills = tuple(sorted(instance.skills, key=lambda one: one.id))
    sessions = tuple(sorted(instance.sessions, key=lambda one: one.id))
    questions = tuple(sorted(instance.questions, key=lambda one: one.id))
    people = None if instance.interviewers is None else tuple(sorted(instance.interviewers, key=lambda one: one.id))
    given = {"pinned": tuple(sorted(instance.pinned)), "seated": tuple(sorted(instance.seated))}
    return replace(instance, skills=skills, sessions=sessions, questions=questions, interviewers=people, **given)


def order_plan(instance: Instance, plan: Sequence[Pair]) -> tuple[Pair, ...]:
    """The pairs by session id, and within a session in the order in which an hour goes well."""
    places = {question.id: ORDER.index(question.kind) for question in instance.questions}
    return tuple(sorted(plan, key=lambda pair: (pair[1], places[pair[0]], pair[0])))


class Status(StrEnum):
    """How far the search came; `infeasible` still carries the nearest plan."""

    OPTIMAL = "optimal"
    WITHIN = "within"
    STOPPED = "stopped"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True)
class Cover:
    """In which sessions a skill can be marked, and by whom."""

    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


NOT_SAID = "All that is asked can't be had together."
"""What is said of a requirement for which no smaller clash was found."""


@dataclass(frozen=True)
class Unmet:
    """A requirement that falls short: a skill's `sessions` or `people`, or a session's `minutes`, `seats` or `time`.

    Of `skill` and `session` the one that it is not about is empty.
    """

    skill: str
    what: str
    short_by: int
    because: str
    mend: tuple[str, ...] = ()
    session: str = ""


@dataclass(frozen=True)
class Clash:
    """One requirement of the smallest set that can't be kept together: what it is about, and a sentence."""

    what: str
    id: str
    said: str


@dataclass(frozen=True)
class Answer:
    """A plan: its pairs run by session id and then in the order in which an hour goes well.

    times: session id and the minute at which it starts, where anybody said when they are free.
    """

    status: Status
    objective: float
    bound: float
    seconds: float
    questions: tuple[Pair, ...]
    seats: tuple[Pair, ...] = ()
    coverage: dict[str, Cover] = field(default_factory=dict[str, Cover])
    unmet: tuple[Unmet, ...] = ()
    clash: tuple[Clash, ...] = ()
    times: tuple[tuple[str, int], ...] = ()


def write_instance(instance: Instance) -> dict[str, Any]:
    """The instance as plain JSON values."""
    return json.loads(json.dumps(asdict(instance)))


def write_answer(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON values."""
    return json.loads(json.dumps(asdict(answer)))
