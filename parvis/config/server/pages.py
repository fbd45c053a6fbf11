"""Django answers in threads, through its WSGI handler: whole answers, each handed over in one step.

A thread that waits for the event loop after each part of an answer costs a page a third of what an empty one takes.
Nothing streams through Django: what is long, files and uploads, is sent and received past it.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from typing import Any

from parvis.config.server.types import Headers, Message, Receive, Scope, Send

Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_UNPREFIXED = {"CONTENT_LENGTH", "CONTENT_TYPE"}


class Pages:
    """A WSGI application as an ASGI one; the body of a request is here already, in memory or in a file."""

    def __init__(self, application: WsgiApplication, executor: Executor) -> None:
        self._application, self._executor = application, executor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        environ = environ_of(scope)
        if environ.get("CONTENT_LENGTH", "0") != "0":
            environ["wsgi.input"] = io.BufferedReader(_Body(receive, loop))
        context = contextvars.copy_context()
        start, body = await loop.run_in_executor(self._executor, context.run, self._answer, environ)
        await send(start)
        await send(body)

    def _answer(self, environ: Environ) -> tuple[Message, Message]:
        started: list[tuple[int, Headers]] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            started[:] = [(int(status[:3]), [(n.lower().encode(), v.encode("latin-1")) for n, v in headers])]

        answer = self._application(environ, start)
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        status, headers = started[0]
        return (
            {"type": "http.response.start", "status": status, "headers": headers},
            {"type": "http.response.body", "body": body},
        )


def environ_of(scope: Scope) -> Environ:
    """Return a request as WSGI describes it, without its body."""
    host, port = scope.get("server") or ("localhost", None)
    address, client_port = scope.get("client") or ("", None)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # WSGI speaks of bytes in Latin-1.
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "REMOTE_ADDR": address,
        "REMOTE_PORT": str(client_port or 0),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add_header(environ: Environ, name: str, value: str) -> None:
    # Spelt with underscores it would pass for the header that is spelt with hyphens, and may have been dropped.
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    key = key if key in _UNPREFIXED else f"HTTP_{key}"
    separator = "; " if key == "HTTP_COOKIE" else ","
    environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value


class _Body(io.RawIOBase):
    """The body of a request, asked of the event loop as it is read."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._receive, self._loop = receive, loop
        self._chunk, self._has_more = b"", True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._chunk and self._has_more:
            message = asyncio.run_coroutine_threadsafe(self._ask(), self._loop).result()
            self._chunk, self._has_more = message.get("body", b""), message.get("more_body", False)
        taken, self._chunk = self._chunk[: len(buffer)], self._chunk[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    async def _ask(self) -> Message:
        return await self._receive()
