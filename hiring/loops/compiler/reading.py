"""Reads the JSON of an instance: every fault is named with its place, such as `questions[3].minutes`."""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hiring.errors import Invalid
from hiring.loops.compiler.instance import MOST, MOST_QUESTIONS, MOST_WEIGHT, Instance, Span


def read_json(path: Path) -> Any:
    """What a JSON file holds; raises Invalid where it can't be read, with the line of the fault."""
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise Invalid(f"{path}: can't be read: {error.strerror}.") from error
    except json.JSONDecodeError as error:
        raise Invalid(f"{path}, line {error.lineno}, column {error.colno}: is not JSON: {error.msg}.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise Invalid(f"{path}: is not JSON in UTF-8, or is nested too deeply.") from error


def read_instance(data: Any) -> Instance:
    """The instance that a JSON object holds; raises Invalid with a sentence that begins with the place of the fault."""
    if isinstance(data, dict) and isinstance(data.get("questions"), list) and len(data["questions"]) > MOST_QUESTIONS:
        raise Invalid(f"questions: {len(data['questions']):,} are too many, the most is {MOST_QUESTIONS:,}.")
    instance: Instance = _take(Instance, data, "")
    _check_ids(instance)
    _check_values(instance)
    return instance


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
    taken = {}
    for name, hint, is_needed in _list_fields(kind):
        if name in row:
            value = row[name]
            # What is most of a large file needs no further look: a text where a text is due.
            taken[name] = value if hint is str and type(value) is str else _take(hint, value, f"{place}.{name}" if place else name)
        elif is_needed:
            raise Invalid(f"{place}.{name}: must be given." if place else f"{name}: must be given.")
    return kind(**taken)


@cache
def _list_fields(kind: Any) -> list[tuple[str, Any, bool]]:
    """Name, type, and whether it must be given, of each field of a dataclass."""
    hints = get_type_hints(kind)
    return [(one.name, hints[one.name], one.default is MISSING) for one in fields(kind)]


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
    people = _check_once("interviewers", [row.id for row in instance.people])
    for index, question in enumerate(instance.questions):
        _check_known(f"questions[{index}]", question.primary + question.secondary, skills)
        _check_once(f"questions[{index}]", question.primary + question.secondary)
    for index, person in enumerate(instance.people):
        _check_known(f"interviewers[{index}].skills", person.skills, skills)
        _check_once(f"interviewers[{index}].skills", person.skills)
    _check_known("locked", instance.locked, sessions)
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
    for index, person in enumerate(instance.people):
        _check_spans(f"interviewers[{index}].available", person.available)
    _check_spans("candidate_available", instance.candidate_available)
    _check_once("frames", [frame.id for frame in instance.frames])
    if instance.modes and not instance.modes.adaptive_share[0] <= instance.modes.adaptive_share[1] <= 1:
        raise Invalid("modes.adaptive_share: must be two shares from 0 to 1, the lower one first.")


def _check_spans(place: str, spans: tuple[Span, ...] | None) -> None:
    for index, (low, high) in enumerate(spans or ()):
        if low >= high:
            raise Invalid(f"{place}[{index}]: must end after it begins.")
