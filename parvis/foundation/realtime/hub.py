"""The connections of this process, and which event goes to which of them.

Everything here runs in the event loop and never waits; what needs the database is asked in `access.py`.
"""

from __future__ import annotations

import json
import logging
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from uuid import UUID

from parvis.foundation.realtime.audience import Hearer
from parvis.foundation.realtime.connection import Connection, Message, message_to_many
from parvis.foundation.realtime.outbox import Position, Told

logger = logging.getLogger(__name__)

# Enough to bring back everybody whom a restart of the proxy or a short cut of the network dropped.
REMEMBERED_EVENTS = 4_000

ACCESS_PREFIX = "access:"
LONGEST_HASHTAG_KEY = 200
# What a client calls all circles of its own; inside, with the person's id.
CIRCLES = "rooms"
MEMBERS_ONLY = frozenset({"people", "organization"})


class Member:
    """One person here: their connections, and the spaces they may read as bits (see `Room.bit_of`)."""

    __slots__ = (
        "access",
        "checked_at",
        "circles",
        "connections",
        "is_hidden",
        "left_at",
        "undisturbed_until",
        "version",
    )

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self.access = 0
        # The circles they are in; how each is heard stands with the circle.
        self.circles: tuple[UUID, ...] = ()
        self.checked_at = self.left_at = 0.0
        # What they let others know of their presence; nothing until it is known.
        self.is_hidden = True
        self.undisturbed_until = 0.0
        # Counts the events that may have changed this person's access: an older answer is not believed.
        self.version = 0


class Room:
    """One organization's connections in this process."""

    def __init__(self) -> None:
        self.members: dict[UUID, Member] = {}
        self.topics: dict[str, set[Connection]] = {}
        # Of each circle, the people who are connected here, and from which place on they hear it.
        self.circles: dict[UUID, dict[UUID, int]] = {}
        # Windows of people who are being asked about: in which circles they are is not known for sure.
        self.unsure: set[Connection] = set()
        self.version = 0
        self._bits: dict[UUID, int] = {}

    def bit_of(self, space_id: UUID) -> int:
        """Return the bit that stands for a space: a set of 500 spaces then weighs 100 bytes, not 32 kB."""
        bit = self._bits.get(space_id)
        if bit is None:
            bit = self._bits[space_id] = 1 << len(self._bits)
        return bit

    def bits_of(self, space_ids: Iterable[UUID]) -> int:
        """Return a set of spaces as bits."""
        bits = 0
        for space_id in space_ids:
            bits |= self.bit_of(space_id)
        return bits

    def may_read(self, person_id: UUID, space_id: UUID | None) -> bool:
        """Tell whether a connected person may read a space, as last checked."""
        return self.readers_of(space_id)(person_id)

    def readers_of(self, space_id: UUID | None) -> Callable[[UUID], bool]:
        """Return what tells whether a connected person may read this space: asked of thousands in one go."""
        members, bit = self.members, self._bits.get(space_id, 0) if space_id is not None else 0

        def reads(person_id: UUID) -> bool:
            member = members.get(person_id)
            return member is not None and bool(member.access & bit)

        return reads

    def enter(self, person_id: UUID, circles: Mapping[UUID, int]) -> None:
        """Put a connected person into these circles, and into no other."""
        member = self.members[person_id]
        for gone in set(member.circles).difference(circles):
            self._step_out(person_id, gone)
        for circle_id, first in circles.items():
            self.circles.setdefault(circle_id, {})[person_id] = first
        member.circles = tuple(circles)

    def _step_out(self, person_id: UUID, circle_id: UUID) -> None:
        people = self.circles.get(circle_id, {})
        people.pop(person_id, None)
        if not people:
            self.circles.pop(circle_id, None)

    def forget(self, person_id: UUID) -> None:
        """Forget somebody who has been away for long."""
        self.enter(person_id, {})
        del self.members[person_id]

    def connections(self) -> Iterator[Connection]:
        """Return every connection of the organization."""
        for member in self.members.values():
            yield from member.connections


