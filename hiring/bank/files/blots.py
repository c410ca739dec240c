"""What may not stand in a file and would keep the rest from being read: found, and blotted out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hiring.bank.rules import CONTROL

BLOT = "\ufffd"
LONE = re.compile(f"^[{BLOT} ]+$", re.MULTILINE)
"""A line that holds nothing else: a word there would be one too many."""
FOREIGN = re.compile("[\udc80-\udcff]")
"""What decoding makes of bytes that are not UTF-8."""
ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\U(?!000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4})[0-9a-fA-F]{8})")
"""An escape beyond the last character that there is, U+10FFFF; it counts in double quotes alone."""


@dataclass(frozen=True)
class Blot:
    """One thing blotted out; one fault is enough for all that comes of a wrong encoding, so most have no message then."""

    line: int
    message: str
    is_escape: bool = False


def blot_characters(text: str) -> tuple[str, dict[int, Blot]]:
    """`text`, as long as before, without what can't be seen, and what stood there by its index."""
    blots: dict[int, Blot] = {}
    is_first = True
    for index, line, found in _find(CONTROL, text):
        if FOREIGN.match(found[0]):
            said = "This is not UTF-8 text. Save the file as UTF-8 and try again." if is_first else ""
            is_first = False
        else:
            said = f"A character that can't be seen stands here (U+{ord(found[0]):04X}). Delete it."
        blots[index] = Blot(line, said)
    return (LONE.sub(lambda lone: " " * len(lone[0]), CONTROL.sub(BLOT, text)) if blots else text), blots


def blot_escapes(text: str) -> tuple[str, dict[int, Blot]]:
    """The same of escapes that stand for no character."""
    blots = {
        index: Blot(line, f"The escape {found[1]} stands for no character. Delete it.", is_escape=True)
        for index, line, found in _find(ESCAPE, text)
    }
    for index in blots:
        text = f"{text[:index]}\\U0000FFFD{text[index + 10 :]}"
    return text, blots


def _find(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Each match with its index and line; of a group, where there is one."""
    line, counted = 1, 0
    for found in pattern.finditer(text):
        index = found.start(pattern.groups)
        line += text.count("\n", counted, index)
        counted = index
        yield index, line, found
