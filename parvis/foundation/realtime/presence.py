"""Who is there, and who is typing: kept in memory, told over the bus as signals, never written down.

Each process knows the windows that are open here; of the others it knows what they say. A signal may be lost: a process
says every half minute that it lives and who is there, and one that is silent for long is forgotten with its people.
Of somebody who hides, everybody hears that they are offline; of somebody who wants no disturbance, that.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from parvis.foundation.realtime.connection import Connection
from parvis.foundation.realtime.hub import Hub

logger = logging.getLogger(__name__)

ACTIVE, AWAY, UNDISTURBED, OFFLINE = "active", "away", "dnd", "offline"
SAID = (ACTIVE, AWAY)
# Somebody who opens the next page is not gone.
GRACE_SECONDS = 6.0
ALIVE_SECONDS, SILENT_SECONDS = 30.0, 95.0
TYPING_SECONDS = 2.0
GATHER_SECONDS = 0.1
WATCHED = 200
# PostgreSQL's limit for one notification is 8,000 bytes.
STATES_PER_SIGNAL = 100


class Presence:
    """The people of one process, and what other processes say of theirs."""

    def __init__(self, hub: Hub, shout: Callable[[str], None]) -> None:
        self._hub, self._shout = hub, shout
        self._process = uuid4().hex[:12]
        # (organization, person) -> what was told of them last.
        self._here: dict[tuple[UUID, UUID], str] = {}
        # process -> (when it spoke last, its people).
        self._elsewhere: dict[str, tuple[float, dict[tuple[UUID, UUID], str]]] = {}
        self._unsaid: dict[tuple[UUID, UUID], str] = {}
        self._watchers: dict[tuple[UUID, UUID], set[Connection]] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Ask the others who is there, and say now and then that this process lives."""
        self._say({"hello": 1})
        self._task = asyncio.create_task(self._live(), name="parvis-presence")

    async def stop(self) -> None:
        """Say goodbye: nobody is here any more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._say({"bye": 1})

    def joined(self, connection: Connection) -> None:
        """Somebody opened a window; it is taken for active until it says otherwise."""
        self._refresh(connection.hearer.organization_id, connection.hearer.person_id)

    def left(self, connection: Connection) -> None:
        """Somebody closed a window: gone, unless another one opens soon."""
        self.watch(connection, ())
        key = connection.hearer.organization_id, connection.hearer.person_id
        asyncio.get_running_loop().call_later(GRACE_SECONDS, self._refresh, *key)

    def says(self, connection: Connection, state: str) -> None:
        """Somebody looks at a window, or looks away."""
        connection.is_away = state == AWAY
        self._refresh(connection.hearer.organization_id, connection.hearer.person_id)

    def refresh(self, organization_id: UUID, person_id: UUID) -> None:
        """Tell anew what may be told of somebody: what they allow may have changed."""
        self._refresh(organization_id, person_id)

    def watch(self, connection: Connection, person_ids: Collection[UUID]) -> dict[str, str]:
        """Let a window hear of these people from now on, and of no others; return how they are."""
        organization_id = connection.hearer.organization_id
        for key in connection.watched:
            watchers = self._watchers.get(key)
            if watchers is not None:
                watchers.discard(connection)
                if not watchers:
                    del self._watchers[key]
        known = [id for id in person_ids if self._may_know(connection, id)]
        connection.watched = tuple((organization_id, id) for id in known)
        for key in connection.watched:
            self._watchers.setdefault(key, set()).add(connection)
        return {str(id): self.state_of(organization_id, id) for id in known}

    def state_of(self, organization_id: UUID, person_id: UUID) -> str:
        """Return how somebody is, over all processes."""
        key = organization_id, person_id
        said = {
            self._here.get(key, OFFLINE),
            *(people.get(key, OFFLINE) for _, people in self._elsewhere.values()),
        }
        return next(state for state in (UNDISTURBED, ACTIVE, AWAY, OFFLINE) if state in said)

    def types(self, connection: Connection, circle_id: UUID) -> bool:
        """Tell the windows that show a room that somebody is typing in it; False for who is not in it."""
        hearer, now = connection.hearer, time.monotonic()
        room = self._hub.rooms.get(hearer.organization_id)
        if room is None or hearer.person_id not in room.circles.get(circle_id, ()):
            return False
        if now - connection.typed_at >= TYPING_SECONDS:
            connection.typed_at = now
            self._tell_typing(hearer.organization_id, circle_id, hearer.person_id)
            self._say({"typing": [str(hearer.organization_id), str(circle_id), str(hearer.person_id)]})
        return True

    def heard(self, text: str) -> None:
        """Take in what another process says; what cannot be read is left."""
        try:
            signal = json.loads(text)
            if signal.get("from") == self._process:
                return
            self._take(signal)
        except (ValueError, KeyError, TypeError, AttributeError):
            logger.warning("live.signal_not_understood")

    def _take(self, signal: dict[str, Any]) -> None:
        process = str(signal["from"])
        if "typing" in signal:
            self._tell_typing(*map(UUID, signal["typing"]))
            return
        _spoke, people = self._elsewhere.get(process, (0.0, {}))
        changed = {(UUID(o), UUID(p)): str(state) for o, p, state in signal.get("people", [])}
        if "bye" in signal:
            changed = dict.fromkeys(people, OFFLINE)
            self._elsewhere.pop(process, None)
        else:
            self._elsewhere[process] = (time.monotonic(), people)
        before = {key: self.state_of(*key) for key in changed}
        for key, state in changed.items():
            if state == OFFLINE:
                people.pop(key, None)
            else:
                people[key] = state
        self._tell_changes(before)
        if "hello" in signal:
            self._say_all()

    def _refresh(self, organization_id: UUID, person_id: UUID) -> None:
        key = organization_id, person_id
        state = self._local_state(organization_id, person_id)
        if self._here.get(key, OFFLINE) == state:
            return
        before = {key: self.state_of(*key)}
        if state == OFFLINE:
            self._here.pop(key, None)
        else:
            self._here[key] = state
        self._tell_changes(before)
        self._say_soon(key, state)

    def _say_soon(self, key: tuple[UUID, UUID], state: str) -> None:
        """Let the changes of a moment go together: after a cut thousands come back at once."""
        if not self._unsaid:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._say_changes)
        self._unsaid[key] = state

    def _say_changes(self) -> None:
        unsaid, self._unsaid = self._unsaid, {}
        self._say_states(unsaid)

    def _say_states(self, states: Mapping[tuple[UUID, UUID], str]) -> None:
        people = [[str(organization), str(person), state] for (organization, person), state in states.items()]
        for some in _in_parts(people, STATES_PER_SIGNAL):
            self._say({"people": some})

    def _local_state(self, organization_id: UUID, person_id: UUID) -> str:
        room = self._hub.rooms.get(organization_id)
        member = room.members.get(person_id) if room else None
        if member is None or not member.connections or member.is_hidden:
            return OFFLINE
        if member.undisturbed_until > time.time():
            return UNDISTURBED
        return AWAY if all(connection.is_away for connection in member.connections) else ACTIVE

    def _tell_changes(self, before: dict[tuple[UUID, UUID], str]) -> None:
        for key, was in before.items():
            state = self.state_of(*key)
            if state == was:
                continue
            frame = {"type": "people.presence", "topic": "presence", "person": str(key[1]), "state": state}
            for connection in list(self._watchers.get(key, ())):
                connection.tell(frame)

    def _tell_typing(self, organization_id: UUID, circle_id: UUID, person_id: UUID) -> None:
        frame = {"type": "chat.typing", "room": str(circle_id), "person": str(person_id)}
        for topic, connection in self._windows_of(organization_id, circle_id, person_id):
            connection.tell({**frame, "topic": topic})

    def _windows_of(
        self, organization_id: UUID, circle_id: UUID, person_id: UUID
    ) -> Iterator[tuple[str, Connection]]:
        room = self._hub.rooms.get(organization_id)
        if room is None:
            return
        people = room.circles.get(circle_id, {})
        for connection in list(room.topics.get(f"room:{circle_id}", ())):
            if connection.hearer.person_id in people and connection.hearer.person_id != person_id:
                yield connection.topics[f"room:{circle_id}"], connection

    def _may_know(self, connection: Connection, person_id: UUID) -> bool:
        """Members may know of everybody; a guest, of those with whom they share a conversation."""
        hearer = connection.hearer
        if not hearer.is_guest or person_id == hearer.person_id:
            return True
        room = self._hub.rooms.get(hearer.organization_id)
        member = room.members.get(hearer.person_id) if room else None
        if room is None or member is None:
            return False
        return any(person_id in room.circles.get(circle_id, ()) for circle_id in member.circles)

    def _say(self, signal: dict[str, Any]) -> None:
        self._shout(json.dumps({"from": self._process, **signal}, separators=(",", ":")))

    def _say_all(self) -> None:
        self._say({"alive": 1})
        self._say_states(self._here)

    async def _live(self) -> None:
        while True:
            await asyncio.sleep(ALIVE_SECONDS)
            try:
                self._forget_silent()
                # Whoever missed a signal hears it again; alone, nobody needs to.
                if self._elsewhere:
                    self._say_all()
                else:
                    self._say({"alive": 1})
                # What was promised until an hour ends by itself.
                for key in list(self._here):
                    self._refresh(*key)
            except Exception:
                logger.warning("live.presence_failed", exc_info=True)

    def _forget_silent(self) -> None:
        limit = time.monotonic() - SILENT_SECONDS
        for process, (spoke_at, people) in list(self._elsewhere.items()):
            if spoke_at < limit:
                before = {key: self.state_of(*key) for key in people}
                del self._elsewhere[process]
                self._tell_changes(before)


def _in_parts(items: list[Any], size: int) -> Iterable[list[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
