"""Code in colours: classes only, nothing lost, nothing slow."""

from __future__ import annotations

import html
import re
import time

import pytest

from parvis.foundation.richtext import render
from parvis.foundation.richtext.highlight import LANGUAGES, highlighted, language_of

CODE = 'def greet(name: str) -> None:\n    # Say it\n    print(f"Hello {name}", 42)\n'


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def test_code_in_a_known_language_gets_classes_and_keeps_its_text() -> None:
    rendered = render(f"```python\n{CODE}```").html
    for expected in (
        'class="language-python"',
        '<span class="hl-k">def</span>',
        '<span class="hl-c"># Say it</span>',
    ):
        assert expected in rendered
    assert plain(rendered).strip("\n") == CODE.strip("\n") and "style" not in rendered


@pytest.mark.parametrize("info", ["", "nonsense", "mermaid", "<script>", "python'onclick"])
def test_an_unknown_language_stays_plain(info: str) -> None:
    rendered = render(f"```{info}\n<b>{CODE}</b>\n```").html
    assert "hl-" not in rendered and "<b>" not in rendered and "<script" not in rendered


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_whatever_is_written_comes_back_unchanged(language: str) -> None:
    code = '\n\n<a href="x">&amp; \u2028 é 🎉</a>\n\t"""\\\n\'unclosed ${` /* <!-- \n'
    markup = highlighted(code, language)
    assert markup is not None and plain(markup) == code
    assert set(re.findall(r"<(?!/?span)[^>]*>", markup)) == set()


HOSTILE = [
    "(",
    "{",
    '"',
    "'",
    "/*",
    "<!--",
    "<a ",
    "\\",
    "a=",
    "`",
    "${",
    "[[",
    "0",
    "- ",
    'r#"',
    "@",
    "$(",
    "<<A\n",
    "--",
    "x:" * 3,
]


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_a_hostile_text_is_coloured_or_left_plain_in_a_moment(language: str) -> None:
    for piece in HOSTILE:
        line = (piece * 500)[:499]
        started = time.perf_counter()
        highlighted("\n".join([line] * 39), language)
        assert time.perf_counter() - started < 1.5, (language, piece)


def test_long_texts_and_lines_stay_plain() -> None:
    assert highlighted("x = 1\n" * 4000, "python") is None
    assert highlighted("x" * 501, "python") is None
    assert language_of("Py extra words") == "python"
