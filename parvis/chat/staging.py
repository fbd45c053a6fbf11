"""Conversations that an import brings: written in bulk, unread by anybody, and given out in one short transaction.

A room that is new is written whole, with the places 1, 2, 3 …, as a group in which nobody is, or in a space that is
itself staged. What comes into a room that is here already waits far behind its last place, and gets the next ones when
it is published, under the room's lock (docs/adr/0033). No event for each row, no line in an inbox: what follows from an
import hears one `ImportPublished`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils import timezone

from parvis.chat.actions.writing import hold
from parvis.chat.models import (
    NAME_LENGTH,
    Message,
    MessageAttachment,
    MessageEntry,
    MessageMention,
    MessageReaction,
    MessageRevision,
    Room,
    RoomMembership,
    SpaceChat,
)
from parvis.chat.queries import pair_of, readers_of_room
from parvis.content.rendering import BODY_LIMIT, emoji_pictures
from parvis.content.staging import Naming, rendered_as_imported
from parvis.foundation.events import forget_carried
from parvis.foundation.richtext import RENDER_VERSION, Rendered, clean_text, mentions_in, unknown_codes

# A few ids, or a query for many.
Ids = Collection[UUID] | QuerySet[Any, Any]

# Where messages wait that come into a room which is here already: no conversation gets that far.
WAITING = 1 << 61
TOPIC_LENGTH = 300


@dataclass(frozen=True, kw_only=True)
class RoomDraft:
    """A conversation to be: of a space that is staged, or, without one, of people whom its publication names."""

    id: UUID
    name: str = ""
    topic: str = ""
    space_id: UUID | None = None
    created_by: UUID | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PastMessage:
    """A message to be, at its place."""

    id: UUID
    room_id: UUID
    seq: int
    author_id: UUID
    body: str
    created_at: datetime
    name_of: Naming
    # Its room is new too: it needs no hiding of its own.
    is_in_staged_room: bool = False
    thread_id: UUID | None = None
    edited_at: datetime | None = None
    is_pinned: bool = False
    reactions: tuple[tuple[UUID, str], ...] = ()
    files: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a message stands."""

    room_id: UUID
    # The message that its side thread hangs on: itself, for one that is said in the room.
    root_id: UUID


# Writing what nobody sees


def stage_rooms(drafts: Collection[RoomDraft]) -> None:
    """Add conversations that nobody is in; a space that gets one has chat from its publication on."""
    spaces = [draft.space_id for draft in drafts if draft.space_id]
    chats = [SpaceChat(space_id=space_id) for space_id in dict.fromkeys(spaces)]
    SpaceChat.objects.bulk_create(chats, ignore_conflicts=True)
    Room.objects.bulk_create(
        Room(
            id=draft.id,
            kind=Room.Kind.SPACE if draft.space_id else Room.Kind.GROUP,
            space_id=draft.space_id,
            is_private=draft.space_id is None,
            name=_one_line(draft.name)[:NAME_LENGTH],
            topic=_one_line(draft.topic)[:TOPIC_LENGTH],
            created_by_id=draft.created_by,
            created_at=draft.created_at or timezone.now(),
            last_message_at=draft.created_at or timezone.now(),
        )
        for draft in drafts
    )


def _one_line(text: str) -> str:
    return clean_text(" ".join(text.split()))


def stage_messages(drafts: Sequence[PastMessage], *, slug: str) -> None:
    """Write messages that nobody can see yet, with their reactions, mentions and files."""
    pictures = emoji_pictures(slug, set().union(*(unknown_codes(draft.body) for draft in drafts)))
    texts = [rendered_as_imported(draft.body, draft.name_of, slug, pictures) for draft in drafts]
    pairs = list(zip(drafts, texts, strict=True))
    Message.objects.bulk_create((_message(draft, text) for draft, text in pairs), batch_size=500)
    _bulk(MessageReaction, chain.from_iterable(_reactions(draft) for draft in drafts))
    _bulk(MessageAttachment, chain.from_iterable(_attachments(draft) for draft in drafts))
    _bulk(MessageMention, chain.from_iterable(_mentions(draft, text) for draft, text in pairs))
    _count_replies({draft.thread_id for draft in drafts if draft.thread_id and draft.is_in_staged_room})
    _reach({draft.room_id for draft in drafts if draft.is_in_staged_room})


