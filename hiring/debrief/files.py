"""Ratings and weights as CSV: every row that can't be used is named with its line, and nothing is guessed.

Commas, semicolons or tabs between the cells, with or without a byte order mark, as spreadsheets write them. Columns are known
by their names in the first row, in any order and any case; cells and names are trimmed.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hiring.debrief.ratings import Criterion, Rating, Scale
from hiring.errors import Invalid

RATING_COLUMNS = ("candidate", "interviewer", "session", "skill", "mark")
WEIGHT_COLUMNS = ("skill", "weight", "must_have")
NAMES = ("candidate", "interviewer", "session", "skill")
OPTIONAL = ("must_have",)
DELIMITERS = (",", ";", "\t")
NO_EVIDENCE = "none"
LONGEST_NAME, LONGEST_SHOWN = 200, 40
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\udc80-\udcff]")
FOREIGN = re.compile("[\udc80-\udcff]")
"""What decoding makes of bytes that are not UTF-8."""
WHOLE = re.compile(r"[+-]?[0-9]{1,9}(\.0+)?")
NUMBER = re.compile(r"\+?([0-9]{1,9}(\.[0-9]*)?|\.[0-9]+)")
BROKEN = "a quote opens here that doesn't close, or closes too early."
Made = TypeVar("Made", Rating, Criterion)


class Unusable(Invalid):
    """Nothing of the file can be used; faults: why, each with its line."""

    def __init__(self, message: str, faults: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.faults = list(faults)


@dataclass(frozen=True)
class Found:
    """What a file of ratings holds, and a sentence for each row or column of it that isn't used or looks odd."""

    ratings: tuple[Rating, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Row:
    """A row's cells by the names of their columns, or why it can't be read. line: where it starts, from 1."""

    line: int
    cells: dict[str, str]
    fault: str = ""


@dataclass(frozen=True)
class _Table:
    delimiter: str
    unknown: list[str]
    rows: list[_Row]


def read_ratings(data: bytes, scale: Scale) -> Found:
    """The ratings of a file of candidate, interviewer, session, skill and mark. Raises Unusable where no row can be used."""
    table = _read_table(data, RATING_COLUMNS)
    kept, faults = _sort_out(table.rows, lambda row: _read_rating(row, scale), NAMES)
    if not kept:
        raise Unusable("No row of it can be used.", faults or ["line 1: no row follows."])
    unknown = [f"line 1: the column “{_show(name)}” isn't read." for name in table.unknown]
    return Found(tuple(kept), tuple(unknown + faults + _find_twins(kept)))


def read_weights(data: bytes, scale: Scale) -> tuple[Criterion, ...]:
    """The rule of a file of skill, weight and must_have. Raises Unusable for any fault: half of a rule is another rule."""
    table = _read_table(data, WEIGHT_COLUMNS)
    has_commas = table.delimiter != ","
    kept, faults = _sort_out(table.rows, lambda row: _read_criterion(row, scale, has_commas=has_commas), ("skill",))
    if faults or not kept:
        raise Unusable("The weights can't be used.", faults or ["line 1: no row follows."])
    return tuple(kept)


def _read_table(data: bytes, wanted: Sequence[str]) -> _Table:
    """The rows below a head that has the wanted columns; empty rows are left out."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in data[:1000]:
        raise Unusable("This is no CSV in UTF-8. Save it as “CSV UTF-8”.")
    text = data.decode("utf-8-sig", "surrogateescape")
    told = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)  # Excel says so in a line of its own
    skipped = 1 if told else 0
    text = text[told.end() :] if told else text
    heads = {
        one: [cell.strip().casefold() for cell in next(csv.reader(io.StringIO(text, newline=""), delimiter=one), [])] for one in DELIMITERS
    }
    delimiter = max(DELIMITERS, key=lambda one: sum(name in heads[one] for name in wanted))
    head = heads[delimiter]
    _check_head(head, wanted, skipped + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = [row for row in _read_rows(reader, head, skipped) if row.fault or any(row.cells.values())]
    return _Table(delimiter, [name for name in head if name and name not in wanted], rows[1:])


def _check_head(head: Sequence[str], wanted: Sequence[str], line: int) -> None:
    missing = [name for name in wanted if name not in head and name not in OPTIONAL]
    twice = [name for name in wanted if head.count(name) > 1]
    faults = [f"line {line}: there is no column “{name}”." for name in missing]
    faults += [f"line {line}: two columns are called “{name}”." for name in twice]
    if faults:
        raise Unusable(f"The first row has to name the columns: {', '.join(wanted)}.", faults)


def _read_rows(reader: Iterator[list[str]], head: Sequence[str], skipped: int) -> Iterator[_Row]:
    """Every row, the head first; one that isn't CSV has a fault, and reading goes on after it."""
    while True:
        line = reader.line_num + skipped + 1  # pyright: ignore[reportAttributeAccessIssue]
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            yield _Row(line, {}, f"{error}." if "limit" in str(error) else BROKEN)
            continue
        extra = [cell for cell in cells[len(head) :] if cell]
        if any(cells) and (extra or len(cells) < len(head)):
            yield _Row(line, {}, f"it has {len(cells)} cells, and the first row {len(head)}.")
        else:
            yield _Row(line, dict(zip(head, cells, strict=False)))


def _sort_out(rows: Sequence[_Row], make: Callable[[_Row], Made], key: Sequence[str]) -> tuple[list[Made], list[str]]:
    """What can be made of the rows, and the faults of the others by line. Of rows with the same key none is used."""
    made, faults = dict[int, Made](), dict[int, str]()
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row in rows:
        try:
            made[row.line] = make(row)
            places[tuple(row.cells[name] for name in key)].append(row.line)
        except Invalid as error:
            faults[row.line] = str(error)
    for lines in places.values():
        for line in lines if len(lines) > 1 else ():
            others = ", ".join(str(other) for other in lines if other != line)
            faults[line] = f"line {others} has the same {', '.join(key)}: none of them is used."
            del made[line]
    return list(made.values()), [f"line {line}: {faults[line]}" for line in sorted(faults)]


def _read_name(row: _Row, column: str) -> str:
    name = row.cells[column]
    if not name:
        raise Invalid(f"{column}: it is empty.")
    if UNSEEN.search(name):
        if FOREIGN.search(name):
            raise Invalid(f"{column}: this isn't UTF-8 text. Save the file as “CSV UTF-8”.")
        raise Invalid(f"{column}: it holds a line break or another character that can't be seen.")
    if len(name) > LONGEST_NAME:
        raise Invalid(f"{column}: “{_show(name)}” is longer than {LONGEST_NAME} characters.")
    return name


def _read_rating(row: _Row, scale: Scale) -> Rating:
    if row.fault:
        raise Invalid(row.fault)
    names = [_read_name(row, column) for column in NAMES]
    said = row.cells["mark"]
    if not said:
        return Rating(*names, mark=None, asked=False)
    if said.casefold() == NO_EVIDENCE:
        return Rating(*names, mark=None, asked=True)
    if not WHOLE.fullmatch(said) or not scale.low <= int(float(said)) <= scale.high:
        raise Invalid(f"mark: “{_show(said)}” is neither a whole number from {scale.low} to {scale.high} nor “{NO_EVIDENCE}” nor empty.")
    return Rating(*names, mark=int(float(said)))


def _read_criterion(row: _Row, scale: Scale, *, has_commas: bool) -> Criterion:
    """has_commas: whether 1,5 can only be a number."""
    if row.fault:
        raise Invalid(row.fault)
    skill = _read_name(row, "skill")
    weight = _read_number(row.cells["weight"], has_commas)
    if not weight:
        raise Invalid(f"weight: “{_show(row.cells['weight'])}” is no positive number.")
    said = row.cells.get("must_have", "")
    bar = _read_number(said, has_commas) if said else None
    if said and (bar is None or not scale.low <= bar <= scale.high):
        raise Invalid(f"must_have: “{_show(said)}” is no number from {scale.low} to {scale.high}. Leave it empty where there is no bar.")
    return Criterion(skill, weight, bar)


def _read_number(said: str, has_commas: bool) -> float | None:
    said = said.replace(",", ".") if has_commas else said
    return float(said) if NUMBER.fullmatch(said) else None


def _find_twins(ratings: Sequence[Rating]) -> list[str]:
    """Names that differ in case or spaces alone: probably one, but taken as two."""
    twins = []
    for column in NAMES:
        names: dict[str, set[str]] = defaultdict(set)
        for name in {getattr(one, column) for one in ratings}:
            names[" ".join(name.casefold().split())].add(name)
        for same in sorted(sorted(names) for names in names.values() if len(names) > 1):
            twins.append(f"{column}: {' and '.join(f'“{_show(name)}”' for name in same)} are taken as {len(same)} different ones.")
    return twins


def _show(text: str) -> str:
    """Text of a file as it may stand in a message: short, and without what can't be seen."""
    text = UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 2]} …"
