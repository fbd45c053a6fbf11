"""Reads of rooms and messages; each is a question to `readable_by` or `visible_to`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from parvis.chat.index import STORE
from parvis.chat.models import (
    Message,
    MessageAttachment,
    MessageMention,
    MessageRevision,
    Room,
    RoomMembership,
    SpaceChat,
    Status,
)
from parvis.chat.policy import remember_place, shows_seen_by
from parvis.content.queries import named_like
from parvis.foundation.errors import NotFound
from parvis.foundation.pagination import Cursor
from parvis.foundation.prepared import any_of, prepared
from parvis.foundation.richtext.clean import printable
from parvis.people.models import Person, sort_key
from parvis.people.queries import visible_people
from parvis.search.index import FEW_CANDIDATES, Filters, find, read_question, understand
from parvis.spaces.models import Space
from parvis.spaces.queries import readers_of

PAGE = 50
# More than that many are “99+”, whoever counts.
COUNTED = 100
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class Unread:
    """What somebody has not read of a room."""

    messages: int = 0
    mentions: int = 0


@dataclass(frozen=True)
class RoomPage:
    """Some conversations, and where the next begin."""

    rooms: list[Room]
    next: str = ""


@dataclass(frozen=True)
class MessagePage:
    """Messages in their order, and what lies around them as far as the viewer may see."""

    messages: list[Message]
    first_seq: int
    last_seq: int
    has_before: bool
    has_after: bool


def rooms_of(viewer: Person) -> QuerySet[Room]:
    """Return the conversations that the viewer takes part in."""
    mine = RoomMembership.objects.filter(person=viewer).values("room_id")
    return Room.objects.readable_by(viewer).filter(id__in=mine).select_related("space")


def my_rooms(viewer: Person, *, cursor: str = "", limit: int = PAGE, is_archived: bool = False) -> RoomPage:
    """Return the viewer's conversations, those that are archived or the others, the liveliest first."""
    rooms = rooms_of(viewer).filter(archived_at__isnull=not is_archived)
    rooms = rooms.order_by("-last_message_at", "-id")
    if cursor:
        at, id = Cursor.read(cursor)
        rooms = rooms.filter(Q(last_message_at__lt=at) | Q(last_message_at=at, id__lt=id))
    found = list(rooms[: limit + 1])
    following = ""
    if len(found) > limit:
        following = Cursor.write(found[limit - 1].last_message_at, found[limit - 1].id)
    return RoomPage(with_places(viewer, found[:limit]), following)


def rooms_in(viewer: Person, space: Space) -> list[Room]:
    """Return the rooms of a space that the viewer may read, the open ones first."""
    rooms = Room.objects.readable_by(viewer).filter(space=space, archived_at__isnull=True)
    return with_places(viewer, list(rooms.select_related("space").order_by("is_private", "created_at", "id")))


def with_places(viewer: Person, rooms: Sequence[Room]) -> list[Room]:
    """Remember the viewer's place in each of these rooms: one query."""
    places = {
        place.room_id: place for place in RoomMembership.objects.filter(person=viewer, room__in=list(rooms))
    }
    for room in rooms:
        remember_place(room, viewer.id, places.get(room.id))
    return list(rooms)


def find_room(viewer: Person | None, room_id: UUID) -> Room:
    """Return a room that the viewer may read; `NotFound` otherwise."""
    room = _readable.first(viewer, room_id)
    if room is None:
        raise NotFound
    return room


def still_reads(viewer: Person, room: Room) -> bool:
    """Tell whether the viewer may read the room at this moment, whatever was looked up before."""
    return bool(_readable(viewer, room.id))


@prepared
def _readable(viewer: Person | None, room_id: UUID) -> QuerySet[Room]:
    return Room.objects.readable_by(viewer).select_related("space").filter(pk=room_id)


def direct_room(viewer: Person, person: Person) -> Room | None:
    """Return the conversation of two people, when they have begun one."""
    found: Room | None = rooms_of(viewer).filter(pair=pair_of(viewer.id, person.id)).first()
    return found


