"""Start and stop, with the server, what runs beside the pages: the live gateway, the job worker, the listener for mail."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from parvis.config.server.types import Receive, Send
from parvis.foundation.settings import Role

logger = logging.getLogger(__name__)


class Part(Protocol):
    """Something that runs as long as the server does."""

    start: Callable[[], Awaitable[None]]
    stop: Callable[[], Awaitable[None]]


def parts_of(role: Role) -> list[Part]:
    """Return what a role runs beside its answers."""
    gateway, worker = "parvis.foundation.realtime.gateway", "parvis.foundation.jobs.worker"
    mail = "parvis.mail.incoming.listener"
    runs: dict[Role, list[str]] = {
        "all": [gateway, worker, mail],
        "front": [gateway],
        "web": [],
        "live": [gateway],
        "worker": [worker, mail],
    }
    return [cast(Part, import_module(name)) for name in runs[role] if find_spec(name) is not None]


class Lifespan:
    """Answers the server's start-up and shutdown."""

    def __init__(self, parts: list[Part]) -> None:
        self._parts = parts
        self._started: list[Part] = []

    async def __call__(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            for part in self._parts:
                await part.start()
                self._started.append(part)
        except Exception as error:
            logger.exception("server.part_did_not_start")
            await self._stop()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _stop(self) -> None:
        while self._started:
            try:
                await self._started.pop().stop()
            except Exception:
                # The others, and the database after them, still have to stop.
                logger.exception("server.part_did_not_stop")
