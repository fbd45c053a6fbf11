"""Rooms and messages as programs, pages and live frames get them: plain values, one shape everywhere.

What goes to several people at once is made without a viewer and is the same for all of them: instead of what is
“mine” it says whose, by ids. Addresses begin with the organization's prefix, which is right under every host name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from parvis.chat.models import (
    Message,
    MessageAttachment,
    MessageEntry,
    MessageMention,
    MessagePreview,
    MessageReaction,
    Room,
    RoomMembership,
    Status,
)
from parvis.chat.policy import can, membership_of, shows_seen_by
from parvis.chat.queries import MessagePage, Unread, unread_in
from parvis.content.models import Entry
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person

FACES = 8
NAMES = 20
QUOTE_LENGTH, LINE_LENGTH = 200, 120
# The width at which a picture stands in a conversation.
PICTURE_WIDTH = 640

Row = dict[str, Any]


def prefix_of(person: Person) -> str:
    """Return the prefix of addresses in a person's organization."""
    return f"/o/{person.organization.slug}"


def person_row(prefix: str, person: Person) -> Row:
    """Return somebody as a byline shows them."""
    picture = f"{prefix}/people/{person.id}/picture/{person.picture_id}" if person.picture_id else None
    return {
        "id": person.id,
        "name": person.full_name,
        "avatar_url": picture,
        "url": f"{prefix}/people/{person.id}",
    }


def room_rows(viewer: Person, rooms: Sequence[Room]) -> list[Row]:
    """Return rooms as the viewer sees them: a fixed number of queries, however many there are."""
    ids = [room.id for room in rooms]
    if not ids:
        return []
    unread, faces, latest = unread_in(viewer, ids), _faces(rooms), _latest(viewer, rooms)
    rows = [
        room_row(viewer, room, unread.get(room.id, Unread()), faces[room.id], latest.get(room.id))
        for room in rooms
    ]
    shown = [person for row in rows if row["kind"] == Room.Kind.DIRECT for person in row["members"]]
    statuses = Status.objects.in_bulk([person["id"] for person in shown], field_name="person_id")
    for person in shown:
        person["status"] = status_row(statuses.get(person["id"]))
    return rows


def status_row(status: Status | None) -> Row | None:
    """Return what somebody says of themselves now."""
    if status is None or not status.is_shown:
        return None
    return {"emoji": status.emoji, "text": status.text, "until": status.until}


def room_row(
    viewer: Person, room: Room, unread: Unread, faces: Sequence[Person], latest: Message | None
) -> Row:
    """Return one room."""
    prefix, place = prefix_of(viewer), membership_of(viewer, room)
    space = room.space
    return {
        "id": room.id,
        "kind": room.kind,
        "name": name_for(viewer, room, faces),
        "topic": room.topic,
        "space": {"id": space.id, "name": space.name, "url": f"{prefix}/spaces/{space.id}"}
        if space
        else None,
        "is_private": room.is_private,
        "is_archived": room.archived_at is not None,
        "is_member": place is not None,
        "members_count": room.member_count,
        "members": [person_row(prefix, person) for person in faces],
        "last_seq": room.last_seq,
        "last_message_at": room.last_message_at,
        "last_message": _line(prefix, latest),
        "first_seq": place.first_seq if place else 1,
        "read_seq": place.read_seq if place else room.last_seq,
        "unread_count": unread.messages,
        "mention_count": unread.mentions,
        "shows_seen": shows_seen_by(viewer, room),
        "level": place.level if place else RoomMembership.Level.NOTHING.value,
        "muted_until": place.muted_until if place else None,
        "is_favourite": bool(place and place.is_favourite),
        "can": {
            "post": can(viewer, "post", room),
            "manage": can(viewer, "manage", room),
            "leave": can(viewer, "leave", room),
            "pin": can(viewer, "pin", room),
            "add": can(viewer, "add_people", room),
            "join": place is None and can(viewer, "join", room),
        },
        "url": f"{prefix}/chat/{room.id}",
        "draft": (place.draft or None) if place else None,
    }


def name_for(viewer: Person, room: Room, faces: Sequence[Person]) -> str:
    """Return what a room is called for the viewer: the others' names where it has none."""
    if room.name:
        return room.name
    others = [person.full_name for person in faces if person.id != viewer.id]
    if not others:
        return viewer.full_name if room.kind == Room.Kind.DIRECT else str(_("Just you"))
    shown = ", ".join(others[:4])
    hidden = room.member_count - 1 - len(others[:4])
    return f"{shown} +{hidden}" if hidden > 0 else shown


def _faces(rooms: Sequence[Room]) -> dict[UUID, list[Person]]:
    """Return the first few members of each room."""
    faces: dict[UUID, list[Person]] = defaultdict(list)
    number = Window(RowNumber(), partition_by=F("room"), order_by=("joined_at", "id"))
    # In a room of a space the faces say nothing: who is there is who is in the space.
    between = [room.id for room in rooms if room.is_private]
    places = RoomMembership.objects.filter(room__in=between).annotate(number=number)
    for place in places.filter(number__lte=FACES).select_related("person").order_by("number"):
        faces[place.room_id].append(place.person)
    return faces


