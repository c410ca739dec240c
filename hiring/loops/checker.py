"""What a plan is worth, which rules it breaks, and what no plan can do: it knows nothing of how plans are made.

The objective and the rules are those of the loop builder's model; the solver's own figures are never trusted.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from hiring.bank.rules import ENOUGH_EVIDENCE, Kind, Mode
from hiring.loops.instance import Cover, Instance, Pair, Question, Session, Skill, Unmet

EVIDENCE_WORTH, FURTHER_WORTH, SESSION_WORTH = 10, 3, 5
"""Points for evidence up to the target, for evidence beyond it, and for each session in which a skill is marked."""
MOST_FURTHER = 4
LEVEL_COST = 4
MODE_COST = 1
"""Points for each minute by which the adaptive questions leave the share that was asked for."""
NEW_MINUTES = 10
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
TOO_SHORT = "The minutes of the sessions do not suffice for all that is asked."
TOO_TIGHT = "All that is asked does not fit into these sessions together."
NOT_PROVEN = " A longer search may still find a plan that does."

Mend = tuple[str, Instance]
"""A sentence that says a change, and the instance as it would be after it."""


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


def drop_dominated(instance: Instance) -> Iterator[Question]:
    """The candidates without those that some best plan does not need.

    A loop has places for so many questions of one kind and length. Where as many others are no weaker in any skill and cost
    no more, one of them is free to stand in; one of another wording group might not be, so it does not count.
    """
    bits = {skill.id: 2 * index for index, skill in enumerate(instance.skills) if skill.is_required}
    pinned, alike = {question for question, _ in instance.pinned}, defaultdict[Any, list[Any]](list)
    for question in list_candidates(instance):
        # One bit for secondary and two for primary: who has all bits of another is as strong in every skill.
        own = sum((1 << amount) - 1 << bits[skill] for skill, amount in question.evidence.items() if skill in bits)
        row = (-own.bit_count(), question_cost(instance, question), question.id, own, question)
        alike[question.kind, question.minutes, question.mode if instance.modes else None].append(row)
    for (kind, minutes, _), rows in alike.items():
        places, kept = sum(session.room // minutes for session in instance.sessions if kind in session.kinds), list[Any]()
        for row in sorted(rows):
            _, cost, _, own, question = row
            others = sum(own & bit == own and price <= cost and one.group in ("", question.group) for _, price, _, bit, one in kept)
            if others < places or question.id in pinned:
                kept.append(row)
                yield question


def fits(question: Question, session: Session) -> bool:
    """Whether the session takes such questions and has room for this one."""
    return question.kind in session.kinds and question.minutes <= session.room


def score(instance: Instance, questions: Sequence[Pair], seats: Sequence[Pair] = ()) -> float:
    """The objective in points: what the evidence is worth, less what the questions and the people cost."""
    asked = _find_asked(instance, questions)
    covered = cover(instance, questions, seats)
    evidence = {skill.id: sum(question.evidence.get(skill.id, 0) for question, _ in asked) for skill in instance.skills}
    worth = sum(_worth(skill, evidence[skill.id], len(covered[skill.id].sessions)) for skill in instance.skills)
    seated = {person for person, _ in seats}
    cost = sum(question_cost(instance, question) for question, _ in asked)
    cost += sum(person.cost for person in instance.interviewers if person.id in seated)
    return worth - cost - _mode_cost(instance, asked)


def score_at_most(instance: Instance) -> float:
    """What no plan exceeds: all the evidence that counts, and at no cost."""
    return sum(_worth(skill, math.inf, math.inf) for skill in instance.skills)


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
    """A sentence for each hard rule that the plan breaks; coverage is no hard rule. The times at which people are free come later."""
    known, sessions = {question.id: question for question in instance.questions}, {session.id for session in instance.sessions}
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
    return faults + (_find_seat_faults(instance, seats) if instance.interviewers else [])


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


def _find_seat_faults(instance: Instance, seats: Sequence[Pair]) -> list[str]:
    """Rules on who sits where."""
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


def list_unmet(instance: Instance, questions: Sequence[Pair]) -> list[Unmet]:
    """What falls short in a plan without people, the weightiest first. `because` is empty where plain counting does not tell."""
    covered, filled = cover(instance, questions), Counter[str]()
    for question, place in _find_asked(instance, questions):
        filled[place] += question.minutes
    short = {skill: skill.sessions - len(covered[skill.id].sessions) for skill in instance.skills}
    first = sorted((skill for skill in short if short[skill] > 0), key=lambda skill: (-skill.weight * short[skill], skill.id))
    thin = [session for session in instance.sessions if filled[session.id] < session.fewest]
    return [Unmet(skill.id, "sessions", short[skill], _explain_skill(instance, skill)) for skill in first] + [
        Unmet("", "minutes", one.fewest - filled[one.id], _explain_session(instance, one), session=one.id) for one in thin
    ]


def _explain_skill(instance: Instance, skill: Skill) -> str:
    """Why no plan can mark this skill in as many sessions as it needs, even if it were the only skill; empty if one might."""
    pool = [question for question in list_candidates(instance) if skill.id in question.evidence]
    kinds = [kind for kind in Kind if any(question.kind is kind for question in pool)]
    takers = [session for session in instance.sessions if not set(kinds).isdisjoint(session.kinds)]
    roomy = [session for session in instance.sessions if any(fits(question, session) for question in pool)]
    strong = {question.group or question.id for question in pool if skill.id in question.primary}
    weak = {question.group or question.id for question in pool} - strong
    # A primary question is enough for a session, and so are two secondary ones.
    enough = len(strong) + len(weak) // 2
    beside = f" and {count(len(weak), 'question')} with it as secondary" if weak else ""
    reasons = [
        (len(instance.sessions), f"The plan has {count(len(instance.sessions), 'session')}, {name_of(skill)} needs {skill.sessions}."),
        (len(pool), f"The bank has {count(len(pool), 'active question')} on {name_of(skill)} at this level."),
        (len(takers), f"{_only(len(takers))} a format that takes {' or '.join(kinds)} questions, and no others probe {name_of(skill)}."),
        (len(roomy), f"{_only(len(roomy))} room for a question that probes {name_of(skill)}."),
        (enough, f"The bank has {count(len(strong), 'active question')} with {name_of(skill)} as primary{beside} at this level."),
    ]
    return next((said for number, said in reasons if number < skill.sessions), "")


def _explain_session(instance: Instance, session: Session) -> str:
    """Why the session's questions do not come to the fewest minutes that it needs."""
    pool = [question.minutes for question in list_candidates(instance) if fits(question, session)]
    kinds, needs = " or ".join(session.kinds), f"{name_of(session)} needs at least {session.fewest}"
    if sum(pool) < session.fewest:
        return f"The bank has {sum(pool)} minutes of fitting {kinds} questions, and {needs}."
    return f"The questions that fit do not come to {session.fewest} to {session.room} minutes for {name_of(session)} as well."


