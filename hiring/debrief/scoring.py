"""Scores of skills, totals, must-haves and the agenda, from ratings and the rule: what needs no model.

The definitions are those of docs/scoring.md. The order of the ratings changes nothing, and neither *no evidence* nor
*not asked* ever acts as a number.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hiring.debrief.ratings import Criterion, Rating, Scale
from hiring.debrief.rules import FLAGGED_SPREAD, Verdict, judge
from hiring.debrief.statistics import deviation, mean, spread, urgency, weigh

SAME = 9
"""Decimals to which totals are told apart: beyond, they differ by how computers add."""


@dataclass(frozen=True)
class SkillScore:
    """A candidate's score on a skill: the mean of its n marks. sd: divisor n - 1. sessions: separate ones with a mark."""

    candidate: str
    skill: str
    score: float | None
    n: int
    min: int | None
    max: int | None
    sd: float | None
    spread: float | None
    no_evidence: int
    not_asked: int
    sessions: int


@dataclass(frozen=True)
class Bar:
    """Whether a candidate's score reaches the bar of a must-have; n: the marks behind the score."""

    skill: str
    bar: float
    score: float | None
    n: int
    verdict: Verdict


@dataclass(frozen=True)
class Standing:
    """A candidate's total, sum(w * score) / sum(w) over the skills with a score, and the share of all weight they have.

    n: the marks behind it. total: None where too little is covered; `reason` then says so.
    """

    candidate: str
    total: float | None
    covered: float
    n: int
    reason: str | None
    unscored: tuple[str, ...]
    must_haves: tuple[Bar, ...]


@dataclass(frozen=True)
class Item:
    """Something to talk about: a skill on which a candidate's n marks differ; urgency: weight times spread."""

    candidate: str
    skill: str
    weight: float
    spread: float
    n: int
    urgency: float
    flagged: bool


Scores = Mapping[tuple[str, str], SkillScore]
"""By candidate and skill."""


def score_skills(ratings: Iterable[Rating], skills: Sequence[str]) -> dict[tuple[str, str], SkillScore]:
    """Every candidate's score on every skill, by candidate and then in the order of `skills`."""
    found: dict[tuple[str, str], list[Rating]] = defaultdict(list)
    for one in ratings:
        found[one.candidate, one.skill].append(one)
    candidates = sorted({candidate for candidate, _ in found})
    return {(one, skill): _score_skill(one, skill, found.get((one, skill), [])) for one in candidates for skill in skills}


def _score_skill(candidate: str, skill: str, ratings: Sequence[Rating]) -> SkillScore:
    marks = [one.mark for one in ratings if one.mark is not None]
    asked = sum(one.asked for one in ratings if one.mark is None)
    return SkillScore(
        candidate,
        skill,
        score=mean(marks),
        n=len(marks),
        min=min(marks, default=None),
        max=max(marks, default=None),
        sd=deviation(marks),
        spread=spread(marks),
        no_evidence=asked,
        not_asked=len(ratings) - len(marks) - asked,
        sessions=len({one.session for one in ratings if one.mark is not None}),
    )


def rank_totals(scores: Scores, rule: Sequence[Criterion], least: float) -> list[Standing]:
    """All candidates by total, the highest first; equal totals and those without one (at the end) by name.

    least: the covered share from 0 to 1 below which there is no total.
    """
    standings = [_make_standing(one, scores, rule, least) for one in sorted({candidate for candidate, _ in scores})]
    return sorted(standings, key=lambda one: (one.total is None, -round(one.total or 0, SAME), one.candidate))


def _make_standing(candidate: str, scores: Scores, rule: Sequence[Criterion], least: float) -> Standing:
    mine = [(one, scores[candidate, one.skill]) for one in rule]
    weighed = weigh((one.weight, found.score) for one, found in mine)
    enough = weighed.value is not None and weighed.covers(least)
    short = (
        f"The scores cover {weighed.covered_weight:g} of {weighed.whole_weight:g} of the weight, and a total asks for {least * 100:g} %."
    )
    return Standing(
        candidate,
        total=weighed.value if enough else None,
        covered=weighed.covered_share,
        n=sum(found.n for one, found in mine if one.weight),
        reason=None if enough else short,
        unscored=tuple(one.skill for one, found in mine if one.weight and found.score is None),
        must_haves=tuple(_judge_bar(one.must_have, found) for one, found in mine if one.must_have is not None),
    )


def _judge_bar(bar: float, found: SkillScore) -> Bar:
    return Bar(found.skill, bar, found.score, found.n, judge(found.score, bar))


def make_agenda(scores: Scores, weights: Mapping[str, float], scale: Scale) -> list[Item]:
    """Every skill of a candidate on which the marks differ: the heaviest difference first, then more marks, then by name."""
    items = [
        Item(
            found.candidate,
            found.skill,
            weights[found.skill],
            found.spread,
            found.n,
            urgency(weights[found.skill], found.spread),
            flagged=found.spread >= FLAGGED_SPREAD * scale.unit,
        )
        for found in scores.values()
        if found.spread
    ]
    return sorted(items, key=lambda one: (-round(one.urgency, SAME), -one.n, one.candidate, one.skill))
