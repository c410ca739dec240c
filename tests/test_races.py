"""What happens at the same moment: whoever writes comes in one after the other, and counts what the others wrote."""

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from hiring.audit import AuditEvent
from hiring.db import db, transaction
from hiring.loops.queries import get_loop
from hiring.loops.rules import LoopState
from hiring.scorecards.models import Scorecard
from tests.factories import World, enter, fill

THREADS = 4
CARD = {f"{name}-{skill}": said for skill in ("crisis-response", "empathy") for name, said in (("given", "4"), ("evidence", "Said so."))}


def at_once(work: list[Callable[[], int]]) -> list[int]:
    """What all give that start at the same moment, each in a thread of its own."""
    gate, given = threading.Barrier(len(work)), list[int]()

    def begin(one: Callable[[], int]) -> None:
        gate.wait(10)
        given.append(one())

    threads = [threading.Thread(target=begin, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(given)


def post(app: Flask, world: World, part: str, address: str, **data: str) -> Callable[[], int]:
    client = enter(app, world, part)
    return lambda: client.post(address, data=data).status_code


def version_of(app: Flask, card: str) -> str:
    with app.app_context():
        return str(db.session.get_one(Scorecard, card).version)


def count_acts(app: Flask, act: str) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(AuditEvent).where(AuditEvent.act == act)).one()


def test_the_two_last_cards_handed_in_at_once_make_the_loop_ready(app: Flask, world: World) -> None:
    """Each counts the other's card, or finds it counted: never do both think that the other's is still missing."""
    for _ in range(5):
        cards = {part: fill(app, world, part, submit=False) for part in ("ana", "ben")}
        versions = {part: version_of(app, card) for part, card in cards.items()}
        whole = {**CARD, "recommendation": "yes", "summary": "Fine.", "do": "submit"}
        assert at_once([post(app, world, part, f"/scorecards/{cards[part]}", **whole, version=versions[part]) for part in cards]) == [
            303,
            303,
        ]
        with app.app_context(), transaction():
            assert get_loop(world.loop).state is LoopState.READY
        for part, card in cards.items():
            assert enter(app, world, part).post(f"/scorecards/{card}/withdraw").status_code == 303


def test_a_card_handed_in_several_times_at_once_is_handed_in_once(app: Flask, world: World) -> None:
    card = fill(app, world, "ana", submit=False)
    whole = {**CARD, "recommendation": "yes", "summary": "Fine.", "do": "submit", "version": version_of(app, card)}
    assert at_once([post(app, world, "ana", f"/scorecards/{card}", **whole) for _ in range(THREADS)]) == [303] * THREADS
    assert count_acts(app, "scorecards.submit_scorecard") == 1


def test_a_card_opened_several_times_at_once_is_one_card(app: Flask, world: World) -> None:
    address = f"/scorecards/seat/{world.seats['ana']}"
    assert at_once([post(app, world, "ana", address) for _ in range(THREADS)]) == [303] * THREADS
    with app.app_context():
        assert db.session.query(Scorecard).count() == 1


def test_of_saves_from_the_same_page_at_once_one_is_kept(app: Flask, world: World) -> None:
    card = fill(app, world, "ana", submit=False)
    version = version_of(app, card)
    saves = [post(app, world, "ana", f"/scorecards/{card}/draft", summary=f"Text {turn}", version=version) for turn in range(THREADS)]
    assert at_once(saves) == [200] + [409] * (THREADS - 1)
