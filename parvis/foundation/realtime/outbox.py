"""Read recorded events in an order that no late commit can disturb.

Ids are taken before commit, so that a smaller one may become visible after a larger one. Rows are therefore
read in the order (txid, id), and only below `pg_snapshot_xmin`: no transaction under that bound can still be
running, so nothing can appear before what was already told. The price: a long writing transaction anywhere
in the cluster delays what comes after it. Keep them short.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection

from parvis.foundation.realtime import bus, database

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.5
# While something was told that is not below the bound yet.
FIRST_REPOLL_SECONDS, LAST_REPOLL_SECONDS = 0.01, 0.25
RECONNECT_SECONDS = 0.5
BATCH = 1_000

# The text of an xid8 bears another name than the column: ORDER BY prefers output names, and "9" > "10".
READ = """
    SELECT txid::text AS txid_text, id, organization_id, type, payload ->> 'live_id', topics, space_id,
           payload -> 'circle', (payload -> 'carried')::text
    FROM foundation_domain_event
    WHERE (txid, id) > (%s::xid8, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY txid, id
    LIMIT 1000
"""

READ_BETWEEN = """
    SELECT txid::text AS txid_text, id, organization_id, type, payload ->> 'live_id', topics, space_id,
           payload -> 'circle', (payload -> 'carried')::text
    FROM foundation_domain_event
    WHERE (txid, id) > (%s::xid8, %s) AND (txid, id) <= (%s::xid8, %s) AND organization_id = %s
    ORDER BY txid, id
    LIMIT %s
"""

# Rows from another cluster's life (a restored dump) would never come below the bound: they are over.
FORGET_ANOTHER_LIFE = (
    "DELETE FROM foundation_domain_event WHERE txid >= pg_snapshot_xmax(pg_current_snapshot())",
    "DELETE FROM foundation_event_horizon WHERE pruned_txid >= pg_snapshot_xmax(pg_current_snapshot())",
)

IS_RESUMABLE = """
    SELECT %s::xid8 < pg_snapshot_xmax(pg_current_snapshot())
       AND %s::xid8 >= COALESCE((SELECT pruned_txid FROM foundation_event_horizon), '0'::xid8)
"""


class Position(NamedTuple):
    """A place in the outbox, written `<txid>.<id>`."""

    txid: int
    id: int

    def __str__(self) -> str:
        return f"{self.txid}.{self.id}"


class Circle(NamedTuple):
    """The people who alone hear an event under `room:<id>`, readers of its space too if it is open.

    `seq` is the place of what happened, where it has one: who is in the circle from a later place on does not hear it.
    """

    id: UUID
    is_open: bool
    seq: int | None


class Told(NamedTuple):
    """What listeners need of a recorded event: ids, and what the event itself carries."""

    position: Position
    organization_id: UUID
    type: str
    live_id: str | None
    topics: tuple[str, ...]
    space_id: UUID | None
    circle: Circle | None = None
    # More of a frame, as JSON.
    carried: str | None = None


def parse_position(text: object) -> Position | None:
    """Return the position that `<txid>.<id>` names; None for anything else."""
    if not isinstance(text, str) or len(text) > 40:
        return None
    txid, dot, event_id = text.partition(".")
    if not (dot and txid.isascii() and txid.isdigit() and event_id.isascii() and event_id.isdigit()):
        return None
    position = Position(int(txid), int(event_id))
    return position if position.txid < 2**64 and position.id < 2**63 else None


def is_resumable(position: Position) -> bool:
    """Tell whether every event after `position` is still there, and the position is of this cluster's life."""
    with connection.cursor() as cursor:
        cursor.execute(IS_RESUMABLE, [str(position.txid), str(position.txid)])
        return bool(cursor.fetchone()[0])


def bound() -> Position:
    """Return the place below which nothing can appear any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return Position(int(cursor.fetchone()[0]), 0)


def read_between(after: Position, until: Position, organization_id: UUID, *, limit: int) -> list[Told]:
    """Return one organization's events after a position, up to another; call it in the organization's scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            READ_BETWEEN, [str(after.txid), after.id, str(until.txid), until.id, organization_id, limit]
        )
        return [_as_told(row) for row in cursor.fetchall()]


class Listener:
    """Follows the outbox on one direct connection and hands each event over, in order, once."""

    def __init__(
        self, on_events: Callable[[list[Told]], None], on_signal: Callable[[str], None] = lambda text: None
    ) -> None:
        self._on_events, self._on_signal = on_events, on_signal
        self._awaited = Position(0, 0)
        self._task: asyncio.Task[None] | None = None
        self._started = asyncio.Event()
        self._read_at = 0.0
        self.position = Position(0, 0)

    async def start(self) -> None:
        """Follow from now on; return once the starting point is known."""
        self._task = asyncio.create_task(self._follow_forever(), name="parvis-listener")
        waiting = asyncio.create_task(self._started.wait())
        await asyncio.wait({waiting}, timeout=10)
        waiting.cancel()

    async def stop(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _follow_forever(self) -> None:
        while True:
            try:
                await self._follow()
            except psycopg.Error as error:
                logger.warning("live.listener_reconnects", extra={"error": str(error)})
            except Exception:
                logger.exception("live.listener_failed")
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _follow(self) -> None:
        async with await database.connect_async("parvis-listener") as direct:
            await direct.execute(f"LISTEN {bus.EVENT_CHANNEL}")
            await direct.execute(f"LISTEN {bus.SIGNAL_CHANNEL}")
            await self._find_start(direct)
            pause = POLL_SECONDS
            while True:
                told: set[str] = set()
                async for channel, hint in bus.hints(direct, timeout=pause):
                    told.add(channel)
                    if channel == bus.SIGNAL_CHANNEL:
                        self._on_signal(hint)
                    else:
                        self._await(hint)
                if told == {bus.SIGNAL_CHANNEL} and time.monotonic() < self._read_at + pause:
                    # Nothing was said of the outbox.
                    continue
                await self._read(direct)
                pause = self._next_pause(pause)

    async def _find_start(self, direct: psycopg.AsyncConnection[Any]) -> None:
        if self._started.is_set():
            # A reconnection: what was written meanwhile comes after our position.
            await self._read(direct)
            return
        for statement in FORGET_ANOTHER_LIFE:
            await direct.execute(statement)
        row = await (await direct.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")).fetchone()
        assert row is not None
        self.position = Position(int(row[0]), 0)
        self._started.set()

    def _await(self, hint: str) -> None:
        position = parse_position(hint)
        if position is not None:
            self._awaited = max(self._awaited, position)

    async def _read(self, direct: psycopg.AsyncConnection[Any]) -> None:
        self._read_at = time.monotonic()
        while True:
            cursor = await direct.execute(READ, [str(self.position.txid), self.position.id])
            events = [_as_told(row) for row in await cursor.fetchall()]
            if events:
                self.position = events[-1].position
                self._on_events(events)
            if len(events) < BATCH:
                return
            await asyncio.sleep(0)

    def _next_pause(self, previous: float) -> float:
        if self._awaited <= self.position:
            return POLL_SECONDS
        if previous == POLL_SECONDS:
            return FIRST_REPOLL_SECONDS
        return min(previous * 1.5, LAST_REPOLL_SECONDS)


def _as_told(row: Any) -> Told:
    txid, event_id, organization_id, name, live_id, topics, space_id, circle, carried = row
    position = Position(int(txid), event_id)
    if isinstance(circle, str):
        circle = json.loads(circle)
    within = Circle(UUID(circle[0]), circle[1], circle[2]) if circle else None
    return Told(position, organization_id, name, live_id, tuple(topics), space_id, within, carried)
