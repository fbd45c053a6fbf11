"""Large files come in past Django: it decides who may bring what, their bytes are written from here.

An upload, however slow, then holds none of the threads that answer pages, and no more than a chunk of it is
ever in memory. Speaks tus 1.0 (https://tus.io/protocols/resumable-upload) together with
`parvis/api/endpoints/uploads.py`, which answers with a grant (`X-Parvis-Receive`) that never leaves.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import connections
from django.utils import translation

from parvis.config.server.types import Application, Headers, Message, Receive, Scope, Send, header
from parvis.foundation.errors import DomainError, problem
from parvis.foundation.files.receiving import GRANT_HEADER, Grant, Reception, Silent, Taken
from parvis.foundation.files.storage import DiskFull
from parvis.foundation.files.uploads import discard_upload, finish_upload

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

UPLOADS = re.compile(r"^(/o/[a-z0-9-]{1,63})?/api/v1/uploads(/[0-9a-f-]{36})?$")
VERSION = (b"tus-resumable", b"1.0.0")
_GRANT = GRANT_HEADER.lower().encode()
_BODY_HEADERS = {b"content-length", b"transfer-encoding"}
# Written at once: fewer and larger writes.
_CHUNK_BYTES = 1024 * 1024
# A sender that is silent for so long is gone; it finds its offset again when it comes back.
_SILENCE_SECONDS = 60
_writers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="uploads")
_finishers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="finished-uploads")


class Gone(Exception):
    """The sender left before the end of the request."""


@dataclass
class _Turn:
    """A request that brings bytes right now."""

    task: asyncio.Task[None] | None
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    is_superseded: bool = False


class ReceivedFiles:
    """Asks the application about an upload's request without its body, then takes the body in."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turns: dict[UUID, _Turn] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not UPLOADS.match(scope["path"]):
            await self._application(scope, receive, send)
            return
        send = _speaking_tus(send)
        if scope["method"] == "POST":
            # For senders whose network knows no PATCH.
            override = header(scope["headers"], b"x-http-method-override") or "POST"
            scope["method"] = override.upper() if override.upper() in {"PATCH", "DELETE"} else "POST"
        granted = await self._ask(scope, receive, send)
        if granted is not None:
            await self._receive(granted, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> Message | None:
        """Return the answer that lets the bytes in; any other one is sent as it is."""
        granted: Message | None = None

        async def catch(message: Message) -> None:
            nonlocal granted
            if message["type"] == "http.response.start" and header(message["headers"], _GRANT) is not None:
                granted = message
            elif granted is None:
                await send(message)

        headers = [pair for pair in scope["headers"] if pair[0].lower() not in _BODY_HEADERS]
        await self._application({**scope, "headers": headers}, _nothing(receive), catch)
        return granted

    async def _receive(self, granted: Message, receive: Receive, send: Send) -> None:
        grant = Grant.read(header(granted["headers"], _GRANT) or "")
        turn = await self._take_turn(grant.upload_id)
        try:
            offset, sha256 = await _taken_in(grant, receive)
            if offset == grant.size_bytes:
                finish = functools.partial(
                    finish_upload, grant.organization_id, grant.upload_id, sha256=sha256
                )
                await _in_thread(_finishers, finish)
        except Gone:
            return
        except asyncio.CancelledError:
            if not turn.is_superseded:
                raise
            await _refuse(send, Taken(), grant.language)
        except DomainError as error:
            await _refuse(send, error, grant.language)
        else:
            headers = [pair for pair in granted["headers"] if pair[0].lower() != _GRANT]
            headers = [*headers, (b"upload-offset", b"%d" % offset)]
            await send({"type": "http.response.start", "status": granted["status"], "headers": headers})
            await send({"type": "http.response.body", "body": b""})
        finally:
            turn.ended.set()
            if self._turns.get(grant.upload_id) is turn:
                del self._turns[grant.upload_id]

    async def _take_turn(self, id: UUID) -> _Turn:
        """Send away an earlier request of the same upload: its sender came back, so that connection is dead."""
        while (before := self._turns.get(id)) is not None:
            if before.task is not None and not before.is_superseded:
                before.is_superseded = True
                before.task.cancel()
            await before.ended.wait()
        self._turns[id] = turn = _Turn(asyncio.current_task())
        return turn


async def _taken_in(grant: Grant, receive: Receive) -> tuple[int, str | None]:
    """Write the body down; return where the upload then stands, and its digest when it is known."""
    if grant.offset == grant.size_bytes:
        return grant.offset, None
    reception = await _in_thread(_writers, functools.partial(Reception, grant))
    try:
        await _pass_on(reception, receive)
    except (Gone, Silent, asyncio.CancelledError):
        # Not to be cancelled: the part has a lock, and bytes worth keeping.
        await asyncio.shield(_in_thread(_writers, reception.interrupt))
        raise
    except DiskFull:
        await _in_thread(_writers, reception.drop)
        await _in_thread(
            _finishers, functools.partial(discard_upload, grant.organization_id, grant.upload_id)
        )
        raise
    except BaseException:
        await _in_thread(_writers, reception.drop)
        raise
    return await _in_thread(_writers, reception.finish), reception.sha256


async def _pass_on(reception: Reception, receive: Receive) -> None:
    gathered, more = bytearray(), True
    try:
        while more:
            message = await _within_patience(receive)
            if message["type"] == "http.disconnect":
                raise Gone
            gathered += message.get("body", b"")
            more = message.get("more_body", False)
            if len(gathered) >= _CHUNK_BYTES:
                full, gathered = gathered, bytearray()
                await _in_thread(_writers, functools.partial(reception.write, bytes(full)))
    finally:
        if gathered:
            await _in_thread(_writers, functools.partial(reception.write, bytes(gathered)))


async def _within_patience(receive: Receive) -> Message:
    try:
        async with asyncio.timeout(_SILENCE_SECONDS):
            return await receive()
    except TimeoutError:
        raise Silent from None


async def _in_thread(pool: ThreadPoolExecutor, function: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(pool, _without_leftovers, function)


def _without_leftovers(function: Callable[[], Result]) -> Result:
    try:
        return function()
    finally:
        connections.close_all()


def _speaking_tus(send: Send) -> Send:
    async def with_version(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), VERSION]
        await send(message)

    return with_version


def _nothing(receive: Receive) -> Receive:
    is_read = False

    async def read() -> Message:
        nonlocal is_read
        if is_read:
            # Whoever waits for the end of the connection must not swallow the body.
            await asyncio.Event().wait()
        is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return read


async def _refuse(send: Send, error: DomainError, language: str) -> None:
    with translation.override(language):
        body = json.dumps(problem(error)).encode()
    headers: Headers = [
        (b"content-type", b"application/problem+json"),
        (b"content-language", language.encode()),
        (b"content-length", b"%d" % len(body)),
        # The rest of the body may still be on its way.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
