"""Handing a mail to the mail server, and what came of it, told apart.

    hand_over(message)      NotNow: nothing left, later it may · Refused: never · anything else: nobody knows

One connection per thread is kept for the next mails: ten thousand of them are not ten thousand handshakes.
"""

from __future__ import annotations

import smtplib
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

KEPT_SECONDS = 20.0
# Beyond that some servers end a session.
MAILS_PER_CONNECTION = 100
OK = 250
LINE = 900

_kept = threading.local()


class NotNow(Exception):
    """The mail did not leave: no connection, or refused for the moment."""


class Refused(Exception):
    """The mail will never be taken; `is_address` when it is the recipient's address that is refused."""

    def __init__(self, said: str, *, is_address: bool) -> None:
        super().__init__(said)
        self.is_address = is_address


@dataclass(frozen=True)
class Sealed:
    """A mail as it is sent, with its envelope: from the address that a bounce returns to."""

    sender: str
    recipients: list[str]
    content: bytes


def is_needed() -> bool:
    """Tell whether mails leave for a mail server: else they are kept or shown on this machine, as messages."""
    return isinstance(get_connection(), EmailBackend)


def hand_over(mail: EmailMessage | Sealed) -> None:
    """Give a mail to the mail server; a message's `from_email` is the address that a bounce returns to."""
    backend = get_connection()
    if not isinstance(backend, EmailBackend):
        assert isinstance(mail, EmailMessage)
        backend.send_messages([mail])
        return
    mail = mail if isinstance(mail, Sealed) else sealed(mail)
    sender, recipients, content = mail.sender, mail.recipients, mail.content
    if (kept := _kept_connection()) is not None:
        try:
            _envelope(kept, sender, recipients)
        except (OSError, smtplib.SMTPServerDisconnected):
            # It was closed meanwhile: a new one may do.
            close()
            kept = None
    if kept is None:
        kept = _open(backend)
        try:
            _envelope(kept, sender, recipients)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            close()
            raise NotNow(_said(error)) from error
    _content(kept, content)


def close() -> None:
    """End this thread's connection, if it keeps one."""
    backend, _kept.backend = getattr(_kept, "backend", None), None
    if backend is not None:
        backend.close()


def _kept_connection() -> smtplib.SMTP | None:
    backend = getattr(_kept, "backend", None)
    if backend is None:
        return None
    is_fresh = time.monotonic() - _kept.used_at < KEPT_SECONDS and _kept.mails < MAILS_PER_CONNECTION
    if is_fresh and _kept.address == _address_of(get_connection()):
        return _used(backend)
    close()
    return None


def _open(backend: EmailBackend) -> smtplib.SMTP:
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_said(error)) from error
    _kept.backend, _kept.address, _kept.mails = backend, _address_of(backend), 0
    return _used(backend)


def _used(backend: EmailBackend) -> smtplib.SMTP:
    _kept.used_at = time.monotonic()
    _kept.mails += 1
    assert backend.connection is not None
    return backend.connection


def _address_of(backend: Any) -> tuple[Any, ...]:
    return (backend.host, backend.port, backend.username)


def sealed(message: EmailMessage) -> Sealed:
    """Return a message as it is sent."""
    encoding = message.encoding or "utf-8"
    recipients = [sanitize_address(address, encoding) for address in message.recipients()]
    mime = message.message()
    # Addresses and names of mails stay on one line: some mailboxes read no further.
    mime.policy = mime.policy.clone(max_line_length=LINE)
    return Sealed(sanitize_address(message.from_email, encoding), recipients, mime.as_bytes(linesep="\r\n"))


def _envelope(smtp: smtplib.SMTP, sender: str, recipients: list[str]) -> None:
    """Say from whom and for whom; whatever is refused here, nothing has left."""
    smtp.ehlo_or_helo_if_needed()
    code, said = smtp.mail(sender)
    if code != OK:
        # About the sender, or the hour, not about this recipient.
        _give_up(NotNow(_text(code, said)))
    for recipient in recipients:
        code, said = smtp.rcpt(recipient)
        if code in {OK, 251}:
            continue
        _give_up(Refused(_text(code, said), is_address=True) if code >= 500 else NotNow(_text(code, said)))


def _content(smtp: smtplib.SMTP, content: bytes) -> None:
    try:
        code, said = smtp.data(content)
    except smtplib.SMTPDataError as error:
        code, said = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
    except BaseException:
        close()
        raise
    if code != OK:
        _give_up(Refused(_text(code, said), is_address=False) if code >= 500 else NotNow(_text(code, said)))


def _give_up(problem: NotNow | Refused) -> None:
    close()
    raise problem


def _text(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _text(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    return str(error) or type(error).__name__
