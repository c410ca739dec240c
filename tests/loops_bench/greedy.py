"""The baseline: the plan that a careful person makes step by step, always taking what helps most now."""

from collections import Counter

from hiring.loops.compiler import checker
from hiring.loops.compiler.instance import Instance, Pair, Question, Session
from hiring.loops.compiler.reduction import list_candidates, list_people

Plan = tuple[tuple[Pair, ...], tuple[Pair, ...]]


def plan_greedily(instance: Instance) -> Plan:
    """People first, each where they add most judges that are still missing; then questions, each by what it adds for a minute."""
    seats = _seat(instance)
    judged = {
        session.id: {
            skill
            for one, place in seats
            if place == session.id
            for person in instance.people
            if person.id == one
            for skill in person.skills
        }
        for session in instance.sessions
    }
    return _ask(instance, judged), seats


def _seat(instance: Instance) -> tuple[Pair, ...]:
    missing = Counter({skill.id: skill.people for skill in instance.skills if skill.people})
    seats, free = list[Pair](), {person.id: person for person in list_people(instance)}
    places = [
        session.id
        for round_ in range(max([0, *(one.seats for one in instance.sessions)]))
        for session in instance.sessions
        if session.seats > round_
    ]
    for place in places:
        if free:
            best = max(free.values(), key=lambda one: (sum(missing[skill] > 0 for skill in one.skills), -one.cost, one.id))
            missing.subtract(best.skills)
            seats.append((best.id, place))
            del free[best.id]
    return tuple(seats)


def _ask(instance: Instance, judged: dict[str, set[str]]) -> tuple[Pair, ...]:
    plan, pool = list[Pair](), list_candidates(instance)
    room = {session.id: session.room for session in instance.sessions}
    required = {skill.id: skill for skill in instance.skills if skill.is_required}
    marked, evidence, total = Counter[str](), Counter[Pair](), Counter[str]()

    def gain(question: Question, session: Session) -> float:
        worth = -checker.question_cost(instance, question)
        for skill, amount in question.evidence.items():
            if skill in required:
                more = min(amount, max(0, required[skill].target - total[skill]))
                worth += required[skill].weight * (10 * more + 3 * (amount - more))
                opens = evidence[skill, session.id] < 2 <= evidence[skill, session.id] + amount and skill in judged[session.id]
                worth += 500 * opens * (marked[skill] < required[skill].sessions)
        return worth / question.minutes

    while True:
        fitting = [(one, at) for one in pool for at in instance.sessions if checker.fits(one, at) and one.minutes <= room[at.id]]
        best = max(((gain(one, at), one.id, at.id, one, at) for one, at in fitting), key=lambda row: row[:3], default=None)
        if best is None or best[0] <= 0:
            return tuple(plan)
        question, session = best[3:]
        plan.append((question.id, session.id))
        room[session.id] -= question.minutes
        pool = [one for one in pool if one is not question and (not question.group or one.group != question.group)]
        for skill, amount in question.evidence.items():
            before = evidence[skill, session.id]
            evidence[skill, session.id] += amount
            total[skill] += amount
            marked[skill] += before < 2 <= before + amount and skill in judged[session.id]