def _latest(viewer: Person, rooms: Sequence[Room]) -> dict[UUID, Message]:
    """Return the last message of each room that the viewer may see."""
    number = Window(RowNumber(), partition_by=F("room"), order_by=F("seq").desc())
    recent = Message.objects.filter(
        room__in=[room.id for room in rooms if room.last_seq],
        thread__isnull=True,
        seq__gt=F("room__last_seq") - 20,
    )
    seen = Message.objects.legible_to(viewer).filter(pk__in=recent.values("pk")).annotate(number=number)
    return {message.room_id: message for message in seen.filter(number=1).select_related("author")}


def _line(prefix: str, message: Message | None) -> Row | None:
    if message is None:
        return None
    text = "" if message.is_gone else excerpt(message.body_text, LINE_LENGTH)
    return {"author": person_row(prefix, message.author), "excerpt": text, "kind": message.kind}


@dataclass
class Satellites:
    """What hangs on some messages, by message."""

    attachments: dict[UUID, list[MessageAttachment]] = field(default_factory=lambda: defaultdict(list))
    reactions: dict[UUID, list[MessageReaction]] = field(default_factory=lambda: defaultdict(list))
    mentions: dict[UUID, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    links: dict[UUID, list[MessageEntry]] = field(default_factory=lambda: defaultdict(list))
    previews: dict[UUID, MessagePreview] = field(default_factory=dict)
    # Entries that the viewer may read, of those that are linked.
    entries: dict[UUID, Entry] = field(default_factory=dict)
    # The first place that the viewer sees of a room, or, without a viewer, that all of its members see.
    seen_from: dict[UUID, int] = field(default_factory=dict)


def satellites_of(messages: Iterable[Message], viewer: Person | None = None) -> Satellites:
    """Return what hangs on these messages: one query each."""
    there, found = [message for message in messages if not message.is_gone], Satellites()
    ids = [message.id for message in there]
    found.seen_from = seen_from(there, viewer)
    if not ids:
        return found
    for attachment in MessageAttachment.objects.filter(message__in=ids).select_related("file"):
        found.attachments[attachment.message_id].append(attachment)
    reactions = MessageReaction.objects.filter(message__in=ids).select_related("person")
    for reaction in reactions.order_by("created_at", "id"):
        found.reactions[reaction.message_id].append(reaction)
    for mention in MessageMention.objects.filter(message__in=ids):
        found.mentions[mention.message_id].append(mention.person_id)
    for link in MessageEntry.objects.filter(message__in=ids):
        found.links[link.message_id].append(link)
    shown = MessagePreview.objects.filter(message__in=ids, is_removed=False)
    found.previews = {preview.message_id: preview for preview in shown}
    if viewer is not None and found.links:
        linked = {link.entry_id for links in found.links.values() for link in links}
        readable = Entry.objects.visible_to(viewer).filter(pk__in=linked).select_related("author")
        found.entries = {entry.id: entry for entry in readable}
    return found


def seen_from(messages: Iterable[Message], viewer: Person | None = None) -> dict[UUID, int]:
    """Return from which place on a quote may be told, by room; only of rooms where something is quoted."""
    rooms = {message.room_id for message in messages if message.quote_id is not None}
    if not rooms:
        return {}
    places = RoomMembership.objects.filter(room__in=rooms)
    if viewer is not None:
        places = places.filter(person=viewer)
    return dict(
        places.order_by().values("room_id").annotate(at=Max("first_seq")).values_list("room_id", "at")
    )


def remember(message: Message, hung: Satellites) -> None:
    """Keep on a message that is being written what hangs on it, for the answer to its author."""
    message.__dict__["_hung"] = hung


def answer_row(prefix: str, message: Message, author: Person) -> Row:
    """Return a message for who said it this moment, without asking again for what was written with it."""
    hung: Satellites | None = message.__dict__.pop("_hung", None)
    if hung is None:
        return message_rows(prefix, [message], author)[0]
    return message_row(prefix, message, replace(hung, seen_from=seen_from([message], author)), author)


def message_rows(prefix: str, messages: Sequence[Message], viewer: Person | None = None) -> list[Row]:
    """Return messages with what hangs on them, as the viewer sees it, or as everybody hears it."""
    satellites = satellites_of(messages, viewer)
    return [message_row(prefix, message, satellites, viewer) for message in messages]


def message_row(prefix: str, message: Message, hung: Satellites, viewer: Person | None = None) -> Row:
    """Return one message; of one that is gone, its place only."""
    is_gone = message.is_gone
    row: Row = {
        "id": message.id,
        "room": message.room_id,
        "seq": message.seq,
        "kind": message.kind,
        "author": person_row(prefix, message.author),
        "body": "" if is_gone else message.body,
        "html": "" if is_gone else message.body_html,
        "event": None if is_gone else message.event,
        "created_at": message.created_at,
        "edited_at": message.edited_at,
        "deleted_at": (message.deleted_at or message.created_at) if is_gone else None,
        "is_hidden": message.state == Message.State.HIDDEN,
        "version": message.version,
        "quote": None if is_gone else _quote(prefix, message, hung, viewer),
        "thread": {"id": message.id, "replies": message.reply_count, "last_at": message.last_reply_at}
        if message.reply_count
        else None,
        "thread_id": message.thread_id,
        "urgent_reason": "" if is_gone else message.urgent_reason,
        "reactions": _reactions(hung.reactions[message.id], viewer),
        "attachments": [attachment_row(prefix, item) for item in hung.attachments[message.id]],
        "is_pinned": message.pinned_at is not None and not is_gone,
        "mention_ids": hung.mentions[message.id],
        "links": [_link(prefix, link, hung, viewer) for link in hung.links[message.id]],
        "preview": _preview(prefix, hung.previews.get(message.id)),
        "url": f"{prefix}/chat/{message.room_id}?message={message.id}",
    }
    if viewer is not None:
        row["mentions_me"] = viewer.id in hung.mentions[message.id]
    return row


def _quote(prefix: str, message: Message, hung: Satellites, viewer: Person | None) -> Row | None:
    """Who came later sees that something earlier is answered, and no more; a frame to all says no more either."""
    quoted = message.quote
    if quoted is None:
        return None
    if quoted.seq < hung.seen_from.get(message.room_id, 1):
        is_readable = None if viewer is None else False
        return {"id": None, "seq": None, "author": None, "excerpt": "", "is_readable": is_readable}
    text = "" if quoted.is_gone else excerpt(quoted.body_text, QUOTE_LENGTH)
    author = person_row(prefix, quoted.author)
    return {"id": quoted.id, "seq": quoted.seq, "author": author, "excerpt": text, "is_readable": True}


def _reactions(reactions: Iterable[MessageReaction], viewer: Person | None) -> list[Row]:
    by_emoji: dict[str, list[Person]] = {}
    for reaction in reactions:
        by_emoji.setdefault(reaction.emoji, []).append(reaction.person)
    rows = []
    for emoji, people in by_emoji.items():
        row: Row = {
            "emoji": emoji,
            "count": len(people),
            "people": [person.full_name for person in people[:NAMES]],
            "person_ids": [person.id for person in people],
        }
        if viewer is not None:
            row["mine"] = viewer.id in row["person_ids"]
        rows.append(row)
    return rows


def attachment_row(prefix: str, attachment: MessageAttachment) -> Row:
    """Return a file as entries' attachments are returned, with a picture's smaller size."""
    file = attachment.file
    address = f"{prefix}/files/{file.id}"
    return {
        "id": file.id,
        "name": attachment.name,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "width": file.width,
        "height": file.height,
        "duration_ms": file.duration_ms,
        "url": address,
        "thumbnail_url": f"{address}?size={PICTURE_WIDTH}" if file.is_picture else None,
        "alternative_text": attachment.alternative_text,
        "is_decorative": attachment.is_decorative,
        "poster_url": None,
        "captions_url": None,
    }


def file_row(prefix: str, attachment: MessageAttachment) -> Row:
    """Return a file of a room, with the message that shows it."""
    message = attachment.message
    return {
        **attachment_row(prefix, attachment),
        "message": message.id,
        "seq": message.seq,
        "author": person_row(prefix, message.author),
        "created_at": message.created_at,
    }


def _link(prefix: str, link: MessageEntry, hung: Satellites, viewer: Person | None) -> Row:
    """What an entry is called is told to its readers only; a frame, which all hear, tells its id and no more."""
    entry = hung.entries.get(link.entry_id)
    row: Row = {"kind": "entry", "link": link.link, "id": link.entry_id, "url": None, "title": None}
    if viewer is None:
        return {**row, "is_readable": None}
    if entry is None:
        return {**row, "id": None, "is_readable": False}
    return {
        **row,
        "url": f"{prefix}/entries/{entry.id}",
        "title": entry.title or excerpt(entry.body_text, LINE_LENGTH),
        "author": person_row(prefix, entry.author),
        "entry_kind": entry.kind,
        "is_readable": True,
    }


def _preview(prefix: str, preview: MessagePreview | None) -> Row | None:
    if preview is None:
        return None
    return {
        "url": preview.url,
        "title": preview.title,
        "text": preview.description,
        "source": preview.site_name,
        "image_url": f"{prefix}/files/{preview.image_id}" if preview.image_id else None,
    }


def page_row(viewer: Person, page: MessagePage) -> Row:
    """Return a page of messages."""
    return {
        "messages": message_rows(prefix_of(viewer), page.messages, viewer),
        "first_seq": page.first_seq,
        "last_seq": page.last_seq,
        "has_before": page.has_before,
        "has_after": page.has_after,
    }
