"""What a plan is worth, which rules it breaks and what falls short in it: it knows nothing of how plans are made.

The objective and the rules are those of the loop builder's model; the solver's own figures are never trusted.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from hiring.bank.rules import ENOUGH_EVIDENCE, Mode
from hiring.loops.compiler.instance import Answer, Cover, Instance, Interviewer, Pair, Question, Session, Skill, Span

EVIDENCE_WORTH, FURTHER_WORTH, SESSION_WORTH = 10, 3, 5
"""Points for evidence up to the target, for evidence beyond it, and for each session in which a skill is marked."""
MOST_FURTHER = 4
LEVEL_COST = 4
MODE_COST = 1
"""Points for each minute by which the adaptive questions leave the share that was asked for."""
FRAME_COST = 10
"""Points for each question that is missing in a frame."""

Times = Sequence[tuple[str, int]]
"""Session id and the minute at which it starts."""


def question_cost(instance: Instance, question: Question) -> float:
    """Points lost by asking it: it was asked lately, or its level is one off."""
    return question.freshness_cost + (LEVEL_COST if question.level != instance.level else 0)


def fits(question: Question, session: Session) -> bool:
    """Whether the session takes such questions and has room for this one."""
    return question.kind in session.kinds and question.minutes <= session.room


def score(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = ()) -> float:
    """The objective in points: what the evidence is worth, less what the questions, the people and missed wishes cost."""
    asked = _find_asked(instance, questions)
    covered = cover(instance, questions, seats)
    evidence = {skill.id: sum(question.evidence.get(skill.id, 0) for question, _ in asked) for skill in instance.skills}
    worth = sum(_worth(skill, evidence[skill.id], len(covered[skill.id].sessions)) for skill in instance.skills)
    seated = {person for person, _ in seats}
    cost = sum(question_cost(instance, question) for question, _ in asked)
    cost += sum(person.cost for person in instance.people if person.id in seated)
    return worth - cost - _mode_cost(instance, asked) - _frame_cost(instance, asked)


def score_at_most(instance: Instance) -> float:
    """What no plan exceeds: all the evidence that counts, and at no cost."""
    return sum(_worth(skill, math.inf, math.inf) for skill in instance.skills)


def cover(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = ()) -> dict[str, Cover]:
    """By skill id, in which sessions each skill can be marked, and which of the people there can judge it.

    Where the instance has no interviewers, evidence alone decides.
    """
    asked, found = _find_asked(instance, questions), dict[str, Cover]()
    for skill in sorted(instance.skills, key=lambda skill: skill.id):
        able = {person.id for person in instance.people if skill.id in person.skills}
        judged = {session for person, session in seats if person in able}
        evidence = Counter[str]()
        for question, session in asked:
            evidence[session] += question.evidence.get(skill.id, 0)
        enough = [session for session, amount in evidence.items() if amount >= ENOUGH_EVIDENCE]
        marked = sorted(session for session in enough if session in judged or instance.interviewers is None)
        found[skill.id] = Cover(tuple(marked), tuple(sorted(person for person, session in seats if person in able and session in marked)))
    return found


def find_faults(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = (), times: Times | None = None) -> list[str]:
    """A sentence for each hard rule that the plan breaks; coverage is no hard rule. times: checked where they are given."""
    known, sessions = {question.id: question for question in instance.questions}, {session.id for session in instance.sessions}
    people = {person.id for person in instance.people}
    strange = [f"There is no question {one}." for one, _ in questions if one not in known]
    strange += [f"There is no interviewer {one}." for one, _ in seats if one not in people]
    strange += [f"There is no session {one}." for _, one in [*questions, *seats] if one not in sessions]
    if strange:
        return strange
    faults = find_question_faults(instance, questions)
    for session in instance.sessions:
        filled = sum(known[question].minutes for question, one in questions if one == session.id)
        if filled < session.fewest:
            faults.append(f"{name_of(session)} has {filled} minutes of questions and needs {session.fewest}.")
    faults += [f"Question {one} is pinned to session {session}." for one, session in instance.pinned if (one, session) not in questions]
    if instance.interviewers is not None:
        faults += _find_seat_faults(instance, seats)
    return faults if times is None else faults + list(_find_time_faults(instance, seats, dict(times)))


def find_question_faults(instance: Instance, questions: Sequence[Pair]) -> list[str]:
    """Rules that more questions can't mend: so the pins of an instance can be checked before anything is built on them."""
    known = {question.id: question for question in instance.questions}
    sessions = {session.id: session for session in instance.sessions}
    faults = [f"Question {one} is asked {times} times." for one, times in Counter(one for one, _ in questions).items() if times > 1]
    groups = Counter(known[one].group for one in {one for one, _ in questions} if known[one].group)
    faults += [f"Wording group {group} is asked {times} times." for group, times in sorted(groups.items()) if times > 1]
    for one, place in questions:
        question, session = known[one], sessions[place]
        if question.kind not in session.kinds:
            faults.append(f"Question {one} is {question.kind}, which {name_of(session)} does not take.")
        if not -1 <= question.level - instance.level <= 1:
            faults.append(f"Question {one} is of level {question.level}, more than one off level {instance.level}.")
        if one in instance.exclude_questions:
            faults.append(f"Question {one} is excluded.")
    for session in instance.sessions:
        filled = sum(known[question].minutes for question, one in questions if one == session.id)
        if filled > session.minutes - session.reserve:
            faults.append(f"{name_of(session)} has {filled} minutes of questions and room for {session.minutes - session.reserve}.")
    return faults