def _bulk(model: type, rows: Iterable[object]) -> None:
    model.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)  # type: ignore[attr-defined]


def _message(draft: PastMessage, text: Rendered) -> Message:
    return Message(
        id=draft.id,
        room_id=draft.room_id,
        seq=draft.seq,
        author_id=draft.author_id,
        state=Message.State.PUBLISHED if draft.is_in_staged_room else Message.State.STAGED,
        thread_id=draft.thread_id,
        created_at=draft.created_at,
        edited_at=draft.edited_at,
        pinned_at=draft.created_at if draft.is_pinned else None,
        **_words(draft.body, text),
    )


def _words(body: str, text: Rendered) -> dict[str, Any]:
    return {
        "body": clean_text(body)[:BODY_LIMIT],
        "body_html": text.html,
        "body_text": text.text,
        "render_version": RENDER_VERSION,
    }


def _reactions(draft: PastMessage) -> Iterable[MessageReaction]:
    for person, emoji in draft.reactions:
        # As old as what it answers, so that reactions given here since can be told from it.
        yield MessageReaction(
            message_id=draft.id, person_id=person, emoji=emoji[:64], created_at=draft.created_at
        )


def _attachments(draft: PastMessage) -> Iterable[MessageAttachment]:
    for position, (file, name) in enumerate(draft.files):
        yield MessageAttachment(message_id=draft.id, file_id=file, name=name[:255], position=position)


def _mentions(draft: PastMessage, text: Rendered) -> Iterable[MessageMention]:
    for person in dict.fromkeys(text.mentioned_people):
        if draft.name_of(person):
            yield MessageMention(message_id=draft.id, person_id=person, room_id=draft.room_id, seq=draft.seq)


def _count_replies(roots: Collection[UUID]) -> None:
    """Count side threads anew after a change in bulk."""
    replies = Message.objects.filter(thread__in=roots, state=Message.State.PUBLISHED).order_by()
    counted = replies.values("thread").annotate(number=Count("id"), last=Max("created_at"))
    rows = [
        Message(id=thread, reply_count=number, last_reply_at=last)
        for thread, number, last in counted.values_list("thread", "number", "last")
    ]
    Message.objects.bulk_update(rows, ["reply_count", "last_reply_at"], batch_size=500)


def _reach(rooms: Collection[UUID]) -> None:
    """Let new rooms end where their last message stands."""
    ends = Message.objects.filter(room__in=rooms).order_by().values("room")
    rows = [
        Room(id=room, last_seq=seq, last_message_at=at)
        for room, seq, at in ends.annotate(seq=Max("seq"), at=Max("created_at")).values_list(
            "room", "seq", "at"
        )
    ]
    Room.objects.bulk_update(rows, ["last_seq", "last_message_at"], batch_size=500)


def rewrite_staged(message_id: UUID, body: str, name_of: Naming, *, slug: str) -> None:
    """Write an unseen message's text again, when what it links to has come in meanwhile."""
    text = rendered_as_imported(body, name_of, slug, emoji_pictures(slug, unknown_codes(body)))
    Message.objects.filter(id=message_id).update(**_words(body, text))


# Giving it out


def publish_rooms(people: Mapping[UUID, Sequence[UUID]], *, source: str) -> None:
    """Put people into new conversations, for whom nothing in them is new; two of them are a direct conversation.

    Two who are talking here already keep that conversation as it is: their past is another one, called by its source.
    """
    rooms = {room.id: room for room in Room.objects.filter(id__in=list(people))}
    between = [room for room in rooms.values() if room.space_id is None]
    pairs = {room.id: _pair(people[room.id]) for room in between}
    taken = set(Room.objects.filter(pair__in=filter(None, pairs.values())).values_list("pair", flat=True))
    for room in between:
        if (pair := pairs[room.id]) and pair not in taken:
            taken.add(pair)
            room.kind, room.pair, room.name = Room.Kind.DIRECT, pair, ""
        elif pair:
            room.name = room.name or source
    for room in rooms.values():
        room.member_count = len(set(people[room.id]))
    Room.objects.bulk_update(rooms.values(), ["kind", "pair", "name", "member_count"], batch_size=500)
    _put_in((room, person) for room in rooms.values() for person in dict.fromkeys(people[room.id]))


def _pair(people: Sequence[UUID]) -> str:
    some = list(dict.fromkeys(people))
    return pair_of(some[0], some[-1]) if 0 < len(some) <= 2 else ""


