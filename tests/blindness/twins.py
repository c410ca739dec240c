"""Two installations that are the same row by row, but for what one author wrote and others may not read."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask
from itsdangerous.timed import TimestampSigner

from hiring import db as database
from hiring.sqlite import driver
from tests.blindness.place import FILE, Place, add_build, open_app, settle
from tests.blindness.states import Hand, State, come_about, text_of

CANARY = "Kanarie"
"""What every hidden text of the twins begins with, and no other text anywhere."""
SIDES = ("Left", "Right")
CARDS = """
    SELECT scorecards.id, interviewer_id, scorecards.state, loops.id, loops.state, loops.seal, kind = 'lead', freed_at IS NOT NULL
    FROM scorecards JOIN seats ON seats.id = scorecards.seat_id JOIN loops ON loops.id = seats.loop_id ORDER BY seats.id
"""


class Watch(datetime):
    """A clock in the hand of the tests: it goes on by a hundredth of a second while a state comes about, then it stands."""

    moment: datetime = datetime.now().astimezone()
    step = timedelta()

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # pyright: ignore[reportIncompatibleMethodOverride]
        Watch.moment += Watch.step
        return Watch.moment.astimezone(tz)


@contextmanager
def clock(place: Place) -> Iterator[None]:
    """No time passes in here but what `Watch.step` says: nothing has to be taken out of two answers to compare them."""
    Watch.moment, Watch.step = place.moment, timedelta()
    second = int(place.moment.timestamp())
    with patch.object(database, "datetime", Watch), patch.object(TimestampSigner, "get_timestamp", lambda _: second):
        yield


@dataclass(frozen=True)
class Card:
    """A card of a state. is_public: whether the panel reads it. readers: the leads who read it although the panel is sealed."""

    id: str
    author: str
    state: str
    loop_state: str
    is_freed: bool
    is_public: bool
    readers: frozenset[str]
    refused: tuple[str, ...]
    amended: tuple[str, ...]

    @property
    def is_submitted(self) -> bool:
        return self.state == "submitted"


@dataclass
class Twins:
    """The two apps, and the place that each state starts from. changed: hidden values written, of both together.

    written: the cards of the state's author of which all that they say differs; of the others, private texts and revisions alone.
    """

    place: Place
    start: Path
    apps: tuple[Flask, Flask]
    cards: list[Card] = field(default_factory=list)
    written: list[Card] = field(default_factory=list)
    changed: int = 0

    def become(self, state: State) -> None:
        """Let the state come about once, copy the file, and write other hidden values into either."""
        left, right = self.paths()
        for path in (left, right):
            for old in (path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")):
                old.unlink(missing_ok=True)
        shutil.copy(self.start, left)
        Watch.moment, Watch.step = self.place.moment, timedelta(milliseconds=10)
        with self.apps[0].app_context():
            come_about(self.place, state)
        Watch.step = timedelta()
        settle(self.apps[0])
        shutil.copy(left, right)
        self.cards = _list_cards(left, self.place)
        own = [card for card in self.cards if card.author == state.author]
        self.written = [card for card in own if not card.is_public and not (state.spares and card.readers)]
        for path, hand, side in zip((left, right), (state.left, state.right), SIDES, strict=True):
            self.changed += write_hidden(path, own, self.written, hand, CANARY + side)

    def paths(self) -> tuple[Path, Path]:
        return Path(self.apps[0].instance_path) / FILE, Path(self.apps[1].instance_path) / FILE

    def put_away(self) -> None:
        """Let go of both files, so that the next state can take their place."""
        for app in self.apps:
            with app.app_context():
                database.db.engine.dispose()


def make_twins(folder: Path, place: Place, start: Path) -> Twins:
    """Two apps in `folder`; start: the file of `place`."""
    apps = open_app(folder / "left"), open_app(folder / "right")
    for app in apps:
        add_build(Path(app.instance_path), place.names["plan_id"][1])
    return Twins(place, start, apps)


def write_hidden(path: Path, own: list[Card], written: list[Card], hand: Hand, word: str) -> int:
    """Write `hand` over what only the author of `own` may read, and over all of `written`, row by row; how many rows were."""
    connection = driver.connect(str(path))  # pyright: ignore[reportAttributeAccessIssue]
    try:
        before = connection.total_changes
        for card in own:
            _write_texts(connection, card.id, hand, word)
        for card in written:
            _write_card(connection, card.id, hand.complete() if card.is_submitted else hand, word)
        connection.commit()
        return connection.total_changes - before
    finally:
        connection.close()


def _write_texts(connection: Any, card: str, hand: Hand, word: str) -> None:
    """Private notes, revisions and what was refused: the author's for good, after the reveal too."""
    connection.execute("UPDATE scorecards SET private_notes = ? WHERE id = ?", (text_of(word, hand.lengths[0] or 60), card))
    lengths = cycle(hand.lengths)
    for table, column in (("card_revisions", "changed"), ("refused_texts", "fields")):
        rows = connection.execute(f"SELECT id, {column} FROM {table} WHERE scorecard_id = ?", (card,)).fetchall()  # noqa: S608 - named above
        for row, fields in rows:
            kept = {name: text_of(word, next(lengths)) if _is_text(name) else text for name, text in json.loads(fields).items()}
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (json.dumps(kept), row))  # noqa: S608


