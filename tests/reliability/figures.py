"""The figures: each measured on a fresh ward, with its target, and with a control that has to miss it where there is one."""

import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.places import InFile, Place
from tests.reliability.typist import Typist
from tests.reliability.ward import Desk, Server, make_ward, serving

PAUSE = 0.02
EVERY = 3.0
"""Seconds from one save of a page to the next."""


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


def read_numbers(place: Place) -> dict[str, int]:
    """What stands on each card."""
    return {card: int(text or 0) for card, text in place.ask("SELECT id, summary FROM scorecards")}


def measure_kills(instance: Path, *, kills: int, writers: int = 8, place: Place | None = None) -> list[Figure]:
    """The server group, and PostgreSQL with it, killed at random moments while people write: no acknowledged save is lost."""
    chance, lost, corrupt, acked, restarts = random.Random(1), 0, 0, 0, list[float]()  # noqa: S311 - the same moments each time
    place = place or InFile(instance)
    server = Server(instance, DATABASE_URL=place.url)
    desks = make_ward(instance, writers, place.url)
    restarts.append(server.start())
    typists = open_all(desks, server.port)
    for _ in range(kills):
        stop, before = threading.Event(), sum(int(typist.acked or 0) for typist in typists)
        threads = [threading.Thread(target=_write_until, args=(typist, stop)) for typist in typists]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.2, 1.2))
        place.kill()
        server.kill()
        stop.set()
        for thread in threads:
            thread.join()
        began = time.monotonic()
        place.start()
        down = time.monotonic() - began
        numbers = read_numbers(place)
        lost += sum(max(0, int(typist.acked or 0) - numbers[typist.desk.card]) for typist in typists)
        corrupt += not place.is_whole()
        acked += sum(int(typist.acked or 0) for typist in typists) - before
        restarts.append(down + server.start())
        for typist in typists:
            typist.acked = typist.open()
    server.kill()
    longest = max(restarts)
    return [
        Figure(
            f"acknowledged saves lost in {kills} kills of the server{place.named}, {writers} writers", f"{lost} of {acked}", "0", not lost
        ),
        Figure(f"corrupt databases in {kills} kills{place.named}", str(corrupt), "0", not corrupt),
        Figure(f"longest restart{place.named}, seconds to the first answer", f"{longest:.1f}", "at most 5", longest <= 5),
    ]


def _write_until(typist: Typist, stop: threading.Event) -> None:
    number = int(typist.acked or 0)
    while not stop.is_set():
        number += 1
        if typist.save(str(number)) != 200:
            return


def measure_load(instance: Path, *, people: int, seconds: float) -> list[Figure]:
    """So many people whose pages save every three seconds."""
    return _judge_load(*_load(instance, InFile(instance), people, seconds), f"{people} people saving every {EVERY:g} s for {seconds:g} s")


def compare_loads(instance: Path, *, people: int, seconds: float, place: Place) -> list[Figure]:
    """The same elsewhere, and how much slower the slow ones are in a file."""
    there, errors = _load(instance / "there", place, people, seconds)
    here, _ = _load(instance / "here", InFile(instance / "here"), people, seconds)
    ratio = _p99(here) / _p99(there)
    return [
        *_judge_load(there, errors, f"{people} people saving every {EVERY:g} s for {seconds:g} s{place.named}"),
        Figure(
            f"p99 on SQLite / p99{place.named}",
            f"{ratio:.2f} ({1000 * _p99(here):.0f} / {1000 * _p99(there):.0f} ms)",
            "at most 3",
            ratio <= 3,
        ),
    ]


def _judge_load(took: list[float], errors: int, what: str) -> list[Figure]:
    said = f"{1000 * statistics.median(took):.0f} / {1000 * _p99(took):.0f} / {1000 * took[-1]:.0f}"
    return [
        Figure(f"errors, {what}", f"{errors} of {len(took) + errors}", "0", not errors),
        Figure("the same, milliseconds: median / p99 / slowest", said, "p99 at most 300", _p99(took) <= 0.3),
    ]


def _p99(took: Sequence[float]) -> float:
    return took[int(len(took) * 0.99)]


def _load(instance: Path, place: Place, people: int, seconds: float) -> tuple[list[float], int]:
    """Seconds of each save that was kept, the quickest first, and how many were not."""
    desks = make_ward(instance, people, place.url)
    with serving(instance, DATABASE_URL=place.url) as server:
        typists = open_all(desks, server.port)
        chance, end = random.Random(2), time.monotonic() + seconds  # noqa: S311 - the same moments each time

        def type_on(typist: Typist, wait: float) -> None:
            number, due = 0, time.monotonic() + wait
            while due < end:
                time.sleep(max(0.0, due - time.monotonic()))
                number, due = number + 1, due + EVERY
                if (status := typist.save(str(number))) != 200:
                    typist.errors.append(str(status))

        together([lambda one=one: type_on(one, chance.uniform(0, EVERY)) for one in typists])
    return sorted(second for typist in typists for second in typist.took), sum(len(typist.errors) for typist in typists)


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


def measure_lost_updates(instance: Path, *, threads: int = 8, rounds: int = 25, place: Place | None = None) -> list[Figure]:
    """Everybody adds a word of their own to what they read, on one card; the control saves over what it has not read."""
    place = place or InFile(instance)
    careful, careless = make_ward(instance, 2, place.url)
    with serving(instance, DATABASE_URL=place.url) as server:
        lost = [_count_lost(desk, server.port, threads, rounds, reads_again=desk is careful) for desk in (careful, careless)]
    wanted = threads * rounds
    return [
        Figure(f"lost updates{place.named}, {threads} threads with {rounds} rounds each", f"{lost[0]} of {wanted}", "0", not lost[0]),
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


def measure_submits(instance: Path, *, cards: int, times: int = 4, place: Place | None = None) -> list[Figure]:
    """Each card handed in several times at the same moment: one submission, and the same answer to all."""
    place = place or InFile(instance)
    desks = make_ward(instance, cards, place.url)
    with serving(instance, DATABASE_URL=place.url) as server:
        typists = open_all(desks, server.port)
        answers: dict[str, list[int]] = {typist.desk.card: [] for typist in typists}
        for typist in typists:
            copies = [Typist(typist.desk, server.port, typist.version, typist.token, typist.cookie) for _ in range(times)]
            together([lambda one=one: answers[one.desk.card].append(one.submit()) for one in copies])
    [(submitted,)] = place.ask("SELECT count(*) FROM audit_events WHERE act = 'scorecards.submit_scorecard'")
    alike = sum(set(given) == {303} for given in answers.values())
    return [
        Figure(f"submissions of {cards} cards{place.named}, each {times} times at once", str(submitted), str(cards), submitted == cards),
        Figure("cards of which all answers were the same", str(alike), str(cards), alike == cards),
    ]
