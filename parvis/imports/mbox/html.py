"""HTML of a mail as Markdown; first made safe and well-formed, so that nothing hostile reaches the parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

from parvis.imports import markdown

_TAGS = {
    "a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "i", "img", "li", "ol", "p", "pre", "s", "strike", "strong", "table", "tbody", "td", "th", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "img": {"alt"}, "blockquote": {"type"}, "div": {"class"}}
_WITHOUT_CONTENT = {"head", "script", "style", "title"}
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "strike": "~~"}
_BLOCKS = {
    "p",
    "div",
    "table",
    "tr",
    "dl",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "pre",
}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_SPACING = {"tr": "\n", "li": ""}
# Deeper structure than this is a layout, not a text.
DEPTH = 12


def to_markdown(html: str) -> str:
    """Return the Markdown of an HTML body."""
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_WITHOUT_CONTENT,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    writer = _Writer()
    writer.feed(safe)
    writer.close()
    return writer.finished()


class _Frame:
    """What is being written inside one element that shapes its text."""

    def __init__(self, tag: str, *, extra: str = "") -> None:
        self.tag = tag
        self.extra = extra
        self.parts: list[str] = []
        self.number = 0

    def text(self) -> str:
        return re.sub(r"[ \t]*\n[ \t]*\n(?:[ \t]*\n)+", "\n\n", "".join(self.parts)).strip("\n ")


class _Writer(HTMLParser):
    """Writes Markdown from the inside out: a frame per quotation, list item, link and preformatted text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._frames = [_Frame("")]

    def finished(self) -> str:
        while len(self._frames) > 1:
            self._close_frame()
        return self._frames[0].text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "br":
            self._write("\n")
        elif tag == "hr":
            self._write("\n\n* * *\n\n")
        elif tag == "img":
            self._write(markdown.escape(values.get("alt") or ""))
        elif len(self._frames) < DEPTH:
            self._open_tag(tag, values)

    def _open_tag(self, tag: str, values: dict[str, str | None]) -> None:
        if tag in _BLOCKS:
            self._write(_SPACING.get(tag, "\n\n"))
        if tag in {"blockquote", "li", "a", "pre", "ul", "ol"} or tag in _HEADINGS or tag in _MARKS:
            self._frames.append(_Frame(tag, extra=values.get("href") or values.get("type") or ""))
        elif tag in {"td", "th"}:
            self._write(" ")

    def handle_endtag(self, tag: str) -> None:
        if any(frame.tag == tag for frame in self._frames[1:]):
            while self._close_frame() != tag:
                pass
        if tag in _BLOCKS:
            self._write(_SPACING.get(tag, "\n\n"))

    def handle_data(self, data: str) -> None:
        if any(frame.tag == "pre" for frame in self._frames):
            self._write(data)
        else:
            self._write(markdown.escape(re.sub(r"\s+", " ", data)))

    def _write(self, text: str) -> None:
        frame = self._frames[-1]
        if text == " " and frame.parts and frame.parts[-1].endswith(("\n", " ")):
            return
        if text.startswith(" ") and (not frame.parts or frame.parts[-1].endswith("\n")):
            text = text.lstrip(" ")
        frame.parts.append(text)

    def _close_frame(self) -> str:
        frame = self._frames.pop()
        self._write(self._shaped(frame))
        return frame.tag

    def _shaped(self, frame: _Frame) -> str:
        text = frame.text()
        if not text:
            return ""
        if frame.tag in _MARKS:
            before = " " if "".join(frame.parts[:1]).startswith(" ") else ""
            after = " " if "".join(frame.parts[-1:]).endswith(" ") else ""
            mark = _MARKS[frame.tag]
            return before + (f"{mark}{text}{mark}" if "\n" not in text else text) + after
        if frame.tag == "a":
            return markdown.link(frame.extra, _without_escapes(text)) if frame.extra else text
        if frame.tag == "pre":
            return f"\n\n{markdown.code_block(text)}\n\n"
        if frame.tag == "blockquote":
            first = _without_escapes(
                next(line for line in text.split("\n") if line.strip("> ")) if text.strip("> \n") else "…"
            )
            return f"\n\n{markdown.folded(text, first[:120])}\n\n"
        if frame.tag in _HEADINGS:
            return f"**{text}**" if "\n" not in text else text
        if frame.tag == "li":
            return self._item(text)
        return f"\n\n{text}\n\n" if len(self._frames) < 2 or self._frames[-1].tag != "li" else f"\n{text}\n"

    def _item(self, text: str) -> str:
        parent = self._frames[-1]
        parent.number += 1
        bullet = f"{parent.number}. " if parent.tag == "ol" else "- "
        return bullet + text.replace("\n", "\n" + " " * len(bullet)) + "\n"


def _without_escapes(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).replace("**", "").strip("> ")
