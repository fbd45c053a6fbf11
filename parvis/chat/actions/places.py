"""One's own place in a room: how far one has read, how loud it is, and the draft that waits in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.chat.actions.writing import count_members, place_of, tell_room
from parvis.chat.events import MemberJoined, MyRoomChanged, RoomRead, RoomSeen, StatusChanged
from parvis.chat.models import Room, RoomMembership, Status
from parvis.chat.policy import can, forget_place, shows_seen_by
from parvis.chat.queries import unread_in
from parvis.content.actions.marks import check_emoji
from parvis.content.rendering import BODY_LIMIT
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.richtext import clean_text
from parvis.notifications.actions import mark_read as mark_line_read
from parvis.people.models import Person

STATUS_LENGTH = 100
LONGEST = timedelta(days=3_650)


def join_room(*, person: Person, room: Room) -> None:
    """Take part in an open room; what was said before is there to read, and not new."""
    if not can(person, "join", room):
        raise Forbidden
    with transaction.atomic():
        _place, is_new = RoomMembership.objects.get_or_create(
            room=room, person=person, defaults={"read_seq": room.last_seq}
        )
        if is_new:
            forget_place(room)
            count_members(room)
            tell_room(MemberJoined, room, person, person_ids=(person.id,))


def mark_read(*, person: Person, room: Room, seq: int) -> None:
    """Have read up to a place: forward only, and never further than there is something to read."""
    until = min(seq, Room.objects.values_list("last_seq", flat=True).get(pk=room.pk))
    mark_line_read(person=person, subject=f"room:{room.id}")
    places = RoomMembership.objects.filter(room=room, person=person, read_seq__lt=until)
    with transaction.atomic():
        if _move(person, room, places, until) and shows_seen_by(person, room):
            _tell_seen(person, room, until)


def mark_unread(*, person: Person, room: Room, seq: int) -> None:
    """Let a message, and what follows it, be new again."""
    places = RoomMembership.objects.filter(room=room, person=person, read_seq__gte=max(seq, 1))
    _move(person, room, places, max(seq - 1, 0))


def _tell_seen(person: Person, room: Room, seq: int) -> None:
    """Who appears offline reads unseen."""
    if not Status.objects.filter(person=person, hides_presence=True).exists():
        event = RoomSeen(actor_id=person.id, **place_of(room))
        record(event, carried={"room": room.id, "person": person.id, "read_seq": seq})


def _move(person: Person, room: Room, places: object, until: int) -> bool:
    with transaction.atomic():
        if not places.update(read_seq=until):  # type: ignore[attr-defined]
            return False
        forget_place(room)
        left = unread_in(person, [room.id]).get(room.id)
        record(
            RoomRead(actor_id=person.id, person_id=person.id, room_id=room.id, read_seq=until),
            carried={
                "room": room.id,
                "person": person.id,
                "read_seq": until,
                "unread_count": left.messages if left else 0,
                "mention_count": left.mentions if left else 0,
            },
        )
    return True


def read_own(*, person: Person, room: Room, seq: int) -> None:
    """Who has read everything has read what they say themselves, too."""
    RoomMembership.objects.filter(room=room, person=person, read_seq=seq - 1).update(
        read_seq=F("read_seq") + 1
    )


def change_place(
    *,
    person: Person,
    room: Room,
    level: str | None = None,
    is_favourite: bool | None = None,
    muted_until: datetime | None = None,
    is_muted: bool | None = None,
    draft: str | None = None,
) -> None:
    """Say how loud a room is, keep it at hand, mute it for a while, keep what is being written."""
    changes: dict[str, object] = {}
    if level is not None:
        if level not in RoomMembership.Level.values:
            raise Invalid({"level": [_("This is none of the possible values.")]})
        changes["level"] = level
    if is_favourite is not None:
        changes["is_favourite"] = is_favourite
    if is_muted is not None:
        _check_hour(muted_until if is_muted else None, "muted_until")
        changes["muted_until"] = muted_until if is_muted else None
    if draft is not None:
        changes["draft"] = clean_text(draft)[:BODY_LIMIT]
    if not changes:
        return
    with transaction.atomic():
        if not RoomMembership.objects.filter(room=room, person=person).update(**changes):
            raise Forbidden
        forget_place(room)
        if changes.keys() != {"draft"}:
            record(
                MyRoomChanged(actor_id=person.id, person_id=person.id, room_id=room.id),
                carried={"room": room.id},
            )


def set_status(
    *,
    person: Person,
    emoji: str = "",
    text: str = "",
    until: datetime | None = None,
    undisturbed_until: datetime | None = None,
    hides_presence: bool = False,
) -> Status:
    """Say something of oneself for a while, ask not to be disturbed, hide one's presence."""
    if emoji:
        check_emoji(emoji)
    _check_hour(until, "until")
    _check_hour(undisturbed_until, "undisturbed_until")
    line = " ".join(clean_text(text).split())
    if len(line) > STATUS_LENGTH:
        raise Invalid({"text": [_("A status has at most %(limit)s characters.") % {"limit": STATUS_LENGTH}]})
    with transaction.atomic():
        status: Status
        status, _is_new = Status.objects.update_or_create(
            person=person,
            defaults={
                "emoji": emoji,
                "text": line,
                "until": until,
                "undisturbed_until": undisturbed_until,
                "hides_presence": hides_presence,
            },
        )
        record(StatusChanged(actor_id=person.id, person_id=person.id))
    return status


def _check_hour(until: datetime | None, field: str) -> None:
    if until is not None and until > timezone.now() + LONGEST:
        raise Invalid({field: [_("Choose an end within ten years.")]})
