"""What might mend a shortfall: small changes of the instance, each with the sentence that offers it. Which work is tried elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hiring.bank.rules import Kind
from hiring.loops.compiler.checker import name_of
from hiring.loops.compiler.instance import Instance, Interviewer, Question, Session, Skill
from hiring.loops.compiler.reasons import Need, count, get_session, get_skill, list_able
from hiring.loops.compiler.reduction import list_candidates, list_people

NEW_MINUTES = 10
MOST_TRAINED = 4
"""How many people are tried for one further skill, and for more time: those with the least load first."""

Mend = tuple[str, Instance]
"""A sentence that says a change, and the instance as it would be after it."""


def list_mends(instance: Instance, need: Need, missing: Mapping[Need, int], *, is_alone: bool) -> list[Iterator[Mend]]:
    """Families of like changes, the most natural first; what accepts less always works and comes last.

    is_alone: whether the requirement could not be met even by itself, so that more minutes would not help first.
    """
    what, id = need
    if what in ("minutes", "seats", "time"):
        return _list_for_session(instance, what, get_session(instance, id), missing[need])
    skill = get_skill(instance, id)
    accepted = _list_accepted(instance, skill, missing)
    trained = _list_trained(instance, skill)
    if instance.interviewers is not None and len(list_able(instance, skill)) < max(skill.sessions, skill.people):
        return [trained, _list_raised(instance, skill), accepted]
    longer = _list_longer(instance)
    if what == "people":
        return [trained, _list_seated(instance), longer, accepted]
    probing = {question.kind for question in list_candidates(instance) if skill.id in question.evidence}
    opened, written = _list_opened(instance, instance.sessions, probing), _list_written(instance, skill, missing[need])
    return [opened, written, longer, trained, accepted] if is_alone else [longer, trained, opened, written, accepted]


def _list_for_session(instance: Instance, what: str, session: Session, short_by: int) -> list[Iterator[Mend]]:
    if what == "minutes":
        return [_list_opened(instance, [session], set(Kind)), _list_shorter(instance, session)]
    if what == "seats":
        return [_list_raised(instance, None), _list_fewer_seats(instance, session, short_by)]
    return [_list_unbroken(instance), _list_freed(instance), _list_shorter(instance, session, step=15)]


def _list_longer(instance: Instance) -> Iterator[Mend]:
    for more in (10, 20):
        longer = [replace(session, minutes=session.minutes + more) for session in instance.sessions]
        yield from ((f"{more} more minutes in {name_of(session)}", _with_session(instance, session)) for session in longer)
        yield f"{more} more minutes in each session", replace(instance, sessions=tuple(longer))


def _list_shorter(instance: Instance, session: Session, step: int = 10) -> Iterator[Mend]:
    for less in range(step, session.room, step):
        yield f"{less} minutes less in {name_of(session)}", _with_session(instance, replace(session, minutes=session.minutes - less))


def _list_opened(instance: Instance, sessions: Sequence[Session], kinds: set[Kind]) -> Iterator[Mend]:
    for session in sessions:
        for kind in Kind:
            if kind in kinds and kind not in session.kinds:
                opened = replace(session, kinds=(*session.kinds, kind))
                yield f"Let {name_of(session)} take {kind} questions too", _with_session(instance, opened)


def _list_written(instance: Instance, skill: Skill, number: int) -> Iterator[Mend]:
    """New questions of the most welcome kind first."""
    welcome = {kind: sum(kind in session.kinds for session in instance.sessions) for kind in Kind}
    for kind in sorted(Kind, key=lambda kind: -welcome[kind]):
        new = [Question(f"new question {one + 1}", kind, NEW_MINUTES, instance.level, primary=(skill.id,)) for one in range(number)]
        said = f"{count(number, f'more {kind} question').capitalize()} of {NEW_MINUTES} minutes with {name_of(skill)} as primary"
        yield said, replace(instance, questions=(*instance.questions, *new))


def _list_trained(instance: Instance, skill: Skill) -> Iterator[Mend]:
    """One person more who can judge the skill, then two; whoever has the least load first."""
    free = sorted((one for one in list_people(instance) if skill.id not in one.skills), key=lambda one: (one.load, one.id))[:MOST_TRAINED]
    for person in free:
        yield f"Train {name_of(person)} for {name_of(skill)}", _with_people(instance, [_train(person, skill)])
    for one, other in zip(free, free[1:], strict=False):
        said = f"Train {name_of(one)} and {name_of(other)} for {name_of(skill)}"
        yield said, _with_people(instance, [_train(one, skill), _train(other, skill)])


def _train(person: Interviewer, skill: Skill) -> Interviewer:
    return replace(person, skills=(*person.skills, skill.id))


def _list_raised(instance: Instance, skill: Skill | None) -> Iterator[Mend]:
    """A higher limit for somebody who has reached it, and can judge the skill."""
    for person in instance.people:
        if person.load >= person.limit and not person.conflicts and (skill is None or skill.id in person.skills):
            more = person.load + 1
            yield f"Raise the limit of {name_of(person)} to {count(more, 'loop')}", _with_people(instance, [replace(person, limit=more)])


def _list_seated(instance: Instance) -> Iterator[Mend]:
    for session in instance.sessions:
        yield f"One more seat in {name_of(session)}", _with_session(instance, replace(session, seats=session.seats + 1))


def _list_fewer_seats(instance: Instance, session: Session, short_by: int) -> Iterator[Mend]:
    said = f"{count(short_by, 'seat').capitalize()} less in {name_of(session)}"
    yield said, _with_session(instance, replace(session, seats=session.seats - short_by))


def _list_unbroken(instance: Instance) -> Iterator[Mend]:
    if instance.breaks:
        yield "No breaks between the sessions", replace(instance, breaks=0)


def _list_freed(instance: Instance) -> Iterator[Mend]:
    """More time of one person, or of the candidate."""
    bound = sorted((one for one in list_people(instance) if one.available is not None), key=lambda one: (one.load, one.id))
    for person in bound[:MOST_TRAINED]:
        yield f"More free time of {name_of(person)}", _with_people(instance, [replace(person, available=None)])
    if instance.candidate_available is not None:
        yield "More free time of the candidate", replace(instance, candidate_available=None)


def _list_accepted(instance: Instance, skill: Skill, missing: Mapping[Need, int]) -> Iterator[Mend]:
    """As many raters or sessions as the plan has already."""
    sessions = skill.sessions - missing.get(("sessions", skill.id), 0)
    people = skill.people - missing.get(("people", skill.id), 0)
    less = count(people, "rater") if people < skill.people else count(sessions, "session")
    said = f"Accept {less} for {name_of(skill)}" if sessions or people else f"Do without {name_of(skill)}"
    changed = replace(skill, sessions=sessions, people=people)
    yield said, replace(instance, skills=tuple(changed if one.id == skill.id else one for one in instance.skills))


def _with_session(instance: Instance, changed: Session) -> Instance:
    return replace(instance, sessions=tuple(changed if one.id == changed.id else one for one in instance.sessions))


def _with_people(instance: Instance, changed: Sequence[Interviewer]) -> Instance:
    people = {person.id: person for person in changed}
    return replace(instance, interviewers=tuple(people.get(one.id, one) for one in instance.people))
