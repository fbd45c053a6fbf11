"""The conversations of the cast: between people, in open, closed and secret spaces, and where chat is off."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from parvis.chat import actions
from parvis.chat.actions import MessageDraft
from parvis.chat.models import Message, MessageAttachment, Room
from parvis.foundation.files import store
from parvis.people.models import Person
from tests.world import World


@dataclass
class Talk:
    """Rooms and messages by name."""

    rooms: dict[str, Room] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)


def say(person: Person, room: Room, body: str, **more: object) -> Message:
    """Say something in a room, as a request would: with a room that was just read."""
    fresh = Room.objects.select_related("space").get(pk=room.pk)
    return actions.post_message(author=person, room=fresh, draft=MessageDraft(body=body, **more))  # type: ignore[arg-type]


def attach(message: Message, name: str) -> None:
    """Let a message show a small file."""
    file = store(io.BytesIO(name.encode()), name=name)
    MessageAttachment.objects.create(message=message, file=file, name=name)


def make_talk(world: World) -> Talk:
    """Let the cast talk; call it inside the first organization's scope."""
    talk = Talk()
    alice, bob, chloe, dan, grace = world.alice, world.bob, world.chloe, world.dan, world.grace
    talk.rooms["pair"] = actions.open_direct(viewer=bob, person=chloe)
    talk.rooms["group"] = actions.create_group(creator=bob, people=[chloe.id], name="Lunch")
    talk.messages["pair"] = say(bob, talk.rooms["pair"], "walrus between two")
    talk.messages["group before"] = say(chloe, talk.rooms["group"], "walrus before Dan came")
    actions.add_people(actor=bob, room=talk.rooms["group"], people=[dan.id])
    talk.messages["group after"] = say(bob, talk.rooms["group"], "walrus after Dan came")
    for name in ("pair", "group before", "group after"):
        attach(talk.messages[name], f"{name}.txt")
    for name, host in {"lounge": alice, "project": alice, "cellar": chloe, "bulletin": alice}.items():
        actions.switch_chat(actor=host, space=world.spaces[name], is_on=True)
        talk.rooms[name] = Room.objects.select_related("space").get(space=world.spaces[name])
        talk.messages[name] = say(host, talk.rooms[name], f"walrus in the {name}")
    talk.rooms["corner"] = actions.create_space_room(
        creator=alice, space=world.spaces["project"], name="Corner", is_private=True, people=[grace.id]
    )
    talk.messages["corner"] = say(grace, talk.rooms["corner"], "walrus in the corner")
    gone = talk.messages["gone"] = say(alice, talk.rooms["lounge"], "walrus that is deleted")
    actions.delete_message(actor=alice, message=gone)
    hidden = talk.messages["hidden"] = say(alice, talk.rooms["lounge"], "walrus that is hidden")
    actions.hide_message(actor=alice, message=hidden)
    actions.switch_chat(actor=alice, space=world.spaces["bulletin"], is_on=False)
    return talk
