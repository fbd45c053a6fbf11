"""Mails that tests write and hand over."""

from __future__ import annotations

from itertools import count

from django.core import mail
from django.test import TestCase

from parvis.foundation.jobs import run_pending_jobs
from parvis.mail.incoming.receiving import receive
from parvis.mail.models import ReceivedMail

_numbers = count(1)


def letter(
    text: str, *, sender: str = "bob@atelier.example", subject: str = "Re: News", headers: str = ""
) -> bytes:
    """Return a plain mail."""
    return (
        f"From: Somebody <{sender}>\r\nSubject: {subject}\r\nMessage-ID: <{next(_numbers)}@mail.atelier.example>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n{headers}\r\n{text}\r\n"
    ).encode()


def hand_over(raw: bytes, recipient: str, *, sender: str = "bob@atelier.example") -> ReceivedMail:
    """Let a mail come in and act, inside the organization's scope; return what became of it."""
    before = set(ReceivedMail.objects.values_list("id", flat=True))
    assert receive(raw, sender=sender, recipient=recipient)
    with TestCase.captureOnCommitCallbacks(execute=True):
        run_pending_jobs()
    found: ReceivedMail = ReceivedMail.objects.exclude(id__in=before).get()
    return found


def answers() -> list[str]:
    """Return the texts of the polite answers that left."""
    return [str(message.body) for message in mail.outbox]
