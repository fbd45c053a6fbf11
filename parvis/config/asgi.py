"""The one ASGI application: live gateway, static files and file bytes here, everything else by Django in threads.

Django runs through its WSGI handler: the same page costs half to a fifth of what its ASGI handler takes.
"""

from __future__ import annotations

import asyncio
import pathlib
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from django.conf import settings

from parvis.config.metrics import Measured
from parvis.config.server.bodies import WholeBodies
from parvis.config.server.crowd import Crowd
from parvis.config.server.headers import SecurityHeaders
from parvis.config.server.lifespan import Lifespan, Part, parts_of
from parvis.config.server.pages import Pages
from parvis.config.server.proxies import Proxies
from parvis.config.server.received_files import ReceivedFiles
from parvis.config.server.sent_files import SentFiles
from parvis.config.server.static_files import StaticFiles
from parvis.config.server.types import Application, Receive, Scope, Send, answer
from parvis.foundation.settings import Settings
from parvis.foundation.threads import end_threads

_ANSWERS_PAGES = {"all", "front", "web"}
# What comes in one piece waits in a temporary file; what is larger comes in parts.
_LARGEST_WHOLE_MB = 1024
_ANSWERS_SOCKETS = {"all", "front", "live"}


def build(chosen: Settings) -> Application:
    """Put the layers together for a role."""
    pages, threads = _http(chosen)
    lifespan_parts = [cast(Part, threads), *parts_of(chosen.role)]
    http = pages if chosen.role in _ANSWERS_PAGES else _only_health(pages)
    sockets = _live if chosen.role in _ANSWERS_SOCKETS else _no_socket

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await (_alive if scope["path"] == "/health/live" else http)(scope, receive, send)
        elif scope["type"] == "websocket":
            await sockets(scope, receive, send)
        elif scope["type"] == "lifespan":
            await Lifespan(lifespan_parts)(receive, send)

    return Proxies(Measured(SecurityHeaders(dispatch)), chosen.trusted_proxies)


class PageThreads:
    """The threads that answer pages: they begin with the first request, and end with the server."""

    def __init__(self, executor: ThreadPoolExecutor, count: int) -> None:
        self._executor, self._count = executor, count

    async def start(self) -> None:
        """Nothing: a thread begins when it is needed."""

    async def stop(self) -> None:
        """Close what they hold."""
        await asyncio.to_thread(end_threads, self._executor, self._count)


def _http(chosen: Settings) -> tuple[Application, PageThreads]:
    # Read once Django is set up: they know its models.
    from parvis.api.direct import DirectAnswers
    from parvis.config.hosts import HostMiddleware
    from parvis.config.wsgi import application as django

    data = pathlib.Path(settings.DATA_FOLDER)
    executor = ThreadPoolExecutor(chosen.threads, thread_name_prefix="pages")
    files = SentFiles(
        Pages(django, executor), [pathlib.Path(settings.MEDIA_ROOT), data / "cache", data / "files"]
    )
    whole = WholeBodies(files, limit_bytes=min(chosen.upload_limit_mb, _LARGEST_WHOLE_MB) * 1024 * 1024)
    hosts = HostMiddleware(django.get_response)
    answers = DirectAnswers(ReceivedFiles(whole), executor, hosts.is_ours)
    crowd = Crowd(answers, executor._work_queue.qsize, threads=chosen.threads)
    return StaticFiles(crowd), PageThreads(executor, chosen.threads)


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    from parvis.foundation.realtime import gateway

    handler = gateway.application if gateway.answers_to(scope["path"]) else _no_socket
    await handler(scope, receive, send)  # type: ignore[arg-type]


async def _no_socket(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1000})


async def _alive(_scope: Scope, _receive: Receive, send: Send) -> None:
    # Asks nothing of the database: a slow one must not get this process killed.
    await answer(send, 200, "ok\n")


def _only_health(pages: Application) -> Application:
    async def answer_health(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] in {"/health/ready", "/metrics"}:
            await pages(scope, receive, send)
        else:
            await answer(send, 404, "This process answers no pages (PARVIS_ROLE).\n")

    return answer_health
