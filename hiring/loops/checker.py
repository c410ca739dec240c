"""What a plan is worth and which rules it breaks, worked out from the plan alone: it knows nothing of how plans are made.

The objective and the rules are those of the loop builder's model; the solver's own figures are never trusted.
"""

from collections import Counter
from collections.abc import Sequence

from hiring.bank.rules import ENOUGH_EVIDENCE, Mode
from hiring.loops.instance import Cover, Instance, Pair, Question, Session, Skill

EVIDENCE_WORTH, FURTHER_WORTH, SESSION_WORTH = 10, 3, 5
"""Points for evidence up to the target, for evidence beyond it, and for each session in which a skill is marked."""
MOST_FURTHER = 4
LEVEL_COST = 4
MODE_COST = 1
"""Points for each minute by which the adaptive questions leave the share that was asked for."""


def target_evidence(skill: Skill) -> int:
    """Evidence that is worth most: enough for each session, and a little more."""
    return ENOUGH_EVIDENCE * skill.sessions + 2


def question_cost(instance: Instance, question: Question) -> float:
    """Points lost by asking it: it was asked lately, or its level is one off."""
    return question.freshness_cost + (LEVEL_COST if question.level != instance.level else 0)


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


def fits(question: Question, session: Session) -> bool:
    """Whether the session takes such questions and has room for this one."""
    return question.kind in session.kinds and question.minutes <= session.room


def score(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = ()) -> float:
    """The objective in points: what the evidence is worth, less what the questions and the people cost."""
    asked = _find_asked(instance, questions)
    covered = cover(instance, questions, seats)
    worth = sum(_worth(skill, asked, covered[skill.id]) for skill in instance.skills if skill.is_required)
    seated = {person for person, _ in seats}
    cost = sum(question_cost(instance, question) for question, _ in asked)
    cost += sum(person.cost for person in instance.interviewers if person.id in seated)
    return worth - cost - _mode_cost(instance, asked)


def cover(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = ()) -> dict[str, Cover]:
    """By skill id, in which sessions each skill can be marked, and which of the people there can judge it.

    Where the instance has no interviewers, evidence alone decides.
    """
    asked, found = _find_asked(instance, questions), dict[str, Cover]()
    for skill in sorted(instance.skills, key=lambda skill: skill.id):
        able = {person.id for person in instance.interviewers if skill.id in person.skills}
        judged = {session for person, session in seats if person in able}
        evidence = Counter[str]()
        for question, session in asked:
            evidence[session] += question.evidence.get(skill.id, 0)
        enough = [session for session, amount in evidence.items() if amount >= ENOUGH_EVIDENCE]
        marked = sorted(session for session in enough if session in judged or not instance.interviewers)
        found[skill.id] = Cover(tuple(marked), tuple(sorted(person for person, session in seats if person in able and session in marked)))
    return found


def find_faults(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = ()) -> list[str]:
    """A sentence for each hard rule that the plan breaks; coverage is no hard rule, `cover` tells it.

    The times at which people are free are not looked at.
    """
    known, sessions = _questions(instance), {session.id for session in instance.sessions}
    people = {person.id for person in instance.interviewers}
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
    return faults + _find_seat_faults(instance, seats)


def find_question_faults(instance: Instance, questions: Sequence[Pair]) -> list[str]:
    """Rules that more questions can't mend: so the pins of an instance can be checked before anything is built on them."""
    known, sessions = _questions(instance), {session.id: session for session in instance.sessions}
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


def _find_seat_faults(instance: Instance, seats: Sequence[Pair]) -> list[str]:
    """Who sits where; nothing to say of an instance that names no interviewers."""
    if not instance.interviewers:
        return []
    faults = [f"{one} sits in {times} sessions." for one, times in Counter(one for one, _ in seats).items() if times > 1]
    taken = Counter(session for _, session in seats)
    for session in instance.sessions:
        if taken[session.id] != session.seats:
            faults.append(f"{name_of(session)} has {taken[session.id]} people and needs {session.seats}.")
    seated = {one for one, _ in seats}
    for person in instance.interviewers:
        if person.id in seated and person.load >= person.limit:
            faults.append(f"{person.id} has reached the limit of {person.limit} loops.")
        if person.id in seated and person.conflicts:
            faults.append(f"{person.id} may not sit in this loop.")
    return faults + [f"{one} is to sit in session {session}." for one, session in instance.seated if (one, session) not in seats]


def name_of(thing: Skill | Session) -> str:
    """What sentences call a skill or a session."""
    return thing.name or thing.id


def _questions(instance: Instance) -> dict[str, Question]:
    return {question.id: question for question in instance.questions}


def _find_asked(instance: Instance, questions: Sequence[Pair]) -> list[tuple[Question, str]]:
    """Each question of the plan with the id of its session."""
    known = _questions(instance)
    return [(known[question], session) for question, session in questions]


def _worth(skill: Skill, asked: Sequence[tuple[Question, str]], covered: Cover) -> float:
    """Points for one skill: the gain falls off, so that no skill is asked again and again."""
    evidence = sum(question.evidence.get(skill.id, 0) for question, _ in asked)
    early = min(evidence, target_evidence(skill))
    further = min(evidence - early, MOST_FURTHER)
    marked = min(len(covered.sessions), skill.sessions + 1)
    return skill.weight * (EVIDENCE_WORTH * early + FURTHER_WORTH * further + SESSION_WORTH * marked)


def _mode_cost(instance: Instance, asked: Sequence[tuple[Question, str]]) -> float:
    """Points lost by leaving the balance of modes, measured in minutes."""
    if instance.modes is None:
        return 0.0
    low, high = instance.modes.adaptive_share
    total = sum(question.minutes for question, _ in asked)
    adaptive = sum(question.minutes for question, _ in asked if question.mode is Mode.ADAPTIVE)
    return MODE_COST * max(0.0, low * total - adaptive, adaptive - high * total)
