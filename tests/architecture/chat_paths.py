"""Every way to read a room or a message, and who may, said naively. A new path joins these lists."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from uuid import UUID

from django.test import Client

from parvis.chat import queries, wire
from parvis.chat.models import Message, Room, RoomMembership, SpaceChat
from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from tests.api.directly import secret_of
from tests.architecture.oracle import may_read_space
from tests.chat.cast import Talk
from tests.world import World

ChatPath = Callable[[World, Talk, Person], set[UUID]]


def may_read_room(world: World, viewer: Person, room: Room) -> bool:
    """Say the rule of rooms word by word, without asking the code under test."""
    bound = world.organization.id
    if viewer.organization_id != bound or viewer.state != "active":
        return False
    takes_part = RoomMembership.objects.filter(room_id=room.id, person_id=viewer.id).exists()
    if room.kind != "space":
        return takes_part
    space = next(space for space in world.spaces.values() if space.id == room.space_id)
    if not SpaceChat.objects.filter(space_id=space.id, is_on=True).exists():
        return False
    return may_read_space(world, viewer, space) and (takes_part or not room.is_private)


def may_read_message(world: World, talk: Talk, viewer: Person, message: Message) -> bool:
    """A message is read by who reads its room, from their first place on, while it is there."""
    room = Room.objects.get(pk=message.room_id)
    state = Message.objects.values_list("state", flat=True).get(pk=message.pk)
    place = RoomMembership.objects.filter(room=room, person_id=viewer.id).first()
    since = place.first_seq if place else 1
    return state == "published" and may_read_room(world, viewer, room) and message.seq >= since


def _readable(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return set(Room.objects.readable_by(viewer).values_list("id", flat=True))


def _by_id(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return set(_found(queries.find_room, viewer, talk.rooms.values()))


def _readers(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    rooms = Room.objects.select_related("space")
    return {room.id for room in rooms if queries.readers_of_room(room).filter(pk=viewer.pk).exists()}


def _mine(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return {room.id for room in queries.my_rooms(viewer).rooms}


def _called(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    names = ["lunch", "general", "général", "corner", "bob", "chloe", "grace"]
    return {room.id for name in names for room in queries.rooms_called(viewer, name)}


def _unread(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return set(queries.unread_in(viewer))


def _api_rooms(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    shown = {UUID(row["id"]) for row in _ask(viewer, "/rooms", "items")}
    shown |= {
        UUID(row["id"])
        for name in world.spaces.values()
        for row in _ask(viewer, f"/rooms?space={name.id}", "items")
    }
    shown |= {UUID(row["id"]) for row in _ask(viewer, "/switch?q=e", "") if row["kind"] == "room"}
    return shown | {room.id for room in talk.rooms.values() if _ask(viewer, f"/rooms/{room.id}", "id")}


ROOM_PATHS: dict[str, ChatPath] = {
    "Room.objects.readable_by": _readable,
    "a room by its id": _by_id,
    "the readers of a room": _readers,
    "my conversations": _mine,
    "rooms by name": _called,
    "what is unread": _unread,
    "API: rooms and the switcher": _api_rooms,
}
# These show a part of what may be read.
SHOW_A_PART = {"my conversations", "rooms by name", "what is unread"}


def _visible(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return set(Message.objects.visible_to(viewer).filter(kind="text").values_list("id", flat=True))


def _one(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return set(_found(queries.find_message, viewer, talk.messages.values()))


def _rooms(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    rows = []
    for room in Room.objects.select_related("space"):
        try:
            found = queries.find_room(viewer, room.id)
        except NotFound:
            continue
        rows += wire.page_row(viewer, queries.messages_of(viewer, found))["messages"]
    # The place of what is gone stays, and says nothing.
    assert not [row for row in rows if row["deleted_at"] and (row["body"] or row["html"])]
    return {row["id"] for row in rows if row["kind"] == "text" and not row["deleted_at"]}


def _search(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    return {message.id for message in queries.search_messages(viewer, "walrus", limit=100)}


def _files(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    rows = [row for room in talk.rooms.values() for row in _ask(viewer, f"/rooms/{room.id}/files", "items")]
    assert {row["name"] for row in rows} <= {"pair.txt", "group before.txt", "group after.txt"}
    return {UUID(str(row["message"])) for row in rows}


def _last_lines(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    texts = {message.body: message.id for message in talk.messages.values() if message.body}
    rows = wire.room_rows(viewer, list(Room.objects.readable_by(viewer)))
    return {
        texts[row["last_message"]["excerpt"]]
        for row in rows
        if (row["last_message"] or {}).get("excerpt") in texts
    }


def _api_messages(world: World, talk: Talk, viewer: Person) -> set[UUID]:
    rows = _ask(viewer, "/messages/search?q=walrus&limit=100", "items")
    for room in talk.rooms.values():
        rows += _ask(viewer, f"/rooms/{room.id}/messages", "messages")
        rows += _ask(viewer, f"/rooms/{room.id}/pins", "items")
    for message in talk.messages.values():
        rows += _ask(viewer, f"/messages/{message.id}/thread", "items")
    return {UUID(row["id"]) for row in rows if row["kind"] == "text" and not row["deleted_at"]}


MESSAGE_PATHS: dict[str, ChatPath] = {
    "Message.objects.visible_to": _visible,
    "a message by its id": _one,
    "the messages of a room": _rooms,
    "messages by their words": _search,
    "the last line of a room": _last_lines,
    "API: the files of a room": _files,
    "API: messages, pins, threads, search": _api_messages,
}
SHOW_SOME = {"the last line of a room", "API: the files of a room"}


def _found(
    find: Callable[[Person, UUID], object], viewer: Person, things: Iterable[Room | Message]
) -> list[UUID]:
    found = []
    for thing in things:
        try:
            find(viewer, thing.id)
            found.append(thing.id)
        except NotFound:
            continue
    return found


def _ask(viewer: Person, path: str, key: str) -> list[dict[str, object]]:
    """Ask the API as anybody, also as who could not get a token."""
    answer = Client(SERVER_NAME="localhost").get(
        f"/o/atelier/api/v1{path}", headers={"Authorization": f"Bearer {secret_of(viewer)}"}
    )
    if answer.status_code != 200:
        return []
    body = json.loads(answer.content)
    return body[key] if key else body  # type: ignore[no-any-return]
