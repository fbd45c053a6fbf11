"""Django decides who may have a file and names it in `X-Parvis-File`; its bytes are sent from here.

A download, however slow, then holds none of the threads that answer pages. The header never leaves.
"""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from parvis.config.server.files import send_file, send_source
from parvis.config.server.types import Application, Headers, Message, Receive, Scope, Send, answer, header
from parvis.foundation.files.storage import storage

HEADER, OBJECT_HEADER = b"x-parvis-file", b"x-parvis-object"
_REPLACED = {HEADER, OBJECT_HEADER, b"content-length"}


class ObjectSource:
    """Bytes in the S3 store: fetched as they are sent, at the pace of the reader."""

    def __init__(self, size: int, key: str) -> None:
        self.size = size
        self._key = key
        self._body: Any = None

    def validators(self) -> Headers:
        """None of its own: Django has set the tag."""
        return []

    def read(self, position: int, length: int, last: int) -> bytes:
        """Ask once for all that will be read, then take some."""
        if self._body is None:
            self._body = storage().open_range(self._key, position, last)
        chunk: bytes = self._body.read(length)
        return chunk

    def close(self) -> None:
        """Close the connection."""
        if self._body is not None:
            self._body.close()


def _is_named(headers: Headers) -> bool:
    return header(headers, HEADER) is not None or header(headers, OBJECT_HEADER) is not None


class SentFiles:
    """Replaces the body of an answer that names a file by that file, if it lies below one of our folders."""

    def __init__(self, application: Application, folders: Sequence[pathlib.Path]) -> None:
        self._application = application
        self._folders = [folder.resolve() for folder in folders]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        named: Message | None = None

        async def catch(message: Message) -> None:
            nonlocal named
            if message["type"] == "http.response.start" and _is_named(message["headers"]):
                named = message
            elif named is None:
                await send(message)

        await self._application(scope, receive, catch)
        if named is not None:
            await self._send(scope, send, named)

    async def _send(self, scope: Scope, send: Send, named: Message) -> None:
        headers: Headers = [pair for pair in named["headers"] if pair[0].lower() not in _REPLACED]
        stored = header(named["headers"], OBJECT_HEADER)
        try:
            if stored is not None:
                size, key = stored.split(" ", 1)
                source = functools.partial(ObjectSource, int(size), key)
                await send_source(scope, send, source, status=named["status"], headers=headers)
                return
            path = self._ours(header(named["headers"], HEADER) or "")
            if path is None:
                raise FileNotFoundError
            await send_file(scope, send, path, status=named["status"], headers=headers)
        except FileNotFoundError:
            await answer(send, 404, "This file is not here.\n")

    def _ours(self, name: str) -> str | None:
        # Percent-encoded: a header holds no letters beyond Latin-1, a data folder may.
        path = pathlib.Path(unquote(name)).resolve()
        return (
            str(path)
            if any(path.is_relative_to(folder) for folder in self._folders) and path.is_file()
            else None
        )
