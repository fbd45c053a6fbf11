"""Django decides who may have a file and names it in `X-Parvis-File`; its bytes are sent from here.

A download, however slow, then holds none of the threads that answer pages. The header never leaves.
"""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from urllib.parse import unquote

from parvis.config.server.files import send_file
from parvis.config.server.types import Application, Headers, Message, Receive, Scope, Send, answer, header

HEADER = b"x-parvis-file"
_REPLACED = {HEADER, b"content-length"}


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
            if message["type"] == "http.response.start" and header(message["headers"], HEADER) is not None:
                named = message
            elif named is None:
                await send(message)

        await self._application(scope, receive, catch)
        if named is not None:
            await self._send(scope, send, named)

    async def _send(self, scope: Scope, send: Send, named: Message) -> None:
        headers: Headers = [pair for pair in named["headers"] if pair[0].lower() not in _REPLACED]
        path = self._ours(header(named["headers"], HEADER) or "")
        try:
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
