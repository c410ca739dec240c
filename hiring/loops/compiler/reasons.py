"""Why a requirement can't be met even if it were the only one, as plain counting tells, in a sentence with names."""

from collections.abc import Callable, Sequence

from hiring.bank.rules import Kind
from hiring.loops.compiler.checker import fits, name_of
from hiring.loops.compiler.instance import Instance, Interviewer, Session, Skill
from hiring.loops.compiler.reduction import list_candidates, list_people

Need = tuple[str, str]
"""What is required (`sessions`, `people`, `minutes`, `seats` or `time`) and the id of its skill or session."""
SKILL_NEEDS = ("sessions", "people")
"""What skills need; the other requirements belong to sessions."""
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def get_skill(instance: Instance, skill_id: str) -> Skill:
    return next(skill for skill in instance.skills if skill.id == skill_id)


def get_session(instance: Instance, session_id: str) -> Session:
    return next(session for session in instance.sessions if session.id == session_id)


def list_able(instance: Instance, skill: Skill) -> list[Interviewer]:
    """The people who may sit in this loop and can judge the skill."""
    return [person for person in list_people(instance) if skill.id in person.skills]


def say_need(instance: Instance, need: Need) -> str:
    """A requirement as a phrase: "Empathy marked in two sessions"."""
    what, id = need
    if what in SKILL_NEEDS:
        skill = get_skill(instance, id)
        done = f"marked in {count(skill.sessions, 'session')}" if what == "sessions" else f"judged by {_people(skill.people)}"
        return f"{name_of(skill)} {done}"
    session = get_session(instance, id)
    filled = {"minutes": f"{session.fewest} to {session.room} minutes of questions", "seats": count(session.seats, "seat")}
    return f"{filled[what]} in {name_of(session)}" if what in filled else f"a time for {name_of(session)}"


def explain_alone(instance: Instance, need: Need) -> str:
    """Why no plan can meet this requirement, whatever becomes of the others; empty where counting does not tell."""
    return _REASONS[need[0]](instance, need[1])


def _explain_sessions(instance: Instance, skill_id: str) -> str:
    skill = get_skill(instance, skill_id)
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
    said = next((said for number, said in reasons if number < skill.sessions), "")
    return said or _explain_raters(instance, skill, skill.sessions, f"{name_of(skill)} needs a judge in {count(skill.sessions, 'session')}")


def _explain_people(instance: Instance, skill_id: str) -> str:
    skill = get_skill(instance, skill_id)
    needs = f"{name_of(skill)} needs {_people(skill.people)} who can judge it"
    seats = sum(session.seats for session in instance.sessions)
    if seats < skill.people:
        return f"The plan has {count(seats, 'seat')}, {needs}."
    return _explain_raters(instance, skill, skill.people, needs)


def _explain_raters(instance: Instance, skill: Skill, number: int, needs: str) -> str:
    """That too few can judge the skill, and who could if they were free."""
    able = list_able(instance, skill)
    if instance.interviewers is None or len(able) >= number:
        return ""
    barred = [person for person in instance.people if skill.id in person.skills and not person.is_free]
    beside = f" ({join(name_of(one) for one in barred)} may not sit in this loop or {_have(barred)} reached the limit)" if barred else ""
    return f"{needs}; {'nobody' if not able else 'only ' + join(name_of(one) for one in able)} can{beside}."


def _explain_minutes(instance: Instance, session_id: str) -> str:
    session = get_session(instance, session_id)
    pool = [question.minutes for question in list_candidates(instance) if fits(question, session)]
    kinds = " or ".join(session.kinds)
    if sum(pool) < session.fewest:
        return f"The bank has {sum(pool)} minutes of fitting {kinds} questions, and {name_of(session)} needs at least {session.fewest}."
    return ""


def _explain_seats(instance: Instance, session_id: str) -> str:
    session, free = get_session(instance, session_id), len(list_people(instance))
    if free < session.seats:
        return f"{name_of(session)} has {count(session.seats, 'seat')}, and {_people(free)} may sit in this loop."
    return ""


def _explain_time(instance: Instance, session_id: str) -> str:
    session, spans = get_session(instance, session_id), instance.candidate_available
    if spans is not None and not any(high - low >= session.minutes for low, high in spans):
        return f"The candidate is never free for the {session.minutes} minutes of {name_of(session)}."
    return ""


_REASONS: dict[str, Callable[[Instance, str], str]] = {
    "sessions": _explain_sessions,
    "people": _explain_people,
    "minutes": _explain_minutes,
    "seats": _explain_seats,
    "time": _explain_time,
}


def count(number: int, noun: str) -> str:
    """A number with its noun, small ones as words: "one session", "12 sessions"."""
    word = WORDS[number] if number < len(WORDS) else str(number)
    return f"{word} {noun}" if number == 1 else f"{word} {noun}s"


def join(names: Sequence[str] | object) -> str:
    """Names as one says them: "Ana, Ben and Cy"."""
    *rest, last = list(names)  # type: ignore[call-overload]
    return f"{', '.join(rest)} and {last}" if rest else last


def _people(number: int) -> str:
    return count(number, "person").replace("persons", "people")


def _have(people: Sequence[Interviewer]) -> str:
    return "has" if len(people) == 1 else "have"


def _only(number: int) -> str:
    return "No session has" if number == 0 else "Only one session has" if number == 1 else f"Only {count(number, 'session')} have"
