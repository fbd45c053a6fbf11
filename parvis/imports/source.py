"""The neutral model that every reader speaks.

A reader gives one stream of people, spaces, conversations and entries in a fixed order, in which whatever an item names came
before it, except for links between messages. Ids are the source's own and are stable from one export to the
next: they are what makes a second run add nothing.

A body is Markdown in which a reference to another item of the source is a marker; `SourceEntry.written` puts
in its place whatever the item has become.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

REFERENCE_START = "\ue000"
REFERENCE_END = "\ue001"
_MARKER = re.compile(f"{REFERENCE_START}(\\d+){REFERENCE_END}")


class Privacy(StrEnum):
    """Who may read a space; the words are those of the spaces themselves."""

    OPEN = "open"
    CLOSED = "closed"
    SECRET = "secret"  # noqa: S105  (not a password)


class RefersTo(StrEnum):
    """What a reference points at."""

    PERSON = "person"
    SPACE = "space"
    ENTRY = "entry"


@dataclass(frozen=True, kw_only=True)
class SourcePerson:
    """Somebody, or a robot, of the source."""

    id: str
    name: str
    email: str = ""
    headline: str = ""
    timezone: str = ""
    is_bot: bool = False
    is_active: bool = True


@dataclass(frozen=True, kw_only=True)
class SourceSpace:
    """A channel or a mailing list. `members` are ids of people; a secret one has exactly these and no other."""

    id: str
    name: str
    privacy: Privacy
    objective: str = ""
    members: tuple[str, ...] = ()
    creator: str = ""
    created: datetime | None = None
    is_archived: bool = False


@dataclass(frozen=True, kw_only=True)
class SourceRoom:
    """A conversation of exactly these people: two make it a direct one."""

    id: str
    members: tuple[str, ...]
    name: str = ""
    topic: str = ""
    created: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file that the archive carries; `open` gives its bytes when they are wanted."""

    id: str
    name: str
    media_type: str
    size: int
    open: Callable[[], BinaryIO] = field(compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class SourceReaction:
    """One emoji, and who gave it."""

    emoji: str
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A mention or a link in a body: what it names, how it reads, and where it led at the source."""

    kind: RefersTo
    id: str
    label: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class SourceEntry:
    """A post, or a comment when `thread` names the entry that starts its thread; in a `room`, a message.

    What is said in a space goes to its wall or to its chat, as whoever imports chooses (choice.py).
    """

    id: str
    author: str
    created: datetime
    body: str
    space: str = ""
    room: str = ""
    title: str = ""
    thread: str = ""
    reply_to: str = ""
    edited: datetime | None = None
    is_pinned: bool = False
    references: tuple[Reference, ...] = ()
    reactions: tuple[SourceReaction, ...] = ()
    files: tuple[SourceFile, ...] = ()

    def written(self, write: Callable[[Reference], str]) -> str:
        """Return the Markdown body with every reference written by the caller."""
        return _MARKER.sub(lambda found: write(self.references[int(found[1])]), self.body)

    def digest(self) -> str:
        """Return a fingerprint of what the source says, to see in a newer export whether it was edited."""
        said = [
            self.title,
            self.body,
            [[reference.kind, reference.id, reference.label] for reference in self.references],
            [[file.id, file.name, file.size] for file in self.files],
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


SourceItem = SourcePerson | SourceSpace | SourceRoom | SourceEntry


class Source(Protocol):
    """An opened archive, whatever system it came from."""

    kind: str
    label: str
    left_out: LeftOutTally

    def items(self) -> Iterator[SourceItem]:
        """Yield everything once; `left_out` is complete when it ends."""
        ...


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Something that does not come along: what (see left_out.py for the sentence), how many, an example or two."""

    what: str
    count: int
    examples: tuple[str, ...] = ()


class LeftOutTally:
    """Counts what a reader leaves out, while it reads."""

    EXAMPLES = 3

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, what: str, example: str = "", count: int = 1) -> None:
        """Count something left out."""
        self._counts[what] += count
        examples = self._examples.setdefault(what, [])
        if example and len(examples) < self.EXAMPLES and example not in examples:
            examples.append(example[:120])

    def report(self) -> list[LeftOut]:
        """Return what was left out, in a fixed order."""
        return [
            LeftOut(what=what, count=count, examples=tuple(self._examples[what]))
            for what, count in sorted(self._counts.items())
        ]
