"""LMTP and SMTP as aiosmtpd speaks them, with an answer per recipient, and without what a relay does not need."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

IDLE_SECONDS = 120.0
MOST_CONNECTIONS = 20
# Some programs write a paragraph on one line, whatever the standard says.
LINE_BYTES = 64 * 1024


class _Bounded(SMTP):  # type: ignore[misc]  # aiosmtpd is not followed by mypy
    """A connection among few."""

    line_length_limit = LINE_BYTES

    def __init__(self, *arguments: Any, connections: set[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._connections = connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it, or close it when there are too many."""
        if len(self._connections) >= MOST_CONNECTIONS:
            transport.close()
            return
        self._connections.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Count it no more."""
        if self in self._connections:
            self._connections.discard(self)
            super().connection_lost(error)

    def answers(self, answers: Sequence[str]) -> str:
        """Return the one answer for all: the worst, so that nothing is lost. Who has it already gets it once only."""
        return max(answers, key=lambda answer: (answer.startswith("4"), answer.startswith("2")))


class _PerRecipient(_Bounded, LMTP):  # type: ignore[misc]
    """LMTP: what follows the text is answered for each recipient, refusals of the whole too."""

    # How many wait for an answer to the text.
    _waiting = 0

    async def smtp_DATA(self, arg: str) -> None:
        """Take the text."""
        self._waiting = len(self.envelope.rcpt_tos) if self.envelope and not arg else 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self._waiting = 0

    async def push(self, status: str) -> None:
        """Say something; after the text as often as there are recipients."""
        if self._waiting and not status.startswith("354") and "\r\n" not in status:
            status = "\r\n".join([status] * self._waiting)
        await super().push(status)

    def answers(self, answers: Sequence[str]) -> str:
        """Return one answer for each."""
        return "\r\n".join(answers)


def make_protocol(
    handler: Any,
    *,
    is_lmtp: bool,
    limit_bytes: int,
    loop: asyncio.AbstractEventLoop,
    connections: set[Any],
) -> Any:
    """Return what speaks with one mail server."""
    kind = _PerRecipient if is_lmtp else _Bounded
    return kind(
        handler,
        data_size_limit=limit_bytes,
        hostname="parvis",
        ident="Parvis",
        timeout=IDLE_SECONDS,
        enable_SMTPUTF8=True,
        loop=loop,
        connections=connections,
    )
