"""A mailbox that is looked into each minute (IMAP), where no mail server can hand mails over.

A mail is marked, or moved, only once it is kept; a look that ends in between finds it again, and keeping it twice
changes nothing.
"""

from __future__ import annotations

import imaplib
import logging
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from parvis.foundation.jobs import every
from parvis.mail.incoming.letters import Letter, addresses_in, read_headers
from parvis.mail.incoming.receiving import is_known, receive
from parvis.mail.incoming.sizes import is_too_large

logger = logging.getLogger(__name__)

AT_ONCE = 50
PATIENCE_SECONDS = 30
_PORTS = {"imaps": 993, "imap": 143, "imap+tls": 143}
# Where mail servers write whom a mail was for; then what its sender wrote.
_RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


@every(minutes=1, each_organization=False)
def look_into_mailbox() -> None:
    """Take in what came since the last look."""
    if not settings.PARVIS.imap_url or not settings.PARVIS.mail_domain:
        return
    try:
        fetch_new(settings.PARVIS.imap_url)
    except (OSError, imaplib.IMAP4.error) as error:
        # The next look is in a minute; what was not kept is still unread.
        logger.warning("mail.mailbox_does_not_answer: %s", type(error).__name__)


def fetch_new(url: str) -> int:
    """Take in unread mails, some at a time; return how many were kept."""
    parts = urlsplit(url)
    move_to = parse_qs(parts.query).get("move", [""])[0]
    client = _connect(parts.scheme, parts.hostname or "", parts.port)
    try:
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        client.select_folder(unquote(parts.path.strip("/")) or "INBOX")
        uids = client.search(["UNSEEN"])[:AT_ONCE]
        return sum(_taken(client, uid, move_to) for uid in uids)
    finally:
        _leave(client)


def _connect(scheme: str, host: str, port: int | None) -> Any:
    # Loaded where there is a mailbox to look into, and not by others.
    from imapclient import IMAPClient

    client = IMAPClient(
        host, port=port or _PORTS[scheme], ssl=scheme == "imaps", use_uid=True, timeout=PATIENCE_SECONDS
    )
    if scheme == "imap+tls":
        client.starttls()
    return client


def _leave(client: Any) -> None:
    try:
        client.logout()
    except (OSError, imaplib.IMAP4.error):
        # It is gone already.
        logger.info("mail.mailbox_closed_itself")


def _taken(client: Any, uid: int, move_to: str) -> bool:
    """Take in one mail; what is for nobody here stays, marked as seen. Of one that is too large, its headers alone."""
    size = client.fetch([uid], ["RFC822.SIZE"])[uid][b"RFC822.SIZE"]
    part = "[HEADER]" if is_too_large(size) else "[]"
    raw = client.fetch([uid], [f"BODY.PEEK{part}"])[uid][f"BODY{part}".encode()]
    is_kept = _kept(raw, size)
    if is_kept and move_to:
        client.move([uid], move_to)
    else:
        client.add_flags([uid], [b"\\Seen"])
    return is_kept


def _kept(raw: bytes, size_bytes: int) -> bool:
    letter = read_headers(raw)
    sender = (
        letter.header("Return-Path").strip("<> ") if letter.all_of("Return-Path") else "unknown@localhost"
    )
    recipients = recipients_of(letter)
    kept = [receive(raw, sender=sender, recipient=each, size_bytes=size_bytes) for each in recipients]
    return any(kept)


def recipients_of(letter: Letter) -> list[str]:
    """Return the addresses of ours that a mail was for, each once."""
    named = [
        address
        for name in _RECIPIENT_HEADERS
        for value in letter.all_of(name)
        for address in addresses_in(value) or [value]
    ]
    return list(dict.fromkeys(address.casefold() for address in named if is_known(address)))
