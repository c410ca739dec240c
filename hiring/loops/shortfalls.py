"""What falls short of each skill and session, in words: how much, why, and what would mend it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hiring.loops.compiler.instance import NOT_SAID, Unmet

LACKS = {
    "sessions": ("session", "sessions"),
    "people": ("rater", "raters"),
    "minutes": ("minute", "minutes"),
    "seats": ("seat", "seats"),
    "time": ("time", "times"),
}


@dataclass(frozen=True)
class Shortfall:
    """One skill or session that falls short: its name, by how much, the reasons, and changes that have each been tried."""

    name: str
    lacks: str
    because: str
    mends: tuple[str, ...]


def group_unmet(unmet: Iterable[Unmet], names: Mapping[str, str]) -> tuple[Shortfall, ...]:
    """What falls short of one skill told once, in the order in which it comes first."""
    grouped: dict[str, list[Unmet]] = {}
    for one in unmet:
        grouped.setdefault(one.skill or one.session, []).append(one)
    return tuple(
        Shortfall(
            names.get(id, id),
            " and ".join(f"{one.short_by} {LACKS[one.what][one.short_by != 1]}" for one in rows),
            " ".join(dict.fromkeys(one.because for one in rows if not one.because.startswith(NOT_SAID))),
            tuple(mend for one in rows for mend in one.mend),
        )
        for id, rows in grouped.items()
    )
