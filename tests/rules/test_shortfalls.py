"""What falls short, grouped by skill and session."""

from hiring.loops.compiler.instance import NOT_SAID, Unmet
from hiring.loops.shortfalls import Shortfall, group_unmet


def test_what_a_skill_lacks_is_told_once_with_each_reason_and_mend() -> None:
    unmet = [
        Unmet("calm", "people", 2, "Only Ana can.", ("Train Ben for Calm",)),
        Unmet("", "seats", 1, NOT_SAID, session="s1"),
        Unmet("calm", "sessions", 1, f"{NOT_SAID} A longer search may still find a plan that does."),
        Unmet("care", "sessions", 1, "Only Ana can."),
    ]
    assert group_unmet(unmet, {"calm": "Calm", "s1": "First hour"}) == (
        Shortfall("Calm", "2 raters and 1 session", "Only Ana can.", ("Train Ben for Calm",)),
        Shortfall("First hour", "1 seat", "", ()),
        Shortfall("care", "1 session", "Only Ana can.", ()),
    )