class Hub:
    """Joins and leaves connections, remembers recent events, delivers."""

    def __init__(self) -> None:
        self.rooms: dict[UUID, Room] = {}
        self.position = Position(0, 0)
        # Events after this position are remembered.
        self.remembered_after = Position(0, 0)
        self._recent: deque[Told] = deque()

    def begin_at(self, position: Position) -> None:
        """Set where this process began to listen."""
        self.position = self.remembered_after = position

    def join(self, connection: Connection) -> Member:
        """Add a connection, mute until its access is known."""
        room = self.rooms.setdefault(connection.hearer.organization_id, Room())
        member = room.members.setdefault(connection.hearer.person_id, Member())
        member.connections.add(connection)
        return member

    def leave(self, connection: Connection) -> None:
        """Remove a connection; what its person may read stays known for a while, in case they come back."""
        hearer = connection.hearer
        room = self.rooms.get(hearer.organization_id)
        if room is None:
            return
        self.unsubscribe(connection, list(connection.topics))
        room.unsure.discard(connection)
        member = room.members.get(hearer.person_id)
        if member is not None:
            member.connections.discard(connection)
            member.left_at = time.monotonic()

    def forget_absent(self, seconds: float) -> None:
        """Forget people whose last connection ended so many seconds ago."""
        limit = time.monotonic() - seconds
        for organization_id, room in list(self.rooms.items()):
            for person_id, member in list(room.members.items()):
                if not member.connections and member.left_at < limit:
                    room.forget(person_id)
            if not room.members:
                del self.rooms[organization_id]

    def subscribe(self, connection: Connection, names: Iterable[str]) -> list[str]:
        """Add topics by the names a client uses; return those that were denied."""
        room = self.rooms[connection.hearer.organization_id]
        denied = []
        for name in names:
            topic = _topic_of(name, connection.hearer)
            if topic is None or not _may_subscribe(room, connection.hearer, topic):
                denied.append(name)
            else:
                connection.topics[topic] = name
                room.topics.setdefault(topic, set()).add(connection)
        return denied

    def unsubscribe(self, connection: Connection, topics: Iterable[str]) -> None:
        """Drop topics by their internal names."""
        room = self.rooms[connection.hearer.organization_id]
        for topic in topics:
            connection.topics.pop(topic, None)
            subscribers = room.topics.get(topic)
            if subscribers is not None:
                subscribers.discard(connection)
                if not subscribers:
                    del room.topics[topic]

    def unsubscribe_names(self, connection: Connection, names: Iterable[str]) -> None:
        """Drop topics by the names the client gave them."""
        topics = (_topic_of(name, connection.hearer) for name in names)
        self.unsubscribe(connection, [topic for topic in topics if topic is not None])

    def dispatch(self, event: Told) -> None:
        """Remember an event and give it to everybody here who subscribed and may hear it."""
        self.position = event.position
        self._recent.append(event)
        if len(self._recent) > REMEMBERED_EVENTS:
            self.remembered_after = self._recent.popleft().position
        room = self.rooms.get(event.organization_id)
        if room is not None:
            self._deliver(room, event)

    def deliver_to(self, connection: Connection, event: Told) -> None:
        """Give one event to one connection, if it subscribed and may hear it."""
        room = self.rooms.get(connection.hearer.organization_id)
        if room is None:
            return
        for topic in heard_under(event, connection.hearer):
            name = connection.topics.get(topic)
            if name is not None and may_hear(room, connection.hearer, topic, event):
                connection.push(event.position, _message(name, topic, event))
                return

    def recent(self, organization_id: UUID, after: Position) -> list[Told]:
        """Return the remembered events of an organization after a position."""
        found: list[Told] = []
        for event in reversed(self._recent):
            if event.position <= after:
                break
            if event.organization_id == organization_id:
                found.append(event)
        found.reverse()
        return found

    def set_access(self, organization_id: UUID, person_id: UUID, space_ids: Collection[UUID]) -> None:
        """Set what a person may read; topics of spaces that are lost are dropped, and the client is told."""
        room = self.rooms.get(organization_id)
        member = room.members.get(person_id) if room else None
        if room is None or member is None:
            return
        access = room.bits_of(space_ids)
        has_lost = bool(member.access & ~access)
        member.access = access
        if has_lost:
            for connection in member.connections:
                self._drop_unreadable(room, connection)

    def set_circles(self, organization_id: UUID, person_id: UUID, circles: Mapping[UUID, int]) -> None:
        """Set which circles a person is in, and from which place on they hear each."""
        room = self.rooms.get(organization_id)
        if room is not None and person_id in room.members:
            room.enter(person_id, circles)

    def set_people_of_circle(
        self, organization_id: UUID, circle_id: UUID, people: Mapping[UUID, int]
    ) -> None:
        """Set who is in one circle, for everybody connected."""
        room = self.rooms.get(organization_id)
        if room is None:
            return
        here = {person_id: first for person_id, first in people.items() if person_id in room.members}
        for person_id in {*room.circles.get(circle_id, ()), *here}:
            member = room.members[person_id]
            others = tuple(id for id in member.circles if id != circle_id)
            member.circles = (*others, circle_id) if person_id in here else others
        room.circles[circle_id] = here
        if not here:
            del room.circles[circle_id]

    def set_readers(self, organization_id: UUID, space_id: UUID, person_ids: Collection[UUID]) -> None:
        """Set who may read one space, for everybody connected."""
        room = self.rooms.get(organization_id)
        if room is None:
            return
        bit = room.bit_of(space_id)
        for person_id, member in room.members.items():
            if person_id in person_ids:
                member.access |= bit
            elif member.access & bit:
                member.access &= ~bit
                for connection in member.connections:
                    self._drop_unreadable(room, connection)

    def connection_count(self) -> int:
        """Return how many connections are open here."""
        return sum(
            len(member.connections) for room in self.rooms.values() for member in room.members.values()
        )

    def _deliver(self, room: Room, event: Told) -> None:
        reached: set[Connection] = set()
        for topic in _topics_of(event):
            hears = _hearing(room, topic, event)
            messages: dict[str, Message] = {}
            for connection in room.topics.get(topic, ()):
                if connection in reached:
                    continue
                if connection.holds(event):
                    reached.add(connection)
                elif hears(connection.hearer):
                    reached.add(connection)
                    name = connection.topics[topic]
                    message = messages.get(name) or messages.setdefault(name, _message(name, topic, event))
                    connection.push(event.position, message)
        if event.circle is not None:
            self._deliver_to_circle(room, event, event.circle.id, reached)

    def _deliver_to_circle(self, room: Room, event: Told, circle_id: UUID, reached: set[Connection]) -> None:
        """Tell the windows that list all of somebody's circles: as many as those people have open here."""
        message: Message = {}
        for person_id in room.circles.get(circle_id, ()):
            topic = f"{CIRCLES}:{person_id}"
            for connection in room.members[person_id].connections:
                if topic not in connection.topics or connection in reached:
                    continue
                reached.add(connection)
                if connection.holds(event) or not may_hear(room, connection.hearer, topic, event):
                    continue
                message = message or _message(connection.topics[topic], topic, event)
                connection.push(event.position, message)
        for connection in room.unsure.difference(reached):
            if f"{CIRCLES}:{connection.hearer.person_id}" in connection.topics:
                connection.holds(event)

    def _drop_unreadable(self, room: Room, connection: Connection) -> None:
        for topic, name in list(connection.topics.items()):
            if topic.startswith("space:") and not _may_subscribe(room, connection.hearer, topic):
                self.unsubscribe(connection, [topic])
                connection.tell({"type": "denied", "topic": name})
            elif topic == "home" or topic.startswith(f"{CIRCLES}:"):
                # What a list of everything shows of the lost space must go too.
                connection.tell({"type": "reload"})


