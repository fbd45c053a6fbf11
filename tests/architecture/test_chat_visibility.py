"""Every person × every room and message × every read path of chat, compared with a naive oracle."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.architecture.chat_paths import (
    MESSAGE_PATHS,
    ROOM_PATHS,
    SHOW_A_PART,
    SHOW_SOME,
    may_read_message,
    may_read_room,
)
from tests.architecture.oracle import VIEWERS
from tests.architecture.test_visible_addresses import _patterns as patterns_of
from tests.architecture.test_visible_addresses import answers_to
from tests.chat.cast import Talk, make_talk
from tests.world import World, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(world: World) -> Talk:
    with world.bound():
        return make_talk(world)


def _viewer(world: World, name: str) -> object:
    person = world.people[name]
    return getattr(world, name) if person.organization_id == world.organization.id else person


@pytest.mark.parametrize("path_name", ROOM_PATHS)
def test_no_path_shows_a_room_that_the_viewer_may_not_read(world: World, talk: Talk, path_name: str) -> None:
    with world.bound():
        for name in VIEWERS:
            viewer = _viewer(world, name)
            allowed = {room.id for room in talk.rooms.values() if may_read_room(world, viewer, room)}
            shown = ROOM_PATHS[path_name](world, talk, viewer)
            assert shown <= allowed, name
            if path_name not in SHOW_A_PART:
                assert shown == allowed, name


@pytest.mark.parametrize("path_name", MESSAGE_PATHS)
def test_no_path_shows_a_message_that_the_viewer_may_not_read(
    world: World, talk: Talk, path_name: str
) -> None:
    with world.bound():
        for name in VIEWERS:
            viewer = _viewer(world, name)
            messages = talk.messages.values()
            allowed = {one.id for one in messages if may_read_message(world, talk, viewer, one)}
            shown = MESSAGE_PATHS[path_name](world, talk, viewer)
            assert shown <= allowed, name
            if path_name not in SHOW_SOME:
                assert shown == allowed, name


def test_the_conversations_are_varied_enough_to_prove_something(world: World, talk: Talk) -> None:
    with world.bound():
        reading = {
            name: {
                key
                for key, one in talk.messages.items()
                if may_read_message(world, talk, _viewer(world, name), one)
            }
            for name in VIEWERS
        }
    assert reading["dan"] == {"group after", "lounge"}
    assert reading["grace"] == {"project", "corner"}
    assert "cellar" in reading["chloe"]
    assert not reading["sam"]
    assert not reading["twin_bob"]
    assert not any("bulletin" in keys for keys in reading.values())


def _addresses(talk: Talk) -> list[list[str]]:
    """Return every route of chat that takes one id, with each room and each message in its place."""
    subjects = {
        "rooms/": talk.rooms.values(),
        "chat/": talk.rooms.values(),
        "messages/": talk.messages.values(),
    }
    lists = ("chat", "api/v1/rooms", "api/v1/messages/search?q=walrus", "search?q=walrus", "inbox")
    found = [[address] for address in lists]
    for route, pattern in patterns_of(get_resolver()):
        subject = next((things for word, things in subjects.items() if word in route), None)
        if subject is not None and len(pattern.pattern.converters) == 1:
            before, _open, rest = route.partition("<")
            found.append([f"{before}{thing.id}{rest.partition('>')[2]}" for thing in subject])
    return found


@pytest.mark.parametrize("name", ["alice", "dan", "grace"])
def test_no_address_says_what_its_visitor_may_not_read(world: World, talk: Talk, name: str) -> None:
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    marks = {key: one.body or "walrus that is deleted" for key, one in talk.messages.items()}
    with world.bound():
        sign_in(client, world.people[name])
        viewer = getattr(world, name)
        allowed = {key for key in marks if may_read_message(world, talk, viewer, talk.messages[key])}
    seen: set[str] = set()
    for address, text in answers_to(client, _addresses(talk)):
        said = {key for key, mark in marks.items() if mark in text}
        assert said <= allowed, f"{address} tells {name} of {said - allowed}"
        seen |= said
    assert seen == allowed
