"""Asking both twins the same things as everybody, and telling where the answers differ or say what is hidden."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from pypdfium2 import PdfDocument

from hiring.debrief import pdf
from hiring.printing import render_pdf
from hiring.sqlite import driver
from tests.blindness.addresses import READS, Address, list_addresses, name_arguments
from tests.blindness.states import TYPED, State
from tests.blindness.twins import CANARY, SIDES, Card, Twins, clock
from tests.people import email_of

SIGNED_OUT, OPERATOR = "signed out", "operator"
EVERYBODY = ("manager", "ben", "admin", "recruiter", "shadow", "ana", "other manager", "outsider", SIGNED_OUT)
ABOUT_PANELS = ("openings", "debrief")
BOTH = (0, 1)
Scent = frozenset[str]


@dataclass(frozen=True)
class Answer:
    """All that comes back: of a page with its headers, of a command with its exit code; and what the log says meanwhile."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    log: tuple[str, ...]

    def holds(self, word: str) -> bool:
        return word.encode() in self.body or word in f"{self.headers}{self.log}"


@dataclass
class Tally:
    """What was compared, and each leak that was found."""

    states: int = 0
    pages: int = 0
    commands: int = 0
    documents: int = 0
    printed: int = 0
    rows: int = 0
    told_apart: int = 0
    leaks: list[str] = field(default_factory=list)


