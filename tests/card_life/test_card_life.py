"""A card's life on the real app, from its first entry past the decision; the long form: `./run reliability`."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from tests.card_life.bugs import BUGS
from tests.card_life.machine import CardLife
from tests.card_life.measure import live
from tests.card_life.model import BLIND
from tests.card_life.site import Site
from tests.conftest import Stocks
from tests.factories import SKILLS

LIVES, STEPS = 3, 20


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, stocks: Stocks) -> Iterator[Site]:
    with closing(Site(tmp_path_factory.mktemp("card-life"), stocks.of("sqlite").shipped / "loopcard.db")) as made:
        yield made


def test_every_step_comes_out_as_the_model_says(site: Site) -> None:
    lives, steps, difference = live(site, LIVES, STEPS, 0)
    assert not difference
    assert lives >= LIVES
    assert sum(steps[stage] for stage in BLIND) > 0


def hand_in(life: CardLife, part: str = "ana", given: str = "5", times: int = 1) -> None:
    life.open_card(part)
    life.submit_all(part, given, "Heard it.", "", accepts=False, times=times)


def reveal(life: CardLife) -> None:
    hand_in(life)
    hand_in(life, "ben")
    life.reveal("manager")


def save_over(life: CardLife) -> None:
    life.open_card("ana")
    life.save("ana", {"summary": "first"})
    life.save("ana", {"summary": "second"}, is_fresh=False)


def hand_in_half(life: CardLife) -> None:
    life.open_card("ana")
    life.hand_in("ana", {"summary": "half"}, accepts=True, is_fresh=True, times=1)


def take_back(life: CardLife) -> None:
    hand_in(life)
    life.withdraw("ana")


def open_after_own(life: CardLife) -> None:
    life.begin(opens_after_own=True, leads=(), reveals=False)


def peek(life: CardLife) -> None:
    open_after_own(life)
    take_back(life)
    hand_in(life, "ben")
    life.read_card("ana", "ben")


def amend(life: CardLife) -> None:
    reveal(life)
    life.amend("ana", SKILLS[0], "1", "I had forgotten the outage.")
    life.read_result("ben")


def reveal_early(life: CardLife) -> None:
    hand_in(life)
    life.reveal("manager")


def take_back_late(life: CardLife) -> None:
    reveal(life)
    life.withdraw("ben")


def take_back_under_eyes(life: CardLife) -> None:
    open_after_own(life)
    hand_in(life)
    hand_in(life, "ben")
    life.withdraw("ben")


def save_in_vain(life: CardLife) -> None:
    hand_in(life)
    life.save("ana", {"summary": "One thing more."})


def save_once_more(life: CardLife) -> None:
    life.open_card("ana")
    life.send("ana", {"summary": "first", "version": "1", "key": "save-first"})
    life.save("ana", {"summary": "second"})
    life.save_again(1 if life.sent[-1][1]["key"] != "save-first" else 0)


def break_for_nothing(life: CardLife) -> None:
    hand_in(life, "shadow")
    life.reveal_early("manager", "It can't wait.")


WAYS: dict[str, Callable[[CardLife], None]] = {
    "an incomplete card is handed in": hand_in_half,
    "a stale save overwrites": save_over,
    "whoever has ever handed in reads the others": peek,
    "taking back cuts a revision off": take_back,
    "a second submission counts again": lambda life: hand_in(life, times=2),
    "a panel is revealed with a card missing": reveal_early,
    "a card is taken back after the reveal": take_back_late,
    "an amendment replaces the sealed mark": amend,
    "an amended mark counts": amend,
    "a card is taken back although its author reads others": take_back_under_eyes,
    "what is refused is lost": save_in_vain,
    "a save that is sent again is taken for another": save_once_more,
    "a draft that is opened moves the loop": lambda life: life.open_card("ana"),
    "the seal is broken with no lead's card in": break_for_nothing,
}
"""The shortest way to each bug."""


@pytest.mark.parametrize("name", BUGS)
def test_each_bug_shows_on_its_way(site: Site, name: str) -> None:
    class Life(CardLife):
        """One of its own, so that its counts are."""

    Life.site = site
    WAYS[name](Life())  # without the bug all is as the model says
    with BUGS[name](), pytest.raises(AssertionError):
        WAYS[name](Life())
