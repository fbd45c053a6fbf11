"""Keep what connected people may hear true: on joining, when access changes, and by a sweep as a net.

The database is asked in a few threads of our own; while an answer is awaited, the connections concerned
hold their events, so that nothing goes out under an access that may be over.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import time
from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import DatabaseError

from parvis.foundation import resting
from parvis.foundation.realtime import audience, outbox
from parvis.foundation.realtime.audience import Credentials, Hearer
from parvis.foundation.realtime.connection import SIGNED_OUT, Connection
from parvis.foundation.realtime.hub import Hub, Member, Room, access_topics
from parvis.foundation.realtime.outbox import Position, Told
from parvis.foundation.realtime.reconnection import Departures
from parvis.foundation.tenancy import organization_scope

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

THREADS = 4
RETRIES, RETRY_SECONDS = 5, 0.5
SWEEP_SECONDS = 3.0
# Access also changes with time (an end date passes): everybody is asked again now and then.
RECHECK_SECONDS, RECHECKS_PER_SWEEP = 300.0, 50
GATHER_SECONDS = 0.3
# What somebody may read stays known for a while after their last window closed.
LINGER_SECONDS = 120.0
TRY_AGAIN_LATER = 1013
EVERYONE = "*"
CIRCLE_PREFIX = "circle:"


class DatabaseSilent(RuntimeError):
    """The database did not answer, not even after some time."""


class AccessKeeper:
    """Asks the apps above who may hear what, and tells the hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="parvis-live")
        # Every few seconds for as long as somebody listens: one thread, so that one connection does.
        self._sweeping = ThreadPoolExecutor(1, thread_name_prefix="parvis-live-sweep")
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweeper: asyncio.Task[None] | None = None
        self._departures = Departures()
        # Called when what is known of somebody's presence may be another.
        self.on_presence: Callable[[UUID, UUID], None] = lambda organization_id, person_id: None
        self._somebody_is_back = asyncio.Event()

    def start(self) -> None:
        """Start the sweep."""
        self._sweeper = asyncio.create_task(self._sweep_forever(), name="parvis-live-sweep")

    async def stop(self) -> None:
        """Stop asking."""
        running = [*self._tasks, *([self._sweeper] if self._sweeper else [])]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.to_thread(resting.close_rested, seconds=0)
        for threads in (self._threads, self._sweeping):
            threads.shutdown(wait=False, cancel_futures=True)

    async def identify(self, credentials: Credentials) -> Hearer | None:
        """Return whose credentials these are; who left just now is let in, and checked at once."""
        known = self._departures.find(credentials)
        if known is not None:
            self._somebody_is_back.set()
            return known
        return await self._in_thread(audience.identify, credentials)

    def departed(self, connection: Connection, credentials: Credentials) -> None:
        """Remember who left, unless we sent them away."""
        if not connection.is_closing:
            self._departures.note(credentials, connection.hearer)

    async def learn(self, connection: Connection, member: Member) -> None:
        """Find out what a new connection's person may read, unless another window already told."""
        if not member.checked_at:
            await self._ask(connection.hearer.organization_id, connection.hearer.person_id, [])

    async def missed(
        self, organization_id: UUID, after: Position, until: Position, limit: int
    ) -> list[Told] | None:
        """Return an organization's events between two positions; None when they cannot all be known."""
        return await self._in_thread(_missed, organization_id, after, until, limit)

    def heed(self, event: Told) -> None:
        """Ask again about the people whose access an event may have changed; they hear nothing meanwhile."""
        persons = access_topics(event)
        room = self._hub.rooms.get(event.organization_id) if persons else None
        if room is None:
            return
        room.version += 1
        if EVERYONE in persons:
            self._heed_everyone(event, room)
            return
        for who in persons:
            if who.startswith(CIRCLE_PREFIX):
                circle_id = UUID(who.removeprefix(CIRCLE_PREFIX))
                self._heed_many(room, event, _people_of_circle, self._hub.set_people_of_circle, circle_id)
            else:
                self._recheck(event.organization_id, UUID(who))

    def _heed_everyone(self, event: Told, room: Room) -> None:
        if event.space_id is None:
            for person_id in list(room.members):
                self._recheck(event.organization_id, person_id)
            return
        self._heed_many(room, event, _reader_ids, self._hub.set_readers, event.space_id)

    def _heed_many(
        self,
        room: Room,
        event: Told,
        question: Callable[[UUID, UUID], Result],
        answer: Callable[[UUID, UUID, Result], None],
        about_id: UUID,
    ) -> None:
        for member in room.members.values():
            member.version += 1
        held = _hold(room, room.connections())
        self._run(self._ask_about(question, answer, event.organization_id, about_id, held))

    def _recheck(self, organization_id: UUID, person_id: UUID) -> None:
        room = self._hub.rooms.get(organization_id)
        member = room.members.get(person_id) if room else None
        if room is not None and member is not None:
            member.version += 1
            if not member.connections:
                # Nobody is listening: asked again when they come back.
                member.checked_at = 0.0
                return
            # Held at once, before the task first runs: no later event may slip through.
            self._run(self._ask(organization_id, person_id, _hold(room, member.connections)))

    async def _ask(self, organization_id: UUID, person_id: UUID, held: list[Connection]) -> None:
        """Ask what a person may read until the answer is newer than the last event about it."""
        try:
            while (member := self._member(organization_id, person_id)) is not None:
                version = member.version
                spaces, circles, presence = await self._patiently(_access_of, organization_id, person_id)
                if spaces is None:
                    member.access, member.checked_at = 0, 0.0
                    _close_all(member.connections, SIGNED_OUT, "signed out")
                    return
                if member.version == version:
                    member.checked_at = time.monotonic()
                    self._hub.set_circles(organization_id, person_id, circles)
                    member.is_hidden, member.undisturbed_until = presence
                    self.on_presence(organization_id, person_id)
                    self._hub.set_access(organization_id, person_id, spaces)
                    return
        except DatabaseSilent:
            _close_all(held, TRY_AGAIN_LATER, "try again later")
            raise
        finally:
            self._release(held)

    async def _ask_about(
        self,
        question: Callable[[UUID, UUID], Result],
        answer: Callable[[UUID, UUID, Result], None],
        organization_id: UUID,
        about_id: UUID,
        held: list[Connection],
    ) -> None:
        """Ask who is in a space or a circle until the answer is newer than the last event about it."""
        try:
            while (room := self._hub.rooms.get(organization_id)) is not None:
                version = room.version
                people = await self._patiently(question, organization_id, about_id)
                if room.version == version:
                    answer(organization_id, about_id, people)
                    return
        except DatabaseSilent:
            _close_all(held, TRY_AGAIN_LATER, "try again later")
        finally:
            self._release(held)

    def _release(self, held: list[Connection]) -> None:
        for connection in held:
            self.release(connection)

    def release(self, connection: Connection) -> None:
        """Undo a hold and deliver what waited, under the access of now."""
        waiting = connection.release()
        room = self._hub.rooms.get(connection.hearer.organization_id)
        if room is not None and not connection.is_held:
            room.unsure.discard(connection)
        for event in waiting:
            self._hub.deliver_to(connection, event)

    def _member(self, organization_id: UUID, person_id: UUID) -> Member | None:
        room = self._hub.rooms.get(organization_id)
        return room.members.get(person_id) if room else None

    async def _sweep_forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._somebody_is_back.wait(), SWEEP_SECONDS)
                # Those who come back together are checked together.
                await asyncio.sleep(GATHER_SECONDS)
            self._somebody_is_back.clear()
            try:
                await self._close_unwelcome()
                self._recheck_oldest()
                await asyncio.get_running_loop().run_in_executor(self._sweeping, resting.close_rested)
                self._departures.forget_old()
                self._hub.forget_absent(LINGER_SECONDS)
            except Exception:
                logger.warning("live.sweep_failed", exc_info=True)

    async def _close_unwelcome(self) -> None:
        for organization_id, room in list(self._hub.rooms.items()):
            hearers = {connection.hearer for connection in room.connections()}
            if not hearers:
                continue
            welcome = await _ask_in(self._sweeping, _still_welcome, organization_id, list(hearers))
            unwelcome = hearers.difference(welcome)
            if unwelcome:
                gone = [connection for connection in room.connections() if connection.hearer in unwelcome]
                _close_all(gone, SIGNED_OUT, "signed out")
                self._departures.forget(unwelcome)

    def _recheck_oldest(self) -> None:
        limit = time.monotonic() - RECHECK_SECONDS
        for organization_id, room in list(self._hub.rooms.items()):
            old = [person_id for person_id, member in room.members.items() if 0 < member.checked_at < limit]
            for person_id in old[:RECHECKS_PER_SWEEP]:
                self._recheck(organization_id, person_id)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _patiently(self, function: Callable[..., Result], *arguments: Any) -> Result:
        for attempt in range(RETRIES):
            try:
                return await self._in_thread(function, *arguments)
            except DatabaseError:
                logger.warning("live.question_failed", extra={"attempt": attempt}, exc_info=True)
                await asyncio.sleep(RETRY_SECONDS)
        raise DatabaseSilent

    async def _in_thread(self, function: Callable[..., Result], *arguments: Any) -> Result:
        return await _ask_in(self._threads, function, *arguments)


