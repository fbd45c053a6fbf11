"""What somebody asks: words, "exact phrases", -words to leave out, and filters. Any text is a question."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

LONGEST = 200
MOST_WORDS = 16

_PHRASE = re.compile(r'(-?)"([^"]*)"')
_EXCLUDED = re.compile(r"(?:^|\s)-(\w\S*)")
_HAS_A_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Filters:
    """What narrows a search; the spaces are those that the asker may read, or some of them."""

    space_ids: frozenset[UUID] = frozenset()
    # Kinds of entries; empty for all.
    kinds: tuple[str, ...] = ()
    author_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    has_file: bool = False
    # Only the text of files.
    is_file: bool = False


@dataclass(frozen=True)
class Question:
    """A text taken apart."""

    text: str
    # Everything that is neither a phrase nor left out.
    words: str = ""
    phrases: tuple[str, ...] = field(default=())
    excluded: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for; what to leave out alone finds nothing."""
        return not (_HAS_A_WORD.search(self.words) or any(map(_HAS_A_WORD.search, self.phrases)))

    @property
    def is_plain(self) -> bool:
        """Tell whether it is words only: only those are corrected."""
        return not self.phrases and not self.excluded


def read_question(text: str) -> Question:
    """Take a text apart; what is too long is cut."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    phrases = [words for sign, words in _PHRASE.findall(text) if not sign]
    excluded = [words for sign, words in _PHRASE.findall(text) if sign]
    rest = _PHRASE.sub(" ", text).replace('"', " ")
    excluded += _EXCLUDED.findall(rest)
    # The index reads these signs as parts of addresses and paths.
    words = _EXCLUDED.sub(" ", rest).translate(str.maketrans("/_", "  "))
    return Question(text, " ".join(words.split()), tuple(phrases[:4]), tuple(excluded[:8]))
