"""The bus: how the processes of one installation tell each other that there is something to read.

A message is a hint, never the news itself: it may be lost or doubled, since listeners read the outbox and
poll it anyway. PostgreSQL's NOTIFY is the first implementation; a message bus between machines is another.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol

import psycopg

from parvis.foundation.realtime import database

EVENT_CHANNEL = "parvis_events"
# What procrastinate's own trigger would say; ours is silenced, see foundation/jobs/trigger.py.
JOB_CHANNEL = "procrastinate_any_queue_v1"
# What is heard now or never: who is there, who is typing.
SIGNAL_CHANNEL = "parvis_signals"


class Bus(Protocol):
    """Publishes from the notifier's thread."""

    def publish(self, messages: dict[str, str]) -> None:
        """Send one payload on each channel."""

    def shout(self, signals: list[str]) -> None:
        """Send signals, each as it is."""

    def close(self) -> None:
        """Give the connection back."""


class PostgresBus:
    """NOTIFY on a direct autocommit connection of its own."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None

    def publish(self, messages: dict[str, str]) -> None:
        """Send all messages with one statement; reconnect once when the server restarted meanwhile."""
        values = [text for pair in messages.items() for text in pair]
        self._execute("SELECT " + ", ".join(["pg_notify(%s, %s)"] * len(messages)), values)

    def shout(self, signals: list[str]) -> None:
        """Send signals with one statement."""
        self._execute(
            "SELECT pg_notify(%s, signal) FROM unnest(%s::text[]) AS signal", [SIGNAL_CHANNEL, signals]
        )

    def _execute(self, statement: str, values: list[Any]) -> None:
        try:
            self._connected().execute(statement, values)
        except psycopg.OperationalError:
            self.close()
            self._connected().execute(statement, values)

    def close(self) -> None:
        """Close the connection; the next message opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = database.connect("parvis-notifier")
        return self._connection


async def hints(
    connection: psycopg.AsyncConnection[Any], *, timeout: float
) -> AsyncIterator[tuple[str, str]]:
    """Yield channel and text of what was told within `timeout` seconds; end at the first batch."""
    async for message in connection.notifies(timeout=timeout, stop_after=1):
        yield message.channel, message.payload
