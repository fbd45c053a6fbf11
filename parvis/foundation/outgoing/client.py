"""One request after the other, by `http.client` on a socket that we opened ourselves, under one deadline."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urljoin

from django.conf import settings

import parvis
from parvis.foundation.outgoing.addresses import PORTS, OutgoingError, Target, judged_addresses, take_apart

REDIRECTS = {301, 302, 303, 307, 308}
HEAD_BYTES = 64 * 1024
CHUNK_BYTES = 64 * 1024
ADDRESSES_TRIED = 3


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The patience of one `fetch`: `seconds` for all of it, `size_bytes` after unpacking.

    `whole=False` returns the beginning of a longer answer instead of failing.
    """

    seconds: float = 10.0
    size_bytes: int = 1024 * 1024
    whole: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back: names of headers in lower case, the body unpacked, `url` after redirects."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def media_type(self) -> str:
        """Return the declared type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def fetch(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    redirects: int = 3,
) -> Answer:
    """Ask an address that somebody typed; `OutgoingError` for what is refused, fails or is too much.

    `headers` go to the host that was named and to no other. A redirect is followed for GET and HEAD only.
    """
    limits = limits or Limits()
    deadline = time.monotonic() + limits.seconds
    asked = take_apart(url)
    target = asked
    for _turn in range(redirects + 1):
        own = headers if (target.host, target.port) == (asked.host, asked.port) else None
        answer = _ask(target, url, method, body, own or {}, limits, deadline)
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or not location or method not in {"GET", "HEAD"}:
            return answer
        url = urljoin(url, location)
        target = take_apart(url)
    raise OutgoingError("redirects", f"more than {redirects} redirects")


def user_agent() -> str:
    """Return how we introduce ourselves: a name that operators elsewhere can find and block."""
    return f"Parvis/{parvis.__version__} (+{settings.BASE_URL})"


def _ask(
    target: Target,
    url: str,
    method: str,
    body: bytes | None,
    headers: Mapping[str, str],
    limits: Limits,
    deadline: float,
) -> Answer:
    opened = _connect(target, deadline)
    try:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.default_port = PORTS[target.scheme]
        bound = HEAD_BYTES + 2 * limits.size_bytes
        connection.sock = cast(socket.socket, _BoundedSocket(opened, deadline, bound))
        connection.request(method, target.path, body=body, headers=_headers(headers))
        with connection.getresponse() as response:
            head = {name.lower(): value for name, value in response.getheaders()}
            content = b"" if response.status in REDIRECTS else _read(response, limits)
            return Answer(url, response.status, head, content)
    except TimeoutError as error:
        raise OutgoingError("time", "it took too long") from error
    except (http.client.HTTPException, zlib.error, ValueError) as error:
        raise OutgoingError("answer", "the answer is not proper HTTP") from error
    except OSError as error:
        raise OutgoingError("unreachable", "the connection broke") from error
    finally:
        opened.close()


def _headers(own: Mapping[str, str]) -> dict[str, str]:
    fixed = {"User-Agent": user_agent(), "Accept-Encoding": "gzip", "Connection": "close"}
    return {"Accept": "*/*", **own, **fixed}


def _connect(target: Target, deadline: float) -> socket.socket:
    """Connect to one of the addresses just judged: the name is not asked again."""
    addresses = judged_addresses(target, seconds=deadline - time.monotonic())
    failure: OSError | None = None
    for address in addresses[:ADDRESSES_TRIED]:
        try:
            opened = socket.create_connection((address, target.port), timeout=_left(deadline))
            return _secured(opened, target, deadline) if target.is_secure else opened
        except TimeoutError as error:
            raise OutgoingError("time", "it took too long") from error
        except OSError as error:
            failure = error
    raise OutgoingError("unreachable", "no connection") from failure


def _secured(opened: socket.socket, target: Target, deadline: float) -> socket.socket:
    try:
        opened.settimeout(_left(deadline))
        return ssl.create_default_context().wrap_socket(opened, server_hostname=target.host)
    except BaseException:
        opened.close()
        raise


def _left(deadline: float) -> float:
    """Return the seconds that remain: every wait is for these, so that no drip lengthens the whole."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _BoundedSocket:
    """What `http.client` uses of a socket: reads that keep to the deadline and to a number of bytes."""

    def __init__(self, opened: socket.socket, deadline: float, bound: int) -> None:
        self._socket, self._deadline, self._bound = opened, deadline, bound

    def sendall(self, data: Any) -> None:
        self._socket.settimeout(_left(self._deadline))
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_BoundedReader(self._socket, self._deadline, self._bound))

    def close(self) -> None:
        """Leave closing to who opened it."""


class _BoundedReader(io.RawIOBase):
    def __init__(self, opened: socket.socket, deadline: float, bound: int) -> None:
        self._socket, self._deadline, self._remaining = opened, deadline, bound

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._socket.settimeout(_left(self._deadline))
        count = self._socket.recv_into(buffer)
        self._remaining -= count
        if self._remaining < 0:
            raise OutgoingError("size", "the answer is too large")
        return count


def _read(response: http.client.HTTPResponse, limits: Limits) -> bytes:
    """Read the body, unpacked, never holding more than the bound."""
    encoding = (response.getheader("content-encoding") or "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip"}:
        raise OutgoingError("answer", "an encoding that was not asked for")
    unpack = None if encoding == "identity" else zlib.decompressobj(wbits=31)
    content = bytearray()
    while len(content) <= limits.size_bytes and (chunk := response.read(CHUNK_BYTES)):
        room = limits.size_bytes + 1 - len(content)
        content += chunk[:room] if unpack is None else unpack.decompress(chunk, room)
        if unpack is not None and unpack.eof:
            break
    if len(content) > limits.size_bytes and limits.whole:
        raise OutgoingError("size", "the answer is too large")
    return bytes(content[: limits.size_bytes])
