"""Who is there and who is typing: told at once, as far as each allows, and never written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from parvis.chat import actions
from parvis.chat.actions.places import set_status
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


def _state(window: Window, person: Person) -> Any:
    window.say({"presence_of": [str(person.id)]})
    frame = window.hear(seconds=20)
    while frame["type"] != "presence":
        frame = window.hear(seconds=20)
    return frame["people"][str(person.id)]


def test_presence_follows_the_windows_and_what_somebody_allows(
    live: LiveWorld,  # noqa: F811
    open_window: Open,  # noqa: F811
) -> None:
    alice = open_window(live.alice, "presence")
    assert _state(alice, live.bob) == "offline"
    bob = open_window(live.bob, "rooms")
    assert alice.hear(seconds=20)["state"] == "active"
    bob.say({"presence": "away"})
    assert alice.hear(seconds=20)["state"] == "away"
    with organization_scope(live.organization):
        set_status(person=live.bob, text="In the workshop", hides_presence=True)
    assert alice.hear(seconds=20)["state"] == "offline"


def test_typing_is_heard_by_those_in_the_room_who_look_at_it(
    live: LiveWorld,  # noqa: F811
    open_window: Open,  # noqa: F811
) -> None:
    with organization_scope(live.organization):
        carol = live._person("carol")
        room = actions.create_group(creator=live.alice, people=[live.bob.id])
    alice = open_window(live.alice, f"room:{room.id}")
    bob = open_window(live.bob, f"room:{room.id}")
    outsider = open_window(carol, f"room:{room.id}")
    outsider.say({"typing": str(room.id)})
    bob.say({"typing": str(room.id)})
    frame = alice.hear(seconds=20)
    assert (frame["type"], frame["person"]) == ("chat.typing", str(live.bob.id))
    assert alice.hears_nothing()
    assert bob.hears_nothing()
    assert outsider.hears_nothing()
