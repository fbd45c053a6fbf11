"""Messages as windows hear them: the message itself, to those in the room, from their first place on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from django.db import connection

from parvis.chat import actions
from parvis.chat.actions import MessageDraft
from parvis.chat.models import Message, Room
from parvis.foundation.tenancy import organization_scope
from parvis.people.models import Person
from tests.foundation.realtime.conftest import (  # noqa: F401 - fixtures
    LiveWorld,
    gateway_port,
    live,
    open_window,
)
from tests.foundation.realtime.server import Window

Open = Callable[..., Window]


def _say(live: LiveWorld, person: Person, room: Room, body: str, **more: Any) -> Message:  # noqa: F811
    with organization_scope(live.organization):
        fresh = Room.objects.select_related("space").get(pk=room.pk)
        return actions.post_message(
            author=Person.objects.select_related("organization").get(pk=person.pk),
            room=fresh,
            draft=MessageDraft(body=body),
            **more,
        )


def _group(live: LiveWorld, *others: Person) -> Room:  # noqa: F811
    with organization_scope(live.organization):
        return actions.create_group(creator=live.alice, people=[person.id for person in others])


def test_a_message_is_heard_whole_by_the_room_and_by_nobody_else(
    live: LiveWorld,  # noqa: F811
    open_window: Open,  # noqa: F811
) -> None:
    with organization_scope(live.organization):
        carol = live._person("carol")
    room = _group(live, live.bob)
    bob, outsider = open_window(live.bob, "rooms"), open_window(carol, "rooms", f"room:{room.id}")
    in_room = open_window(live.alice, f"room:{room.id}", "rooms")
    message = _say(live, live.alice, room, "Hello **you**")
    frame = bob.hear(seconds=20)
    assert (frame["type"], frame["topic"], frame["seq"]) == ("chat.message_posted", "rooms", 2)
    assert (frame["room"], frame["id"]) == (str(room.id), str(message.id))
    assert (
        frame["message"]["html"] == "<p>Hello <strong>you</strong></p>\n"
        or "<strong>" in frame["message"]["html"]
    )
    assert "mine" not in frame["message"]
    assert in_room.hear()["topic"] == f"room:{room.id}"
    assert in_room.hears_nothing()
    assert outsider.hears_nothing()


def test_who_is_added_hears_from_then_on_and_who_is_removed_no_more(
    live: LiveWorld,  # noqa: F811
    open_window: Open,  # noqa: F811
) -> None:
    with organization_scope(live.organization):
        carol = live._person("carol")
    room = _group(live, live.bob)
    window = open_window(carol, "rooms")
    _say(live, live.alice, room, "Before")
    with organization_scope(live.organization):
        actions.add_people(actor=live.alice, room=room, people=[carol.id])
    assert [window.hear(seconds=20)["type"], window.hear()["seq"]] == ["chat.member_joined", 3]
    _say(live, live.alice, room, "With you")
    assert window.hear()["message"]["body"] == "With you"
    with organization_scope(live.organization):
        actions.remove_person(actor=live.alice, room=room, person=carol)
    _say(live, live.alice, room, "Without you")
    heard = [window.hear()["type"]]
    while heard[-1] != "chat.member_left":
        heard.append(window.hear()["type"])
    assert window.hears_nothing()


def test_those_who_talk_at_once_get_places_without_a_gap_and_a_retry_none(live: LiveWorld) -> None:  # noqa: F811
    room = _group(live, live.bob)
    ids = [uuid4() for _ in range(12)]

    def talk(number: int) -> int:
        try:
            person = live.alice if number % 2 else live.bob
            # Each says it twice, as a client that heard no answer does.
            first = _say(live, person, room, f"Message {number}", id=ids[number])
            assert _say(live, person, room, f"Message {number}", id=ids[number]).seq == first.seq
            return first.seq
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        places = list(threads.map(talk, range(12)))
    assert sorted(places) == list(range(2, 14))
    with organization_scope(live.organization), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (payload -> 'carried' ->> 'seq')::int FROM foundation_domain_event"
            " WHERE type = 'chat.message_posted' ORDER BY txid, id"
        )
        # The outbox is read in this order: windows hear places in their order.
        assert [row[0] for row in cursor.fetchall()] == list(range(1, 14))
