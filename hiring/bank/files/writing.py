"""A bank as YAML 1.2 in block style, one line for one sentence, so that a change of one sentence is a change of one line.

Written by hand: ruamel.yaml's emitter takes 40 seconds for 10,000 questions, and this shape needs one second.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from hiring.bank.files.scalars import read_scalar
from hiring.bank.rules import BankFile, QuestionEntry, SkillEntry

# A letter first, and nothing in it that YAML would take for the end of the text.
BARE = re.compile(r"[^\W\d_](?:(?!: | #)[^\n])*(?<!:)")


def _write_scalar(value: Any) -> str:
    """A value on one line: bare where it reads back as the same text, else as JSON has it, which YAML reads too."""
    if isinstance(value, str):
        is_bare = BARE.fullmatch(value) and isinstance(read_scalar(value, is_plain=True), str)
        return str(value) if is_bare else json.dumps(str(value), ensure_ascii=False)
    return json.dumps(value)


def _write_value(value: Any, indent: int) -> Iterator[str]:
    """What follows a key or a hyphen: the rest of its line, then the lines below it."""
    blanks = " " * indent
    if isinstance(value, Mapping) and value:
        yield ""
        for key, one in value.items():
            first, *rest = _write_value(one, indent + 2)
            yield from (f"{blanks}{key}:{first}", *rest)
    elif isinstance(value, Sequence) and value and not isinstance(value, str):
        yield ""
        for one in value:
            first, *rest = _write_value(one, indent + 2)
            if isinstance(one, Mapping):
                first, *rest = [f" {rest[0].lstrip()}", *rest[1:]]
            yield from (f"{blanks}-{first}", *rest)
    elif isinstance(value, str) and "\n" in value:
        yield " |-"
        yield from (f"{blanks}{line}" if line else "" for line in value.split("\n"))
    else:
        yield f" {_write_scalar(list(value) if isinstance(value, tuple) else value)}"


def _commonest(values: Sequence[str]) -> str:
    return min(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]), default=("", 0))[0]


def _skill_row(skill: SkillEntry) -> dict[str, Any]:
    row = asdict(skill)
    return row | {"retired": True} if row.pop("is_retired") else row


def _question_row(question: QuestionEntry, top: Mapping[str, str]) -> dict[str, Any]:
    """A question's keys in the order of the shipped files; what is empty, or the same for the whole file, is left out."""
    row = asdict(question)
    left_out = {name for name in ("secondary", "frames", "strong", "weak", "wording_group", "state") if not row[name]}
    left_out |= {name for name, default in top.items() if row[name] == default}
    return {name: value for name, value in row.items() if name not in left_out}


def write_bank(bank: BankFile) -> str:
    """The whole bank; reading it gives `bank` again."""
    top = {name: _commonest([getattr(question, name) for question in bank.questions]) for name in ("source", "licence")}
    data: dict[str, Any] = {name: value for name, value in top.items() if value}
    data["skills"] = [_skill_row(skill) for skill in bank.skills]
    data["frames"] = [asdict(frame) for frame in bank.frames]
    data["questions"] = [_question_row(question, top) for question in bank.questions]
    lines = []
    for name, value in data.items():
        first, *rest = _write_value(value, 2)
        lines += [f"{name}:{first}", *rest]
    return "\n".join(lines) + "\n"
