"""What is quoted in a letter: what its reader may read at this moment, and has not read, of each line.

quotes_of([(viewer, lines), …])   [{subject: [Quote, …]}, …], oldest first
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet, Subquery
from django.db.models.functions import Coalesce

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


Quotes = dict[str, list[Quote]]


def quotes_of(told: Sequence[tuple[Person, Sequence[InboxLine]]]) -> list[Quotes]:
    """Return what to quote of each line to each of these people, by its subject, in few statements."""
    entries = _visible_entries(
        [(viewer, [id for line in lines for id in _wanted(line)]) for viewer, lines in told]
    )
    messages = _unread_messages(
        [(viewer, room) for viewer, lines in told for room in map(_room_of, lines) if room]
    )
    found: list[Quotes] = []
    for (viewer, lines), seen in zip(told, entries, strict=True):
        found.append({})
        for line in lines:
            room = _room_of(line)
            if room is not None:
                quotes = messages[viewer.id, room]
            else:
                quotes = [_quote(seen[id]) for id in reversed(_wanted(line)) if id in seen]
            found[-1][line.notification.subject] = quotes
    return found


def _room_of(line: InboxLine) -> UUID | None:
    kind, _colon, id = line.notification.subject.partition(":")
    return UUID(id) if kind == "room" else None


def _wanted(line: InboxLine) -> list[UUID]:
    """Return the newest entries of a line, newest first, and the one that gave the reason."""
    row = line.notification
    newest = row.entry_ids[:MOST]
    if row.entry_id is None or row.entry_id in newest or not newest:
        return list(newest)
    return [*newest[: MOST - 1], row.entry_id]


def _visible_entries(wanted: Sequence[tuple[Person, list[UUID]]]) -> list[dict[UUID, Entry]]:
    found = iter(_visible.each([(viewer, ids) for viewer, ids in wanted if ids]))
    return [{entry.id: entry for entry in next(found)} if ids else {} for _viewer, ids in wanted]


@prepared
def _visible(viewer: Person, ids: list[UUID]) -> QuerySet[Entry]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.select_related("author")


def _quote(entry: Entry) -> Quote:
    return Quote(entry.author.full_name, beginning_of(entry.body_text))


def _unread_messages(asked: Sequence[tuple[Person, UUID]]) -> dict[tuple[UUID, UUID], list[Quote]]:
    """Return what each of these people has not read in a room of theirs."""
    found = _unread.each(asked)
    return {
        (viewer.id, room): [Quote(one.author.full_name, beginning_of(one.body_text)) for one in messages][
            ::-1
        ]
        for (viewer, room), messages in zip(asked, found, strict=True)
    }


@prepared
def _unread(viewer: Person, room_id: UUID) -> QuerySet[Message]:
    place = Place.objects.filter(person=viewer, room=room_id).values("read_seq")[:1]
    unread = Message.objects.visible_to(viewer).filter(room=room_id, kind=Message.Kind.TEXT)
    newer = unread.filter(seq__gt=Coalesce(Subquery(place), 0)).exclude(author=viewer)
    return newer.select_related("author").order_by("-seq")[:MOST]


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
