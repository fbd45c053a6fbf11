"""Write foreign plain text as Markdown that reads the same: nothing becomes a heading or a link by accident."""

from __future__ import annotations

import re
from urllib.parse import quote

from parvis.imports.source import REFERENCE_END, REFERENCE_START, Reference

# Private characters of ours: references (source.py) and the marks of the readers.
_PRIVATE = "\ue000-\ue01f"
_UNWANTED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff{_PRIVATE}\ud800-\udfff]")
_ANYWHERE = re.compile(r"[\\`*\[\]<]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w{1,32};)|!(?=\[)")
_LINE_START = re.compile(
    r"^( {0,3})(?:(#{1,6})(?=\s|$)|([-+=])(?=[-+= ]|$)|(>)|(\d{1,9})([.)])(?=\s|$))", re.M
)
_INDENT = re.compile(r"^[ \t]{4,}", re.M)
_LINKABLE = ("http://", "https://", "mailto:", "tel:")


def clean(text: str) -> str:
    """Return text that the database and the screen can take: no control, surrogate or private characters."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """Return Markdown that reads exactly like this plain text."""
    text = _ANYWHERE.sub(lambda found: "\\" + found[0], text)
    text = _INDENT.sub(lambda found: "\u00a0" * min(len(found[0].expandtabs(4)), 40), text)
    return _LINE_START.sub(_escaped_line_start, text)


def _escaped_line_start(found: re.Match[str]) -> str:
    indent, heading, rule, quoted, number, mark = found.groups()
    if number:
        return f"{indent}{number}\\{mark}"
    return f"{indent}\\{heading or rule or quoted}"


def link(url: str, label: str = "") -> str:
    """Return a Markdown link, or plain text where the address is none that a page may link to."""
    url = url.strip()
    if not url.lower().startswith(_LINKABLE):
        return escape(f"{label} ({url})" if label and label != url else url)
    target = quote(url, safe="/:?#@!$&'*+,;=%~-._")
    label = label.strip() or url.removeprefix("mailto:").removeprefix("tel:")
    if label in {url, target} and target.startswith(("http://", "https://")):
        return f"<{target}>"
    return f"[{escape(label)}]({target})"


def code_block(text: str, language: str = "") -> str:
    """Return a fenced code block whose fence is longer than any inside."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    language = language if re.fullmatch(r"[a-z0-9+#-]{1,20}", language) else ""
    return f"{fence}{language}\n{text.strip(chr(10))}\n{fence}"


def code_span(text: str) -> str:
    """Return inline code, whatever back-quotes it holds."""
    text = text.replace("\n", " ")
    runs = {len(run) for run in re.findall(r"`+", text)}
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def blockquote(markdown: str) -> str:
    """Return the same Markdown, quoted."""
    return "\n".join(f"> {line}" if line else ">" for line in markdown.split("\n"))


def folded(markdown: str, summary: str, kind: str = "quote") -> str:
    """Return a quotation that readers see folded under its summary; `[!quote]` or `[!signature]` says so."""
    return blockquote(f"[!{kind}] {escape(' '.join(summary.split()))}\n\n{markdown}")


class References:
    """Collects the references of one body, and gives each its marker."""

    def __init__(self) -> None:
        self._found: list[Reference] = []

    def mark(self, reference: Reference) -> str:
        """Return the marker that stands for this reference in the body."""
        if reference not in self._found:
            self._found.append(reference)
        return f"{REFERENCE_START}{self._found.index(reference)}{REFERENCE_END}"

    def collected(self) -> tuple[Reference, ...]:
        """Return the references in the order of their markers."""
        return tuple(self._found)
