"""What waits for somebody: interviews to hold, cards to finish, panels to reveal, plans to publish."""

from dataclasses import dataclass

from hiring.db import now
from hiring.loops.models import Loop, Seat
from hiring.loops.queries import find_published, list_loops, list_loops_with_missing, list_seats_of, say_late
from hiring.loops.rules import LoopState
from hiring.openings.models import Opening
from hiring.openings.queries import list_managed
from hiring.permissions import Actor, Can, allows
from hiring.scorecards.models import Scorecard
from hiring.scorecards.queries import count_cards_in, find_card_of_seat


@dataclass(frozen=True)
class MySeat:
    """A seat of one's own with its card, if it was started."""

    seat: Seat
    card: Scorecard | None

    @property
    def is_open(self) -> bool:
        return self.seat.loop.is_blind and (self.card is None or not self.card.is_submitted)


@dataclass(frozen=True)
class Panel:
    """A loop of an opening that one manages, with how many of its lead cards are in."""

    loop: Loop
    cards_in: int
    seats: int


@dataclass(frozen=True)
class Late:
    """A loop that one coordinates, with whose cards are late and by how much."""

    loop: Loop
    said: list[str]


@dataclass(frozen=True)
class Waiting:
    """Everything on the first page, for one person."""

    to_fill: list[MySeat]
    submitted: list[MySeat]
    to_reveal: list[Panel]
    to_decide: list[Panel]
    late: list[Late]
    under_way: list[Panel]
    without_plan: list[Opening]

    @property
    def is_empty(self) -> bool:
        return not any(vars(self).values())


def list_waiting(actor: Actor) -> Waiting:
    """What waits for `actor`, their own interviews first."""
    seats = [MySeat(seat, find_card_of_seat(seat)) for seat in list_seats_of(actor.id)]
    managed = [opening for opening in list_managed(actor.id) if opening.state != "closed"]
    panels = [Panel(loop, *count_cards_in(loop)) for opening in managed for loop in list_loops(opening)]

    def standing(*states: LoopState) -> list[Panel]:
        return [panel for panel in panels if panel.loop.state in states]

    return Waiting(
        to_fill=[one for one in seats if one.is_open],
        submitted=[one for one in seats if one.card is not None and one.card.is_submitted],
        to_reveal=standing(LoopState.READY),
        to_decide=standing(LoopState.REVEALED),
        late=_list_late(actor),
        under_way=standing(LoopState.DRAFT, LoopState.SCHEDULED, LoopState.UNDER_WAY),
        without_plan=[opening for opening in managed if find_published(opening) is None],
    )


def _list_late(actor: Actor) -> list[Late]:
    """Who is late on the loops that `actor` coordinates, their own openings' or not: never what anybody thinks."""
    moment, found = now(), []
    for loop in list_loops_with_missing(moment):
        if allows(actor, Can.COORDINATE, loop) and (said := say_late(loop, moment)):
            found.append(Late(loop, said))
    return found
