"""Open windows: as little WebSocket client as possible, which remembers when it heard of what."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.installation import HOST
from bench.worlds import SLUG, Key

PATIENCE_SECONDS = 90


@dataclass(eq=False)
class Window(asyncio.Protocol):
    """One WebSocket. With topics it subscribes and is open once the server says so; without, at the handshake."""

    port: int
    session: str = ""
    topics: Sequence[str] = ()
    path: str = f"/o/{SLUG}/api/v1/live"
    on_frame: Callable[[Window, bytes], None] | None = None
    position: str = ""
    frames: int = 0
    # What is waited for is any frame that contains these bytes.
    awaited: bytes = b""
    heard_at: float = 0.0
    transport: Any = field(default=None, repr=False)
    is_lost: bool = False
    _buffer: bytes = b""
    _is_open: bool = False
    _ready: asyncio.Future[None] | None = None

    async def open(self) -> None:
        """Connect, subscribe, and wait until the server is ready; resume where an earlier connection ended."""
        loop = asyncio.get_running_loop()
        self._ready, self._is_open, self._buffer = loop.create_future(), False, b""
        await loop.create_connection(lambda: self, HOST, self.port)
        await asyncio.wait_for(self._ready, PATIENCE_SECONDS)

    def cut(self) -> None:
        """End without a word."""
        self.transport.abort()

    def say(self, text: str) -> None:
        """Send a text frame."""
        self._send(b"\x81", text.encode())

    def connection_made(self, transport: Any) -> None:
        self.transport, self.is_lost = transport, False
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
            f"Origin: http://{HOST}:{self.port}\r\nCookie: parvis_session={self.session}\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        self.is_lost = True
        self._fail(error or ConnectionError("the server closed the connection"))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._buffer += data
        if not self._is_open and not self._read_head():
            return
        while (frame := self._next_frame()) is not None:
            opcode, payload = frame
            if opcode == 9:
                self._send(b"\x8a", payload)
            elif opcode == 1:
                self._hear(payload, now)

    def _read_head(self) -> bool:
        head, separator, rest = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return False
        if b" 101 " not in head.split(b"\r\n")[0]:
            self._fail(ConnectionError(head.decode()))
            return False
        self._is_open, self._buffer = True, rest
        if self.topics:
            since = {"since": self.position} if self.position else {}
            self.say(json.dumps({"subscribe": list(self.topics), **since}))
        else:
            self._succeed()
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1], 2
        if length == 126:
            length, start = int.from_bytes(buffer[2:4]), 4
        if len(buffer) < start + length:
            return None
        self._buffer = buffer[start + length :]
        return buffer[0] & 0x0F, buffer[start : start + length]

    def _hear(self, payload: bytes, now: float) -> None:
        if b'"type":"ready"' in payload:
            self.position = json.loads(payload)["position"]
            self._succeed()
            return
        self.frames += 1
        if self.awaited and self.awaited in payload:
            self.heard_at = now
        if self.on_frame is not None:
            self.on_frame(self, payload)

    def _send(self, opcode: bytes, payload: bytes) -> None:
        # Masked with zeros.
        length = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2)
        self.transport.write(opcode + length + b"\0\0\0\0" + payload)

    def _succeed(self) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_result(None)

    def _fail(self, error: Exception) -> None:
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(error)


def windows_of(key: Key, port: int, count: int, topics: Sequence[str]) -> list[Window]:
    """Return windows of as many people as there are, several each where there are more windows than people."""
    return [Window(port, key.sessions[number % len(key.sessions)], topics) for number in range(count)]


async def open_all(windows: Iterable[Window], *, at_once: int = 50) -> float:
    """Open windows, so many at a time; return the seconds that it took."""
    gate, began = asyncio.Semaphore(at_once), time.perf_counter()

    async def one(window: Window) -> None:
        async with gate:
            await window.open()

    await asyncio.gather(*map(one, windows))
    return time.perf_counter() - began


async def all_heard(
    windows: Sequence[Window], awaited: bytes, told: Callable[[], Any], seconds: float = 20
) -> list[float]:
    """Let something be told; return how long after that each window heard of it, in order."""
    for window in windows:
        window.awaited, window.heard_at = awaited, 0.0
    began = time.perf_counter()
    await told()
    while any(not window.heard_at for window in windows):
        if time.perf_counter() - began > seconds:
            raise TimeoutError(f"{sum(not window.heard_at for window in windows)} windows heard nothing")
        await asyncio.sleep(0.002)
    return sorted(window.heard_at - began for window in windows)
