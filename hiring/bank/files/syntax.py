"""What is wrong with a file that is no YAML, at the line where it can be mended."""

import re
from dataclasses import dataclass

from ruamel.yaml.error import MarkedYAMLError, YAMLError

KEY = re.compile(r"\s*(- +)*[\w-]+ *:(\s|$)")


@dataclass(frozen=True)
class Reached:
    """How far reading came: the line of the innermost open bracket, and where the last quote over several lines began and ended."""

    bracket: int | None = None
    quote: tuple[int, int] | None = None


def say_syntax(error: YAMLError, text: str, reached: Reached) -> tuple[int, str]:
    """The line to look at, and a sentence; a parser names the line where it gave up, often far below."""
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    line = mark.line + 1 if mark else 1
    problem = str(getattr(error, "problem", "") or "a character that YAML has no use for")
    return (
        _say_quote(error, line, reached)
        or _say_blank_or_colon(line, problem)
        or _say_bracket(line, problem, text, reached)
        or (line, f"This is not YAML as it should be: {problem}. Check indentation, quotes and brackets here and just above.")
    )


def _say_quote(error: YAMLError, line: int, reached: Reached) -> tuple[int, str] | None:
    if isinstance(error, MarkedYAMLError) and error.context == "while scanning a quoted scalar" and error.context_mark:
        return error.context_mark.line + 1, "The quote that opens here is never closed."
    if reached.quote and reached.quote[1] == line:
        return reached.quote[0], f"The quote that opens here is never closed: it runs on to the next one, in line {line}."
    return None


def _say_blank_or_colon(line: int, problem: str) -> tuple[int, str] | None:
    if "'\\t'" in problem:
        return line, "A tab stands here where blanks belong. Indent with blanks."
    if "mapping values are not allowed" in problem:
        return line, "A colon stands here inside a value. Put the whole value in quotes."
    return None


def _say_bracket(line: int, problem: str, text: str, reached: Reached) -> tuple[int, str] | None:
    if reached.bracket is None:
        return None
    is_key = KEY.match([*text.split("\n"), ""][line - 1])
    if "'<scalar>'" in problem and not is_key:
        return line, "A comma is missing here, or a quote, between two parts of a list."
    if line > reached.bracket or problem.endswith(("'<stream end>'", "']'", "'}'")):
        return reached.bracket, "The bracket that opens here is never closed."
    return None
