"""A listener for the mail server of the house: LMTP, or SMTP, in a thread with its own loop, so that no mail holds a page.

Who is unknown is refused before any text is sent; what is too large before it is read; “250” is said once a mail is
kept, for each recipient apart. Whoever reaches the port can deliver: it belongs on this machine, or behind a relay.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import pathlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from parvis.foundation import resting
from parvis.mail.incoming.receiving import is_known, receive

logger = logging.getLogger(__name__)

MOST_RECIPIENTS = 50
STOP_SECONDS = 10.0
KEPT, UNKNOWN, LATER = (
    "250 2.0.0 Kept",
    "550 5.1.1 There is no such address here",
    "451 4.3.0 Not kept: please try again later",
)


async def start() -> None:
    """Listen, where a place to listen at is set."""
    where = settings.PARVIS.lmtp_listen
    if where and settings.PARVIS.mail_domain:
        await asyncio.to_thread(_start, where)


async def stop() -> None:
    """Let mails that are being kept be kept, then listen no more."""
    await asyncio.to_thread(_stop)


class Listener:
    """Owns the thread, its loop and the socket."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._loop = asyncio.new_event_loop()
        self._keepers = ThreadPoolExecutor(2, thread_name_prefix="parvis-mail-in")
        self._server: asyncio.Server | None = None
        self._open: set[Any] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="parvis-lmtp", daemon=True)

    def start(self) -> None:
        """Take the socket; raise what hinders it."""
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def stop(self) -> None:
        """Close the socket, and end when what is in hand is done."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(STOP_SECONDS)
        self._keepers.shutdown(wait=True)
        resting.close_rested(seconds=0)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        self._loop.close()

    @property
    def port(self) -> int:
        """The TCP port that it listens on."""
        assert self._server is not None
        number: int = self._server.sockets[0].getsockname()[1]
        return number

    async def _listen(self) -> asyncio.Server:
        if self._where.startswith("unix:"):
            path = pathlib.Path(self._where.removeprefix("unix:"))
            # One that a killed process left behind.
            path.unlink(missing_ok=True)
            server = await self._loop.create_unix_server(self._protocol, str(path))
            os.chmod(path, 0o660)
            return server
        host, _colon, port = self._where.rpartition("://")[2].rpartition(":")
        return await self._loop.create_server(self._protocol, host.strip("[]"), int(port))

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        for protocol in list(self._open):
            if protocol.transport is not None:
                protocol.transport.close()
        # Their coroutines hear of it in the next turn of the loop.
        await asyncio.sleep(0)

    def _protocol(self) -> Any:
        # Loaded by processes that listen, and not by others.
        from parvis.mail.incoming.protocol import make_protocol

        return make_protocol(
            _Handler(self._keepers),
            is_lmtp=not self._where.startswith("smtp://"),
            limit_bytes=settings.PARVIS.mail_limit_mb * 1024 * 1024,
            loop=self._loop,
            connections=self._open,
        )


class _Handler:
    """Answers for one connection; names as aiosmtpd calls them."""

    def __init__(self, keepers: ThreadPoolExecutor) -> None:
        self._keepers = keepers

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Refuse an address that was never given."""
        if not is_known(address):
            return UNKNOWN
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail for each recipient; LMTP hears of each."""
        sender = "" if envelope.mail_from in {None, "", "<>"} else envelope.mail_from
        answers = [await self._kept(envelope.content, sender, recipient) for recipient in envelope.rcpt_tos]
        return server.answers(answers)  # type: ignore[no-any-return]

    async def _kept(self, raw: bytes, sender: str, recipient: str) -> str:
        keep = functools.partial(receive, raw, sender=sender, recipient=recipient)
        loop = asyncio.get_running_loop()
        try:
            is_kept = await loop.run_in_executor(
                self._keepers, functools.partial(resting.with_kept_connections, keep)
            )
        except Exception:
            # The mail server keeps it and comes again: nothing is lost while the database is away.
            logger.exception("mail.not_kept")
            return LATER
        return KEPT if is_kept else UNKNOWN


_current: Listener | None = None


def _start(where: str) -> None:
    global _current
    if _current is None:
        listener = Listener(where)
        listener.start()
        _current = listener
        logger.info("mail.listening", extra={"where": where})


def _stop() -> None:
    global _current
    if _current is not None:
        _current.stop()
        _current = None