async def _ask_in(threads: Executor, function: Callable[..., Result], *arguments: Any) -> Result:
    question = functools.partial(function, *arguments)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(threads, resting.with_kept_connections, question)


def _hold(room: Room, connections: Iterable[Connection]) -> list[Connection]:
    held = list(connections)
    for connection in held:
        connection.hold()
    room.unsure.update(held)
    return held


def _close_all(connections: Iterable[Connection], code: int, reason: str) -> None:
    for connection in list(connections):
        connection.close(code, reason)


class Access(NamedTuple):
    """What somebody may hear (None for who no longer takes part), and what others may know of their presence."""

    spaces: Collection[UUID] | None
    circles: Mapping[UUID, int]
    presence: tuple[bool, float]


def _access_of(organization_id: UUID, person_id: UUID) -> Access:
    with organization_scope(organization_id):
        return Access(
            audience.readable_space_ids(person_id),
            audience.circles_of(person_id),
            audience.presence_allowed(person_id),
        )


def _people_of_circle(organization_id: UUID, circle_id: UUID) -> Mapping[UUID, int]:
    with organization_scope(organization_id):
        return audience.people_of_circle(circle_id)


def _reader_ids(organization_id: UUID, space_id: UUID) -> Collection[UUID]:
    with organization_scope(organization_id):
        return audience.reader_ids(space_id)


def _still_welcome(organization_id: UUID, hearers: list[Hearer]) -> Collection[Hearer]:
    with organization_scope(organization_id):
        return audience.still_welcome(hearers)


def _missed(organization_id: UUID, after: Position, until: Position, limit: int) -> list[Told] | None:
    with organization_scope(organization_id):
        if not outbox.is_resumable(after):
            return None
        events = outbox.read_between(after, until, organization_id, limit=limit + 1)
        return events if len(events) <= limit else None
