"""One WebSocket: what it subscribed to, and the bounded queue of what it has not read yet."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import types
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any
from uuid import UUID

from parvis.foundation.realtime.audience import Hearer
from parvis.foundation.realtime.outbox import Position, Told

logger = logging.getLogger(__name__)

# What goes to the server: `websocket.send`, as ASGI has it.
Message = dict[str, Any]
Sending = Coroutine[Any, Any, None]
Send = Callable[[Message], Sending]

# A reader that is this far behind is closed; it comes back with `since` and catches up.
WAITING_FRAMES = 500
HELD_EVENTS = 1_000
CLOSE_SECONDS = 5.0

SLOW_READER = 4008
SIGNED_OUT = 4001


def message_to_many(text: str) -> Message:
    """Return a message that many connections get: our server sends its frame (RFC 6455, 5.2) as it is made here."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        head = bytes([0x81, size])
    else:
        head = b"\x81\x7e" + size.to_bytes(2) if size < 65_536 else b"\x81\x7f" + size.to_bytes(8)
    return {"type": "websocket.send", "text": text, "parvis.frame": head + payload}


class Connection:
    """Frames go out in order; while it is held, events wait until the connection's access is known."""

    __slots__ = (
        "_frames",
        "_held",
        "_holds",
        "_is_closing",
        "_send",
        "_writer",
        "after",
        "hearer",
        "is_away",
        "topics",
        "typed_at",
        "watched",
    )

    def __init__(self, hearer: Hearer, send: Send) -> None:
        self.hearer = hearer
        # Internal topic -> the name the client gave it.
        self.topics: dict[str, str] = {}
        # What the client has already seen, perhaps from a process that is ahead of this one.
        self.after: Position | None = None
        # For presence.py: whether its person looks elsewhere, when they typed, of whom it wants to hear.
        self.is_away = False
        self.typed_at = float("-inf")
        self.watched: tuple[tuple[UUID, UUID], ...] = ()
        self._send = send
        self._frames: deque[Message] | None = None
        self._writer: asyncio.Task[None] | None = None
        self._held: list[Told] | None = None
        self._holds = 0
        self._is_closing = False

    def holds(self, event: Told) -> bool:
        """Keep the event for later if the connection is held, and tell so."""
        if not self._holds:
            return False
        if self._held is None:
            self._held = []
        if len(self._held) >= HELD_EVENTS:
            self.close(SLOW_READER, "too far behind")
        else:
            self._held.append(event)
        return True

    def hold(self) -> None:
        """Let events wait until `release`; holds nest."""
        self._holds += 1

    @property
    def is_held(self) -> bool:
        """Tell whether events wait."""
        return self._holds > 0

    def release(self) -> list[Told]:
        """Undo one hold; return what waited once the last is gone."""
        self._holds -= 1
        if self._holds or not self._held:
            return []
        held, self._held = self._held, None
        return held

    def push(self, position: Position, message: Message) -> None:
        """Queue the message of an event, unless the client has already seen it."""
        if self.after is not None and position <= self.after:
            return
        self._queue(message)

    def tell(self, said: dict[str, Any]) -> None:
        """Queue a message about the connection itself."""
        self._queue({"type": "websocket.send", "text": json.dumps(said, separators=(",", ":"))})

    def close(self, code: int, reason: str) -> None:
        """Close soon, after nothing more than what is being sent."""
        if self._is_closing:
            return
        self._is_closing = True
        self._frames = None
        if self._writer is not None:
            self._writer.cancel()
        self._writer = asyncio.create_task(self._say_goodbye(code, reason))

    async def goodbye(self) -> None:
        """Wait until the close has been sent: the server drops the connection when its handler returns."""
        if self._is_closing and self._writer is not None:
            await asyncio.wait({self._writer})

    def seen_until(self, position: Position) -> Position:
        """Return `position`, or the one before the first event that still waits here."""
        if self._held:
            first = self._held[0].position
            return Position(first.txid, first.id - 1)
        return max(position, self.after or position)

    @property
    def is_closing(self) -> bool:
        """Tell whether the connection is about to end."""
        return self._is_closing

    def _queue(self, message: Message) -> None:
        if self._is_closing:
            return
        if self._writer is None:
            self._send_now(message)
            return
        if self._frames is None:
            self._frames = deque()
        if len(self._frames) >= WAITING_FRAMES:
            self.close(SLOW_READER, "reading too slowly")
            return
        self._frames.append(message)

    def _send_now(self, message: Message) -> None:
        """Send without a task: most frames fit into the socket at once, and a task costs more than the sending.

        What the socket cannot take is finished by a task, which then sends what came meanwhile.
        """
        sending = self._send(message)
        try:
            awaited = sending.send(None)
        except StopIteration:
            return
        except (OSError, RuntimeError):
            self._is_closing = True
            return
        self._writer = asyncio.create_task(self._write(_resumed(sending, awaited)))

    async def _write(self, begun: Awaitable[None]) -> None:
        try:
            await begun
            while self._frames:
                await self._send(self._frames.popleft())
        except (OSError, RuntimeError):
            # The client has gone: the receiving side sees it too and cleans up.
            self._is_closing = True
        finally:
            if not self._is_closing:
                self._frames = self._writer = None

    async def _say_goodbye(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (OSError, RuntimeError, TimeoutError):
            logger.debug("live.closed_without_goodbye", extra={"code": code})


@types.coroutine
def _resumed(sending: Sending, awaited: Any) -> Generator[Any, Any, None]:
    """Go on, inside a task, with a coroutine that was begun outside and waits for something."""
    while True:
        try:
            value = yield awaited
        except BaseException as error:
            step = functools.partial(sending.throw, error)
        else:
            step = functools.partial(sending.send, value)
        try:
            awaited = step()
        except StopIteration:
            return
