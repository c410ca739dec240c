"""What stands twice in bank files, or once there and once in the bank: ids, names, the words of questions, their items."""

from collections.abc import Iterator, Sequence
from typing import Any

from hiring.bank import rules
from hiring.bank.files.source import Loc, Source
from hiring.bank.rules import Known, QuestionState

NOUNS = {"skills": "skill", "frames": "frame", "questions": "question"}
Seen = dict[tuple[str, str, str], tuple[Source, Loc]]
"""Where each id and name was met first: (section, "id" or "name", the id or name) to its file and place."""


def rows_of(source: Source, section: str) -> Iterator[tuple[Loc, Any]]:
    data = source.data if isinstance(source.data, dict) else {}
    rows = data.get(section)
    for index, row in enumerate(rows if isinstance(rows, list) else []):
        yield (section, index), row


def text_of(row: Any, key: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    return rules.clean_line(value) if isinstance(value, str) else ""


def question_id_of(row: Any) -> str:
    """The id that a question's row has, or gets from its words."""
    words = row.get("text") if isinstance(row, dict) else None
    return text_of(row, "id") or (rules.make_question_id(words) if isinstance(words, str) else "")


class Repeats:
    """Looks through the files, one after another, for what another row or the bank (`known`) has already."""

    def __init__(self, sources: Sequence[Source], known: Known) -> None:
        self._known = known
        self._seen: Seen = {}
        others = {"skills": known.skills, "frames": known.frames, "questions": {}}
        self._names = {section: {name.casefold(): one for one, name in names.items()} for section, names in others.items()}
        rows = [row for source in sources for _, row in rows_of(source, "questions")]
        in_files = {question_id_of(row) for row in rows}
        # A question that keeps the words it has is older than any that takes the same; what a file changes is free.
        self._words = {words: one for one, words in known.words.items() if one not in in_files}
        self._words |= {rules.fold(text_of(row, "text")): question_id_of(row) for row in rows if self._keeps_words(row)}

    def find(self, source: Source) -> None:
        """Fault what stands twice."""
        for section in NOUNS:
            for loc, row in rows_of(source, section):
                self._find_id_and_name(source, section, loc, row)
        for loc, row in rows_of(source, "questions"):
            self._find_items(source, loc, row)

    def _find_id_and_name(self, source: Source, section: str, loc: Loc, row: Any) -> None:
        own_id, name = text_of(row, "id"), text_of(row, "name").casefold() if section != "questions" else ""
        if section == "questions" and not own_id:
            is_new = self._find_one(source, (section, "id", question_id_of(row)), (*loc, "text"), "text")
        else:
            is_new = self._find_one(source, (section, "id", own_id), (*loc, "id"), "id")
        self._find_one(source, (section, "name", name), (*loc, "name"), "name")
        taken = self._names[section].get(name, own_id)
        if taken != own_id:
            source.fault((*loc, "name"), f"The {NOUNS[section]} “{taken}” of the bank has this name already.")
        if section == "questions" and is_new:
            self._find_words(source, loc, row)

    def _find_one(self, source: Source, key: tuple[str, str, str], loc: Loc, part: str) -> bool:
        """Whether this is the first with that key; what is empty counts as such."""
        first, place = self._seen.setdefault(key, (source, loc)) if key[2] else (source, loc)
        if place == loc and first is source:
            return True
        where = f"line {first.line(place)}" + (f" of {first.path}" if first is not source else "")
        source.fault(loc, f"Another {NOUNS[key[0]]} has this {part} already, in {where}.")
        return False

    def _find_words(self, source: Source, loc: Loc, row: Any) -> None:
        """Fault a question that asks word for word what another does; what is retired is asked no more."""
        words = rules.fold(text_of(row, "text"))
        if not words or self._is_retired(row) or self._keeps_words(row):
            return
        if words in self._words:
            said = f"The question “{self._words[words]}” asks this in the same words. Keep one, or say it differently."
            source.fault((*loc, "text"), said)
        else:
            self._find_one(source, ("questions", "text", words), (*loc, "text"), "text")

    def _keeps_words(self, row: Any) -> bool:
        words = rules.fold(text_of(row, "text"))
        return bool(words) and not self._is_retired(row) and self._known.words.get(question_id_of(row)) == words

    def _is_retired(self, row: Any) -> bool:
        return (text_of(row, "state") or self._known.questions.get(question_id_of(row))) == QuestionState.RETIRED

    def _find_items(self, source: Source, loc: Loc, row: Any) -> None:
        for key in ("probes", "strong", "weak"):
            items = row.get(key) if isinstance(row, dict) else None
            first: dict[str, int] = {}
            for index, item in enumerate(items if isinstance(items, list) else []):
                words = rules.fold(item) if isinstance(item, str) else ""
                if words and first.setdefault(words, index) != index:
                    where = source.line((*loc, key, first[words]))
                    source.fault((*loc, key, index), f"This stands in “{key}” already, in line {where}. Delete one of them.")