def find_person_faults(instance: Instance, seats: Sequence[Pair]) -> list[str]:
    """Rules on the people alone, which no further seat can mend."""
    faults = [f"{one} sits in {times} sessions." for one, times in Counter(one for one, _ in seats).items() if times > 1]
    taken, seated = Counter(session for _, session in seats), {one for one, _ in seats}
    for session in instance.sessions:
        if taken[session.id] > session.seats:
            faults.append(f"{name_of(session)} has {taken[session.id]} people and needs {session.seats}.")
    for person in instance.people:
        if person.id in seated and person.load >= person.limit:
            faults.append(f"{name_of(person)} has reached the limit of {person.limit} loops.")
        if person.id in seated and person.conflicts:
            faults.append(f"{name_of(person)} may not sit in this loop.")
    return faults


def _find_seat_faults(instance: Instance, seats: Sequence[Pair]) -> list[str]:
    """Rules on who sits where."""
    faults, taken = find_person_faults(instance, seats), Counter(session for _, session in seats)
    for session in instance.sessions:
        if taken[session.id] < session.seats:
            faults.append(f"{name_of(session)} has {taken[session.id]} people and needs {session.seats}.")
    return faults + [f"{one} is to sit in session {session}." for one, session in instance.seated if (one, session) not in seats]


def _find_time_faults(instance: Instance, seats: Sequence[Pair], times: dict[str, int]) -> Iterator[str]:
    """Rules on when sessions are: everybody free, none over another, breaks kept."""
    people = {person.id: person for person in instance.people}
    placed = sorted((session for session in instance.sessions if session.id in times), key=lambda one: times[one.id])
    yield from (f"{name_of(one)} has no time." for one in instance.sessions if one.id not in times)
    for session in placed:
        start, end = times[session.id], times[session.id] + session.minutes
        if not is_within((start, end), instance.candidate_available):
            yield f"The candidate is not free for all of {name_of(session)}."
        for one, place in seats:
            if place == session.id and not is_within((start, end), people[one].available):
                yield f"{name_of(people[one])} is not free for all of {name_of(session)}."
    for before, after in zip(placed, placed[1:], strict=False):
        if times[before.id] + before.minutes + instance.breaks > times[after.id]:
            yield f"{name_of(after)} begins before {name_of(before)} and its break have ended."


def is_within(span: Span, free: Sequence[Span] | None) -> bool:
    """Whether one of the free spans holds all of the span; None is always free."""
    return free is None or any(low <= span[0] and span[1] <= high for low, high in free)


def list_missing(instance: Instance, answer: Answer) -> dict[tuple[str, str], int]:
    """What falls short, by what it is and the id of its skill or session: missing sessions, people, minutes, seats, times."""
    known, filled = {question.id: question.minutes for question in instance.questions}, Counter[str]()
    for question, session in answer.questions:
        filled[session] += known[question]
    covered, taken, placed = cover(instance, answer.questions, answer.seats), Counter(one for _, one in answer.seats), dict(answer.times)
    missing: dict[tuple[str, str], int] = {}
    for skill in instance.skills:
        missing["sessions", skill.id] = skill.sessions - len(covered[skill.id].sessions)
        if instance.interviewers is not None:
            missing["people", skill.id] = skill.people - len(covered[skill.id].people)
    for session in instance.sessions:
        missing["minutes", session.id] = session.fewest - filled[session.id]
        if instance.interviewers is not None:
            missing["seats", session.id] = session.seats - taken[session.id]
        if instance.has_times:
            missing["time", session.id] = int(session.id not in placed)
    return {key: number for key, number in missing.items() if number > 0}


def name_of(thing: Skill | Session | Interviewer) -> str:
    """What sentences call a skill, a session or a person."""
    return thing.name or thing.id


def _find_asked(instance: Instance, questions: Sequence[Pair]) -> list[tuple[Question, str]]:
    """Each question of the plan with the id of its session."""
    known = {question.id: question for question in instance.questions}
    return [(known[question], session) for question, session in questions]


def _worth(skill: Skill, evidence: float, sessions: float) -> float:
    """Points for one skill: the gain falls off, so that no skill is asked again and again."""
    early = min(evidence, skill.target)
    further = min(evidence - early, MOST_FURTHER)
    points = EVIDENCE_WORTH * early + FURTHER_WORTH * further + SESSION_WORTH * min(sessions, skill.sessions + 1)
    return skill.weight * points if skill.is_required else 0.0


def _mode_cost(instance: Instance, asked: Sequence[tuple[Question, str]]) -> float:
    """Points lost by leaving the balance of modes, measured in minutes."""
    if instance.modes is None:
        return 0.0
    low, high = instance.modes.adaptive_share
    total = sum(question.minutes for question, _ in asked)
    adaptive = sum(question.minutes for question, _ in asked if question.mode is Mode.ADAPTIVE)
    return MODE_COST * max(0.0, low * total - adaptive, adaptive - high * total)


def _frame_cost(instance: Instance, asked: Sequence[tuple[Question, str]]) -> float:
    """Points lost by frames with fewer questions than wished for."""
    set_in = Counter(frame for question, _ in asked for frame in set(question.frames))
    return FRAME_COST * sum(max(0, frame.questions - set_in[frame.id]) for frame in instance.frames)
