"""How sure the order of the totals is, and how severe interviewers are: what the mixed model says, and where it is silent.

The model never makes the order. A pair is told apart by P(A above B) = Phi((mA - mB) / sqrt(vA + vB - 2 cov)), m being the
model's values of candidates and v and cov those of their errors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from hiring.debrief.model import CENTRES, Equations, Fit, Spreads
from hiring.debrief.ratings import Card, Scale, find_links
from hiring.debrief.scoring import SAME, Standing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

FEWEST_CANDIDATES, FEWEST_CARDS = 6, 20
FEWEST_LINKED = 5
"""Cards of an interviewer, below which their severity says little."""
LEAST_SPREAD = 0.15
"""Marks: a fitted standard deviation of interviewers below it is nothing to speak of."""
PROBABLE, CLEAR = 0.8, 0.95
INTERVAL = 0.8
TOO_CLOSE = "too close"
MOST_PAIRED = 50
"""Candidates of whom all pairs are listed; of more, each one with the next."""
NORMAL = NormalDist()


@dataclass(frozen=True)
class Model:
    """Whether the model is used, and why not. The three spreads are standard deviations in marks."""

    used: bool
    reason: str | None
    candidates: int
    interviewers: int
    cards: int
    candidate_sd: float | None = None
    interviewer_sd: float | None = None
    residual_sd: float | None = None


@dataclass(frozen=True)
class Place:
    """A candidate's place. same_panel: the model's value, as if all had had the same panel, with its interval low to high.

    rank: the place by total, if everybody above by total is above with P >= .80 and everybody below likewise below; else
    "too close". All are None where the model isn't used or there is no total. n: cards.
    """

    rank: int | str | None
    low: float | None
    high: float | None
    same_panel: float | None
    n: int


@dataclass(frozen=True)
class Pair:
    """The probability that `above`, who has the higher total, is better than `below`. n: cards of both."""

    above: str
    below: str
    probability: float
    verdict: str
    n: int


@dataclass(frozen=True)
class Severity:
    """By how many marks an interviewer marks below the others (positive: severe; negative: lenient), shrunk, with its interval.

    n: cards. note: why to read it with care, if so.
    """

    interviewer: str
    estimate: float | None
    low: float | None
    high: float | None
    n: int
    note: str | None


@dataclass(frozen=True)
class Ranking:
    """places by candidate. inseparable: the share of pairs of candidates with a total that can't be separated; None without any."""

    model: Model
    places: dict[str, Place]
    pairs: tuple[Pair, ...]
    inseparable: float | None
    severity: tuple[Severity, ...]


def rank_candidates(standings: Sequence[Standing], cards: Sequence[Card], scale: Scale) -> Ranking:
    """Everything that the model says. standings: in the order of the totals. cards: as make_cards gives them."""
    used = [card for card in cards if card.mean is not None]
    counts = Counter(card.candidate for card in used)
    interviewers = sorted({card.interviewer for card in used})
    reason = _find_reason(used)
    if reason:
        silent = {one.candidate: Place(None, None, None, None, counts[one.candidate]) for one in standings}
        by_interviewer = Counter(card.interviewer for card in used)
        severity = tuple(Severity(one, None, None, None, by_interviewer[one], reason) for one in interviewers)
        return Ranking(Model(False, reason, len(counts), len(interviewers), len(used)), silent, (), None, severity)
    candidates = {name: number for number, name in enumerate(sorted(counts))}
    numbers = {name: number for number, name in enumerate(interviewers)}
    equations = Equations(
        [card.mean for card in used if card.mean is not None],
        [candidates[card.candidate] for card in used],
        [numbers[card.interviewer] for card in used],
    )
    fit = equations.fit(Spreads(*(centre * scale.unit for centre in CENTRES)))
    ranked = [one for one in standings if one.total is not None]
    apart = _separate(ranked, [candidates[one.candidate] for one in ranked], fit)
    places = _place(standings, candidates, fit, apart, scale, counts)
    inseparable = _count_inseparable(apart) if len(ranked) > 1 else None
    model = Model(True, None, len(counts), len(interviewers), len(used), *fit.spreads)
    return Ranking(model, places, tuple(_list_pairs(ranked, apart, counts)), inseparable, tuple(_judge(interviewers, used, fit, scale)))


