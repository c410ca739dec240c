"""All figures of a set of ratings, computed once: for a page, a document, a file or the command line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hiring.debrief.agreement import Agreement, measure_agreement
from hiring.debrief.halo import Halo, measure_halo
from hiring.debrief.ranking import INTERVAL, LEAST_SPREAD, Model, Pair, Ranking, Severity, rank_candidates
from hiring.debrief.ratings import Criterion, Rating, Scale, make_cards
from hiring.debrief.scoring import Bar, Item, SkillScore, Standing, make_agenda, rank_totals, score_skills
from hiring.debrief.sensitivity import Flip, find_flips

LEAST_COVERED_SHARE = 0.8
FIVE = Scale()


@dataclass(frozen=True)
class CandidateFigures:
    """A candidate with total, its interval and rank: see Standing and Place. n: marks behind the total; cards: behind the rest."""

    candidate: str
    total: float | None
    covered: float
    n: int
    low: float | None
    high: float | None
    rank: int | str | None
    same_panel: float | None
    cards: int
    reason: str | None
    unscored: tuple[str, ...]
    must_haves: tuple[Bar, ...]


@dataclass(frozen=True)
class Figures:
    """Everything, unrounded. candidates: by total; skills: by candidate and skill; interval: what low and high enclose."""

    scale: Scale
    least_covered_share: float
    interval: float
    rule: tuple[Criterion, ...]
    candidates: tuple[CandidateFigures, ...]
    skills: tuple[SkillScore, ...]
    agenda: tuple[Item, ...]
    model: Model
    pairs: tuple[Pair, ...]
    inseparable: float | None
    sensitivity: tuple[Flip, ...]
    severity: tuple[Severity, ...]
    halo: tuple[Halo, ...]
    agreement: Agreement
    warnings: tuple[str, ...]


def compute(
    ratings: Iterable[Rating],
    rule: Sequence[Criterion] | None = None,
    *,
    scale: Scale = FIVE,
    least: float = LEAST_COVERED_SHARE,
    warnings: Sequence[str] = (),
) -> Figures:
    """All figures. The order of `ratings` and `rule` changes nothing, to the last bit.

    rule: by default every skill weighs the same; a skill that a rule doesn't name weighs nothing. least: the covered share
    below which there is no total. warnings: what is known of the ratings already; ours follow.
    """
    ratings = sorted(ratings, key=lambda one: (one.candidate, one.skill, one.interviewer, one.session))
    seen = sorted({one.skill for one in ratings})
    whole = sorted([*(rule if rule is not None else ()), *_fill(seen, rule)], key=lambda one: one.skill)
    weights = {one.skill: one.weight for one in whole}
    scores = score_skills(ratings, [one.skill for one in whole])
    standings = rank_totals(scores, whole, least)
    cards = make_cards(ratings, weights)
    ranking = rank_candidates(standings, cards, scale)
    ours = [*_warn_of_rule(seen, rule), *_warn_of_totals(standings), *_warn_of_model(ranking, scale)]
    agreement = measure_agreement(ratings, INTERVAL)
    return Figures(
        scale,
        least,
        INTERVAL,
        tuple(whole),
        tuple(_join(one, ranking) for one in standings),
        tuple(scores.values()),
        tuple(make_agenda(scores, weights, scale)),
        ranking.model,
        ranking.pairs,
        ranking.inseparable,
        tuple(_find_flips(standings, scores, whole, least)),
        ranking.severity,
        tuple(measure_halo(cards)),
        agreement,
        (*warnings, *ours, *([f"Agreement: {agreement.warning}"] if agreement.warning else [])),
    )


def _fill(seen: Sequence[str], rule: Sequence[Criterion] | None) -> list[Criterion]:
    """The skills that the rule doesn't name."""
    if rule is None:
        return [Criterion(skill) for skill in seen]
    named = {one.skill for one in rule}
    return [Criterion(skill, weight=0.0) for skill in seen if skill not in named]


def _join(standing: Standing, ranking: Ranking) -> CandidateFigures:
    place = ranking.places[standing.candidate]
    return CandidateFigures(
        standing.candidate,
        standing.total,
        standing.covered,
        standing.n,
        place.low,
        place.high,
        place.rank,
        place.same_panel,
        place.n,
        standing.reason,
        standing.unscored,
        standing.must_haves,
    )


def _find_flips(
    standings: Sequence[Standing], scores: Mapping[tuple[str, str], SkillScore], rule: Sequence[Criterion], least: float
) -> list[Flip]:
    """Of the first two by total; none where there are no two."""
    totals = [(one.candidate, one.total) for one in standings[:2] if one.total is not None]
    if len(totals) < 2:
        return []
    (first, higher), (second, lower) = totals
    return find_flips((first, second), (higher, lower), scores, rule, least)


def _warn_of_rule(seen: Sequence[str], rule: Sequence[Criterion] | None) -> list[str]:
    if rule is None:
        return []
    named = {one.skill for one in rule}
    unweighted = [f"{skill}: the rule gives it no weight, so it enters no total." for skill in seen if skill not in named]
    return unweighted + [f"{skill}: it has a weight, and nobody was to mark it." for skill in sorted(named - set(seen))]


def _warn_of_totals(standings: Sequence[Standing]) -> list[str]:
    totals = [one for one in standings if one.total is not None]
    warnings = [f"{one.candidate}: no total. {one.reason}" for one in standings if one.total is None]
    if len({one.unscored for one in totals}) > 1:
        some = sorted({skill for one in totals for skill in one.unscored})
        warnings.append(f"The totals rest on different skills. Not everybody has a score on {', '.join(some)}.")
    return warnings


def _warn_of_model(ranking: Ranking, scale: Scale) -> list[str]:
    model, warnings = ranking.model, list[str]()
    if model.reason:
        return [model.reason]
    if model.interviewer_sd is not None and model.interviewer_sd < LEAST_SPREAD * scale.unit:
        warnings.append(f"Severity: interviewers hardly differ (a standard deviation of {model.interviewer_sd:.2f} marks).")
    few = [one.interviewer for one in ranking.severity if one.note and "little history" in one.note]
    if few:
        warnings.append(f"Severity: little history of {', '.join(few)}.")
    return warnings
