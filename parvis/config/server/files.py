"""Send a file in constant memory, with conditional and range requests (RFC 9110)."""

from __future__ import annotations

import asyncio
import email.utils
import functools
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from parvis.config.server.types import Headers, Scope, Send, header

_CHUNK_BYTES = 256 * 1024
# Reading a disk blocks: a few threads of their own, so that downloads take none of those that answer pages.
_readers = ThreadPoolExecutor(max_workers=8, thread_name_prefix="files")


@dataclass(frozen=True)
class Part:
    """The bytes to send, both ends included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        """Number of bytes."""
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """The range lies outside of the file."""


def parse_range(text: str | None, size: int) -> Part | None:
    """Return the one range asked for; None for the whole file, also where a request is odd or multiple."""
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", (text or "").strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Part(max(0, size - int(last)), size - 1)
    if int(first) >= size:
        raise Unsatisfiable
    if last and int(last) < int(first):
        return None
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


def entity_tag(state: os.stat_result) -> str:
    """Return a tag that changes with the file."""
    return f'"{state.st_mtime_ns:x}-{state.st_size:x}"'


class Source(Protocol):
    """Bytes that are read from front to back, in a thread."""

    size: int

    def validators(self) -> Headers:
        """Return what tells one version from another."""
        ...

    def read(self, position: int, length: int, last: int) -> bytes:
        """Return some bytes from there; `last` is where the reading will end."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


class DiskSource:
    """A file of this machine."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._state = os.fstat(self._descriptor)
        self.size = self._state.st_size

    def validators(self) -> Headers:
        """Return its entity tag and its date."""
        modified = email.utils.formatdate(self._state.st_mtime, usegmt=True)
        return [(b"etag", entity_tag(self._state).encode()), (b"last-modified", modified.encode())]

    def read(self, position: int, length: int, last: int) -> bytes:
        """Read without moving anything."""
        return os.pread(self._descriptor, length, position)

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


async def send_file(scope: Scope, send: Send, path: str, *, status: int, headers: Headers) -> None:
    """Answer a request with a file; `headers` come first and may hold their own ETag."""
    await send_source(scope, send, functools.partial(DiskSource, path), status=status, headers=headers)


async def send_source(
    scope: Scope, send: Send, open_source: Callable[[], Source], *, status: int, headers: Headers
) -> None:
    """Answer a request with bytes from anywhere."""
    loop = asyncio.get_running_loop()
    source = await loop.run_in_executor(_readers, open_source)
    try:
        headers = _with_validators(headers, source)
        if status == 200 and _is_unchanged(scope["headers"], headers):
            await _finish(send, 304, [pair for pair in headers if pair[0].lower() != b"content-type"])
            return
        await _send_opened(scope, send, source, status, headers)
    finally:
        await loop.run_in_executor(_readers, source.close)


async def _send_opened(scope: Scope, send: Send, source: Source, status: int, headers: Headers) -> None:
    size = source.size
    try:
        part = parse_range(header(scope["headers"], b"range"), size) if _range_holds(scope, headers) else None
    except Unsatisfiable:
        await _finish(send, 416, [*headers, (b"content-range", f"bytes */{size}".encode())])
        return
    if part is not None and status == 200:
        status = 206
        headers = [*headers, (b"content-range", f"bytes {part.first}-{part.last}/{size}".encode())]
    else:
        part = Part(0, size - 1)
    headers = [*headers, (b"content-length", str(part.length).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    await _send_part(send, source, part)


async def _send_part(send: Send, source: Source, part: Part) -> None:
    loop = asyncio.get_running_loop()
    position, left = part.first, part.length
    while left > 0:
        chunk = await loop.run_in_executor(
            _readers, source.read, position, min(_CHUNK_BYTES, left), part.last
        )
        if not chunk:
            # The file shrank: the promised length cannot be kept, and the connection must show it.
            raise OSError("file ended early")
        position, left = position + len(chunk), left - len(chunk)
        await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})
    if part.length <= 0:
        await send({"type": "http.response.body", "body": b""})


def _with_validators(headers: Headers, source: Source) -> Headers:
    kept = [pair for pair in headers if pair[0].lower() != b"content-length"]
    kept += [(name, value) for name, value in source.validators() if header(kept, name) is None]
    return [*kept, (b"accept-ranges", b"bytes")]


def _is_unchanged(asked: Headers, headers: Headers) -> bool:
    tag = header(headers, b"etag") or ""
    known = header(asked, b"if-none-match")
    if known is not None:
        return known.strip() == "*" or _plain(tag) in [_plain(part) for part in known.split(",")]
    since = _seconds(header(asked, b"if-modified-since"))
    changed = _seconds(header(headers, b"last-modified"))
    return since is not None and changed is not None and changed <= since


def _range_holds(scope: Scope, headers: Headers) -> bool:
    """Whether the part that the client holds is of this very file."""
    condition = header(scope["headers"], b"if-range")
    if condition is None:
        return True
    if condition.strip().startswith(('"', "W/")):
        return condition.strip() == header(headers, b"etag") and not condition.strip().startswith("W/")
    return _seconds(condition) == _seconds(header(headers, b"last-modified"))


def _plain(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def _seconds(date: str | None) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, IndexError):
        return None


async def _finish(send: Send, status: int, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