def pair_of(one: UUID, other: UUID) -> str:
    """Return what names the conversation of two people, whoever begins it."""
    first, second = sorted((str(one), str(other)))
    return f"{first}:{second}"


def has_chat(space: Space) -> bool:
    """Tell whether chat is on in a space."""
    return bool(_chat_of(space.id))


@prepared
def _chat_of(space_id: UUID) -> QuerySet[SpaceChat, UUID]:
    return SpaceChat.objects.filter(space_id=space_id, is_on=True).values_list("space_id", flat=True)


def spaces_with_chat(spaces: Collection[Space]) -> set[UUID]:
    """Return the ids of those of these spaces that have chat."""
    return set(SpaceChat.objects.filter(space__in=spaces, is_on=True).values_list("space_id", flat=True))


def mentionable_in(room: Room, text: str) -> list[Person]:
    """Return a few people who can read the room and one of whose names begins like this."""
    return named_like(readers_of_room(room), text)


def readers_of_room(room: Room) -> QuerySet[Person]:
    """Return everybody who can read a room: the same rule as `readable_by`, seen from the other side."""
    takes_part = Q(id__in=RoomMembership.objects.filter(room=room).values("person_id"))
    if room.space is None:
        return Person.objects.filter(takes_part, state=Person.State.ACTIVE)
    if not has_chat(room.space):
        return Person.objects.none()
    readers = readers_of(room.space)
    return readers.filter(takes_part) if room.is_private else readers


def people_to_write_to(viewer: Person) -> QuerySet[Person]:
    """Return the people with whom the viewer may begin a conversation: the active whose profile they may open."""
    return visible_people(viewer).filter(state=Person.State.ACTIVE).exclude(pk=viewer.pk)


@dataclass(frozen=True)
class MembersPage:
    """Some of those who take part, and where the next begin."""

    places: list[RoomMembership]
    next: str = ""


def members_page(room: Room, *, cursor: str = "", limit: int = PAGE) -> MembersPage:
    """Return who takes part in a room, in the order in which they came."""
    places = RoomMembership.objects.filter(room=room, person__state=Person.State.ACTIVE)
    if cursor:
        at, id = Cursor.read(cursor)
        places = places.filter(Q(joined_at__gt=at) | Q(joined_at=at, id__gt=id))
    found = list(places.select_related("person").order_by("joined_at", "id")[: limit + 1])
    if len(found) <= limit:
        return MembersPage(found)
    return MembersPage(found[:limit], Cursor.write(found[limit - 1].joined_at, found[limit - 1].id))


def seen_in(viewer: Person, room: Room) -> list[RoomMembership]:
    """Return how far the others have read a room that was looked up, as far as one may know; not who appears offline."""
    if not shows_seen_by(viewer, room):
        return []
    hidden = Status.objects.filter(hides_presence=True).values("person_id")
    places = RoomMembership.objects.filter(room=room, person__state=Person.State.ACTIVE, read_seq__gt=0)
    others = places.exclude(person=viewer).exclude(person__in=hidden)
    if room.space is not None:
        others = others.filter(person__in=readers_of_room(room).values("pk"))
    return list(others.select_related("person").order_by("joined_at", "id"))


def find_member(room: Room, person_id: UUID) -> Person:
    """Return somebody who takes part in a room that was looked up; `NotFound` otherwise."""
    place = RoomMembership.objects.filter(room=room, person=person_id).select_related("person").first()
    if place is None:
        raise NotFound
    person: Person = place.person
    return person


def rooms_called(viewer: Person, text: str, *, limit: int = PAGE) -> list[Room]:
    """Return rooms that the viewer may read and that are called so, by their name or by who is in them."""
    rooms = Room.objects.readable_by(viewer).filter(archived_at__isnull=True)
    for word in printable(text).split()[:4]:
        named = Q(person__sort_name__contains=sort_key(word)) & ~Q(person=viewer)
        people = RoomMembership.objects.filter(named, room__kind__in=Room.BETWEEN_PEOPLE)
        rooms = rooms.filter(
            Q(name__icontains=word) | Q(space__name__icontains=word) | Q(id__in=people.values("room_id"))
        )
    found = rooms.select_related("space").order_by("-last_message_at", "-id")[:limit]
    return with_places(viewer, list(found))


