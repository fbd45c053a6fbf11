"""The load: a plain HTTP client, as cheap as it can be, that asks and keeps the time."""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.installation import HOST, Installation
from bench.machine import watch
from bench.worlds import SLUG, Key


@dataclass(frozen=True)
class Ask:
    """One request, ready to send, and the status that it must be answered with."""

    data: bytes
    status: bytes = b"200"


@dataclass
class Outcome:
    """What a series of requests cost, and what the fixed piece of work cost meanwhile."""

    cpu_ms: float
    per_second: float
    seconds: list[float] = field(repr=False)
    answer_bytes: int = 0
    machine_ms: float | None = None

    @property
    def median_ms(self) -> float:
        """Return the median latency."""
        return 1000 * statistics.median(self.seconds)

    def at_ms(self, share: float) -> float:
        """Return the latency that this share of the requests stayed below."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def page(key: Key, path: str, person: int, *, is_fragment: bool = False) -> Ask:
    """Ask for a page, or for a part of one, as the browser of a signed-in person does."""
    session = key.sessions[person % len(key.sessions)]
    headers = f"Cookie: parvis_session={session}\r\nAccept: text/html\r\nAccept-Language: en\r\n"
    return _ask("GET", path, headers + ("HX-Request: true\r\n" if is_fragment else ""))


def call(
    key: Key, path: str, person: int, *, method: str = "GET", body: bytes = b"", status: bytes = b"200"
) -> Ask:
    """Ask the API with a token."""
    token = key.tokens[person % len(key.tokens)]
    headers = f"Authorization: Bearer {token}\r\nAccept: application/json\r\n"
    if body:
        headers += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return _ask(method, f"/api/v1{path}", headers, body, status)


def plain(path: str) -> Ask:
    """Ask for something of the server itself, as nobody."""
    return Ask(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())


def _ask(method: str, path: str, headers: str, body: bytes = b"", status: bytes = b"200") -> Ask:
    head = f"{method} /o/{SLUG}{path} HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n"
    return Ask(head.encode() + body, status)


class Client(asyncio.Protocol):
    """One connection that is kept open; it asks one thing after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._transport: Any = None
        self._buffer = b""
        self._answer: asyncio.Future[bytes] | None = None

    async def ask(self, ask: Ask) -> bytes:
        """Send a request and return its answer, head and body."""
        if self._transport is None or self._transport.is_closing():
            await asyncio.get_running_loop().create_connection(lambda: self, HOST, self._port)
        self._buffer = b""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(ask.data)
        answer = await asyncio.wait_for(self._answer, 60)
        if answer[9:12] != ask.status:
            raise AssertionError(f"{ask.data[:300]!r} was answered {answer[:1500]!r}")
        return answer

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._answer is not None and not self._answer.done() and _is_complete(self._buffer):
            self._answer.set_result(self._buffer)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionError("the server closed the connection"))


def _is_complete(answer: bytes) -> bool:
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.lower().split(b"\r\n")[1:]:
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
        if line.startswith(b"transfer-encoding: chunked"):
            return body.endswith(b"0\r\n\r\n")
    return True


async def run(
    installation: Installation, asks: Sequence[Ask], *, clients: int = 8, count: int | None = None
) -> Outcome:
    """Let some clients ask all of these, in turns, as fast as they are answered."""
    turns = itertools.islice(itertools.cycle(asks), count or len(asks))
    seconds: list[float] = []
    sizes = [0]
    connections = [Client(installation.port) for _number in range(clients)]
    machine = watch()
    began, cpu = time.perf_counter(), installation.cpu_seconds()
    await asyncio.gather(*(_ask_all(client, turns, seconds, sizes) for client in connections))
    cpu, elapsed = installation.cpu_seconds() - cpu, time.perf_counter() - began
    for client in connections:
        client.close()
    asked = len(seconds)
    return Outcome(1000 * cpu / asked, asked / elapsed, seconds, sizes[0] // asked, machine.since(began))


async def _ask_all(client: Client, turns: Iterator[Ask], seconds: list[float], sizes: list[int]) -> None:
    for ask in turns:
        began = time.perf_counter()
        answer = await client.ask(ask)
        seconds.append(time.perf_counter() - began)
        sizes[0] += len(answer)
