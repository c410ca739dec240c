"""Made-up instances of the loop builder's sizes, and harder ones; a seed gives the same instance for ever."""

import random
from dataclasses import dataclass

from hiring.bank.rules import Kind, Mode
from hiring.loops.compiler.instance import Instance, Interviewer, Question, Session, Skill

KINDS = list(Kind)


@dataclass(frozen=True)
class Size:
    """How many of each, and how able the people are: each can judge a share of all skills, between these two."""

    skills: int
    required: int
    questions: int
    sessions: int
    people: int
    able: tuple[float, float] = (0.2, 0.5)
    busy: float = 0.2


SIZES = {
    "small": Size(18, 8, 110, 5, 12, able=(0.35, 0.7), busy=0.1),
    "medium": Size(40, 12, 1_000, 7, 60),
    "medium-18": Size(40, 18, 1_000, 7, 60),
    "large": Size(60, 15, 10_000, 8, 300),
    "large-24": Size(60, 24, 10_000, 8, 300),
    # Harder: few people who know little, so that who sits where decides all.
    "scarce": Size(40, 12, 1_000, 7, 24, able=(0.1, 0.3)),
    # Harder: many skills for few sessions, so that each question has to serve several.
    "crowded": Size(24, 16, 400, 5, 40, able=(0.3, 0.6)),
}

VARIANTS = {
    "one judge": "all judges of a skill but one are gone",
    "more sessions": "a skill is wanted in one session more than there are",
    "few judges": "one seat in each session and people who can judge less, until who sits where can't serve all skills",
    "together": "shorter sessions and more to ask, until not all fits, though each requirement by itself does",
}
"""Why there is no plan, in the instances without one; they are made elsewhere."""


def make_instance(size: str, seed: int) -> Instance:
    wanted, chance = SIZES[size], random.Random(f"{size} {seed}")  # noqa: S311 - the same instance each time is the point
    names = [f"k{number:02}" for number in range(wanted.skills)]
    required = set(chance.sample(names, wanted.required))
    skills = tuple(
        Skill(name, 2 * (name in required), 2 * (name in required), float(chance.choice([1, 1, 1, 1.5, 2, 3]))) for name in names
    )
    sessions = tuple(_make_session(chance, number) for number in range(wanted.sessions))
    questions = tuple(_make_question(chance, number, names, wanted.questions) for number in range(wanted.questions))
    people = tuple(_make_person(chance, number, names, wanted) for number in range(wanted.people))
    return Instance(skills, sessions, questions, 3, people)


def _make_session(chance: random.Random, number: int) -> Session:
    minutes, kinds = chance.choice([45, 60, 60, 75, 90]), tuple(chance.sample(KINDS, chance.choice([2, 2, 3, 4])))
    return Session(f"s{number}", minutes, kinds, reserve=10, seats=chance.choice([1, 2, 2]))


def _make_question(chance: random.Random, number: int, skills: list[str], total: int) -> Question:
    probed, first, further = chance.sample(skills, 4), chance.choice([1, 1, 2]), chance.choice([0, 1, 2])
    return Question(
        f"q{number:05}",
        chance.choice(KINDS),
        chance.choice([5, 8, 10, 12, 15]),
        chance.choice([1, 2, 2, 3, 3, 3, 4, 4, 5]),
        chance.choice(list(Mode)),
        tuple(probed[:first]),
        tuple(probed[first : first + further]),
        f"g{chance.randrange(1 + total // 10)}" if chance.random() < 0.2 else "",
        float(chance.choice([0, 0, 0, 2, 5, 20])),
    )


def _make_person(chance: random.Random, number: int, skills: list[str], wanted: Size) -> Interviewer:
    limit = chance.choice([2, 3, 4])
    load = limit if chance.random() < wanted.busy else chance.randrange(limit)
    known = tuple(chance.sample(skills, max(1, round(len(skills) * chance.uniform(*wanted.able)))))
    return Interviewer(f"p{number:03}", known, load, limit, round(20 * (2 * load + 1) / (limit**2 + 1), 2))