def unread_in(viewer: Person, rooms: Collection[UUID] | None = None) -> dict[UUID, Unread]:
    """Return what the viewer has not read, by room, rooms with something new only: one query for all."""
    counted = _unread_places(viewer)
    if rooms is not None:
        counted = counted.filter(room__in=rooms)
    return {
        room_id: Unread(messages, mentions)
        for room_id, messages, mentions in counted.values_list("room_id", "messages", "mentions")
        if messages or mentions
    }


def _unread_places(viewer: Person) -> QuerySet[Any, Any]:
    new = {"room": OuterRef("room"), "seq__gt": Greatest(OuterRef("read_seq"), OuterRef("first_seq") - 1)}
    texts = Message.objects.filter(**new, state="published", kind="text", thread__isnull=True)
    said = texts.exclude(author=viewer).order_by().values("id")[:COUNTED]
    visible = Exists(Message.objects.filter(pk=OuterRef("message"), state="published"))
    named: QuerySet[Any, Any] = (
        MessageMention.objects.filter(visible, **new, person=viewer).order_by().values("id")[:COUNTED]
    )
    places = RoomMembership.objects.filter(person=viewer, room__last_seq__gt=F("read_seq"))
    places = places.filter(room__in=Room.objects.readable_by(viewer).filter(archived_at__isnull=True))
    counted: QuerySet[Any, Any] = places.annotate(messages=_count(said), mentions=_count(named))
    return counted


def _count(rows: QuerySet[Any, Any]) -> Func:
    return Func(ArraySubquery(rows), function="cardinality", output_field=IntegerField())


def unread_chats(viewer: Person) -> int:
    """Return in how many conversations something waits, as loud as the viewer wants each: the number of the layout."""
    places = _unread_places(viewer).values_list("messages", "mentions", "level", "muted_until")
    now = timezone.now()
    return sum(
        _calls(Unread(messages, mentions), level, is_muted=muted_until is not None and muted_until > now)
        for messages, mentions, level, muted_until in places
    )


def _calls(unread: Unread, level: str, *, is_muted: bool) -> bool:
    if is_muted or level == RoomMembership.Level.NOTHING:
        return False
    return bool(unread.mentions or (level == RoomMembership.Level.ALL and unread.messages))


def messages_of(
    viewer: Person,
    room: Room,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    at: date | None = None,
    limit: int = PAGE,
) -> MessagePage:
    """Return some messages of a room that was looked up, by default the newest; replies of side threads apart."""
    shown = _shown(Message.objects.legible_to(viewer).filter(room=room, thread__isnull=True))
    if at is not None:
        around = _place_at(shown, room, at)
    if around is not None:
        half = limit // 2
        earlier = list(shown.filter(seq__lt=around).order_by("-seq")[:half])
        found = [*reversed(earlier), *shown.filter(seq__gte=around).order_by("seq")[: limit - half]]
    elif after is not None:
        found = list(shown.filter(seq__gt=after).order_by("seq")[:limit])
    else:
        latest = shown if before is None else shown.filter(seq__lt=before)
        found = list(latest.order_by("-seq")[:limit])[::-1]
    return _page(viewer, room, shown, found)


def _place_at(shown: QuerySet[Message], room: Room, at: date) -> int:
    # Where no clock reaches, with whatever time zone: the beginning, or the end.
    day = min(max(at, EARLIEST), LATEST)
    midnight = timezone.make_aware(datetime.combine(day, time.min))
    # By the clock: in the order of places, all that was said before would be read to get there.
    by_the_clock = shown.filter(created_at__gte=midnight).order_by("created_at", "seq")
    place = by_the_clock.values_list("seq", flat=True).first()
    return place or room.last_seq


