"""The same text without markup: for search, notifications, mails and previews."""

import re
import unicodedata
from html import escape

from markdown_it.token import Token

PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
JOINERS = "\u200d\ufe0e\ufe0f🏻🏼🏽🏾🏿"


def text_of(tokens: list[Token]) -> str:
    """One line per block; a table's row on one line."""
    lines: list[str] = []
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            lines.append(" ".join(filter(None, cells or [])))
            cells = None
        elif token.type == "inline":
            (lines if cells is None else cells).append(inline_text(token.children or []))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content.rstrip("\n"))
    return "\n".join(lines)


def inline_text(tokens: list[Token]) -> str:
    return "".join(_piece(token) for token in tokens).strip()


def _piece(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "mention":
            return str(token.meta["mention"].name)
        case "hashtag":
            return f"#{token.content}"
        case "image":
            return inline_text(token.children or [])
        case _:
            return token.content


def as_html(source: str) -> str:
    """The text as typed, in paragraphs."""
    paragraphs = (paragraph.strip("\n") for paragraph in PARAGRAPHS.split(source))
    return "".join(
        f"<p>{escape(text, quote=False).replace(chr(10), '<br>')}</p>" for text in paragraphs if text
    )


def excerpt(text: str, length: int) -> str:
    """At most that many characters of a plain text, on one line, cut between words where it can be."""
    # Reading a little more than needed is enough: a text of a megabyte costs as much as its beginning.
    flat = " ".join(text[: length * 4 + 200].split())
    if len(flat) <= length:
        return flat
    cut = flat[: length - 1]
    if not flat[length - 1].isspace():
        word_start = cut.rfind(" ")
        # A word of half the excerpt (an address, Chinese) is cut inside.
        cut = cut[:word_start] if word_start > length // 2 else _whole(cut, flat)
    return cut.rstrip(" ,;:–—-") + "…"


def _whole(cut: str, text: str) -> str:
    """Do not part a letter from its accents or an emoji from its joints."""
    end = len(cut)
    while end and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end]


def _joins(character: str) -> bool:
    return character in JOINERS or bool(unicodedata.combining(character))
