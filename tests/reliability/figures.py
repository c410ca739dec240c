"""The figures: each measured on a fresh ward, with its target, and with a control that has to miss it where there is one."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hiring.sqlite import driver
from tests.reliability.typist import Typist
from tests.reliability.ward import Desk, Server, make_ward, serving

PAUSE = 0.02


@dataclass(frozen=True)
class Figure:
    """One line of the table. holds: whether the target is met."""

    name: str
    result: str
    target: str
    holds: bool


def together(work: Sequence[Callable[[], object]]) -> None:
    """Do all at once, each in a thread of its own."""
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def open_all(desks: Sequence[Desk], port: int) -> list[Typist]:
    typists = [Typist(desk, port) for desk in desks]
    for typist in typists:
        typist.open()
    return typists


def read_numbers(instance: Path) -> tuple[dict[str, int], bool]:
    """What stands on each card, and whether the file is whole."""
    connection = driver.connect(str(instance / "loopcard.db"))  # pyright: ignore[reportAttributeAccessIssue]
    try:
        is_whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {card: int(text or 0) for card, text in connection.execute("SELECT id, summary FROM scorecards")}, is_whole
    finally:
        connection.close()


def measure_kills(instance: Path, *, kills: int, writers: int = 8) -> list[Figure]:
    """The whole server group killed at random moments while people write: what was acknowledged is there, the file is whole."""
    chance, lost, corrupt, acked, restarts = random.Random(1), 0, 0, 0, list[float]()  # noqa: S311 - the same moments each time
    server = Server(instance)
    desks = make_ward(instance, writers)
    restarts.append(server.start())
    typists = open_all(desks, server.port)
    for _ in range(kills):
        stop, before = threading.Event(), sum(int(typist.acked or 0) for typist in typists)
        threads = [threading.Thread(target=_write_until, args=(typist, stop)) for typist in typists]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.2, 1.2))
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
        numbers, is_whole = read_numbers(instance)
        lost += sum(max(0, int(typist.acked or 0) - numbers[typist.desk.card]) for typist in typists)
        corrupt += not is_whole
        acked += sum(int(typist.acked or 0) for typist in typists) - before
        restarts.append(server.start())
        for typist in typists:
            typist.acked = typist.open()
    server.kill()
    longest = max(restarts)
    return [
        Figure(f"acknowledged saves lost in {kills} kills of the server, {writers} writers", f"{lost} of {acked}", "0", not lost),
        Figure(f"corrupt files in {kills} kills", str(corrupt), "0", not corrupt),
        Figure("longest restart, seconds to the first answer", f"{longest:.1f}", "at most 5", longest <= 5),
    ]


def _write_until(typist: Typist, stop: threading.Event) -> None:
    number = int(typist.acked or 0)
    while not stop.is_set():
        number += 1
        if typist.save(str(number)) != 200:
            return


def measure_load(instance: Path, *, people: int, seconds: float, every: float = 3.0) -> list[Figure]:
    """So many people whose pages save every three seconds."""
    with serving(instance) as server:
        typists = open_all(make_ward(instance, people), server.port)
        chance, end = random.Random(2), time.monotonic() + seconds  # noqa: S311 - the same moments each time

        def type_on(typist: Typist, wait: float) -> None:
            number, due = 0, time.monotonic() + wait
            while due < end:
                time.sleep(max(0.0, due - time.monotonic()))
                number, due = number + 1, due + every
                if (status := typist.save(str(number))) != 200:
                    typist.errors.append(str(status))

        together([lambda one=one: type_on(one, chance.uniform(0, every)) for one in typists])
    took = sorted(second for typist in typists for second in typist.took)
    errors = sum(len(typist.errors) for typist in typists)
    p99 = took[int(len(took) * 0.99)]
    said = f"{1000 * statistics.median(took):.0f} / {1000 * p99:.0f} / {1000 * took[-1]:.0f}"
    return [
        Figure(f"errors, {people} people saving every {every:g} s for {seconds:g} s", f"{errors} of {len(took) + errors}", "0", not errors),
        Figure("the same, milliseconds: median / p99 / slowest", said, "p99 at most 300", p99 <= 0.3),
    ]


def measure_tail(instance: Path, *, seconds: float, writers: int = 16) -> list[Figure]:
    """Writers that save again as soon as they are answered."""
    with serving(instance) as server:
        typists = open_all(make_ward(instance, writers), server.port)
        ended = threading.Event()
        threading.Timer(seconds, ended.set).start()
        together([lambda one=one: _write_until(one, ended) for one in typists])
    took = sorted(second for typist in typists for second in typist.took)
    tail = took[-1] / statistics.median(took)
    said = f"{tail:.1f} ({len(took) / seconds:.0f} saves/s)"
    return [Figure(f"slowest to median save, {writers} writers at once", said, "at most 4", tail <= 4)]


def measure_lost_updates(instance: Path, *, threads: int = 8, rounds: int = 25) -> list[Figure]:
    """Everybody adds a word of their own to what they read, on one card; the control saves over what it has not read."""
    with serving(instance) as server:
        careful, careless = make_ward(instance, 2)
        lost = [_count_lost(desk, server.port, threads, rounds, reads_again=desk is careful) for desk in (careful, careless)]
    wanted = threads * rounds
    return [
        Figure(f"lost updates, {threads} threads with {rounds} rounds each", f"{lost[0]} of {wanted}", "0", not lost[0]),
        Figure("the control: saving over what was not read", f"{lost[1]} of {wanted}", "more than 0", lost[1] > 0),
    ]


def _count_lost(desk: Desk, port: int, threads: int, rounds: int, *, reads_again: bool) -> int:
    words = [[f"w{thread}-{turn}" for turn in range(rounds)] for thread in range(threads)]

    def add(mine: list[str]) -> None:
        typist = Typist(desk, port)
        for word in mine:
            text = typist.open()
            while typist.save(f"{text} {word}") != 200:
                stands = typist.open()
                text = stands if reads_again else text
            time.sleep(PAUSE)

    together([lambda mine=mine: add(mine) for mine in words])
    kept = set(Typist(desk, port).open().split())
    return sum(word not in kept for mine in words for word in mine)


def measure_submits(instance: Path, *, cards: int, times: int = 4) -> list[Figure]:
    """Each card handed in several times at the same moment: one submission, and the same answer to all."""
    with serving(instance) as server:
        typists = open_all(make_ward(instance, cards), server.port)
        answers: dict[str, list[int]] = {typist.desk.card: [] for typist in typists}
        for typist in typists:
            copies = [Typist(typist.desk, server.port, typist.version, typist.token, typist.cookie) for _ in range(times)]
            together([lambda one=one: answers[one.desk.card].append(one.submit()) for one in copies])
    connection = driver.connect(str(instance / "loopcard.db"))  # pyright: ignore[reportAttributeAccessIssue]
    submitted = connection.execute("SELECT count(*) FROM audit_events WHERE act = 'scorecards.submit_scorecard'").fetchone()[0]
    connection.close()
    alike = sum(set(given) == {303} for given in answers.values())
    return [
        Figure(f"submissions of {cards} cards, each {times} times at once", str(submitted), str(cards), submitted == cards),
        Figure("cards of which all answers were the same", str(alike), str(cards), alike == cards),
    ]
