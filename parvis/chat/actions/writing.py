"""The one way in which a message gets its place, and in which those in the room hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.chat import wire
from parvis.chat.events import MessageEvent, MessagePosted, RoomEvent
from parvis.chat.models import Message, MessageAttachment, Room, RoomMembership
from parvis.foundation.events import forget_carried, record
from parvis.foundation.tenancy import new_id
from parvis.people.models import Person

# A room is held until the end of the transaction: whoever else posts here waits, so that places are given in the order
# in which they become visible, and a rollback gives its place back. Held before anything is written, by a lock that
# gives no number: a transaction that waits for a row has one already, and the outbox is read by these numbers.
HOLD = "SELECT pg_advisory_xact_lock(%s)"
TAKE_PLACE = """
    UPDATE chat_room SET last_seq = last_seq + 1, last_message_at = greatest(last_message_at, %s)
    WHERE id = %s AND archived_at IS NULL RETURNING last_seq
"""


def hold(room: Room) -> None:
    """Let nobody else change or use the room until the end of the transaction; before its row is touched."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [int.from_bytes(room.id.bytes[8:], signed=True)])


def take_place(room: Room) -> int | None:
    """Return the next place of a room, in the caller's transaction; None in one that is archived or gone."""
    hold(room)
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE_PLACE, [now, room.id])
        row = cursor.fetchone()
    if row is None:
        return None
    room.last_seq, room.last_message_at = row[0], now
    return room.last_seq


def say(room: Room, author: Person, event: str, *, people: Iterable[Person] = (), **details: str) -> None:
    """Write down in the room what happened to it, in words for whoever cannot read the event itself.

    Who leaves an archived room leaves it as it was: there nothing is written.
    """
    seq = take_place(room)
    if seq is None:
        return
    named = list(people)
    sentence = _sentence(event, author, named, details)
    message: Message = Message.objects.create(
        id=new_id(),
        room=room,
        seq=seq,
        author=author,
        kind=Message.Kind.EVENT,
        body=sentence,
        body_text=sentence,
        event={
            "type": event,
            "people": [{"id": str(person.id), "name": person.full_name} for person in named],
            **details,
        },
    )
    tell(MessagePosted, message, author)


def _sentence(event: str, author: Person, people: list[Person], details: dict[str, str]) -> str:
    sentences = {
        "created": _("%(who)s began this conversation."),
        "added": _("%(who)s added %(people)s."),
        "joined": _("%(who)s joined."),
        "left": _("%(who)s left."),
        "removed": _("%(who)s removed %(people)s."),
        "renamed": _("%(who)s named this conversation “%(name)s”."),
        "topic": _("%(who)s changed the topic: %(topic)s"),
        "archived": _("%(who)s archived this conversation."),
    }
    names = ", ".join(person.full_name for person in people)
    return sentences[event] % {"who": author.full_name, "people": names, "name": "", "topic": "", **details}


def tell(
    event_type: type[MessageEvent],
    message: Message,
    actor: Person,
    *,
    hung: wire.Satellites | None = None,
    **more: Any,
) -> None:
    """Record what happened to a message; the frame carries the message as it is now, the same for all."""
    hung = wire.satellites_of([message]) if hung is None else hung
    row = wire.message_row(wire.prefix_of(actor), message, hung)
    event = event_type(
        actor_id=actor.id, message_id=message.id, seq=message.seq, **place_of(message.room), **more
    )
    if event_type is not MessagePosted and (message.is_gone or message.version > 1):
        # What it said before is told nobody any more, not even who comes back after a cut.
        forget_carried(message.id)
    record(event, carried={"room": message.room_id, "seq": message.seq, "message": row})


def tell_room(event_type: type[RoomEvent], room: Room, actor: Person, **more: Any) -> None:
    """Record what happened to a room."""
    event = event_type(actor_id=actor.id, **place_of(room), **more)
    people = [str(id) for id in more.get("person_ids", ())]
    record(event, carried={"room": room.id, "people": people})


def place_of(room: Room) -> dict[str, Any]:
    """Return what each event says of its room."""
    return {"room_id": room.id, "space_id": room.space_id, "is_open": room.is_open}


def known_satellites(
    message: Message, attachments: Iterable[MessageAttachment], mentioned: Iterable[UUID]
) -> wire.Satellites:
    """Return what hangs on a message that was written this moment, without asking."""
    hung = wire.Satellites()
    hung.attachments[message.id] = list(attachments)
    hung.mentions[message.id] = list(mentioned)
    return hung


def count_members(room: Room) -> None:
    """Put the number of members right."""
    room.member_count = RoomMembership.objects.filter(room=room, person__state=Person.State.ACTIVE).count()
    room.save(update_fields=["member_count"])
