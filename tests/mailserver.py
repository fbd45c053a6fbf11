"""A real SMTP server in this process, which keeps what it receives and refuses what it is told to."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One mail that arrived, with its envelope."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail as a program of today reads it."""
        return email.message_from_bytes(self.content, policy=email.policy.default)  # type: ignore[return-value]


@dataclass
class MailServer:
    """`with MailServer() as server: server.serve(settings)`, then look at `server.received`.

    `answers` maps MAIL, RCPT or DATA to what is answered there instead of yes; "hang up" closes the connection.
    """

    received: list[Received] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    # After so many mails it says nothing until it may go on.
    pauses_at: int = 0
    paused: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    _sessions: list[SMTP] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._controller = _Controller(self, hostname="127.0.0.1", port=0)
        self._controller.start()
        # The library's own look at itself.
        self.connections = 0
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._controller.port)

    def serve(self, settings: Any) -> None:
        """Let Django's mails leave through it."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", self.port, 10
        settings.HAS_MAIL_SERVER = True

    def hang_up(self) -> None:
        """Close every connection, as a server does with those that rest."""

        async def close() -> None:
            for session in self._sessions:
                if session.transport is not None:
                    session.transport.close()

        asyncio.run_coroutine_threadsafe(close(), self._controller.loop).result()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers.get("DATA") == "hang up":
            server.transport.close()
            return "250 OK"
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(Received(envelope.mail_from or "", list(envelope.rcpt_tos), content))
        if len(self.received) == self.pauses_at:
            self.paused.set()
            await asyncio.to_thread(self.go_on.wait, 60)
        return "250 OK"


class _Controller(Controller):
    """Listens on whichever port is free, which the library's check of itself must be told."""

    def factory(self) -> SMTP:
        handler: MailServer = self.handler
        handler.connections += 1
        session = SMTP(handler, enable_SMTPUTF8=True)
        handler._sessions.append(session)
        return session

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
