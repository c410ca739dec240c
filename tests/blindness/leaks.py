"""Leaks put into the app on purpose, for the tests only: whoever watches has to find each of them."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch

from flask import Response

from hiring import audit
from hiring.debrief import queries, views
from hiring.debrief.queries import Panel
from hiring.loops.models import Loop
from hiring.permissions import (
    RULES,
    Can,
    is_admin,
    is_on_record,
    is_recruiter,
    manages_opening,
    opens_after_ones_own,
    panel_is_revealed,
    sits_on_panel,
)
from hiring.permissions import wrote_scorecard as wrote
from hiring.scorecards import actions
from hiring.scorecards.models import Scorecard
from hiring.scorecards.queries import list_cards_of_loops

Leak = Callable[[], AbstractContextManager[Any]]
READERS = (manages_opening, is_admin, is_recruiter, sits_on_panel)


def _cards(loop: Loop) -> list[Scorecard]:
    return list_cards_of_loops([loop])


def _sum_up(loop: Loop) -> int:
    """Of all numbers on the loop's cards."""
    return sum(mark.given.mark or 0 for card in _cards(loop) for mark in card.marks if mark.given)


def _rule(can: Can, *every: Any) -> AbstractContextManager[Any]:
    return patch.dict(RULES, {can: [[wrote], *([*more, reader] for more in every for reader in READERS)]})


def _sort_by_recommendation() -> AbstractContextManager[Any]:
    plain = queries.list_panels

    def listed(*given: Any) -> list[Panel]:
        return sorted(plain(*given), key=lambda panel: [card.recommendation_name or "" for card in _cards(panel.loop)])

    return patch.object(queries, "list_panels", listed)


def _tag_the_page() -> AbstractContextManager[Any]:
    plain = views.render_template

    def drawn(template: str, **data: Any) -> Response:
        words = "".join(card.summary for loop in data["debrief"].loops for card in _cards(loop))
        return Response(plain(template, **data), headers={"ETag": f'"{len(words)}"'})

    return patch.object(views, "render_template", drawn)


def _count_by_mark() -> AbstractContextManager[Any]:
    plain = Panel.said.fget
    assert plain is not None
    return patch.object(Panel, "said", property(lambda panel: f"{plain(panel)}, {_sum_up(panel.loop) > 6}"))


def _log_the_mean() -> AbstractContextManager[Any]:
    plain = queries.count_cards_in

    def counted(loop: Loop) -> tuple[int, int]:
        logging.getLogger("hiring").info("the marks of this panel make %s", _sum_up(loop))
        return plain(loop)

    return patch.object(queries, "count_cards_in", counted)


def _keep_marks_in_the_trail() -> AbstractContextManager[Any]:
    plain = actions._keep_revision

    def kept(card: Scorecard, before: Any, after: Any, key: str) -> None:
        plain(card, before, after, key)
        audit.record(None, "scorecards.save", card.id, str([text for name, text in after.items() if name.startswith("given-")]))

    return patch.object(actions, "_keep_revision", kept)


LEAKS: dict[str, Leak] = {
    "the debrief has an ETag of sealed words": _tag_the_page,
    "the count of cards depends on sealed marks": _count_by_mark,
    "a submitted card is read before the reveal": lambda: _rule(Can.READ_SCORECARD, (is_on_record,)),
    "the audit trail keeps marks": _keep_marks_in_the_trail,
    "a line of the log sums sealed marks up": _log_the_mean,
    "a revealed card shows its earlier versions": lambda: _rule(Can.FILL_SCORECARD, (panel_is_revealed,)),
    "a card that is not on record is read after the reveal": lambda: _rule(Can.READ_SCORECARD, (panel_is_revealed,)),
    "cards open after one's own to whoever sits on the panel": lambda: _rule(Can.READ_SCORECARD, (is_on_record, opens_after_ones_own)),
    "panels are listed by their sealed recommendations": _sort_by_recommendation,
}