class Ear(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def take(self) -> tuple[str, ...]:
        lines, self.lines = tuple(self.lines), []
        return lines


@contextmanager
def listening(ear: Ear) -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("hiring")
    level = ours.level
    root.addHandler(ear)
    ours.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        ours.setLevel(level)
        root.removeHandler(ear)


def list_blind(state: State, written: Iterable[Card]) -> list[str]:
    """From whom all is hidden that the twins differ in: not from a lead who reads one of these cards after their own."""
    readers = {state.author}.union(*(card.readers for card in written))
    return [one for one in EVERYBODY if one not in readers]


class Watcher:
    """Examines one state after the other. observers: how many people of a state open its near pages; far: how many far ones are opened.

    near: how many near pages each of them opens; all, unless it is said. All three go round, so that over many states everybody
    opens every page. printing: documents to be made in earnest. hunting: a state is done with as soon as there is a leak;
    only there, where a hunt has a scent: the endpoints of these near pages, or any.
    """

    def __init__(
        self,
        twins: Twins,
        *,
        observers: int,
        far: int,
        near: int = 1000,
        printing: int = 0,
        hunting: bool = False,
        scent: Scent = frozenset(),
    ) -> None:
        self.twins, self.observers, self.far, self.near, self.printing = twins, observers, far, near, printing
        self.hunting, self.scent = hunting, scent
        self.tally, self.ear = Tally(), Ear()
        self.jobs: list[tuple[str, dict[str, Any]]] = []
        self.clients = [{one: self._enter(app, one) for one in EVERYBODY} for app in twins.apps]
        self.turns, self.asked, self.opened = 0, 0, 0
        self.out = Path(twins.apps[0].instance_path).parent / "out.pdf"

    def _enter(self, app: Flask, observer: str) -> FlaskClient:
        client = app.test_client()
        with clock(self.twins.place), client.session_transaction() as session:
            session["csrf_token"] = "0" * 40
            if observer in self.twins.place.world.tokens:
                session["token"] = self.twins.place.world.tokens[observer]
        return client

    def examine(self, state: State) -> None:
        """Bring the twins into a state and compare all that is to be compared there."""
        with listening(self.ear), clock(self.twins.place), patch.object(pdf, "render_pdf", self._draw):
            self.twins.become(state)
            self._check_silent("while the state came about", self.ear.take(), TYPED)
            addresses = list_addresses(self.twins.apps[0], self.twins.place, self.twins.cards, state.author)
            near = [one for one in addresses if one.is_near and (not self.scent or one.endpoint in self.scent)]
            blind = list_blind(state, self.twins.written)
            chosen = self._choose(blind)
            for observer, address in self._pair(chosen, near):
                if not (self.hunting and self.tally.leaks):
                    self._compare_page(observer, address)
            if not self.hunting:
                self._compare_far(blind, [one for one in addresses if not one.is_near])
                self._compare_commands(blind)
                self._look_as_author(state)
            self._write_on(state, chosen[0])
        self.tally.states += 1
        self.twins.put_away()

    def _choose(self, blind: list[str]) -> list[str]:
        """The next ones in turn."""
        chosen = list(islice(cycle(blind), self.turns, self.turns + self.observers))
        self.turns = (self.turns + self.observers) % len(blind)
        return chosen

    def _pair(self, chosen: list[str], near: list[Address]) -> Iterator[tuple[str, Address]]:
        """Each of them with the next pages in turn."""
        for observer in chosen:
            yield from ((observer, address) for address in islice(cycle(near), self.opened, self.opened + min(self.near, len(near))))
            self.opened += self.near

    def _ask(self, side: int, observer: str, path: str, data: dict[str, str] | None = None) -> Answer:
        client = self.clients[side][observer]
        response = client.get(path, buffered=True) if data is None else client.post(path, data=data)
        return Answer(response.status_code, tuple(response.headers.items()), response.get_data(), self.ear.take())

    def _compare_page(self, observer: str, address: Address) -> None:
        left, right = (self._ask(side, observer, address.path) for side in BOTH)
        self.tally.pages += 1
        self._compare(f"{observer}: {address.path}", left, right)
        self._print()

    def _compare_far(self, blind: list[str], addresses: list[Address]) -> None:
        """So many of all pairs of a person and a page, going on in the next state where this one stops."""
        pairs = [(observer, address) for observer in blind for address in addresses]
        Random(1).shuffle(pairs)  # noqa: S311 - only so that neighbours are not alike
        for observer, address in islice(cycle(pairs), self.asked % len(pairs), self.asked % len(pairs) + self.far):
            self._compare_page(observer, address)
        self.asked += self.far

    def _compare(self, where: str, left: Answer, right: Answer) -> None:
        for name in ("status", "headers", "body", "log"):
            if getattr(left, name) != getattr(right, name):
                self.tally.leaks.append(f"{where} differs in {name}")
                return
        if left.holds(CANARY):
            self.tally.leaks.append(f"{where} says what is hidden")

    def _compare_commands(self, blind: list[str]) -> None:
        """Every command that speaks of panels as the operator and as somebody in turn, and one of the others.

        In a short form, where one observer is enough, as one of the two.
        """
        others = [name for name in READS if not name.startswith(ABOUT_PANELS)]
        names = [name for name in READS if name.startswith(ABOUT_PANELS)] + [others[self.tally.states % len(others)]]
        people = [one for one in blind if one != SIGNED_OUT]
        named = name_arguments(self.twins.place, self.out)
        both = (OPERATOR, people[self.tally.states % len(people)])
        for observer in both if self.observers > 1 else both[self.tally.states % 2 :][:1]:
            who = [] if observer == OPERATOR else ["--as", email_of(observer)]
            for name in names:
                for wanted in READS[name]:
                    given = [one.format(**named) for one in wanted]
                    left, right = (self._run([*name.split(), *given, *who], side) for side in BOTH)
                    self.tally.commands += 1
                    self._compare(f"{observer}: {name} {' '.join(given)}", left, right)
                    self._print()

    def _run(self, arguments: list[str], side: int) -> Answer:
        self.out.unlink(missing_ok=True)
        done = self.twins.apps[side].test_cli_runner().invoke(args=arguments)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        written = self.out.read_bytes() if self.out.exists() else b""
        return Answer(done.exit_code, (), done.output.encode() + written, self.ear.take())

    def _look_as_author(self, state: State) -> None:
        """The control: on a page of their own, the author sees which twin is which."""
        card = next(iter(self.twins.written), None) or next(one for one in self.twins.cards if one.author == state.author)
        left, right = (self._ask(side, state.author, f"/scorecards/{card.id}/read") for side in BOTH)
        self.tally.told_apart += left.body != right.body and left.holds(CANARY + SIDES[0]) and right.holds(CANARY + SIDES[1])

    def _write_on(self, state: State, observer: str) -> None:
        """The author saves and hands in, other things in either twin: the audit trail and the others' pages stay the same."""
        drafts = (one for one in self.twins.cards if one.author == state.author and not one.is_submitted and not one.is_freed)
        card = next((one for one in drafts if one.loop_state in {"scheduled", "under way", "ready"}), None)
        if card is not None:
            for side, word in zip(BOTH, SIDES, strict=True):
                self._write_card(side, state.author, card.id, CANARY + word)
            for path in ("/", f"/debrief/{self.twins.place.world.slug}"):
                self._compare_page(observer, Address("", path, is_near=True))
        left, right = (_read_trail(path) for path in self.twins.paths())
        self.tally.rows += len(left)
        if left != right:
            self.tally.leaks.append("the audit trail differs")
        self._check_silent("the audit trail", left, TYPED)
        self._check_silent("the audit trail", left, CANARY)

    def _write_card(self, side: int, author: str, card: str, word: str) -> None:
        data = {"version": "0", "do": "submit", "summary": word, "recommendation": "yes", "accept_unsupported": "1"}
        for skill in ("crisis-response", "empathy"):
            data |= {f"given-{skill}": str(1 + 3 * side), f"evidence-{skill}": word * (1 + 5 * side)}
        page = self.clients[side][author].get(f"/scorecards/{card}").text
        data["version"] = page.split('name="version" value="')[1].split('"')[0]
        answer = self._ask(side, author, f"/scorecards/{card}", data)
        assert answer.status == 303, answer.body.decode()
        self._check_silent("a line of the log", answer.log, CANARY)

    def _check_silent(self, where: str, lines: tuple[str, ...], word: str) -> None:
        self.tally.leaks += [f"{where}: {line[:80]}" for line in lines if word in line]

    def _draw(self, html: str, **more: Any) -> bytes:
        """In the printer's place: all that the document is made from."""
        self.jobs.append((html, more))
        return repr(self.jobs[-1]).encode()

    def _print(self) -> None:
        """Count what was drawn by now, and make both copies in earnest, as long as there are some to be made."""
        jobs, self.jobs = self.jobs, []
        self.tally.documents += bool(jobs)
        if self.printing <= self.tally.printed or len(jobs) != len(BOTH):
            return
        made = [render_pdf(html, **more) for html, more in jobs]
        self.tally.printed += 1
        said = [[page.get_textpage().get_text_range() for page in PdfDocument(one)] for one in made]
        if made[0] != made[1] or said[0] != said[1] or CANARY in "".join(said[0]):
            self.tally.leaks.append("a document differs, or says what is hidden")


def _read_trail(path: Path) -> tuple[str, ...]:
    connection = driver.connect(str(path))  # pyright: ignore[reportAttributeAccessIssue]
    try:
        return tuple(str(row) for row in connection.execute("SELECT * FROM audit_events ORDER BY id"))
    finally:
        connection.close()