def may_hear(room: Room, hearer: Hearer, topic: str, event: Told) -> bool:
    """Tell whether a person may be told an event under a topic that they subscribed to."""
    return _hearing(room, topic, event)(hearer)


def _hearing(room: Room, topic: str, event: Told) -> Callable[[Hearer], bool]:
    """Return the rule for one event under one topic, to be asked of thousands."""
    if _needs_space(topic):
        reads = room.readers_of(event.space_id)
        return lambda hearer: reads(hearer.person_id)
    if topic.startswith("room:") or (topic.startswith(f"{CIRCLES}:") and topic not in event.topics):
        return lambda hearer: _may_hear_circle(room, hearer, event)
    # person:…, people and organization were checked on subscription and cannot change.
    return lambda _hearer: True


def _may_hear_circle(room: Room, hearer: Hearer, event: Told) -> bool:
    if event.circle is None:
        return False
    if event.space_id is not None and not room.may_read(hearer.person_id, event.space_id):
        return False
    first = room.circles.get(event.circle.id, {}).get(hearer.person_id)
    if first is None:
        return event.circle.is_open and event.space_id is not None
    return event.circle.seq is None or event.circle.seq >= first


def heard_under(event: Told, hearer: Hearer) -> Iterator[str]:
    """Return the internal topics under which somebody may be told an event, the narrowest first."""
    yield from _topics_of(event)
    if event.circle is not None:
        yield f"{CIRCLES}:{hearer.person_id}"


