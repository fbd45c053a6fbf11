"""Names of emoji in Slack and Mattermost, and the characters that they stand for."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

# Slack's tones 2 to 6 are Unicode's five modifiers.
_TONES = {str(tone): chr(0x1F3FB + tone - 2) for tone in range(2, 7)}
NAME = re.compile(r":([a-z0-9_+'-]{1,64}):(?::skin-tone-([2-6]):)?")
_REACTION = re.compile(r"([a-z0-9_+'-]{1,64})(?:::skin-tone-([2-6]))?")
_VARIATION = "\ufe0f"


@cache
def _characters() -> dict[str, str]:
    text = resources.files("parvis.imports").joinpath("emoji.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {name: characters for name, characters in rows}  # noqa: C416  (two columns, checked here)


def character(name: str, tone: str | None = None) -> str:
    """Return the emoji of this name, or nothing for a workspace's own."""
    found = _characters().get(name.lower(), "")
    if found and tone:
        return found[0] + _TONES[tone] + found[1:].removeprefix(_VARIATION)
    return found


def reaction(name: str) -> str:
    """Return the emoji of a reaction's name such as `wave::skin-tone-3`; a workspace's own stays `:name:`."""
    found = _REACTION.fullmatch(name)
    return (character(found[1], found[2]) or f":{found[1][:60]}:") if found else ""


def in_text(text: str) -> str:
    """Replace the names that are known; a workspace's own emoji keep theirs."""
    return NAME.sub(lambda found: character(found[1], found[2]) or found[0], text)