def _is_text(name: str) -> bool:
    return name.startswith(("evidence-", "notes-")) or name in {"why_not", "summary", "debrief_notes", "private_notes"}


def _write_card(connection: Any, card: str, hand: Hand, word: str) -> None:
    lengths, given, number = cycle(hand.lengths), cycle(hand.given), count()
    for (row,) in connection.execute("SELECT id FROM marks WHERE scorecard_id = ? ORDER BY skill_id", (card,)).fetchall():
        values = (next(given), text_of(f"{word}{next(number)}", next(lengths)), row)
        connection.execute("UPDATE marks SET given = ?, evidence = ? WHERE id = ?", values)
    for (row,) in connection.execute("SELECT id FROM question_notes WHERE scorecard_id = ?", (card,)).fetchall():
        values = (hand.was_asked, text_of(f"{word}{next(number)}", next(lengths)), hand.minutes, row)
        connection.execute("UPDATE question_notes SET was_asked = ?, notes = ?, minutes = ? WHERE id = ?", values)
    said = (hand.recommendation, text_of(word, next(lengths) or 60), text_of(word, 60), text_of(word, next(lengths)), card)
    connection.execute("UPDATE scorecards SET recommendation = ?, summary = ?, why_not = ?, debrief_notes = ? WHERE id = ?", said)


def _list_cards(path: Path, place: Place) -> list[Card]:
    connection = driver.connect(str(path))  # pyright: ignore[reportAttributeAccessIssue]
    try:
        rows = connection.execute(CARDS).fetchall()
        refused = connection.execute("SELECT scorecard_id, id FROM refused_texts ORDER BY refused_at, id").fetchall()
        amended = connection.execute("SELECT scorecard_id, id FROM amendments ORDER BY made_at, id").fetchall()
    finally:
        connection.close()
    parts = {person_id: part for part, person_id in place.people.items()}
    leads_in = {
        (loop, parts[author])
        for _, author, state, loop, _, _, is_lead, is_freed in rows
        if is_lead and not is_freed and state == "submitted"
    }
    cards = []
    for card, person_id, state, loop, loop_state, seal, _, is_freed in rows:
        author, is_on_record = parts[person_id], state == "submitted" and not is_freed
        readers = (
            frozenset(one for at, one in leads_in if at == loop and one != author) if is_on_record and seal == "own" else frozenset[str]()
        )
        is_public = is_on_record and loop_state in {"revealed", "decided"}
        kept = (tuple(one for about, one in kind if about == card) for kind in (refused, amended))
        cards.append(Card(card, author, state, loop_state, bool(is_freed), is_public, readers, *kept))
    return cards
