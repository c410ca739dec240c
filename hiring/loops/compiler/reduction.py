"""Leaves out the questions and the people that some best plan does not need, by an exchange argument that loses no optimum."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from hiring.loops.compiler.checker import is_within, question_cost
from hiring.loops.compiler.instance import Instance, Interviewer, Question


def list_candidates(instance: Instance) -> list[Question]:
    """The questions that a plan may ask: of a level that fits, not excluded, and with evidence of a required skill or pinned."""
    excluded, pinned = set(instance.exclude_questions), {question for question, _ in instance.pinned}
    required = {skill.id for skill in instance.skills if skill.is_required}
    return [
        question
        for question in instance.questions
        if abs(question.level - instance.level) <= 1
        and question.id not in excluded
        and (question.id in pinned or not required.isdisjoint(question.primary + question.secondary))
    ]


def list_people(instance: Instance) -> list[Interviewer]:
    """The people who may sit in this loop."""
    return [person for person in instance.people if person.is_free]


def drop_dominated(instance: Instance, *, by_cost: bool = True, of: Instance | None = None) -> Iterator[Question]:
    """The candidates without those that some best plan does not need.

    A loop has places for so many questions of one kind and length. Where as many others are no weaker in any skill and cost
    no more, one of them is free to stand in; one of another wording group might not be, so it does not count.
    by_cost: False where nothing but coverage counts. of: the instance whose candidates they are, if not this one's.
    """
    bits = {skill.id: 2 * index for index, skill in enumerate(instance.skills) if skill.is_required}
    framed = {frame.id for frame in instance.frames}
    pinned, alike = {question for question, _ in instance.pinned}, defaultdict[Any, list[Any]](list)
    for question in list_candidates(of or instance):
        # One bit for secondary and two for primary: who has all bits of another is as strong in every skill.
        own = sum((1 << amount) - 1 << bits[skill] for skill, amount in question.evidence.items() if skill in bits)
        row = (-own.bit_count(), question_cost(instance, question) if by_cost else 0, question.id, own, question)
        mode = question.mode if instance.modes else None
        alike[question.kind, question.minutes, mode, tuple(sorted(framed.intersection(question.frames)))].append(row)
    for (kind, minutes, *_), rows in alike.items():
        places, kept = sum(session.room // minutes for session in instance.sessions if kind in session.kinds), list[Any]()
        for row in sorted(rows):
            _, cost, _, own, question = row
            others = sum(own & bit == own and price <= cost and one.group in ("", question.group) for _, price, _, bit, one in kept)
            if others < places or question.id in pinned:
                kept.append(row)
                yield question


def drop_dominated_people(instance: Instance) -> Iterator[Interviewer]:
    """The people who may sit, without those for whom as many others as there are seats could stand in at no higher cost."""
    places, given = sum(session.seats for session in instance.sessions), {one for one, _ in instance.seated}
    required = {skill.id for skill in instance.skills if skill.is_required}
    rows = [(required.intersection(person.skills), person) for person in list_people(instance)]
    kept: list[tuple[set[str], Interviewer]] = []
    for own, person in sorted(rows, key=lambda row: (-len(row[0]), row[1].cost, row[1].id)):
        others = sum(own <= skills and one.cost <= person.cost and _is_as_free(one, person) for skills, one in kept)
        if others < places or person.id in given:
            kept.append((own, person))
            yield person


def _is_as_free(one: Interviewer, other: Interviewer) -> bool:
    """Whether one has time whenever the other has."""
    if one.available is None:
        return True
    return other.available is not None and all(is_within(span, one.available) for span in other.available)
