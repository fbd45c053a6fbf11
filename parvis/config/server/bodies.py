"""Take a request's body in before a thread is given to it, so that slow uploads hold no thread.

Small bodies stay in memory, larger ones go to a temporary file; too large ones are refused early.
"""

from __future__ import annotations

import asyncio
import tempfile
from typing import IO

from parvis.config.server.types import Application, Message, Receive, Scope, Send, answer, header

_IN_MEMORY_BYTES = 1024 * 1024
_CHUNK_BYTES = 256 * 1024


class TooLarge(Exception):
    """The body is larger than the server accepts."""


class Disconnected(Exception):
    """The client left before the end of its body: nothing may be made of the half."""


class WholeBodies:
    """Calls the application once the whole body is here, without ever holding more than a chunk of it."""

    def __init__(self, application: Application, *, limit_bytes: int) -> None:
        self._application = application
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        declared = header(scope["headers"], b"content-length")
        is_chunked = header(scope["headers"], b"transfer-encoding") is not None
        if not is_chunked and (declared is None or declared == "0"):
            await self._application(scope, _empty(receive), send)
            return
        if declared is not None and declared.isdigit() and int(declared) > self._limit_bytes:
            await _refuse(send)
            return
        await self._with_body(scope, receive, send)

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as file:
            try:
                size = await self._take(receive, file)
            except TooLarge:
                await _refuse(send)
                return
            except Disconnected:
                return
            file.seek(0)
            # Django reads a body up to its declared length, which a chunked request does not declare.
            headers = [
                pair for pair in scope["headers"] if pair[0] not in {b"content-length", b"transfer-encoding"}
            ]
            scope["headers"] = [*headers, (b"content-length", b"%d" % size)]
            await self._application(scope, _from_file(file, size, receive), send)

    async def _take(self, receive: Receive, file: tempfile.SpooledTemporaryFile[bytes]) -> int:
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self._limit_bytes:
                raise TooLarge
            if size > _IN_MEMORY_BYTES:
                await asyncio.to_thread(file.write, chunk)
            else:
                file.write(chunk)
            if not message.get("more_body", False):
                return size


def _empty(receive: Receive) -> Receive:
    is_read = False

    async def read() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return read


def _from_file(
    file: IO[bytes] | tempfile.SpooledTemporaryFile[bytes], size: int, receive: Receive
) -> Receive:
    left = size
    is_read = False

    async def read() -> Message:
        nonlocal left, is_read
        if is_read:
            return await receive()
        chunk = (
            file.read(_CHUNK_BYTES)
            if size <= _IN_MEMORY_BYTES
            else await asyncio.to_thread(file.read, _CHUNK_BYTES)
        )
        left -= len(chunk)
        is_read = left <= 0 or not chunk
        return {"type": "http.request", "body": chunk, "more_body": not is_read}

    return read


async def _refuse(send: Send) -> None:
    await answer(send, 413, "This is larger than the server accepts.\n", [(b"connection", b"close")])
