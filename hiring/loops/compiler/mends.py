"""What might mend a shortfall: small changes of the instance, each with the sentence that offers it. Which work is tried elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hiring.bank.rules import Kind
from hiring.loops.compiler.checker import name_of
from hiring.loops.compiler.instance import Instance, Interviewer, Question, Session, Skill
from hiring.loops.compiler.reasons import SKILL_NEEDS, Need, count, get_session, get_skill, list_able
from hiring.loops.compiler.reduction import list_candidates, list_people

NEW_MINUTES = 10
MOST_TRAINED = 4
"""How many people are tried for one further skill, and for more time: those with the least load first."""

Mend = tuple[str, Instance]
"""A sentence that says a change, and the instance as it would be after it."""


@dataclass(frozen=True)
class Family:
    """Like changes, the smallest first. most: more than any of them does; where that does not help, none of them is tried.

    is_large: whether they are so much to ask that they are only tried where nothing smaller helps.
    """

    mends: Sequence[Mend]
    most: Instance | None = None
    is_large: bool = False


def list_mends(instance: Instance, need: Need, missing: Mapping[Need, int], *, is_alone: bool) -> list[Family]:
    """Families of like changes, the most natural first; what accepts less always works and comes last.

    is_alone: whether the requirement could not be met even by itself, so that more minutes would not help first.
    """
    what, id = need
    if what not in SKILL_NEEDS:
        return _list_for_session(instance, what, get_session(instance, id), missing[need])
    skill = get_skill(instance, id)
    accepted = _list_accepted(instance, skill, missing)
    trained = _list_trained(instance, skill)
    if len(instance.sessions) < skill.sessions:
        return [_list_added(instance, skill.sessions - len(instance.sessions)), accepted]
    if instance.interviewers is not None and len(list_able(instance, skill)) < max(skill.sessions, skill.people):
        return [trained, _list_raised(instance, skill), accepted]
    longer = _list_longer(instance)
    if what == "people":
        return [trained, _list_seated(instance), longer, _list_added(instance, 1), accepted]
    probing = {question.kind for question in list_candidates(instance) if skill.id in question.evidence}
    opened, written = _list_opened(instance, instance.sessions, probing), _list_written(instance, skill, missing[need])
    if is_alone:
        return [opened, written, longer, trained, accepted]
    return [longer, trained, opened, written, _list_added(instance, 1), accepted]


def _list_for_session(instance: Instance, what: str, session: Session, short_by: int) -> list[Family]:
    if what == "minutes":
        return [_list_opened(instance, [session], set(Kind)), _list_shorter(instance, session)]
    if what == "seats":
        return [_list_raised(instance, None), _list_fewer_seats(instance, session, short_by)]
    return [_list_unbroken(instance), _list_freed(instance), _list_shorter(instance, session, step=15)]


def _list_added(instance: Instance, number: int) -> Family:
    said = count(number, "more session").capitalize()
    new = [
        (session, [replace(session, id=f"{session.id} again {one}", name=f"{name_of(session)} again") for one in range(number)])
        for session in instance.sessions
    ]
    mends = [(f"{said} like {name_of(session)}", replace(instance, sessions=(*instance.sessions, *more))) for session, more in new]
    return Family(mends, is_large=True)


def _list_longer(instance: Instance) -> Family:
    mends, most = list[Mend](), instance
    for more in (10, 20):
        longer = [replace(session, minutes=session.minutes + more) for session in instance.sessions]
        most = replace(instance, sessions=tuple(longer))
        mends += [(f"{more} more minutes in {name_of(session)}", _with_sessions(instance, [session])) for session in longer]
        mends.append((f"{more} more minutes in each session", most))
    return Family(mends, most)


def _list_shorter(instance: Instance, session: Session, step: int = 10) -> Family:
    shorter = {less: replace(session, minutes=session.minutes - less) for less in range(step, session.room, step)}
    return Family([(f"{less} minutes less in {name_of(session)}", _with_sessions(instance, [one])) for less, one in shorter.items()])


def _list_opened(instance: Instance, sessions: Sequence[Session], kinds: set[Kind]) -> Family:
    closed = [(session, kind) for session in sessions for kind in Kind if kind in kinds and kind not in session.kinds]
    said = [f"Let {name_of(session)} take {kind} questions too" for session, kind in closed]
    opened = [_with_sessions(instance, [replace(session, kinds=(*session.kinds, kind))]) for session, kind in closed]
    most = [replace(one, kinds=(*one.kinds, *(kind for session, kind in closed if session is one))) for one in sessions]
    return Family(list(zip(said, opened, strict=True)), _with_sessions(instance, most))


def _list_written(instance: Instance, skill: Skill, number: int) -> Family:
    """New questions of the most welcome kind first."""
    mends = list[Mend]()
    welcome = {kind: sum(kind in session.kinds for session in instance.sessions) for kind in Kind}
    for kind in sorted(Kind, key=lambda kind: -welcome[kind]):
        new = [Question(f"new question {one + 1}", kind, NEW_MINUTES, instance.level, primary=(skill.id,)) for one in range(number)]
        said = f"{count(number, f'more {kind} question').capitalize()} of {NEW_MINUTES} minutes with {name_of(skill)} as primary"
        mends.append((said, replace(instance, questions=(*instance.questions, *new))))
    return Family(mends)


def _list_trained(instance: Instance, skill: Skill) -> Family:
    """One person more who can judge the skill, then two; whoever has the least load first."""
    free = sorted((one for one in list_people(instance) if skill.id not in one.skills), key=lambda one: (one.load, one.id))[:MOST_TRAINED]
    known = {person.id: replace(person, skills=(*person.skills, skill.id)) for person in free}
    groups = [[person] for person in free] + [[one, other] for one, other in zip(free, free[1:], strict=False)]
    mends = [
        (
            f"Train {' and '.join(name_of(one) for one in group)} for {name_of(skill)}",
            _with_people(instance, [known[one.id] for one in group]),
        )
        for group in groups
    ]
    return Family(mends, _with_people(instance, list(known.values())))


def _list_raised(instance: Instance, skill: Skill | None) -> Family:
    """A higher limit for somebody who has reached it, and can judge the skill."""
    raised = [
        replace(person, limit=person.load + 1)
        for person in instance.people
        if person.load >= person.limit and not person.conflicts and (skill is None or skill.id in person.skills)
    ]
    said = [f"Raise the limit of {name_of(person)} to {count(person.limit, 'loop')}" for person in raised]
    return Family([(text, _with_people(instance, [one])) for text, one in zip(said, raised, strict=True)], _with_people(instance, raised))


def _list_seated(instance: Instance) -> Family:
    wider = [replace(session, seats=session.seats + 1) for session in instance.sessions]
    mends = [(f"One more seat in {name_of(session)}", _with_sessions(instance, [session])) for session in wider]
    return Family(mends, _with_sessions(instance, wider))


def _list_fewer_seats(instance: Instance, session: Session, short_by: int) -> Family:
    said = f"{count(short_by, 'seat').capitalize()} less in {name_of(session)}"
    return Family([(said, _with_sessions(instance, [replace(session, seats=session.seats - short_by)]))])


def _list_unbroken(instance: Instance) -> Family:
    return Family([("No breaks between the sessions", replace(instance, breaks=0))] if instance.breaks else [])


def _list_freed(instance: Instance) -> Family:
    """More time of one person, or of the candidate."""
    bound = sorted((one for one in list_people(instance) if one.available is not None), key=lambda one: (one.load, one.id))
    freed = [replace(person, available=None) for person in bound[:MOST_TRAINED]]
    mends = [(f"More free time of {name_of(person)}", _with_people(instance, [person])) for person in freed]
    most = _with_people(instance, freed)
    if instance.candidate_available is not None:
        mends.append(("More free time of the candidate", replace(instance, candidate_available=None)))
        most = replace(most, candidate_available=None)
    return Family(mends, most)


def _list_accepted(instance: Instance, skill: Skill, missing: Mapping[Need, int]) -> Family:
    """As many raters or sessions as the plan has already."""
    sessions = skill.sessions - missing.get(("sessions", skill.id), 0)
    people = skill.people - missing.get(("people", skill.id), 0)
    less = count(people, "rater") if people < skill.people else count(sessions, "session")
    said = f"Accept {less} for {name_of(skill)}" if sessions or people else f"Do without {name_of(skill)}"
    changed = replace(skill, sessions=sessions, people=people)
    return Family([(said, replace(instance, skills=tuple(changed if one.id == skill.id else one for one in instance.skills)))])


def _with_sessions(instance: Instance, changed: Sequence[Session]) -> Instance:
    sessions = {session.id: session for session in changed}
    return replace(instance, sessions=tuple(sessions.get(one.id, one) for one in instance.sessions))


def _with_people(instance: Instance, changed: Sequence[Interviewer]) -> Instance:
    if not changed:
        return instance
    people = {person.id: person for person in changed}
    return replace(instance, interviewers=tuple(people.get(one.id, one) for one in instance.people))
