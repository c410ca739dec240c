"""Whether an interviewer gives similar marks for every skill, whoever the candidate is: halo.

The sum of the variances within an interviewer's cards, against what it would be if each candidate's cards were dealt anew
among those who wrote them (a permutation test). What candidates and their panels have in common stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hiring.debrief.ratings import Card

FEWEST_CARDS, PERMUTATIONS, LEVEL = 5, 400, 0.05
SEED = 1


@dataclass(frozen=True)
class Halo:
    """variance: the mean within n cards of two marks or more, and expected: the mean of the permutations.

    p: the share of permutations as small; p_adjusted: corrected for all interviewers; None under five cards. flagged: similar
    marks for every skill, at 5 %.
    """

    interviewer: str
    n: int
    variance: float
    expected: float
    p: float | None
    p_adjusted: float | None
    flagged: bool


def measure_halo(cards: Sequence[Card]) -> list[Halo]:
    """One for each interviewer with a card that varies, by name; cards: as make_cards orders them. The deals are the same every time."""
    kept = sorted((card.candidate, card.interviewer, card.session, card.variance) for card in cards if card.variance is not None)
    if not kept:
        return []
    import numpy as np  # noqa: PLC0415 - 20 MB that most commands and pages don't need

    names, rows = np.unique([one[1] for one in kept], return_inverse=True)
    candidates = np.unique([one[0] for one in kept], return_inverse=True)[1]
    variances = np.array([one[3] for one in kept], dtype=float)
    counts, observed = np.bincount(rows), np.bincount(rows, variances)
    random = np.random.default_rng(SEED)
    as_small, dealt = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(PERMUTATIONS):
        order = np.lexsort((random.random(len(kept)), candidates))
        sums = np.bincount(rows, variances[order])
        as_small += sums <= observed * (1 + 1e-9) + 1e-9
        dealt += sums
    chances = {i: (as_small[i] + 1) / (PERMUTATIONS + 1) for i in range(len(names)) if counts[i] >= FEWEST_CARDS}
    adjusted = dict(zip(chances, adjust([float(one) for one in chances.values()]), strict=True))
    found = []
    for i, name in enumerate(names):
        p, corrected = (float(chances[i]), adjusted[i]) if i in chances else (None, None)
        n = int(counts[i])
        mean, expected = float(observed[i]) / n, float(dealt[i]) / PERMUTATIONS / n
        found.append(Halo(str(name), n, mean, expected, p, corrected, corrected is not None and corrected <= LEVEL))
    return found


def adjust(chances: Sequence[float]) -> list[float]:
    """Each p corrected for all of them: of those under a level, no more than that share is by chance (Benjamini and Hochberg 1995)."""
    order = sorted(range(len(chances)), key=lambda i: -chances[i])
    adjusted, least = [1.0] * len(chances), 1.0
    for place, i in enumerate(order):
        least = min(least, chances[i] * len(chances) / (len(chances) - place))
        adjusted[i] = least
    return adjusted
