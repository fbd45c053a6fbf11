"""The HTML of a mail as Markdown, with quotes as quotes, so that one rule cuts both kinds of mail."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import nh3

# A line of its own: from here on everything is what somebody else wrote.
END = "\x02"

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "section", "article", "center"}
_LISTS = {"ul", "ol", "li"}
_ENDS_LINE = _BLOCKS | _LISTS | {"blockquote", "pre"}
_TAGS = _ENDS_LINE | {
    "a",
    "b",
    "br",
    "code",
    "em",
    "font",
    "hr",
    "i",
    "img",
    "s",
    "span",
    "strong",
    "tbody",
    "td",
    "th",
    "u",
}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "code": "`"}
# What mail programs put around the answered mail: without a quotation mark of any other kind,
_ENDS = re.compile(
    r"divRplyFwdMsg|appendonsend|replySplit|OLK_SRC_BODY_SECTION|mail-editor-reference-message"
)
# or as an element that holds it,
_QUOTES = re.compile(r"yahoo_quoted|protonmail_quote|tutanota_quote|ecxgmail|zmail_extra|sh-quoted")
# and around signatures.
_SIGNATURES = re.compile(
    r"gmail_signature|moz-signature|protonmail_signature|ms-outlook-mobile-signature|AppleMailSignature"
    r"|ymail_android_signature|\bSignature\b|yahoo-signature|tutaSignature|zimbra-signature"
)

# Deeper nobody's text is; a parser that looks for what is open takes a time that grows with the square.
DEEPEST = 400
# Paragraphs are shorter; a longer one is broken, so that no line is copied again and again.
LINE_LENGTH = 20_000
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9:]{0,20})", re.IGNORECASE)
# These need no end.
_LOOSE = set("br hr img p li td th tr dd dt html head body meta link input wbr col base area o:p".split())  # noqa: SIM905


class TooDeep(Exception):
    """Elements within elements, as no program writes them."""


def text_of_html(html: str) -> str:
    """Return what HTML says, in Markdown; its scripts, styles and hidden tricks are gone before it is read."""
    _check_depth(html)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title"},
        attributes={"*": {"class", "id", "data-marker"}, "a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(clean)
    writer.close()
    return writer.text()


def _check_depth(html: str) -> None:
    """An end closes only its own kind: what is wrongly nested stays open, and costs as much."""
    still_open: Counter[str] = Counter()
    depth = 0
    for found in _ELEMENT.finditer(html):
        tag = found[2].lower()
        if tag in _LOOSE or (found[1] and not still_open[tag]):
            continue
        step = -1 if found[1] else 1
        still_open[tag] += step
        depth += step
        if depth > DEEPEST:
            raise TooDeep


class _Writer(HTMLParser):
    """Writes Markdown, line by line; a line knows how deep it is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._depth = 0
        self._lists: list[int | None] = []
        self._is_preformatted = 0
        self._hrefs: list[tuple[str, int]] = []
        # For each open element, what its end undoes.
        self._open: list[tuple[str, str]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        values = {name: value or "" for name, value in attrs}
        if tag in {"br", "hr", "img"}:
            self._void(tag, values)
            return
        effect = self._effect_of(tag, f"{values.get('class', '')} {values.get('id', '')}")
        self._open.append((tag, effect))
        if tag in _ENDS_LINE:
            self._end_line()
        self._begin(tag, effect, values)

    def _effect_of(self, tag: str, names: str) -> str:
        if _SIGNATURES.search(names):
            return "silence"
        if _ENDS.search(names):
            return "end"
        if tag == "blockquote" or _QUOTES.search(names):
            return "quote"
        return ""

    def _begin(self, tag: str, effect: str, values: dict[str, str]) -> None:
        self._silent += effect == "silence"
        self._depth += effect == "quote"
        self._is_preformatted += tag == "pre"
        if effect == "end":
            self._lines.append(END)
        if tag in _LISTS:
            self._begin_list(tag)
        elif tag == "a":
            self._hrefs.append((values.get("href", ""), len(self._line)))
        elif not self._silent and len(self._line) < LINE_LENGTH:
            self._line += self._sign_of(tag)

    def _begin_list(self, tag: str) -> None:
        if tag == "li":
            self._line = self._bullet()
        else:
            self._lists.append(1 if tag == "ol" else None)

    def _sign_of(self, tag: str) -> str:
        if re.fullmatch("h[1-6]", tag):
            return "#" * max(int(tag[1]), 2) + " "
        if tag in {"td", "th"} and self._line.strip():
            return " | "
        return _MARKS.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        """End an element, as it began."""
        if not self._open or self._open[-1][0] != tag:
            return
        _tag, effect = self._open.pop()
        if tag in _MARKS:
            self._end_mark(_MARKS[tag])
        elif tag == "a":
            self._end_link()
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        if tag in _ENDS_LINE:
            self._end_line()
        if tag in {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre", "blockquote"}:
            self._blank()
        if tag == "pre":
            self._is_preformatted -= 1
        self._depth -= effect == "quote"
        self._silent -= effect == "silence"

    def handle_data(self, data: str) -> None:
        """Write words."""
        if self._silent:
            return
        if self._is_preformatted:
            *whole, last = data.split("\n")
            for piece in whole:
                self._line += piece
                self._end_line()
            self._line += last
            return
        if len(self._line) > LINE_LENGTH:
            self._end_line()
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._line += words.lstrip() if not self._line or self._line.endswith(" ") else words

    def _void(self, tag: str, values: dict[str, str]) -> None:
        if self._silent:
            return
        if tag == "br":
            self._end_line(keeps_empty=True)
        elif tag == "hr":
            self._end_line()
            self._lines.append(END if values.get("data-marker") == "__DIVIDER__" else self._quoted(""))
        elif values.get("src", "").startswith("cid:"):
            self._line += f"![{values.get('alt', '')[:80]}]({values['src'][:300]})"

    def _bullet(self) -> str:
        indent = "    " * max(len(self._lists) - 1, 0)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _end_mark(self, mark: str) -> None:
        # Nothing between the marks, or a space before the second, would show the marks themselves.
        words = self._line.rstrip()
        if words.endswith(mark) and words.count(mark) % 2:
            self._line = words.removesuffix(mark)
        elif mark in self._line:
            self._line = words + mark + " " * (len(self._line) - len(words))

    def _end_link(self) -> None:
        href, start = self._hrefs.pop() if self._hrefs else ("", 0)
        words = self._line[start:].strip()
        if not href.startswith("http") or self._silent:
            return
        shown = words.removesuffix("/") == href.removesuffix("/") or not words
        self._line = self._line[:start] + (href if shown else f"[{words}]({href})")

    def _end_line(self, *, keeps_empty: bool = False) -> None:
        line, self._line = self._line.rstrip(), ""
        # A link that a line's end cuts begins again with the next.
        self._hrefs = [(href, 0) for href, _start in self._hrefs]
        if (line or keeps_empty) and not self._silent:
            self._lines.append(self._quoted(line))

    def _blank(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._quoted(""))

    def _quoted(self, line: str) -> str:
        return f"{'>' * self._depth} {line}".rstrip() if self._depth else line

    def text(self) -> str:
        """Return what was written."""
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")
