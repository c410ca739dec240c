"""One YAML file as plain data, with the line of every place in it; what a bank has no use for is a fault."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from hiring.bank.rules import find_control
from hiring.errors import Invalid

DEEPEST = 10
MOST_FAULTS = 1000
WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
ENDLESS = {".nan": float("nan"), ".inf": float("inf"), "+.inf": float("inf"), "-.inf": -float("inf")}
WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
BROKEN = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
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


def read_scalar(text: str, *, is_plain: bool) -> Any:
    """A scalar's value by YAML 1.2's core schema: `NO` and `12:30` stay text."""
    if not is_plain:
        return text
    small = text.lower()
    if small in WORDS and text in {small, small.upper(), small.capitalize()}:
        return WORDS[small]
    if small in ENDLESS:
        return ENDLESS[small]
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if BROKEN.fullmatch(text) else text


def name_place(loc: Loc) -> str:
    """("questions", 2, "probes", 0) as questions[3].probes[1]."""
    said = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc)
    return said.removeprefix(".") or "file"


@dataclass
class _Open:
    """A list or a mapping that is still being read; `key` waits for its value."""

    into: Any
    loc: Loc
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

    def __init__(self, path: str, text: str, *, largest: int) -> None:
        self.path = path
        self.data: Any = None
        self.faults: list[Fault] = []
        self._lines: dict[Loc, int] = {}
        self._unreadable: set[Loc] = set()
        try:
            self._refuse(text, largest)
            self._read(text)
        except Stopped:
            self.data = None
        except YAMLError as error:
            self.data = None
            self._say_syntax(error)

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
        self.fault(loc, message, line)
        self._unreadable.add(loc)

    def _refuse(self, text: str, largest: int) -> None:
        if len(text.encode("utf-8", "replace")) > largest:
            raise self._stop((), f"The file is larger than {largest // 1024 // 1024} MB. Split it into several.", 1)
        if not text.strip():
            raise self._stop((), "The file is empty. It has to hold skills, frames or questions.", 1)
        for number, line in enumerate(text.split("\n"), start=1):
            if found := find_control(line):
                self.fault((), f"A character that can't be seen stands here ({found}). Delete it.", number)
        if self.faults:
            raise Stopped

    def _read(self, text: str) -> None:
        """Build `data` from the parser's events, one after another: nothing is expanded, nothing recurses."""
        around: list[_Open] = []
        documents = 0
        for event in YAML(typ="safe", pure=True).parse(text):
            line = event.start_mark.line + 1
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._stop((), "A second document starts here. Put all into one, without the line of three hyphens.", line)
            elif isinstance(event, CollectionEndEvent):
                around.pop()
            elif isinstance(event, NodeEvent) and around and around[-1].wants_key:
                self._take_key(around[-1], event, line)
            elif isinstance(event, NodeEvent):
                self._take_value(around, event, line)

    def _take_key(self, inner: _Open, event: NodeEvent, line: int) -> None:
        key = event.value if isinstance(event, ScalarEvent) and not event.anchor and not event.tag else None
        if key is None:
            raise self._stop(inner.loc, "A key has to be one plain word, such as text or minutes.", line)
        inner.key = key
        loc = inner.next_loc
        if key in inner.into:
            self._strike(loc, f"“{key}” stands here a second time; the first is in line {self._lines[loc]}. Keep one.", line)
        self._lines.setdefault(loc, line)

    def _take_value(self, around: list[_Open], event: NodeEvent, line: int) -> None:
        loc: Loc = around[-1].next_loc if around else ()
        self._lines.setdefault(loc, line)
        if isinstance(event, AliasEvent):
            self._strike(loc, f"The alias *{event.anchor} stands for something else. Write it out.", line)
        elif event.anchor:
            self._strike(loc, f"The anchor &{event.anchor} is not accepted. Delete it, and write out what repeats.", line)
        if tag := getattr(event, "tag", None):
            self._strike(loc, f"The tag {str(tag).replace('tag:yaml.org,2002:', '!!')} is not accepted. Delete it.", line)
        value: Any = None
        if isinstance(event, ScalarEvent):
            value = read_scalar(event.value, is_plain=event.style is None)
            if found := find_control(event.value):
                self._strike(loc, f"A character that can't be seen stands here ({found}). Delete it.", line)
        elif isinstance(event, CollectionStartEvent):
            value = {} if isinstance(event, MappingStartEvent) else []
        if around:
            around[-1].take(value)
        else:
            self.data = value
        if isinstance(event, CollectionStartEvent):
            around.append(_Open(value, loc))
            if len(around) > DEEPEST:
                raise self._stop(loc, f"This is nested more than {DEEPEST} deep.", line)

    def _stop(self, loc: Loc, message: str, line: int) -> Stopped:
        """Note the last fault that is worth noting."""
        self.fault(loc, message, line)
        return Stopped()

    def _say_syntax(self, error: YAMLError) -> None:
        mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
        problem = str(getattr(error, "problem", "") or "a character that YAML has no use for")
        if "'\\t'" in problem:
            message = "A tab stands here where blanks belong. Indent with blanks."
        elif "mapping values are not allowed" in problem:
            message = "A colon stands here inside a value. Put the whole value in quotes."
        else:
            message = f"This is not YAML as it should be: {problem}. Check indentation, quotes and brackets here and just above."
        self.faults.append(Fault(mark.line + 1 if mark else 1, "file", message, self.path))