def _put_in(places: Iterable[tuple[Room, UUID]]) -> None:
    _bulk(
        RoomMembership,
        (
            RoomMembership(
                room=room, person_id=person, read_seq=room.last_seq, is_host=person == room.created_by_id
            )
            for room, person in places
        ),
    )


def enter_open_rooms(space_id: UUID, people: Collection[UUID]) -> None:
    """Put into the open rooms of a space whoever an import made its member; what was said is not new to them."""
    for room in Room.objects.filter(space=space_id, is_private=False, archived_at__isnull=True):
        _put_in((room, person) for person in people)
        room.member_count = RoomMembership.objects.filter(room=room).count()
        room.save(update_fields=["member_count"])


_GIVE_PLACES = """
UPDATE chat_message AS message SET state = 'published', seq = room.last_seq + waiting.number
FROM (SELECT id, row_number() OVER (ORDER BY seq) AS number FROM chat_message
      WHERE room_id = %s AND state = 'staged') AS waiting, chat_room AS room
WHERE message.id = waiting.id AND room.id = %s
"""
_MOVE_MENTIONS = """
UPDATE chat_messagemention AS mention SET seq = message.seq FROM chat_message AS message
WHERE mention.message_id = message.id AND mention.room_id = %s AND mention.seq >= %s
"""


def publish_messages(rooms: Collection[UUID]) -> None:
    """Give what waits for these rooms the next places, one room after the other; who had read all has read these."""
    for room in Room.objects.filter(id__in=rooms).order_by("id"):
        hold(room)
        room.refresh_from_db()
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_PLACES, [room.id, room.id])
            end = room.last_seq + cursor.rowcount
            cursor.execute(_MOVE_MENTIONS, [room.id, WAITING])
        RoomMembership.objects.filter(room=room, read_seq__gte=room.last_seq).update(read_seq=end)
        arrived = Message.objects.filter(room=room, seq__gt=room.last_seq, seq__lte=end)
        _count_replies(set(arrived.filter(thread__isnull=False).values_list("thread_id", flat=True)))
        latest = arrived.aggregate(at=Max("created_at"))["at"]
        room.last_seq, room.last_message_at = end, max(filter(None, (room.last_message_at, latest)))
        room.save(update_fields=["last_seq", "last_message_at"])


def rooms_that_wait(ids: Ids) -> list[UUID]:
    """Return the rooms that are here already and into which some of these messages come."""
    waiting = Message.objects.filter(id__in=ids, state=Message.State.STAGED)
    return list(waiting.order_by().values_list("room_id", flat=True).distinct())


def apply_source_edit(message_id: UUID, *, body: str, edited_at: datetime | None, slug: str) -> bool:
    """Change an imported message as its source did, keeping what it said; not if it was edited or deleted here."""
    found = Message.objects.select_related("room__space").filter(id=message_id, state=Message.State.PUBLISHED)
    message = found.first()
    if message is None or message.revisions.filter(editor__isnull=False).exists():
        return False
    MessageRevision.objects.create(
        message=message,
        version=message.version,
        body=message.body,
        editor=None,
        written_at=message.edited_at or message.created_at,
    )
    ids = [mention.id for mention in mentions_in(body) if mention.kind == "person"]
    names = dict(readers_of_room(message.room).filter(id__in=ids).values_list("id", "full_name"))
    text = rendered_as_imported(body, names.get, slug, emoji_pictures(slug, unknown_codes(body)))
    Message.objects.filter(id=message_id).update(
        **_words(body, text), version=F("version") + 1, edited_at=edited_at or timezone.now()
    )
    forget_carried(message_id)
    return True


# Taking it away


def touched_rooms(rooms: Ids, *, ours: Ids, since: datetime | None) -> set[UUID]:
    """Return in which of these rooms somebody has said or marked something that the import did not bring."""
    messages = Message.objects.filter(room__in=rooms).exclude(state=Message.State.DELETED)
    touched = set(messages.exclude(id__in=ours).order_by().values_list("room_id", flat=True).distinct())
    since = since or timezone.now()
    touched.update(messages.filter(pinned_at__gte=since).values_list("room_id", flat=True))
    for model, moment in ((MessageReaction, "created_at"), (MessageRevision, "written_at")):
        marks = model.objects.filter(message__room__in=rooms, **{f"{moment}__gte": since})
        touched.update(marks.values_list("message__room_id", flat=True))
    links = MessageEntry.objects.filter(message__room__in=rooms)
    touched.update(links.values_list("message__room_id", flat=True))
    return touched


