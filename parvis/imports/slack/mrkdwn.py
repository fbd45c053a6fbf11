"""Slack's own markup, as Markdown."""

from __future__ import annotations

import re
from itertools import pairwise

from parvis.imports import emoji, markdown
from parvis.imports.markdown import References
from parvis.imports.slack.links import Directory, angle_token, angle_token_as_text

# Marks that stand in for Markdown's own while the text is escaped; clean() keeps them out of foreign text.
_HELD = re.compile("\ue010(\\d+)\ue011")
_STRONG, _EMPHASIS, _STRIKE, _QUOTE, _BULLET = "\ue012", "\ue013", "\ue014", "\ue015", "\ue016"
_WRITTEN = {_STRONG: "**", _EMPHASIS: "*", _STRIKE: "~~"}
_MARKS = re.compile(f"[{_STRONG}{_EMPHASIS}{_STRIKE}]")

_CODE = re.compile(r"```(.*?)```|`([^`\n]+)`", re.S)
_ANGLE = re.compile(r"<([^<>\n]+)>")
_STYLES = [
    (re.compile(r"(?<![^\W_])(?<!\*)\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![^\W_]|\*)"), _STRONG),
    (re.compile(r"(?<![^\W_])(?<!_)_(?=[^\s_])([^_\n]*?[^\s_])_(?![^\W_]|_)"), _EMPHASIS),
    (re.compile(r"(?<![^\W_])(?<!~)~(?=[^\s~])([^~\n]*?[^\s~])~(?![^\W_]|~)"), _STRIKE),
]
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_ALL_THE_REST_QUOTED = re.compile(r"^&gt;&gt;&gt; ?(.*)", re.M | re.S)
_LINE_QUOTED = re.compile(r"^&gt; ?", re.M)
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_LINE_BULLET = re.compile(r"^( *)[•◦▪︎‣] ?", re.M)


def to_markdown(text: str, directory: Directory, references: References) -> str:
    """Return the Markdown that reads like this text of Slack."""
    held: list[str] = []

    def hold(written: str) -> str:
        held.append(written)
        return f"\ue010{len(held) - 1}\ue011"

    def hold_code(found: re.Match[str]) -> str:
        return hold(_inline(found)) if found[1] is None else f"\n\n{hold(_block(found[1]))}\n\n"

    text = _CODE.sub(hold_code, markdown.clean(text))
    text = _ANGLE.sub(lambda found: hold(angle_token(_unescaped(found[1]), directory, references)), text)
    text = emoji.in_text(text)
    text = _ALL_THE_REST_QUOTED.sub(lambda found: "&gt; " + found[1].replace("\n", "\n&gt; "), text)
    text = _LINE_BULLET.sub(lambda found: found[1] + _BULLET, _LINE_QUOTED.sub(_QUOTE, text))
    for pattern, mark in _STYLES:
        text = pattern.sub(f"{mark}\\1{mark}", text)
    text = _MARKS.sub(lambda found: _WRITTEN[found[0]], markdown.escape(_unescaped(text)))
    return _HELD.sub(lambda found: held[int(found[1])], _arranged(text)).strip("\n")


def plain(text: str) -> str:
    """Return Slack's text without any markup, for titles and names."""
    text = _ANGLE.sub(lambda found: angle_token_as_text(found[1]), markdown.clean(text))
    return emoji.in_text(_unescaped(text)).strip()


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)


def _inline(found: re.Match[str]) -> str:
    return markdown.code_span(_unescaped(_ANGLE.sub(lambda token: angle_token_as_text(token[1]), found[2])))


def _block(code: str) -> str:
    code = _ANGLE.sub(lambda token: angle_token_as_text(token[1]), code)
    return markdown.code_block(_unescaped(code)) if code.strip() else ""


def _arranged(text: str) -> str:
    """Write quotes and lists, with the empty line that Markdown needs where they begin and end."""
    lines = [(_kind(line), _line(line)) for line in text.split("\n")]
    arranged = [lines[0][1]]
    for (before, _), (kind, line) in pairwise(lines):
        if before != kind and "" not in {before, kind}:
            arranged.append("")
        arranged.append(line)
    return _EMPTY_LINES.sub("\n\n", "\n".join(arranged))


def _kind(line: str) -> str:
    if line.startswith(_QUOTE):
        return "quote"
    return "list" if _BULLET in line else "text" if line.strip() else ""


def _line(line: str) -> str:
    quoted = line.startswith(_QUOTE)
    line = line.replace(_QUOTE, "").replace(_BULLET, "- ")
    return f"> {line}".rstrip() if quoted else line
