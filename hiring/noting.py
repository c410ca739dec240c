"""Light Markdown in what people note: emphasis, lists, quotes, code and links; anything else stays as it was typed."""

from collections.abc import Callable
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

RULES = ["emphasis", "list", "blockquote", "backticks", "link", "autolink", "newline", "escape"]
"""What is understood, by markdown-it's names; no heading, image, table, code block, entity or HTML."""
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "code", "a", "wbr"}
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 12
"""Levels of quotes and lists (two for each list); what goes deeper is shown as it was typed: the parser would leave it out."""

Write = Callable[[str], Markup]


def noted(text: str, write: Write = escape) -> Markup:
    """A note as HTML. write: makes the HTML of each piece of plain text in it."""
    parser = _make_parser(write)
    tokens = parser.parse(text)
    if any(token.level >= DEEPEST for token in tokens):
        html = "<p>" + Markup("<br>\n").join(write(line) for line in text.splitlines()) + "</p>"
    else:
        html = parser.renderer.render(tokens, parser.options, {})
    # Once more by a library that knows nothing of Markdown: what it does not allow is not there.
    attributes = {"a": {"href"}, "ol": {"start"}}
    html = html.replace("\n", "")  # they stand between tags alone, and would show where line ends are kept
    return Markup(nh3.clean(html, tags=TAGS, attributes=attributes, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"))  # noqa: S704


@cache
def _make_parser(write: Write) -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "breaks": True, "maxNesting": DEEPEST + 2}).enable(RULES)

    def text(tokens: list, place: int, *_: object) -> str:
        return str(write(tokens[place].content))

    parser.renderer.rules["text"] = text  # pyright: ignore[reportAttributeAccessIssue] - the base class declares no rules
    return parser