def hide_rooms(rooms: Ids) -> None:
    """Take imported rooms out of sight, for an import that is being undone."""
    RoomMembership.objects.filter(room__in=rooms).delete()
    Room.objects.filter(id__in=rooms).update(is_private=True)


def remove_messages(ids: Ids, *, whole_rooms: Ids) -> None:
    """Remove messages of rooms that go with them, and unseen ones; of others the place stays, for none is missing."""
    messages = Message.objects.filter(id__in=ids)
    doomed = messages.filter(Q(room__in=whole_rooms) | Q(state=Message.State.STAGED))
    doomed.filter(thread__isnull=False).delete()
    doomed.all().delete()
    left = list(messages.exclude(state=Message.State.DELETED).values_list("id", flat=True))
    # A reaction's frame carried the message: its text must not be told any more.
    for told in (
        MessageReaction.objects.filter(message__in=left).values_list("message_id", flat=True).distinct()
    ):
        forget_carried(told)
    for model in (MessageAttachment, MessageMention, MessageReaction, MessageRevision):
        model.objects.filter(message__in=left).delete()
    Message.objects.filter(id__in=left).update(
        state=Message.State.DELETED,
        deleted_at=timezone.now(),
        pinned_at=None,
        body="",
        body_html="",
        body_text="",
    )


def remove_rooms(people: Mapping[UUID, Sequence[UUID]]) -> set[UUID]:
    """Remove imported rooms; one in which somebody was writing at that moment gets its people back, and is returned."""
    said = Message.objects.filter(room__in=list(people)).order_by().values_list("room_id", flat=True)
    kept = set(said.distinct())
    Room.objects.filter(id__in=people.keys() - kept).delete()
    for room in Room.objects.filter(id__in=kept):
        _put_in((room, person) for person in people[room.id])
    Room.objects.filter(id__in=kept, kind=Room.Kind.SPACE).update(is_private=False)
    return kept


# Looking up


def positions_of(ids: Ids) -> dict[UUID, Position]:
    """Return where messages stand, to put answers below them and links to them."""
    rows = Message.objects.filter(id__in=ids).values_list("id", "room_id", "thread_id")
    return {id: Position(room_id=room, root_id=thread or id) for id, room, thread in rows}


def messages_in(rooms: Ids) -> QuerySet[Any, Any]:
    """Return the ids of the messages of these rooms."""
    ids: QuerySet[Any, Any] = Message.objects.filter(room__in=rooms).order_by().values_list("id", flat=True)
    return ids


def spaces_of_rooms(rooms: Ids) -> set[UUID]:
    """Return the spaces of these rooms."""
    spaces = Room.objects.filter(id__in=rooms, space__isnull=False)
    return set(spaces.values_list("space_id", flat=True))


def spaces_with_other_rooms(spaces: Ids, *, than: Ids) -> set[UUID]:
    """Return which of these spaces have rooms that the import did not bring."""
    others = Room.objects.filter(space__in=spaces).exclude(id__in=than)
    return set(others.order_by().values_list("space_id", flat=True).distinct())


def stand_for(person_id: UUID, other_id: UUID) -> None:
    """Give an imported person's messages to the one who they turned out to be."""
    Message.objects.filter(author_id=person_id).update(author_id=other_id)
    for model, thing in (
        (MessageReaction, "message_id"),
        (MessageMention, "message_id"),
        (RoomMembership, "room_id"),
    ):
        theirs = model.objects.filter(person_id=other_id).values(thing)
        mine = model.objects.filter(person_id=person_id)
        mine.exclude(**{f"{thing}__in": theirs}).update(person_id=other_id)
        mine.all().delete()


def people_with_traces(ids: Ids) -> set[UUID]:
    """Return who of these people wrote, reacted, is mentioned or takes part in a conversation."""
    traces = set(
        Message.objects.filter(author__in=ids).order_by().values_list("author_id", flat=True).distinct()
    )
    for model in (MessageReaction, MessageMention, RoomMembership):
        found = model.objects.filter(person__in=ids).order_by()
        traces.update(found.values_list("person_id", flat=True).distinct())
    return traces