def _page(viewer: Person, room: Room, shown: QuerySet[Message], found: list[Message]) -> MessagePage:
    for message in found:
        message.room = room
    first = first_seq_of(viewer, room)
    if not found:
        return MessagePage([], first, room.last_seq, has_before=False, has_after=False)
    before, after = found[0].seq, found[-1].seq
    has_before = before > first and shown.filter(seq__lt=before).exists()
    has_after = after < room.last_seq and shown.filter(seq__gt=after).exists()
    return MessagePage(found, first, room.last_seq, has_before, has_after)


def first_seq_of(viewer: Person, room: Room) -> int:
    """Return the first place of a room that the viewer sees."""
    place = (
        RoomMembership.objects.filter(room=room, person=viewer).values_list("first_seq", flat=True).first()
    )
    return place or 1


def _shown(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.select_related("author", "quote__author")


def thread_of(viewer: Person, root: Message) -> list[Message]:
    """Return the side thread of a message, the message itself first."""
    replies = _shown(Message.objects.legible_to(viewer).filter(thread=root)).order_by("seq")
    return [root, *replies.select_related("room__space")[:500]]


def pinned_in(viewer: Person, room: Room) -> list[Message]:
    """Return the pinned messages of a room, the latest pin first."""
    pinned = Message.objects.visible_to(viewer).filter(room=room, pinned_at__isnull=False)
    return list(_shown(pinned).select_related("room__space").order_by("-pinned_at")[:PAGE])


def files_in(viewer: Person, room: Room, *, limit: int = PAGE) -> list[MessageAttachment]:
    """Return the files that messages of a room show, the latest first."""
    visible = Message.objects.visible_to(viewer).filter(room=room)
    files = MessageAttachment.objects.filter(message__in=visible).select_related("file", "message__author")
    return list(files.order_by("-message__seq", "position")[:limit])


def find_message(viewer: Person | None, message_id: UUID) -> Message:
    """Return a message that the viewer may read; `NotFound` otherwise."""
    return _found(Message.objects.visible_to(viewer), message_id)


def find_legible(viewer: Person | None, message_id: UUID) -> Message:
    """Return a message, or the place of one that is gone, in what the viewer reads; `NotFound` otherwise."""
    return _found(Message.objects.legible_to(viewer), message_id)


def _found(messages: QuerySet[Message], message_id: UUID) -> Message:
    message = _shown(messages).select_related("room__space").filter(pk=message_id).first()
    if message is None:
        raise NotFound
    return message


def history_of(viewer: Person, message: Message) -> QuerySet[MessageRevision]:
    """Return what a message said before, the latest first; of one that is gone, nothing."""
    kept = MessageRevision.objects.filter(message=message, message__in=Message.objects.visible_to(viewer))
    return kept.select_related("editor").order_by("-version")


def search_messages(viewer: Person, text: str, *, room: Room | None = None, limit: int = 20) -> list[Message]:
    """Return the messages that say a text, the best first, of what the viewer reads; found as entries are."""
    question = read_question(text)
    if question.is_empty:
        return []
    rooms = frozenset(_readable_rooms(viewer))
    filters = Filters(space_ids=rooms if room is None else rooms & {room.id})
    hits = find(question, filters, understand(question, STORE), most=FEW_CANDIDATES, store=STORE).hits
    return _best(viewer, [hit.id for hit in hits], limit)


def _best(viewer: Person, ids: Sequence[UUID], limit: int) -> list[Message]:
    """Return the first of these messages that the viewer may see."""
    best: list[Message] = []
    for start in range(0, len(ids), 2 * limit):
        some = list(ids[start : start + 2 * limit])
        rows = {message.id: message for message in _seen(viewer, some)}
        best += [rows[id] for id in some if id in rows]
        if len(best) >= limit:
            break
    return best[:limit]


@prepared
def _readable_rooms(viewer: Person) -> QuerySet[Room, UUID]:
    return Room.objects.readable_by(viewer).values_list("id", flat=True)


@prepared
def _seen(viewer: Person, ids: list[UUID]) -> QuerySet[Message]:
    visible = Message.objects.visible_to(viewer).filter(any_of("chat_message.id", ids))
    return _shown(visible).select_related("room__space")
