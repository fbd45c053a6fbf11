"""What is quoted in a letter: what its reader may read at this moment, and has not read, of each line.

quotes_of(viewer, lines)   {subject: [Quote, …]}, oldest first
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from parvis.chat.models import Message
from parvis.chat.models import RoomMembership as Place
from parvis.content.models import Entry
from parvis.foundation.prepared import any_of, prepared
from parvis.foundation.richtext import excerpt
from parvis.mail.out.letters import Quote
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

# Of one line; what came before them is counted.
MOST = 3
CHARACTERS = 600


def quotes_of(viewer: Person, lines: Sequence[InboxLine]) -> dict[str, list[Quote]]:
    """Return what to quote of each line, by its subject."""
    entries = _visible_entries(viewer, [id for line in lines for id in _wanted(line)])
    found = {}
    for line in lines:
        row = line.notification
        if row.subject.startswith("room:"):
            found[row.subject] = _messages(viewer, UUID(row.subject.partition(":")[2]))
        else:
            told = [entries[id] for id in reversed(_wanted(line)) if id in entries]
            found[row.subject] = [_quote(entry) for entry in told]
    return found


def _wanted(line: InboxLine) -> list[UUID]:
    """Return the newest entries of a line, newest first, and the one that gave the reason."""
    row = line.notification
    newest = row.entry_ids[:MOST]
    if row.entry_id is None or row.entry_id in newest or not newest:
        return list(newest)
    return [*newest[: MOST - 1], row.entry_id]


def _visible_entries(viewer: Person, ids: list[UUID]) -> dict[UUID, Entry]:
    if not ids:
        return {}
    return {entry.id: entry for entry in _visible(viewer, ids)}


@prepared
def _visible(viewer: Person, ids: list[UUID]) -> QuerySet[Entry]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.select_related("author")


def _quote(entry: Entry) -> Quote:
    return Quote(entry.author.full_name, beginning_of(entry.body_text))


def _messages(viewer: Person, room_id: UUID) -> list[Quote]:
    place = Place.objects.filter(person=viewer, room=room_id).values_list("read_seq", flat=True).first() or 0
    unread = Message.objects.visible_to(viewer).filter(room=room_id, seq__gt=place, kind=Message.Kind.TEXT)
    newest = unread.exclude(author=viewer).select_related("author").order_by("-seq")[:MOST]
    return [Quote(message.author.full_name, beginning_of(message.body_text)) for message in newest][::-1]


def beginning_of(text: str, most: int = CHARACTERS) -> str:
    """Return the beginning of a text with its paragraphs: whole lines, the last one cut between words."""
    kept: list[str] = []
    left = most
    for line in filter(None, (line.strip() for line in text[: most * 4].splitlines())):
        if left < 40:
            return "\n".join([*kept, "…"])
        kept.append(excerpt(line, left))
        left -= len(kept[-1])
        if kept[-1] != " ".join(line.split()):
            return "\n".join(kept)
    return "\n".join(kept)
