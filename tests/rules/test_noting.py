"""Light Markdown: what it makes of notes, and that it can neither lose a word nor let a tag through."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from hiring.noting import TAGS, noted

CASES = {
    "plain words": ("Named one lead.", "<p>Named one lead.</p>"),
    "a line break stays one": ("one\ntwo", "<p>one<br>two</p>"),
    "emphasis": ("*so* **said**", "<p><em>so</em> <strong>said</strong></p>"),
    "a name with underscores": ("kept max_open_files in mind", "<p>kept max_open_files in mind</p>"),
    "a list": ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
    "a numbered list keeps its start": ("3. three", '<ol start="3"><li>three</li></ol>'),
    "code": ("ran `rm -rf`", "<p>ran <code>rm -rf</code></p>"),
    "a quote": ("> never again", "<blockquote><p>never again</p></blockquote>"),
    "a link": ("[log](https://a.example)", '<p><a href="https://a.example" rel="noopener noreferrer nofollow">log</a></p>'),
    "no link that runs": ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    "no link to a file": ("[x](file:///etc/passwd)", "<p>[x](file:///etc/passwd)</p>"),
    "no image": ("![x](https://a.example/p.png)", '<p>!<a href="https://a.example/p.png" rel="noopener noreferrer nofollow">x</a></p>'),
    "no HTML": ("<b>no</b> & <script>", "<p>&lt;b&gt;no&lt;/b&gt; &amp; &lt;script&gt;</p>"),
    "no heading": ("# 1 priority", "<p># 1 priority</p>"),
    "no entity": ("typed &lt;b&gt;", "<p>typed &amp;lt;b&amp;gt;</p>"),
    "no code block": ("    indented", "<p>indented</p>"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "html"), CASES.values(), ids=CASES)
def test_notes_are_read_as_light_markdown(text: str, html: str) -> None:
    assert noted(text).strip() == html


@given(st.text(st.sampled_from("xyz1 *_`>-[]()<>!#&\\\n\t:/.~|"), max_size=200))
def test_no_word_is_lost_and_no_tag_comes_through(text: str) -> None:
    html = noted(text)
    assert set(re.findall(r"<(\w+)", html)) <= TAGS
    assert {letter for letter in "xyz" if text.count(letter) > html.count(letter)} == set()


def test_each_piece_of_text_is_written_by_whoever_asks() -> None:
    assert noted("*so* it goes", lambda text: escape(text.upper())).strip() == "<p><em>SO</em> IT GOES</p>"


def test_what_is_nested_too_deep_is_shown_as_it_was_typed() -> None:
    for deep in range(1, 40):
        assert "here" in noted("> " * deep + "here")
        assert "here" in noted("".join("  " * level + "- x\n" for level in range(deep)) + "  " * deep + "- here")
    assert noted("> " * 500 + "here").count("<blockquote>") == 0
