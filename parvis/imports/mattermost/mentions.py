"""Mattermost writes Markdown as we do: only its mentions, its channels and its emoji are its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from parvis.imports import emoji, markdown
from parvis.imports.markdown import References
from parvis.imports.source import Reference, RefersTo

_CODE = re.compile(r"(^(`{3,}|~{3,}).*?(?:^\2[`~]*[ \t]*$|\Z)|`[^`\n]+`|https?://[^\s<>]+)", re.M | re.S)
_NAMED = re.compile(r"(?<![\w@~/.\\-])([@~])(?!~)([\w][\w.-]*)")


@dataclass(frozen=True, kw_only=True)
class Directory:
    """The names of those whom a text may refer to, in one channel."""

    people: Mapping[str, str]
    # Of the channels of the same team, by their short name: their id and how they are called.
    channels: Mapping[str, tuple[str, str]]


def to_markdown(text: str, directory: Directory, references: References) -> str:
    """Return the Markdown in which mentions are references; code and addresses stay as they are."""
    text, parts, last = markdown.clean(text), [], 0
    for code in _CODE.finditer(text):
        parts += [_spoken(text[last : code.start()], directory, references), code[0]]
        last = code.end()
    parts.append(_spoken(text[last:], directory, references))
    return "".join(parts).strip("\n")


def _spoken(text: str, directory: Directory, references: References) -> str:
    return _NAMED.sub(lambda found: _named(found, directory, references), emoji.in_text(text))


def _named(found: re.Match[str], directory: Directory, references: References) -> str:
    # A full stop or a dash at the end may belong to the sentence.
    name, rest = found[2].lower(), ""
    known = directory.people if found[1] == "@" else directory.channels
    while name and name not in known:
        name, rest = name[:-1], found[2][len(name) - 1 :]
        if rest[0] not in ".-_":
            return found[0]
    if not name:
        return found[0]
    if found[1] == "@":
        reference = Reference(kind=RefersTo.PERSON, id=name, label=directory.people[name])
    else:
        identifier, label = directory.channels[name]
        reference = Reference(kind=RefersTo.SPACE, id=identifier, label=label)
    return references.mark(reference) + rest
