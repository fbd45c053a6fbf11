"""Who finds a conversation in the inbox: whoever is written to directly or named, one line each, until they read it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.chat.events import MemberLeft, MessageDeleted, PeopleAddressed
from parvis.chat.models import Message, MessageMention, Room, RoomMembership
from parvis.chat.queries import readers_of_room, unread_in
from parvis.foundation.addresses import reverse
from parvis.foundation.events import on
from parvis.notifications import levels
from parvis.notifications.actions import mark_read, notify, remove_lines
from parvis.notifications.models import KindChoice, Notification
from parvis.notifications.reasons import Reason, register
from parvis.people.models import Person
from parvis.worktime.urgency import is_urgent

DIRECT, MENTION = "chat_direct", "chat_mention"


def subject_of(room_id: UUID) -> str:
    """Return what names the line of a conversation."""
    return f"room:{room_id}"


def _address(line: Notification) -> str:
    return reverse("chat:room", args=[line.subject.partition(":")[2]])


register(
    Reason(
        name=DIRECT,
        symbol="message-circle",
        rank=25,
        sentence=_("%(who)s wrote to you"),
        why=_("It is a message to you alone."),
        delivered_as="direct",
        address=_address,
    )
)
register(
    Reason(
        name=MENTION,
        symbol="at-sign",
        kind=KindChoice.Kind.MENTION,
        rank=12,
        sentence=_("%(who)s mentioned you in a conversation"),
        why=_("You are mentioned by name."),
        space_sentence=_("%(who)s mentioned you in a room of %(space)s"),
        address=_address,
    )
)


@on(PeopleAddressed)
def tell_those_it_is_for(event: PeopleAddressed) -> None:
    """The named, and in a direct conversation the other one; not who has read it meanwhile, or wants silence."""
    message = Message.objects.filter(pk=event.message_id, state=Message.State.PUBLISHED)
    found = message.select_related("room__space").first()
    if found is None:
        return
    readers = readers_of_room(found.room).exclude(id__in=_not_to_be_told(found))
    named = MessageMention.objects.filter(message=found).values("person_id")
    _tell(found, readers.filter(id__in=named), MENTION)
    if found.room.kind == Room.Kind.DIRECT:
        only_mentions = RoomMembership.objects.filter(
            room=found.room, level=RoomMembership.Level.MENTIONS
        ).values("person_id")
        _tell(found, readers.exclude(id__in=only_mentions), DIRECT)


def _not_to_be_told(message: Message) -> QuerySet[RoomMembership, UUID]:
    silent = Q(level=RoomMembership.Level.NOTHING) | Q(muted_until__gt=timezone.now())
    places = RoomMembership.objects.filter(room=message.room)
    return places.filter(silent | Q(read_seq__gte=message.seq)).values_list("person_id", flat=True)


def _tell(message: Message, people: QuerySet[Person], reason: str) -> None:
    notify(
        recipients=levels.wanting(people, reason, space_id=message.room.space_id),
        subject=subject_of(message.room_id),
        reason=reason,
        actor_id=message.author_id,
        space_id=message.room.space_id,
        is_urgent=is_urgent(message.id),
    )


@on(MessageDeleted)
def take_lines_back(event: MessageDeleted) -> None:
    """A line that told of what is gone ends, when nothing else in the room waits for its owner."""
    subject = subject_of(event.room_id)
    waiting = Notification.objects.filter(subject=subject, read_at__isnull=True).select_related("person")
    for line in waiting:
        if event.room_id not in unread_in(line.person, [event.room_id]):
            mark_read(person=line.person, subject=subject)


@on(MemberLeft)
def forget_lines(event: MemberLeft) -> None:
    """Who is no longer in a conversation finds nothing of it in their inbox."""
    remove_lines(subject=subject_of(event.room_id), person_ids=event.person_ids)
