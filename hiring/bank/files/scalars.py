"""What a scalar of YAML stands for."""

import re
from typing import Any

WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
ENDLESS = {".nan": float("nan"), ".inf": float("inf"), "+.inf": float("inf"), "-.inf": -float("inf")}
WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
BROKEN = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


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
