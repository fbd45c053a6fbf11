"""The address that a mail returns to when it cannot be delivered: signed, and of that one mail alone.

    b1k5xq…@reply.example.org    from the domain of mail that comes in (PARVIS_MAIL_DOMAIN), else the sender's own

So a bounce is known by where it arrives and not by what it says; nobody can invent one.
"""

from __future__ import annotations

import base64
import hmac
import re
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from parvis.mail.models import SentMail

_LOCAL_PART = re.compile(r"(?:[^@\s]{1,40}\+)?b1([a-z2-7]{39})")
_SIGNATURE_BYTES = 8


def return_path(sent: SentMail) -> str:
    """Return where a bounce of this mail goes."""
    where = settings.PARVIS.mail_domain
    if not where:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    mailbox, _at, domain = where.rpartition("@")
    code = base64.b32encode(sent.id.bytes + _signature(sent.id)).decode().lower().rstrip("=")
    return f"{mailbox}{'+' if mailbox else ''}b1{code}@{domain}"


def sent_id_in(address: str) -> UUID | None:
    """Return which mail an address is the return path of; None for any other address."""
    found = _LOCAL_PART.fullmatch(address.strip().strip("<>").casefold().rpartition("@")[0])
    if found is None:
        return None
    raw = base64.b32decode(found[1].upper() + "=")
    id = UUID(bytes=raw[:16])
    return id if hmac.compare_digest(raw[16:], _signature(id)) else None


def _signature(id: UUID) -> bytes:
    return salted_hmac("mail.return_path", id.bytes, algorithm="sha256").digest()[:_SIGNATURE_BYTES]
