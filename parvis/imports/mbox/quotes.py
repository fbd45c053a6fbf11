"""Plain text of a mail as Markdown: what is quoted and the signature are folded, what is new stands out."""

from __future__ import annotations

import re

from parvis.imports import markdown

_QUOTED = re.compile(r"^ ?((?:> ?)+)(.*)$")
_URL = re.compile(r"<?(https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'»])>?")
_WROTE = re.compile(
    r"^(?:on|le|am|el|op|il|em|den|dne)\b.{0,300}"
    r"\b(?:wrote|writes|a écrit|ha scritto|schrieb|escribió|schreef|escreveu|skrev)\b.{0,80}$",
    re.I | re.S,
)
_WROTE_PLAIN = re.compile(r"^.{1,200}\b(?:wrote|writes|a écrit|écrivait|schrieb)\s?:$", re.I)
_ORIGINAL = re.compile(
    r"^\s*(?:-{3,}|_{3,})\s*(?:original message|message d'origine|message original|forwarded message"
    r"|message transféré|ursprüngliche nachricht|mensaje original)\s*(?:-{3,}|_{3,})\s*$",
    re.I,
)
_OUTLOOK = re.compile(r"^\*?(?:from|de|von)\s?:\*?\s+\S", re.I)
_OUTLOOK_NEXT = re.compile(
    r"^\*?(?:sent|to|date|subject|envoyé|à|objet|gesendet|an|betreff|cc)\s?:\*?\s", re.I
)
_LIST_FOOTER = re.compile(r"^_{30,}$")
_NEXT_IS_FOOTER = re.compile(r"mailing list|liste de diffusion|https?://\S*(?:mailman|listinfo)", re.I)
SUMMARY_CHARACTERS = 120


def to_markdown(text: str, *, is_flowed: bool = False, deletes_space: bool = False) -> str:
    """Return the Markdown of a text body."""
    lines = _unflowed(text, deletes_space) if is_flowed else text.split("\n")
    lines = [line.rstrip() for line in lines]
    lines, footer = _cut(lines, _footer_start(lines))
    lines, signature = _cut(lines, _signature_start(lines))
    lines, original = _cut(lines, _original_start(lines))
    parts = _folded_quotes(lines)
    if _said(original):
        parts.append(markdown.folded(_written(_without_depth(original)), _summary(original)))
    for tail in (signature, footer):
        tail = tail[1:] if tail and not tail[0].strip("-_") else tail
        if _said(tail):
            parts.append(markdown.folded(_written(tail), _summary(tail), kind="signature"))
    return "\n\n".join(part for part in parts if part)


def _unflowed(text: str, deletes_space: bool) -> list[str]:
    """Join the lines that format=flowed broke (RFC 3676)."""
    joined: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        if open_depth == depth and content != "-- ":
            joined[-1] += content
        else:
            joined.append(f"{'>' * depth} {content}" if depth else content)
        flows = content.endswith(" ") and content != "-- "
        if flows and deletes_space:
            joined[-1] = joined[-1][:-1]
        open_depth = depth if flows else -1
    return joined


def _cut(lines: list[str], start: int | None) -> tuple[list[str], list[str]]:
    return (lines, []) if start is None else (lines[:start], lines[start:])


def _said(lines: list[str]) -> bool:
    return any(line.strip(" -_") for line in lines)


def _footer_start(lines: list[str]) -> int | None:
    for index in range(max(len(lines) - 12, 0), len(lines)):
        if _LIST_FOOTER.match(lines[index]) and any(
            _NEXT_IS_FOOTER.search(line) for line in lines[index + 1 :]
        ):
            return index
    return None


def _signature_start(lines: list[str]) -> int | None:
    found = [index for index, line in enumerate(lines) if line == "--"]
    if not found or any(_QUOTED.match(line) for line in lines[found[-1] :]):
        return None
    return found[-1]


def _original_start(lines: list[str]) -> int | None:
    for index, line in enumerate(lines):
        if _ORIGINAL.match(line):
            return index
        below = lines[index + 1 : index + 4]
        if _OUTLOOK.match(line) and sum(bool(_OUTLOOK_NEXT.match(other)) for other in below) >= 2:
            return index
    return None


def _folded_quotes(lines: list[str]) -> list[str]:
    parts: list[str] = []
    fresh: list[str] = []
    quoted: list[str] = []
    for line in [*lines, None]:
        if line is not None and _QUOTED.match(line):
            quoted.append(line)
            continue
        if quoted:
            attribution = _taken_attribution(fresh)
            parts += [_written(fresh), _fold(quoted, attribution)]
            fresh, quoted = [], []
        if line is not None:
            fresh.append(line)
    return [*parts, _written(fresh)]


def _taken_attribution(fresh: list[str]) -> str:
    """Take the line, or the broken line, that says whom the quotation is from."""
    end = len(fresh)
    while end and not fresh[end - 1].strip():
        end -= 1
    for count in (1, 2, 3):
        if count > end:
            break
        said = " ".join(line.strip() for line in fresh[end - count : end])
        if _WROTE.match(said):
            del fresh[end - count :]
            return said
    if end and _WROTE_PLAIN.match(fresh[end - 1]):
        return fresh.pop(end - 1)
    return ""


def _fold(quoted: list[str], attribution: str) -> str:
    inside = _without_depth(quoted)
    return markdown.folded(_written(inside), attribution or _summary(inside))


def _without_depth(lines: list[str]) -> list[str]:
    """Take one level of quotation away."""
    bare = []
    for line in lines:
        found = _QUOTED.match(line)
        depth = found[1].count(">") - 1 if found else 0
        bare.append(f"{'> ' * depth}{found[2]}" if found else line)
    return bare


def _summary(lines: list[str]) -> str:
    said = (line.strip("> -_*") for line in lines if not _ORIGINAL.match(line))
    first = next((line for line in said if line), "…")
    return first if len(first) <= SUMMARY_CHARACTERS else first[:SUMMARY_CHARACTERS].rstrip() + "…"


def _written(lines: list[str]) -> str:
    """Return lines as Markdown; deeper quotations stay quotations, with the empty lines that Markdown needs."""
    written: list[str] = []
    depth_before = 0
    for line in lines:
        found = _QUOTED.match(line)
        depth = min(found[1].count(">"), 5) if found else 0
        if depth < depth_before:
            written.append("> " * depth if depth else "")
        written.append("> " * depth + linked(found[2] if found else line))
        depth_before = depth
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in written)).strip("\n")


def linked(text: str) -> str:
    """Return plain text as Markdown, with its addresses as links."""
    parts = []
    done = 0
    for found in _URL.finditer(text):
        parts += [markdown.escape(text[done : found.start()]), markdown.link(found[1])]
        done = found.end()
    return "".join([*parts, markdown.escape(text[done:])])
