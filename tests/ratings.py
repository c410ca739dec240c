"""Ratings of made-up panels whose truth is known."""

from collections.abc import Mapping, Sequence
from random import Random

from hiring.debrief.ratings import Rating

NO_LEANS: Mapping[str, float] = {}


def make_panel(
    *,
    candidates: int = 7,
    interviewers: int = 6,
    per: int = 4,
    skills: int = 5,
    seed: int = 1,
    talents: Sequence[float] = (),
    leans: Mapping[str, float] = NO_LEANS,
) -> list[Rating]:
    """`per` interviewers mark each candidate, in a session each, in turn so that all are linked. leans: added to whose marks."""
    random = Random(seed)  # noqa: S311 - made-up marks, no secret
    found = []
    for number in range(candidates):
        talent = talents[number] if talents else random.gauss(3.1, 0.7)
        for session in range(per):
            who = f"i{(number + session) % interviewers}"
            for skill in range(skills):
                mark = round(talent + leans.get(who, 0.0) + random.gauss(0, 0.8))
                found.append(Rating(f"c{number}", who, f"s{session}", f"k{skill}", min(5, max(1, mark))))
    return found


def write_rows(ratings: Sequence[Rating], delimiter: str = ",") -> str:
    """The ratings as a spreadsheet has them."""
    rows = [["candidate", "interviewer", "session", "skill", "mark"]]
    for one in ratings:
        mark = str(one.mark) if one.mark is not None else "none" if one.asked else ""
        rows.append([one.candidate, one.interviewer, one.session, one.skill, mark])
    return "".join(delimiter.join(row) + "\n" for row in rows)
