"""What can happen in rooms. Frames of messages carry the message itself, the same for everybody who hears it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from parvis.foundation.events import DomainEvent

# More people than these cost less when their room is asked for all of its people.
ASKED_ONE_BY_ONE = 20


@dataclass(frozen=True, kw_only=True)
class RoomEvent(DomainEvent):
    """Something happened in a room; heard by who takes part, and in an open room by who reads its space."""

    room_id: UUID
    # Only for rooms of spaces: who may not read the space hears nothing, wherever they were added.
    space_id: UUID | None = None
    is_open: bool = False

    def topics(self) -> list[str]:
        """Tell the room."""
        return [f"room:{self.room_id}"]

    def circle(self) -> tuple[UUID, bool]:
        """Only those in the room hear it, unless it is open."""
        return self.room_id, self.is_open

    def live_id(self) -> UUID:
        """Name the room in live frames."""
        return self.room_id


@dataclass(frozen=True, kw_only=True)
class MessageEvent(RoomEvent):
    """Something happened to a message."""

    message_id: UUID
    seq: int

    def live_id(self) -> UUID:
        """Name the message in live frames."""
        return self.message_id


@dataclass(frozen=True, kw_only=True)
class MessagePosted(MessageEvent):
    """Somebody said something, or something happened in the room."""


@dataclass(frozen=True, kw_only=True)
class PeopleAddressed(DomainEvent):
    """A message is for somebody: directly, or because it names them. Windows hear of the message itself."""

    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessageEdited(MessageEvent):
    """A message says something else."""

    version: int


@dataclass(frozen=True, kw_only=True)
class MessageDeleted(MessageEvent):
    """Only the place of a message is left, for good or until moderation has decided."""


@dataclass(frozen=True, kw_only=True)
class MessageRestored(MessageEvent):
    """Moderation gave a message back."""

    type: ClassVar[str] = "chat.message_restored"


@dataclass(frozen=True, kw_only=True)
class ReactionsChanged(MessageEvent):
    """Somebody reacted, or took a reaction back."""


@dataclass(frozen=True, kw_only=True)
class MessageLinked(MessageEvent):
    """A message became an entry of a wall."""


@dataclass(frozen=True, kw_only=True)
class LinkSaid(DomainEvent):
    """A message says a link, or no longer the one that it said. Windows hear of the message itself."""

    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessagePreviewed(MessageEvent):
    """What a message leads to is shown with it, or no longer."""


@dataclass(frozen=True, kw_only=True)
class MessagePinned(MessageEvent):
    """A message was pinned, or no longer is."""

    is_pinned: bool


@dataclass(frozen=True, kw_only=True)
class PeopleOfRoomChanged(RoomEvent):
    """Who is in a room is another circle now; without names, who is in it is asked."""

    person_ids: tuple[UUID, ...] = ()

    def access_changed_for(self) -> Iterable[UUID | str]:
        """Ask about the people one by one, or about the room where they are many."""
        few = 0 < len(self.person_ids) <= ASKED_ONE_BY_ONE
        return self.person_ids if few else (f"circle:{self.room_id}",)


@dataclass(frozen=True, kw_only=True)
class RoomOpened(PeopleOfRoomChanged):
    """A room was made: all its people are in it from now on."""


@dataclass(frozen=True, kw_only=True)
class RoomChanged(RoomEvent):
    """The name, the topic or the state of a room is another one."""


@dataclass(frozen=True, kw_only=True)
class MemberJoined(PeopleOfRoomChanged):
    """Somebody takes part from now on."""


@dataclass(frozen=True, kw_only=True)
class MemberLeft(PeopleOfRoomChanged):
    """Somebody left or was removed: it must vanish from their windows."""

    def topics(self) -> list[str]:
        """Tell the room, and the windows of who is no longer in it."""
        return [*super().topics(), *(f"rooms:{person_id}" for person_id in self.person_ids)]


@dataclass(frozen=True, kw_only=True)
class ChatSwitched(DomainEvent):
    """A space has chat now, or no longer: who hears its rooms is asked again."""

    space_id: UUID
    is_on: bool

    def topics(self) -> list[str]:
        """Tell the space's readers."""
        return [f"space:{self.space_id}"]


@dataclass(frozen=True, kw_only=True)
class MyRoomChanged(DomainEvent):
    """One's own place in a room changed (what was read, how loud it is): heard by one's own windows."""

    person_id: UUID
    room_id: UUID

    def topics(self) -> list[str]:
        """Tell that person's windows."""
        return [f"rooms:{self.person_id}"]

    def live_id(self) -> UUID:
        """Name the room in live frames."""
        return self.room_id


@dataclass(frozen=True, kw_only=True)
class RoomRead(MyRoomChanged):
    """Somebody read on, or marked as unread."""

    type: ClassVar[str] = "chat.read"

    read_seq: int


@dataclass(frozen=True, kw_only=True)
class RoomSeen(RoomEvent):
    """Somebody read on in a room of few people, in an organization where the others may know."""

    type: ClassVar[str] = "chat.seen"


@dataclass(frozen=True, kw_only=True)
class StatusChanged(DomainEvent):
    """Somebody says something else of themselves, or lets others know more or less of their presence."""

    person_id: UUID

    def topics(self) -> list[str]:
        """Tell that person's windows."""
        return [f"rooms:{self.person_id}"]

    def access_changed_for(self) -> Iterable[UUID | str]:
        """Ask again what others may know of this person's presence."""
        return (self.person_id,)