def access_topics(event: Told) -> list[str]:
    """Return the persons ("*": anybody) whose access an event may have changed."""
    return [topic.removeprefix(ACCESS_PREFIX) for topic in event.topics if topic.startswith(ACCESS_PREFIX)]


def _topics_of(event: Told) -> Iterator[str]:
    is_of_a_space = False
    for topic in event.topics:
        if not topic.startswith(ACCESS_PREFIX):
            is_of_a_space = is_of_a_space or topic.startswith("space:")
            yield topic
    if is_of_a_space:
        yield "home"


def _topic_of(name: str, hearer: Hearer) -> str | None:
    """Return the internal topic of a client's name; None when there is no such topic."""
    if name == "inbox":
        return f"person:{hearer.person_id}"
    if name == CIRCLES:
        return f"{CIRCLES}:{hearer.person_id}"
    # Of whom one hears under `presence` is said apart (presence.py).
    if name in ("home", "presence") or name in MEMBERS_ONLY:
        return name
    kind, _, text = name.partition(":")
    if kind == "hashtag" and 0 < len(text) <= LONGEST_HASHTAG_KEY:
        return name
    if kind not in ("space", "thread", "person", "room"):
        return None
    try:
        return f"{kind}:{UUID(text)}"
    except ValueError:
        return None


def _may_subscribe(room: Room, hearer: Hearer, topic: str) -> bool:
    kind, _, text = topic.partition(":")
    if kind == "space":
        return room.may_read(hearer.person_id, UUID(text))
    if kind == "person":
        return text == str(hearer.person_id)
    if kind in MEMBERS_ONLY:
        return not hearer.is_guest
    # A thread, a room or a hashtag is accepted unseen, so that the answer does not tell whether it exists.
    return True


def _message(name: str, topic: str, event: Told) -> Message:
    frame: dict[str, str | None] = {
        "topic": name,
        "id": event.live_id,
        "type": event.type,
        "position": str(event.position),
    }
    # Told only to those who heard it as readers of the space.
    if event.space_id is not None and _needs_space(topic):
        frame["space"] = str(event.space_id)
        thread = next((other for other in event.topics if other.startswith("thread:")), None)
        if thread is not None:
            frame["thread"] = thread.removeprefix("thread:")
    text = json.dumps(frame, separators=(",", ":"))
    # Written once, when it happened: the same for everybody.
    return message_to_many(f"{text[:-1]},{event.carried[1:]}" if event.carried else text)


def _needs_space(topic: str) -> bool:
    return topic == "home" or topic.startswith(("space:", "thread:", "hashtag:"))
