"""What falls short of each skill and session, in words: how much, why, and what would mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hiring.formatting import count
from hiring.loops.compiler.instance import NOT_SAID, Unmet

LACKS = {"sessions": "session", "people": "rater", "minutes": "minute", "seats": "seat", "time": "time"}


@dataclass(frozen=True)
class Shortfall:
    """One skill or session that falls short: its name, by how much, the reasons, and changes that have each been tried."""

    name: str
    lacks: str
    because: str
    mends: tuple[str, ...]

    @property
    def said(self) -> str:
        """How much is short, and why."""
        return f"{self.name}, {self.lacks} short. {self.because}".strip()


def group_unmet(unmet: Iterable[Unmet], names: Mapping[str, str]) -> tuple[Shortfall, ...]:
    """What falls short of one skill told once, in the order in which it comes first."""
    grouped: dict[str, list[Unmet]] = {}
    for one in unmet:
        grouped.setdefault(one.skill or one.session, []).append(one)
    return tuple(
        Shortfall(
            names.get(id, id),
            " and ".join(count(one.short_by, LACKS[one.what]) for one in rows),
            " ".join(dict.fromkeys(one.because for one in rows if not one.because.startswith(NOT_SAID))),
            tuple(mend for one in rows for mend in one.mend),
        )
        for id, rows in grouped.items()
    )