def _find_reason(cards: Sequence[Card]) -> str | None:
    """Why the model can't be used, or None."""
    candidates = len({card.candidate for card in cards})
    if candidates < FEWEST_CANDIDATES or len(cards) < FEWEST_CARDS:
        return (
            f"No ranks: too few cards to say how sure this order is. Candidates with a card: {candidates}, it takes {FEWEST_CANDIDATES}; "
            f"cards: {len(cards)}, it takes {FEWEST_CARDS}."
        )
    groups = find_links(cards)
    if len(groups) == 1:
        return None
    others = [name for group in groups[1:] for name in group]
    named = ", ".join(others[:10]) + (f" and {len(others) - 10} more" if len(others) > 10 else "")
    return (
        f"No chain of shared interviewers links all candidates: they fall into {len(groups)} groups, so how sure this order is "
        f"can't be said. Not linked with the largest group: {named}."
    )


def _separate(ranked: Sequence[Standing], rows: Sequence[int], fit: Fit) -> Array:
    """z of every pair: entry (i, j) tells by how many standard errors the model has the i-th by total above the j-th.

    0 where the totals are the same: what has no order has nothing to be sure of.
    """
    import numpy as np  # noqa: PLC0415 - 20 MB that most commands and pages don't need

    values, covariance = fit.values[rows], fit.covariance[np.ix_(rows, rows)]
    variances = np.diag(covariance)
    errors = variances[:, None] + variances[None, :] - 2 * covariance
    np.fill_diagonal(errors, 1.0)
    totals = np.round([one.total or 0.0 for one in ranked], SAME)
    return np.where(totals[:, None] == totals[None, :], 0.0, (values[:, None] - values[None, :]) / np.sqrt(errors))


def _count_inseparable(apart: Array) -> float:
    """The share of pairs that aren't even probably apart."""
    import numpy as np  # noqa: PLC0415

    above = apart[np.triu_indices(len(apart), 1)]
    return float((above < NORMAL.inv_cdf(PROBABLE)).mean())


def _place(
    standings: Sequence[Standing], numbers: dict[str, int], fit: Fit, apart: Array, scale: Scale, counts: Counter[str]
) -> dict[str, Place]:
    # Entry (i, j) above the diagonal, and (j, i) with the sign turned below it, have to be positive enough.
    least, places = NORMAL.inv_cdf(PROBABLE), dict[str, Place]()
    half = NORMAL.inv_cdf((1 + INTERVAL) / 2)
    for place, one in enumerate(standings):
        if one.total is None:
            places[one.candidate] = Place(None, None, None, None, counts[one.candidate])
            continue
        sure = bool((apart[place, place + 1 :] >= least).all() and (apart[:place, place] >= least).all())
        row = numbers[one.candidate]
        value, off = float(fit.values[row]), half * float(fit.covariance[row, row]) ** 0.5
        low, high = max(value - off, float(scale.low)), min(value + off, float(scale.high))
        places[one.candidate] = Place(place + 1 if sure else TOO_CLOSE, low, high, value, counts[one.candidate])
    return places


def _list_pairs(ranked: Sequence[Standing], apart: Array, counts: Counter[str]) -> list[Pair]:
    """All pairs of up to 50 candidates; of more, each with the next by total."""
    reach = len(ranked) if len(ranked) <= MOST_PAIRED else 1
    pairs = []
    for i, above in enumerate(ranked):
        for j in range(i + 1, min(i + 1 + reach, len(ranked))):
            below, probability = ranked[j], NORMAL.cdf(float(apart[i, j]))
            n = counts[above.candidate] + counts[below.candidate]
            pairs.append(Pair(above.candidate, below.candidate, probability, say_verdict(probability), n))
    return pairs


def say_verdict(probability: float) -> str:
    """How sure one is above the other, in words."""
    if probability >= CLEAR:
        return "clearly above"
    return "probably above" if probability >= PROBABLE else "can't be separated"


def _judge(interviewers: Sequence[str], cards: Sequence[Card], fit: Fit, scale: Scale) -> list[Severity]:
    counts = Counter(card.interviewer for card in cards)
    half = NORMAL.inv_cdf((1 + INTERVAL) / 2)
    found = []
    for number, name in enumerate(interviewers):
        estimate, off = -float(fit.leanings[number]), half * float(fit.leaning_variances[number]) ** 0.5
        notes = [f"little history: {counts[name]} of {FEWEST_LINKED} cards"] if counts[name] < FEWEST_LINKED else []
        if fit.spreads.interviewer < LEAST_SPREAD * scale.unit:
            notes.append("interviewers hardly differ here: read nothing into it")
        found.append(Severity(name, estimate, estimate - off, estimate + off, counts[name], "; ".join(notes) or None))
    return found
