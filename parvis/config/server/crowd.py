"""When more come than can be answered: those who would wait long are told to come back, at once and cheaply.

Without it a queue grows as long as the rush lasts, and everybody waits long after it, behind requests whose
askers have left. With it what waits is a few seconds of work, and all is as before when the rush is over.
"""

from __future__ import annotations

from collections.abc import Callable

from parvis.config.server.types import Application, Receive, Scope, Send, answer

WAITING_PER_THREAD = 20
RETRY_SECONDS = b"5"
# An operator, and whoever decides to restart this process, must get through.
_ALWAYS = ("/health/", "/metrics")
_TEXT = (
    "Too many people want something at this moment; please try again in a few seconds.\n"
    "Trop de personnes demandent quelque chose en ce moment ; merci de réessayer dans quelques secondes.\n"
)


class Crowd:
    """Refuses a request when as many wait already as is good for anybody."""

    def __init__(self, application: Application, waiting: Callable[[], int], *, threads: int) -> None:
        self._application = application
        self._waiting = waiting
        self._most = threads * WAITING_PER_THREAD

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._waiting() < self._most or scope["path"].startswith(_ALWAYS):
            await self._application(scope, receive, send)
        else:
            headers = [(b"retry-after", RETRY_SECONDS), (b"cache-control", b"no-store")]
            await answer(send, 503, _TEXT, headers)
