"""What differs between two texts, word by word: for the history of an entry and for edits that cross."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

WORDS = re.compile(r"\s+|\w+|[^\w\s]")
# Beyond this, word by word would take too long; whole lines are compared instead.
MOST_WORDS = 4_000


@dataclass(frozen=True)
class Difference:
    """A piece of text: "same", "removed" (only in the first) or "added" (only in the second)."""

    kind: str
    text: str


def compared(before: str, after: str) -> list[Difference]:
    """Return both texts as one list of pieces."""
    first, second = _pieces(before), _pieces(after)
    if len(first) + len(second) > MOST_WORDS:
        first, second = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if len(first) + len(second) > MOST_WORDS:
        return [Difference("removed", before), Difference("added", after)]
    found: list[Difference] = []
    matcher = difflib.SequenceMatcher(a=first, b=second, autojunk=True)
    for operation, start, end, other_start, other_end in matcher.get_opcodes():
        if operation == "equal":
            found.append(Difference("same", "".join(first[start:end])))
            continue
        if end > start:
            found.append(Difference("removed", "".join(first[start:end])))
        if other_end > other_start:
            found.append(Difference("added", "".join(second[other_start:other_end])))
    return found


def _pieces(text: str) -> list[str]:
    return WORDS.findall(text)
