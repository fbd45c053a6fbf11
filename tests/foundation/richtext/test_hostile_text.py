"""Whatever is typed: no exception, no markup that was not meant, no time lost."""

import json
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.foundation.errors import Invalid
from parvis.foundation.richtext import clean_text, excerpt, render
from parvis.foundation.richtext.links import is_allowed_href
from parvis.foundation.richtext.sanitizer import ATTRIBUTES, TAGS, clean

NAUGHTY = "shared/testdata/naughty/blns.json"
PIECES = [
    *(
        "[",
        "]",
        "(",
        ")",
        "![",
        "](",
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "\n",
        "\n\n",
        "    ",
        "- ",
        "1. ",
        "> ",
        "# ",
    ),
    *(
        "|",
        "|-|-|\n",
        "\\",
        "&",
        "&#x6a;",
        "<",
        ">",
        "<a href=",
        "https://",
        "javascript:",
        "www.",
        "a@b.fr",
        "@[",
        "#",
    ),
    *(
        "](person:00000000-0000-0000-0000-000000000000)",
        ":tada:",
        ":",
        "é",
        "🏽",
        "\u202e",
        "\u200d",
        "\x00",
        "\x1b",
    ),
    *(
        "\ud800",
        "\uffff",
        "/files/x",
        "//x",
        "- [x] ",
        "[a]: https://x.org\n",
        "onerror=alert(1)",
        '"',
        "'",
        "word ",
    ),
]
hostile_text = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=60).map("".join)


class Checker(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES[tag] | ({"type"} if tag == "input" else set()), (tag, name)
            if name in ("href", "src"):
                assert is_allowed_href(value or ""), value


def check(source: str) -> None:
    rendered = render(source)
    Checker().feed(rendered.html)
    assert clean(rendered.html) == rendered.html
    rendered.html.encode(), rendered.text.encode()
    assert len(excerpt(rendered.text, 80)) <= 80


@given(hostile_text)
def test_any_text_gives_only_allowed_html(source: str) -> None:
    check(source)


@given(hostile_text)
def test_typed_text_is_stored_unchanged_or_refused(source: str) -> None:
    try:
        stored = clean_text(source)
    except Invalid:
        assert "\x00" in source or source != source.encode(errors="replace").decode()
    else:
        assert stored == source.replace("\r\n", "\n").replace("\r", "\n")
        stored.encode()


def test_the_big_list_of_naughty_strings() -> None:
    found = [folder / NAUGHTY for folder in Path(__file__).parents[4:] if (folder / NAUGHTY).exists()]
    if not found:
        pytest.skip(f"../{NAUGHTY} is not on this machine")
    for text in json.loads(found[0].read_text()):
        check(text)
        assert clean_text(text) == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("value", ["a\x00b", "\ud83d", "\udc00x"])
def test_what_the_database_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        clean_text(value)


PATTERNS = [
    *(
        "[",
        "![",
        "*a ",
        "**a *",
        "_a_ ",
        "`",
        "` ``",
        "<",
        "> ",
        "- ",
        "|a",
        "|a\n|-\n",
        "~~a",
        "[a](",
        "[a][",
        "\\",
        "&",
        "\u0301",
    ),
    *(
        "a*_",
        "[]()",
        "<a ",
        "https://",
        "a@",
        ":a",
        "#a",
        "@[",
        "\n",
        "# ",
        "1. ",
        "[a]: b\n",
        "[a]: <b\n\n",
        "*_",
        "-a\n",
    ),
    *(
        "> > > - ",
        "   - a\n",
        "@[a](person:",
        "::",
        "x\n=\n",
        "[a](<",
        "[a](b 'c",
        "- a\n",
        "a\n\n",
        "http://a ",
        "<!--",
    ),
    *(
        "www.a.fr ",
        "a@b.c ",
        "#a ",
        "<a@b.c>",
        "<http://a>",
        ":a:",
        "https://)",
        "a-",
        "#-a",
        "*a*",
        "&amp;",
        "🎉",
        "\u0301",
    ),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_50_kb_of_anything_take_less_than_200_ms(pattern: str) -> None:
    source = (pattern * 50_000)[:50_000]
    assert min(_cpu_seconds(source) for _ in range(3)) < 0.2


def _cpu_seconds(source: str) -> float:
    start = time.process_time()
    rendered = render(source)
    excerpt(rendered.text, 200)
    return time.process_time() - start
