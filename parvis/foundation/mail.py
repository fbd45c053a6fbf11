"""Mail out: a plain text becomes a calm letter in text and HTML, and leaves from a job.

    send_mail(to="zoe@example.org", subject=…, text=…, language="fr", organization_name="Hivernel")

The text is the source: paragraphs are parted by an empty line, and a paragraph of two lines, “Read it:” and an
address, shows as a button in HTML. Write it in the recipient's language (`translation.override`).
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.utils import formataddr, make_msgid, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from parvis.foundation import relay
from parvis.foundation.jobs import enqueue, job

logger = logging.getLogger(__name__)

PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
ADDRESS = re.compile(r"https?://\S{1,2000}")
# A machine wrote it: no holiday notice should answer (RFC 3834).
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


@dataclass(frozen=True)
class Paragraph:
    """A piece of a letter; with an address it is a button."""

    text: str
    address: str = ""

    @property
    def lines(self) -> list[str]:
        """Return its lines."""
        return self.text.splitlines()


def mail_is_configured() -> bool:
    """Whether mail reaches people; where not, pages offer links to copy."""
    return bool(settings.HAS_MAIL_SERVER)


def send_mail_later(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    organization_name: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    """Ask for a mail in the current transaction. The queue holds its text: for one with a secret, write a job
    of your own that makes the secret and calls `send_mail`."""
    enqueue(
        deliver,
        to=to,
        subject=subject,
        text=text,
        language=language,
        organization_name=organization_name,
        reply_to=reply_to,
        headers={**(headers or {}), "Message-ID": _message_id()},
    )


@job
def deliver(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    organization_name: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    """Send a mail that was asked for; the same Message-ID at each attempt lets a mailbox drop a second copy."""
    send_mail(
        to=to,
        subject=subject,
        text=text,
        language=language,
        organization_name=organization_name,
        reply_to=reply_to,
        headers=headers,
    )


def send_mail(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    organization_name: str = "",
    reply_to: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    """Send a mail from within a job, once its transaction is over: no mail server is waited for inside one."""
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text.strip() + "\n",
        from_email=sender_called(organization_name),
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={**HEADERS, "Content-Language": language, "Message-ID": _message_id(), **(headers or {})},
    )
    message.attach_alternative(
        as_html(text, language=language, organization_name=organization_name), "text/html"
    )
    transaction.on_commit(lambda: _send(message))


def as_html(text: str, *, language: str, organization_name: str = "") -> str:
    """Return the letter's HTML, which says what its text says."""
    with translation.override(language):
        return render_to_string(
            "mail/letter.html",
            {
                "paragraphs": paragraphs_of(text),
                "organization_name": organization_name,
                "base_url": settings.BASE_URL,
            },
        )


def paragraphs_of(text: str) -> list[Paragraph]:
    """Return the pieces of a text."""
    return [_paragraph(part) for part in PARAGRAPHS.split(text.strip()) if part]


def _paragraph(part: str) -> Paragraph:
    lines = [line.strip() for line in part.splitlines()]
    if ADDRESS.fullmatch(lines[-1]) and len(lines) <= 2:
        label = lines[0].rstrip(" :\u00a0\u202f") if len(lines) == 2 else lines[-1]
        return Paragraph(label, address=lines[-1])
    return Paragraph("\n".join(lines))


def _send(message: EmailMultiAlternatives) -> None:
    try:
        relay.hand_over(message)
    except relay.Refused as refused:
        # Trying again for a day would only look like spam.
        logger.warning("mail.refused", extra={"reply": str(refused)})


def sender_called(shown_name: str) -> str:
    """The installation's address under a name that people recognise, e.g. the organization's."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    shown = " ".join(shown_name.split()) or name
    return formataddr((shown, address)) if shown else address


def _message_id() -> str:
    return make_msgid(domain=urlsplit(settings.BASE_URL).hostname or "parvis")
