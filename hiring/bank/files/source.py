"""One YAML file as plain data, with the line of every place in it; what a bank has no use for is a fault."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from hiring.bank.files.blots import BLOT, FOREIGN, Blot, blot_characters, blot_escapes
from hiring.bank.files.scalars import read_scalar
from hiring.bank.files.syntax import Reached, say_syntax
from hiring.bank.rules import find_control
from hiring.errors import Invalid

DEEPEST = 10
MOST_FAULTS = 1000
MOST_BLOTS = 20_000
QUOTES = ("'", '"')
Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file; `place` counts rows from 1: questions[3].minutes."""

    line: int
    place: str
    message: str
    path: str = ""


class Faulty(Invalid):
    """The file has faults; all of them are named, and nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        number = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(f"{number} found. Nothing was changed.")
        self.faults = list(faults)


class Stopped(Exception):
    """Reading on would lead nowhere."""


def name_place(loc: Loc) -> str:
    """("questions", 2, "probes", 0) as questions[3].probes[1]."""
    said = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return said.removeprefix(".") or "file"


@dataclass
class _Open:
    """A list or a mapping that is still being read; `key` waits for its value."""

    into: Any
    loc: Loc
    bracket: int | None = None
    """Its line, where it opens with a bracket."""
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        return isinstance(self.into, dict) and self.key is None

    @property
    def next_loc(self) -> Loc:
        return (*self.loc, len(self.into) if self.key is None else self.key)

    def take(self, value: Any) -> None:
        if self.key is None:
            self.into.append(value)
        else:
            self.into[self.key], self.key = value, None


class Source:
    """`data` is None where the file can't be read; `faults` then says why."""

    def __init__(self, path: str, text: str, *, largest: int, problem: str = "") -> None:
        self.path = path
        self.data: Any = None
        self.faults: list[Fault] = []
        self._lines: dict[Loc, int] = {}
        self._unreadable: set[Loc] = set()
        self._blots: dict[int, Blot] = {}
        self._around: list[_Open] = []
        self._quote: tuple[int, int] | None = None
        self._places: list[int] = []
        self._is_later = False
        """Whether this is not the first document of the file."""
        try:
            if problem:
                raise self._stop((), problem, 1)
            self._refuse(text, largest)
            self._read_what_can_be(text)
        except Stopped:
            self.data = None

    def line(self, loc: Loc) -> int:
        """The line of a place, or of the nearest place around it."""
        while loc and loc not in self._lines:
            loc = loc[:-1]
        return self._lines.get(loc, 1)

    def fault(self, loc: Loc, message: str, line: int | None = None) -> None:
        """Note a fault, unless what stands there could not be read and has a fault already."""
        if any(loc[:length] in self._unreadable for length in range(1, len(loc) + 1)):
            return
        self.faults.append(Fault(line or self.line(loc), name_place(loc), message, self.path))
        if len(self.faults) >= MOST_FAULTS:
            self.faults.append(Fault(line or self.line(loc), "file", "There are more faults. Mend these first.", self.path))
            raise Stopped

    def _strike(self, loc: Loc, message: str, line: int) -> None:
        """Fault what stands at a place, and believe nothing of it; without a message it has its fault elsewhere."""
        if message:
            self.fault(loc, message, line)
        self._unreadable.add(loc)

    def _refuse(self, text: str, largest: int) -> None:
        if len(text.encode("utf-8", "replace")) > largest:
            raise self._stop((), f"The file is larger than {largest // 1024 // 1024} MB. Split it into several.", 1)
        if not text.strip():
            raise self._stop((), "The file is empty. It has to hold skills, frames or questions.", 1)
        if FOREIGN.search(text) and "\0" in text:
            raise self._stop((), "This is not UTF-8 text. Save the file as UTF-8 and try again.", 1)

    def _read_what_can_be(self, text: str) -> None:
        """Read `text` without what would break it, and fault that too: one bad character hides no other fault."""
        text, characters = blot_characters(text)
        if len(characters) > MOST_BLOTS:
            self._blots = characters
        else:
            try:
                self._try_to_read(text, characters)
            except (OverflowError, ValueError):  # the parser has met an escape that stands for no character
                self.data, self.faults, self._lines, self._unreadable = None, [], {}, set()
                text, escapes = blot_escapes(text)
                self._try_to_read(text, characters | escapes)
        said: set[int] = set()
        for blot in self._blots.values():  # those that stand in no value: in a remark, say
            if blot.message and not blot.is_escape and blot.line not in said:
                self.fault((), blot.message, blot.line)
                said.add(blot.line)

    def _try_to_read(self, text: str, blots: dict[int, Blot]) -> None:
        self._blots, self._places, self._around, self._quote = dict(blots), sorted(blots), [], None
        try:
            self._read(text)
        except YAMLError as error:
            self.data = None
            line, message = say_syntax(error, text, self._reached)
            if line not in {blot.line for blot in blots.values() if not blot.is_escape}:  # a character may well be the cause
                self.fault((), message, line)

    @property
    def _reached(self) -> Reached:
        brackets = [one.bracket for one in self._around if one.bracket]
        return Reached(brackets[-1] if brackets else None, self._quote)

    def _read(self, text: str) -> None:
        """Build `data` from the parser's events, one after another: nothing is expanded, nothing recurses."""
        documents = 0
        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line + 1
            if isinstance(event, DocumentStartEvent):
                self._is_later, documents = documents > 0, documents + 1
                if self._is_later:
                    self.fault((), "A second document starts here. Put all into one, without the line of three hyphens.", line)
            elif isinstance(event, CollectionEndEvent):
                self._around.pop()
            elif isinstance(event, NodeEvent) and self._around and self._around[-1].wants_key:
                self._take_key(self._around[-1], event, line)
            elif isinstance(event, NodeEvent):
                self._take_value(event, line)
            if isinstance(event, ScalarEvent) and event.style in QUOTES and event.end_mark.line + 1 > line:
                self._quote = (line, event.end_mark.line + 1)

    def _take_key(self, inner: _Open, event: NodeEvent, line: int) -> None:
        blot = self._take_blot(event)
        inner.key = event.value.replace(BLOT, "") if isinstance(event, ScalarEvent) and blot else getattr(event, "value", "")
        loc = inner.next_loc
        if blot and blot.message:
            self.fault(loc, blot.message, blot.line)
        if not isinstance(event, ScalarEvent) or event.anchor or event.tag:
            self.fault(inner.loc, "A key has to be one plain word, such as text or minutes.", line)
            self._unreadable.add(loc)
        elif inner.key in inner.into and not self._goes_on(inner):
            self._strike(loc, f"“{inner.key}” stands here a second time; the first is in line {self._lines[loc]}. Keep one.", line)
        self._lines.setdefault(loc, line)
        if isinstance(event, CollectionStartEvent):
            self._enter({} if isinstance(event, MappingStartEvent) else [], loc, event, line)  # what is in it is lost

    def _goes_on(self, inner: _Open) -> bool:
        """Whether a later document goes on with a list of an earlier one: its rows are looked at, too."""
        return inner.loc == () and self._is_later and isinstance(inner.into.get(inner.key), list)

    def _take_value(self, event: NodeEvent, line: int) -> None:
        inner = self._around[-1] if self._around else None
        loc: Loc = inner.next_loc if inner else ()
        self._lines.setdefault(loc, line)
        self._refuse_value(event, loc, line)
        value: Any = None
        if isinstance(event, ScalarEvent):
            value = read_scalar(event.value, is_plain=event.style is None)
        elif isinstance(event, CollectionStartEvent):
            value = {} if isinstance(event, MappingStartEvent) else []
        if inner and isinstance(value, list) and inner.key is not None and self._goes_on(inner):
            value = inner.into[inner.key]
        if inner:
            inner.take(value)
        elif self.data is None or not self._is_later:
            self.data = value
        elif isinstance(value, dict) and isinstance(self.data, dict):
            value = self.data
        if isinstance(event, CollectionStartEvent):
            self._enter(value, loc, event, line)

    def _refuse_value(self, event: NodeEvent, loc: Loc, line: int) -> None:
        """Fault what no value of a bank may have; its text is then not looked at."""
        if blot := self._take_blot(event):
            self._strike(loc, blot.message, blot.line)
        if isinstance(event, AliasEvent):
            self._strike(loc, f"The alias *{event.anchor} stands for something else. Write it out.", line)
        elif event.anchor:
            self._strike(loc, f"The anchor &{event.anchor} is not accepted. Delete it, and write out what repeats.", line)
        if tag := getattr(event, "tag", None):
            self._strike(loc, f"The tag {str(tag).replace('tag:yaml.org,2002:', '!!')} is not accepted. Delete it.", line)
        if isinstance(event, ScalarEvent) and (found := find_control(event.value)):
            self._strike(loc, f"A character that can't be seen stands here ({found}). Delete it.", line)

    def _take_blot(self, event: NodeEvent) -> Blot | None:
        """The first blot in a scalar, with all others in it taken off the list; an escape is one in double quotes alone."""
        if not isinstance(event, ScalarEvent):
            return None
        first, end = (bisect_left(self._places, mark.index) for mark in (event.start_mark, event.end_mark))
        blots = [self._blots.pop(place) for place in self._places[first:end]]
        found = [blot for blot in blots if not blot.is_escape or event.style == '"']
        return next((blot for blot in found if blot.message), found[0] if found else None)

    def _enter(self, value: Any, loc: Loc, event: CollectionStartEvent, line: int) -> None:
        self._around.append(_Open(value, loc, line if event.flow_style else None))
        if len(self._around) > DEEPEST:
            raise self._stop(loc, f"This is nested more than {DEEPEST} deep.", line)

    def _stop(self, loc: Loc, message: str, line: int) -> Stopped:
        """Note the last fault that is worth noting."""
        self.fault(loc, message, line)
        return Stopped()
