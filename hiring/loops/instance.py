"""What a plan is built from and the plan that comes back, as plain data in the shape of `flask loops solve FILE`."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hiring.bank.rules import ENOUGH_EVIDENCE, EVIDENCE, Kind, Mode, Strength
from hiring.errors import Invalid

MOST_QUESTIONS = 50_000
MOST = 1_000_000
"""No number of an instance is larger: it keeps the solver's sums far from the limits of 64 bits."""
MOST_WEIGHT = 1_000
FEWEST_PERCENT = 60
"""How much of a session's room its questions fill at least."""
ORDER = (Kind.BACKGROUND, Kind.BEHAVIOURAL, Kind.SCENARIO, Kind.TECHNICAL)
"""How an hour goes well: from what one has done, over what one would do, to what one knows."""

Pair = tuple[str, str]


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

    @property
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
    available: tuple[tuple[int, int], ...] | None = None
    conflicts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Modes:
    """Between which shares of the plan's minutes adaptive questions should lie, 0 to 1."""

    adaptive_share: tuple[float, float]


@dataclass(frozen=True)
class Instance:
    """All that a plan is built from. Pairs are (question, session) and (interviewer, session)."""

    skills: tuple[Skill, ...]
    sessions: tuple[Session, ...]
    questions: tuple[Question, ...]
    level: int
    interviewers: tuple[Interviewer, ...] = ()
    exclude_questions: tuple[str, ...] = ()
    pinned: tuple[Pair, ...] = ()
    seated: tuple[Pair, ...] = ()
    candidate_available: tuple[tuple[int, int], ...] | None = None
    modes: Modes | None = None


def sort_parts(instance: Instance) -> Instance:
    """The instance with its parts in the order of their ids: so the order of a file changes no plan."""
    skills = tuple(sorted(instance.skills, key=lambda one: one.id))
    sessions = tuple(sorted(instance.sessions, key=lambda one: one.id))
    questions = tuple(sorted(instance.questions, key=lambda one: one.id))
    return replace(instance, skills=skills, sessions=sessions, questions=questions, pinned=tuple(sorted(instance.pinned)))


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


@dataclass(frozen=True)
class Unmet:
    """A requirement that falls short: a skill's `sessions` or `people`, or a session's `minutes` (then `skill` is empty)."""

    skill: str
    what: str
    short_by: int
    because: str
    mend: tuple[str, ...] = ()
    session: str = ""


@dataclass(frozen=True)
class Answer:
    """A plan: its pairs run by session id and then in the order in which an hour goes well."""

    status: Status
    objective: float
    bound: float
    seconds: float
    questions: tuple[Pair, ...]
    seats: tuple[Pair, ...] = ()
    coverage: dict[str, Cover] = field(default_factory=dict[str, Cover])
    unmet: tuple[Unmet, ...] = ()


def read_instance(data: Any) -> Instance:
    """The instance that a JSON object holds; raises Invalid with a sentence that begins with the place of the fault."""
    if isinstance(data, dict) and isinstance(data.get("questions"), list) and len(data["questions"]) > MOST_QUESTIONS:
        raise Invalid(f"questions: {len(data['questions']):,} are too many, the most is {MOST_QUESTIONS:,}.")
    instance: Instance = _take(Instance, data, "")
    _check_ids(instance)
    _check_values(instance)
    return instance


def write_instance(instance: Instance) -> dict[str, Any]:
    """The instance as plain JSON values."""
    return json.loads(json.dumps(asdict(instance)))


def write_answer(answer: Answer) -> dict[str, Any]:
    """The answer as plain JSON values."""
    return json.loads(json.dumps(asdict(answer)))


def _take(kind: Any, value: Any, place: str) -> Any:
    """`value` as a `kind`, one of the few types that the dataclasses above are made of; raises Invalid with the place."""
    if is_dataclass(kind):
        return _take_fields(kind, value, place)
    if get_origin(kind) is UnionType:
        return None if value is None else _take(get_args(kind)[0], value, place)
    if get_origin(kind) is tuple:
        return _take_values(get_args(kind), value, place)
    if kind in (int, float):
        return _take_number(kind, value, place)
    if not isinstance(value, str):
        raise Invalid(f"{place}: must be a text.")
    if kind is not str and value not in list(kind):
        raise Invalid(f"{place}: must be one of {', '.join(kind)}.")
    return kind(value)