def list_mends(instance: Instance, unmet: Unmet) -> list[Iterator[Mend]]:
    """What may mend a shortfall, in families of like changes, the most natural first; to accept less always works."""
    if unmet.session:
        session = next(one for one in instance.sessions if one.id == unmet.session)
        return [_list_opened(instance, [session], set(Kind)), _list_shorter(instance, session)]
    skill = next(one for one in instance.skills if one.id == unmet.skill)
    probing = {question.kind for question in list_candidates(instance) if skill.id in question.evidence}
    longer, opened = _list_longer(instance), _list_opened(instance, instance.sessions, probing)
    written, accepted = _list_written(instance, skill, unmet.short_by), _list_accepted(instance, skill, skill.sessions - unmet.short_by)
    return [opened, written, longer, accepted] if unmet.because else [longer, opened, written, accepted]


def _list_longer(instance: Instance) -> Iterator[Mend]:
    for more in (10, 20):
        longer = [replace(session, minutes=session.minutes + more) for session in instance.sessions]
        yield from ((f"{more} more minutes in {name_of(session)}", _with_session(instance, session)) for session in longer)
        yield f"{more} more minutes in each session", replace(instance, sessions=tuple(longer))


def _list_shorter(instance: Instance, session: Session) -> Iterator[Mend]:
    for less in range(10, session.room, 10):
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


def _list_accepted(instance: Instance, skill: Skill, left: int) -> Iterator[Mend]:
    said = f"Accept {count(left, 'session')} for {name_of(skill)}" if left else f"Do without {name_of(skill)}"
    skills = tuple(replace(skill, sessions=left) if one.id == skill.id else one for one in instance.skills)
    yield said, replace(instance, skills=skills)


def _with_session(instance: Instance, changed: Session) -> Instance:
    return replace(instance, sessions=tuple(changed if one.id == changed.id else one for one in instance.sessions))


def count(number: int, noun: str) -> str:
    """A number with its noun, small ones as words: "one session", "12 sessions"."""
    word = WORDS[number] if number < len(WORDS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def _only(number: int) -> str:
    return "No session has" if number == 0 else "Only one session has" if number == 1 else f"Only {count(number, 'session')} have"
