"""The real app on a real file, put back to its start for each life, and read beside the app, row by row."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from hiring.db import db
from hiring.debrief.queries import get_debrief, read_sheet
from hiring.loops.queries import get_seat
from hiring.scorecards.queries import read_blank_kit
from hiring.sqlite import PRAGMAS, driver
from tests.blindness.place import FILE, make_place, open_app
from tests.card_life.model import EVERYBODY, PANEL, Fields
from tests.people import person

CARDS = """
    SELECT interviewer_id, scorecards.id, scorecards.state = 'submitted', scorecards.version,
           recommendation, why_not, summary, debrief_notes, private_notes
    FROM scorecards JOIN seats ON seats.id = seat_id WHERE seats.loop_id = ?
"""


@dataclass
class Stood:
    """A card as the database has it."""

    id: str
    is_submitted: bool
    version: int
    fields: Fields
    revisions: list[tuple[int, Fields]] = field(default_factory=list)
    amended: list[tuple[str, str, str]] = field(default_factory=list)
    refused: list[Fields] = field(default_factory=list)


@dataclass
class Stand:
    """Everything that the database says of the panel. early: why it was revealed early."""

    stage: str
    early: str | None
    cards: dict[str, Stood]
    trail: list[tuple[str, str]]
    decisions: list[bool]


class Site:
    """An installation for one life after the other; `close` when done."""

    def __init__(self, folder: Path, shipped: Path | None = None) -> None:
        self.stack = ExitStack()
        # A commit that waits for the disk shows nothing here: power cuts are measured elsewhere.
        self.stack.enter_context(patch.dict(PRAGMAS, {"synchronous": ("OFF", 0)}))
        self.place = make_place(folder / "start", shipped)
        self.start = folder / "start" / FILE
        self.app = open_app(folder / "life")
        self.file = folder / "life" / FILE
        self.client = self.app.test_client(use_cookies=False)
        self.cookies = {part: self._make_cookie(part) for part in EVERYBODY}
        self.parts = {person_id: part for part, person_id in self.place.people.items()}
        self.connection: Any = None
        self.reset()
        with self.app.app_context():
            self.blank = {part: read_blank_kit(get_seat(self.place.world.seats[part])).entries.fields() for part in PANEL}

    def _make_cookie(self, part: str) -> str:
        """One that is sent again and again: what the app says after each step would make a browser's own ever longer."""
        client: FlaskClient = self.app.test_client()
        with client.session_transaction() as session:
            session["token"] = self.place.world.tokens[part]
        name = self.app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
        assert cookie is not None
        return f"{name}={cookie.value}"

    def reset(self) -> None:
        """Begin anew, on a fresh copy of the file."""
        self._let_go()
        for name in (FILE, f"{FILE}-wal", f"{FILE}-shm"):
            (self.file.parent / name).unlink(missing_ok=True)
        shutil.copy(self.start, self.file)
        self.connection = driver.connect(str(self.file), isolation_level=None)  # pyright: ignore[reportAttributeAccessIssue]
        self.before = self._find("SELECT max(id) FROM audit_events")[0][0]

    def _let_go(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        if self.connection is not None:
            self.connection.close()

    def close(self) -> None:
        self._let_go()
        self.stack.close()

    def get(self, part: str, path: str) -> TestResponse:
        return self.client.get(path, headers={"Cookie": self.cookies[part]}, buffered=True)

    def ask(self, part: str, path: str, data: dict[str, str]) -> TestResponse:
        return self.client.post(path, data=data, headers={"Cookie": self.cookies[part]}, buffered=True)

    def post(self, part: str, path: str, data: dict[str, str] | None = None) -> int:
        return self.ask(part, path, data or {}).status_code

    def open_after_own(self) -> None:
        """Let the loop open its cards to leads whose own is in, as if its opening had chosen so before."""
        self._find("UPDATE loops SET seal = 'own' WHERE id = ?", self.place.world.loop)

    def read_scores(self, reader: str) -> dict[str, float | None]:
        """By skill the score of the candidate's comparison, as `reader` sees it; empty where they may not."""
        with self.app.app_context():
            sheet = read_sheet(person(reader), get_debrief(self.place.world.slug), [self.place.world.candidacy], alone=True)
            return {cell.skill_id: cell.score for cell in sheet.cells}

    def _find(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, values).fetchall()

    def read(self) -> Stand:
        """What stands now."""
        loop = self.place.world.loop
        stage, early = self._find("SELECT state, early_because FROM loops WHERE id = ?", loop)[0]
        cards = {self.parts[row[0]]: self._read_card(self.parts[row[0]], *row[1:]) for row in self._find(CARDS, loop)}
        trail = self._find("SELECT act, actor_id FROM audit_events WHERE id > ? ORDER BY id", self.before)
        decisions = self._find("SELECT reopened_at IS NULL FROM decisions WHERE loop_id = ? ORDER BY decided_at", loop)
        return Stand(stage, early, cards, [(act, self.parts[actor]) for act, actor in trail], [bool(holds) for (holds,) in decisions])

    def _read_card(self, part: str, card: str, is_submitted: int, version: int, *texts: str | None) -> Stood:
        fields = dict(self.blank[part])
        fields |= dict(
            zip(("recommendation", "why_not", "summary", "debrief_notes", "private_notes"), (one or "" for one in texts), strict=True)
        )
        for skill, given, evidence in self._find("SELECT skill_id, given, evidence FROM marks WHERE scorecard_id = ?", card):
            fields |= {f"given-{skill}": given or "", f"evidence-{skill}": evidence}
        notes = "SELECT plan_question_id, was_asked, notes, minutes FROM question_notes WHERE scorecard_id = ?"
        for place, was_asked, text, minutes in self._find(notes, card):
            fields |= {f"asked-{place}": {1: "yes", 0: "no", None: ""}[was_asked], f"notes-{place}": text}
            fields[f"minutes-{place}"] = "" if minutes is None else str(minutes)
        revisions = self._find("SELECT number, changed FROM card_revisions WHERE scorecard_id = ? ORDER BY number", card)
        amended = self._find("SELECT skill_id, given, reason FROM amendments WHERE scorecard_id = ? ORDER BY made_at", card)
        refused = self._find("SELECT fields FROM refused_texts WHERE scorecard_id = ? ORDER BY refused_at, rowid", card)
        told = [(number, json.loads(text)) for number, text in revisions]
        return Stood(card, bool(is_submitted), version, fields, told, amended, [json.loads(text) for (text,) in refused])
