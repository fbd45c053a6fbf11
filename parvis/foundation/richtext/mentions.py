"""How a mention is written: ``@[Full name](person:UUID)``; that name is for readers of the source only."""

import re
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

MentionKind = Literal["person", "group", "space"]

# Every repetition is bounded, so that a hostile text costs linear time.
MENTION = re.compile(
    r"@\[((?:\\[\\\[\]]|[^\\\[\]\n]){1,200})\]"
    r"\((person|group|space):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    kind: MentionKind
    id: UUID
    name: str  # as typed; show the resolver's name instead


@dataclass(frozen=True)
class MentionTarget:
    """What a resolver answers: where the mention leads, and the true name (a typed one can be forged)."""

    href: str
    name: str


def mention_source(kind: MentionKind, id: UUID, name: str) -> str:
    """The Markdown of a mention."""
    one_line = " ".join(name.split())[:100]
    escaped = re.sub(r"([\\\[\]])", r"\\\1", one_line)
    return f"@[{escaped or '?'}]({kind}:{id})"


def mention_of(match: re.Match[str]) -> Mention:
    name, kind, id = match.groups()
    return Mention(cast(MentionKind, kind.lower()), UUID(id), re.sub(r"\\([\\\[\]])", r"\1", name))


def mentions_in(markdown: str) -> list[Mention]:
    """Whatever looks like a mention, also in code: lets a caller fetch all targets in one query."""
    return list(dict.fromkeys(mention_of(match) for match in MENTION.finditer(markdown)))