def _take_fields(kind: Any, row: Any, place: str) -> Any:
    """An object with named fields; names that we do not know are passed over, so that a file may carry more."""
    if not isinstance(row, dict):
        raise Invalid(f"{place or 'instance'}: must be an object with named fields.")
    hints, taken = get_type_hints(kind), {}
    for one in fields(kind):
        inside = f"{place}.{one.name}" if place else one.name
        if one.name in row:
            taken[one.name] = _take(hints[one.name], row[one.name], inside)
        elif one.default is MISSING:
            raise Invalid(f"{inside}: must be given.")
    return kind(**taken)


def _take_values(kinds: tuple[Any, ...], values: Any, place: str) -> tuple[Any, ...]:
    """A list: of any length where `kinds` is (kind, ...), else with one value for each kind."""
    if not isinstance(values, list | tuple):
        raise Invalid(f"{place}: must be a list.")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(values)
    if len(kinds) != len(values):
        raise Invalid(f"{place}: must hold {len(kinds)} values.")
    return tuple(_take(kind, value, f"{place}[{index}]") for index, (kind, value) in enumerate(zip(kinds, values, strict=True)))


def _take_number(kind: Any, value: Any, place: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or (isinstance(value, float) and not math.isfinite(value)):
        raise Invalid(f"{place}: must be a finite number.")
    if kind is int and not isinstance(value, int):
        raise Invalid(f"{place}: must be a whole number.")
    if not 0 <= value <= MOST:
        raise Invalid(f"{place}: must be from 0 to {MOST:,}.")
    return value


def _check_ids(instance: Instance) -> None:
    """Raise Invalid unless every id is there once and every id that is named exists."""
    skills = _check_once("skills", [row.id for row in instance.skills])
    sessions = _check_once("sessions", [row.id for row in instance.sessions])
    questions = _check_once("questions", [row.id for row in instance.questions])
    people = _check_once("interviewers", [row.id for row in instance.interviewers])
    for index, question in enumerate(instance.questions):
        _check_known(f"questions[{index}]", question.primary + question.secondary, skills)
        _check_once(f"questions[{index}]", question.primary + question.secondary)
    for index, person in enumerate(instance.interviewers):
        _check_known(f"interviewers[{index}].skills", person.skills, skills)
        _check_once(f"interviewers[{index}].skills", person.skills)
    _check_known("exclude_questions", instance.exclude_questions, questions)
    for name, pairs, known in (("pinned", instance.pinned, questions), ("seated", instance.seated, people)):
        _check_known(name, [first for first, _ in pairs], known)
        _check_known(name, [session for _, session in pairs], sessions)
        _check_once(name, [first for first, _ in pairs])


def _check_once(place: str, ids: Sequence[str]) -> set[str]:
    if "" in ids:
        raise Invalid(f"{place}: an id is empty.")
    if again := [one for one, times in Counter(ids).items() if times > 1]:
        raise Invalid(f"{place}: {again[0]} is named twice.")
    return set(ids)


def _check_known(place: str, ids: Sequence[str], known: set[str]) -> None:
    if strange := [one for one in ids if one not in known]:
        raise Invalid(f"{place}: {strange[0]} is unknown.")


def _check_values(instance: Instance) -> None:
    """Raise Invalid where a number alone is possible but not beside the others."""
    for index, session in enumerate(instance.sessions):
        if session.reserve > session.minutes:
            raise Invalid(f"sessions[{index}].reserve: is more than the session's minutes.")
    for index, question in enumerate(instance.questions):
        if question.minutes == 0:
            raise Invalid(f"questions[{index}].minutes: must be at least 1.")
    for index, skill in enumerate(instance.skills):
        if skill.weight > MOST_WEIGHT:
            raise Invalid(f"skills[{index}].weight: must be at most {MOST_WEIGHT:,}.")
    if instance.modes and not instance.modes.adaptive_share[0] <= instance.modes.adaptive_share[1] <= 1:
        raise Invalid("modes.adaptive_share: must be two shares from 0 to 1, the lower one first.")
