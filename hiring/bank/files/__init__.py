"""The bank as YAML: read with a fault for every bad row at its line, written so that it reads back the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hiring.bank import rules
from hiring.bank.files.repeats import Repeats, rows_of, text_of
from hiring.bank.files.rows import FrameRow, Names, QuestionRow, Row, SkillRow, TopRow, say, shorten
from hiring.bank.files.source import Fault, Faulty, Loc, Source, Stopped
from hiring.bank.files.writing import write_bank
from hiring.bank.rules import BankFile, Known, QuestionState

__all__ = ["LARGEST", "LARGEST_LOCAL", "Fault", "Faulty", "decode", "read_bank", "read_bank_folder", "write_bank"]

LARGEST = 4 * 1024 * 1024
"""Bytes that may come over the web: some 2,300 questions as long as the shipped ones."""
LARGEST_LOCAL = 64 * 1024 * 1024
SECTIONS: dict[str, type[SkillRow | FrameRow | QuestionRow]] = {"skills": SkillRow, "frames": FrameRow, "questions": QuestionRow}
NOTHING = Known()


def decode(data: bytes) -> str:
    """The text of a file's bytes; those that are not UTF-8 become half characters, which reading it names as a fault."""
    return data.decode("utf-8-sig", "surrogateescape")


def read_bank(text: str, known: Known = NOTHING, *, path: str = "", largest: int = LARGEST) -> BankFile:
    """What `text` says of skills, frames and questions; skills and frames of the bank (`known`) may be named in it."""
    return _read([Source(path, text.removeprefix("\ufeff"), largest=largest)], known)


def read_bank_folder(path: Path, known: Known = NOTHING) -> BankFile:
    """All YAML files of a folder as one bank; skills in the order of its order.txt, files that it does not name first."""
    listed = path / "order.txt"
    order = decode(listed.read_bytes()).split() if listed.is_file() else []
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
    files.sort(key=lambda file: order.index(file.stem) if file.stem in order else -1)
    if not files:
        raise Faulty([Fault(1, "file", "There is no YAML file in this folder.", str(path))])
    return _read([_open(file) for file in files], known)


def _open(file: Path) -> Source:
    try:
        return Source(str(file), decode(file.read_bytes()), largest=LARGEST_LOCAL)
    except OSError as error:
        return Source(str(file), "", largest=0, problem=f"This file can't be read: {error.strerror}.")


def _read(sources: Sequence[Source], known: Known) -> BankFile:
    names = Names(_collect_names(sources, known.skills, "skills"), _collect_names(sources, known.frames, "frames"))
    found: dict[str, list[Any]] = {section: [] for section in SECTIONS}
    repeats = Repeats(sources, known)
    for source in sources:
        try:
            _read_source(source, names, found)
            repeats.find(source)
            _find_impossible_moves(source, known.questions)
        except Stopped:
            continue
    faults = [fault for source in sources for fault in sorted(source.faults, key=lambda fault: fault.line)]
    if faults:
        raise Faulty(faults)
    return BankFile(tuple(found["skills"]), tuple(found["frames"]), tuple(found["questions"]))


def _read_source(source: Source, names: Names, found: Mapping[str, list[Any]]) -> None:
    """Check every row of one file, whatever the others are like, and add the sound ones to `found`."""
    if source.data is None and source.faults:
        return
    top = _check(source, TopRow, source.data, (), names)
    if isinstance(source.data, dict) and not set(source.data) & set(SECTIONS):
        source.fault((), "There are no skills, frames or questions in this file.")
    defaults = {"source": top.source, "licence": top.licence} if isinstance(top, TopRow) else {"source": "", "licence": ""}
    for section, model in SECTIONS.items():
        for loc, row in rows_of(source, section):
            parsed = _check(source, model, row, loc, names)
            if isinstance(parsed, QuestionRow):
                found[section].append(parsed.entry(defaults))
            elif isinstance(parsed, SkillRow | FrameRow):
                found[section].append(parsed.entry())


def _check(source: Source, model: type[Row], row: Any, loc: Loc, names: Names) -> Row | None:
    try:
        return model.model_validate(row, context=names)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            source.fault((*loc, *(part for part in one["loc"] if part != "[key]")), say(model, one))
    return None


def _collect_names(sources: Sequence[Source], known: Mapping[str, str], section: str) -> dict[str, str]:
    """Ids by name and by id, of the bank and of the files, faulty rows too: one fault is enough for one mistake."""
    said = dict(known)
    for source in sources:
        said |= {text_of(row, "id"): text_of(row, "name") for _, row in rows_of(source, section) if text_of(row, "id")}
    by_name = {name.casefold(): one for one, name in said.items() if name}
    return by_name | {one.casefold(): one for one in said}


def _find_impossible_moves(source: Source, states: Mapping[str, QuestionState]) -> None:
    for loc, row in rows_of(source, "questions"):
        before, after = states.get(text_of(row, "id")), text_of(row, "state")
        if before and after in {*QuestionState} and after != before and QuestionState(after) not in rules.QUESTION_MOVES[before]:
            source.fault((*loc, "state"), f"“{shorten(text_of(row, 'id'))}” is {before} in the bank and can't become {after}.")
