"""Begin conversations, let people in and out, name rooms, switch the chat of a space."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.chat.actions.writing import count_members, hold, say, tell_room
from parvis.chat.events import ChatSwitched, MemberJoined, MemberLeft, RoomChanged, RoomOpened
from parvis.chat.models import NAME_LENGTH, Room, RoomMembership, SpaceChat
from parvis.chat.policy import can, forget_place, may_open_rooms
from parvis.chat.queries import direct_room, has_chat, pair_of, people_to_write_to
from parvis.foundation.errors import Conflict, Forbidden, Invalid, NotFound
from parvis.foundation.events import record
from parvis.foundation.richtext import clean_text
from parvis.notifications.actions import remove_lines
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space
from parvis.spaces.queries import readers_of

MOST_PEOPLE = 500
TOPIC_LENGTH = 300


def open_direct(*, viewer: Person, person: Person) -> Room:
    """Return the conversation of two people, begun now if there is none; with oneself, it is a place for notes."""
    existing = direct_room(viewer, person)
    if existing is not None:
        return existing
    if person.id != viewer.id and not people_to_write_to(viewer).filter(pk=person.pk).exists():
        raise NotFound
    try:
        with transaction.atomic():
            room: Room = Room.objects.create(
                kind=Room.Kind.DIRECT,
                is_private=True,
                pair=pair_of(viewer.id, person.id),
                created_by=viewer,
            )
            _put_in(room, {viewer.id, person.id})
            tell_room(RoomOpened, room, viewer, person_ids=(viewer.id, person.id))
    except IntegrityError:
        # Both began at the same moment: it is one conversation.
        return Room.objects.get(pair=pair_of(viewer.id, person.id))
    return room


def create_group(*, creator: Person, people: Iterable[UUID], name: str = "") -> Room:
    """Begin a conversation of several people; without a name it is called by theirs."""
    if creator.is_guest:
        raise Forbidden
    others = _known_people(creator, people)
    if not others:
        raise Invalid({"people": [_("Choose the people of this conversation.")]})
    with transaction.atomic():
        room: Room = Room.objects.create(
            kind=Room.Kind.GROUP, is_private=True, name=_one_line(name), created_by=creator
        )
        everybody = (creator.id, *(person.id for person in others))
        _put_in(room, everybody, hosts={creator.id})
        tell_room(RoomOpened, room, creator, person_ids=everybody)
        say(room, creator, "created")
    return room


def create_space_room(
    *,
    creator: Person,
    space: Space,
    name: str,
    topic: str = "",
    is_private: bool = False,
    people: Iterable[UUID] = (),
) -> Room:
    """Open a room in a space: for all its members, or, private, for some of its readers."""
    if not has_chat(space) or not may_open_rooms(creator, space):
        raise Forbidden
    if not (title := _one_line(name)):
        raise Invalid({"name": [_("Give the room a name.")]})
    chosen = {person.id for person in _readers(space, people)} if is_private else _members(space)
    with transaction.atomic():
        room: Room = Room.objects.create(
            kind=Room.Kind.SPACE,
            space=space,
            name=title,
            topic=_topic(topic),
            is_private=is_private,
            created_by=creator,
        )
        _put_in(room, {creator.id, *chosen}, hosts={creator.id})
        tell_room(RoomOpened, room, creator)
        say(room, creator, "created")
    return room


def switch_chat(*, actor: Person, space: Space, is_on: bool) -> None:
    """Give a space chat, with a first room, or take it away; what was said comes back with it."""
    if not may_open_rooms(actor, space):
        raise Forbidden
    with transaction.atomic():
        SpaceChat.objects.update_or_create(space=space, defaults={"is_on": is_on})
        rooms = list(Room.objects.filter(space=space))
        record(ChatSwitched(actor_id=actor.id, space_id=space.id, is_on=is_on))
        for room in rooms:
            tell_room(RoomOpened, room, actor)
        if is_on and not rooms:
            create_space_room(creator=actor, space=space, name=_("General"))


def add_people(
    *, actor: Person, room: Room, people: Iterable[UUID], sees_everything: bool = False
) -> list[Person]:
    """Let people in: they see what is said from now on, or everything from the start."""
    if not can(actor, "add_people", room):
        raise Forbidden
    known = _readers(room.space, people) if room.space is not None else _known_people(actor, people)
    with transaction.atomic():
        hold(room)
        locked: Room = Room.objects.get(pk=room.pk)
        room.last_seq = locked.last_seq
        there = set(
            RoomMembership.objects.filter(room=room, person__in=known).values_list("person_id", flat=True)
        )
        new = [person for person in known if person.id not in there]
        if not new:
            return []
        _refuse_archived(locked)
        if locked.member_count + len(new) > MOST_PEOPLE and room.kind == Room.Kind.GROUP:
            raise Invalid({"people": [_("A group has at most %(limit)s people.") % {"limit": MOST_PEOPLE}]})
        sees_from = 1 if sees_everything or room.is_open else room.last_seq + 1
        _put_in(room, {person.id for person in new}, first_seq=sees_from, read_seq=room.last_seq)
        tell_room(MemberJoined, room, actor, person_ids=tuple(person.id for person in new))
        say(room, actor, "added", people=new)
    return new


def leave_room(*, person: Person, room: Room) -> None:
    """No longer take part; an open room can be joined again."""
    if not can(person, "leave", room):
        raise Forbidden
    with transaction.atomic():
        say(room, person, "left")
        _take_out(room, [person.id], actor=person)


def remove_person(*, actor: Person, room: Room, person: Person) -> None:
    """Take somebody out, as who answers for the room."""
    if not can(actor, "manage", room) or room.is_open:
        raise Forbidden
    if not RoomMembership.objects.filter(room=room, person=person).exists():
        raise NotFound
    with transaction.atomic():
        say(room, actor, "removed", people=[person])
        _take_out(room, [person.id], actor=actor)


def change_room(
    *,
    actor: Person,
    room: Room,
    name: str | None = None,
    topic: str | None = None,
    is_archived: bool | None = None,
) -> Room:
    """Name a room, say what it is about, or archive it; everybody in it hears."""
    if not can(actor, "manage", room):
        raise Forbidden
    with transaction.atomic():
        hold(room)
        if is_archived is False and room.archived_at is not None:
            _archive(room, None)
        if name is not None or topic is not None:
            _refuse_archived(room)
        if name is not None and (title := _one_line(name)) != room.name:
            if not title and room.kind == Room.Kind.SPACE:
                raise Invalid({"name": [_("Give the room a name.")]})
            _set(room, "name", title)
            say(room, actor, "renamed", name=title)
        if topic is not None and (text := _topic(topic)) != room.topic:
            _set(room, "topic", text)
            say(room, actor, "topic", topic=text)
        if is_archived and room.archived_at is None:
            say(room, actor, "archived")
            _archive(room, timezone.now())
        tell_room(RoomChanged, room, actor)
    return room


def _refuse_archived(room: Room) -> None:
    if room.archived_at is not None:
        raise Conflict(_("This conversation is archived: it can be read, and no longer written to."))


def follow_space(*, person_id: UUID, space_id: UUID) -> None:
    """Put who joined a space into its open rooms; what was said before is theirs to read, and not new to them."""
    rooms = Room.objects.filter(space=space_id, is_private=False, archived_at__isnull=True)
    for room in rooms.exclude(memberships__person=person_id).order_by("id"):
        _put_in(room, {person_id}, read_seq=room.last_seq)


def leave_space(*, person_id: UUID, space_id: UUID) -> None:
    """Take who left a space out of its rooms."""
    places = RoomMembership.objects.filter(person=person_id, room__space=space_id)
    rooms = [place.room for place in places.select_related("room").order_by("room_id")]
    places.delete()
    for room in rooms:
        count_members(room)
        remove_lines(subject=f"room:{room.id}", person_ids=[person_id])


def _put_in(
    room: Room,
    person_ids: Collection[UUID],
    *,
    hosts: Collection[UUID] = (),
    first_seq: int = 1,
    read_seq: int = 0,
) -> None:
    RoomMembership.objects.bulk_create(
        [
            RoomMembership(
                room=room, person_id=id, is_host=id in hosts, first_seq=first_seq, read_seq=read_seq
            )
            for id in person_ids
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )
    forget_place(room)
    count_members(room)


def _take_out(room: Room, person_ids: list[UUID], *, actor: Person) -> None:
    RoomMembership.objects.filter(room=room, person__in=person_ids).delete()
    forget_place(room)
    count_members(room)
    _let_somebody_answer(room)
    tell_room(MemberLeft, room, actor, person_ids=tuple(person_ids))


def _let_somebody_answer(room: Room) -> None:
    """A group whose last host has left is answered for by who is there longest."""
    places = RoomMembership.objects.filter(room=room)
    if room.kind == Room.Kind.GROUP and not places.filter(is_host=True).exists():
        eldest = places.order_by("joined_at", "id").first()
        if eldest is not None:
            eldest.is_host = True
            eldest.save(update_fields=["is_host"])


def _archive(room: Room, at: object) -> None:
    _set(room, "archived_at", at)


def _set(room: Room, field: str, value: object) -> None:
    setattr(room, field, value)
    room.save(update_fields=[field])


def _known_people(actor: Person, ids: Iterable[UUID]) -> list[Person]:
    wanted = set(ids) - {actor.id}
    if len(wanted) > MOST_PEOPLE:
        raise Invalid({"people": [_("A group has at most %(limit)s people.") % {"limit": MOST_PEOPLE}]})
    return _all_or_refuse(list(people_to_write_to(actor).filter(pk__in=wanted)), wanted)


def _readers(space: Space | None, ids: Iterable[UUID]) -> list[Person]:
    assert space is not None
    wanted = set(ids)
    return _all_or_refuse(list(readers_of(space).filter(pk__in=wanted)), wanted)


def _all_or_refuse(found: list[Person], wanted: set[UUID]) -> list[Person]:
    if len(found) != len(wanted):
        raise Invalid({"people": [_("One of these people was not found, or cannot read this space.")]})
    return found


def _members(space: Space) -> set[UUID]:
    active = Membership.objects.filter(space=space, person__state=Person.State.ACTIVE)
    return set(active.values_list("person_id", flat=True))


def _one_line(name: str) -> str:
    text = " ".join(clean_text(name).split())
    if len(text) > NAME_LENGTH:
        raise Invalid({"name": [_("A name has at most %(limit)s characters.") % {"limit": NAME_LENGTH}]})
    return text


def _topic(topic: str) -> str:
    text = " ".join(clean_text(topic).split())
    if len(text) > TOPIC_LENGTH:
        raise Invalid({"topic": [_("A topic has at most %(limit)s characters.") % {"limit": TOPIC_LENGTH}]})
    return text
