"""The one door: whatever brings a mail, it is kept here, once, before anybody is told that it was."""

from __future__ import annotations

import hashlib
from email import message_from_bytes
from email.policy import compat32

from django.db import transaction

from parvis.foundation.jobs import enqueue
from parvis.foundation.tenancy import organization_scope
from parvis.mail.addresses import Destination, find_destination, is_genuine
from parvis.mail.incoming.acting import act_upon
from parvis.mail.incoming.letters import Unreadable, check_shape, read_headers
from parvis.mail.models import ReceivedMail
from parvis.mail.out.bounces import is_bounce_address, record_bounce


def receive(raw: bytes, *, sender: str, recipient: str, size_bytes: int | None = None) -> bool:
    """Keep a mail for one recipient, and ask for what it wants; tell whether the address leads anywhere.

    `sender` is the envelope's, empty for what nobody should answer. The same mail again changes nothing. Of one that is
    too large `raw` holds the headers alone, and `size_bytes` says how large it is.
    """
    if is_bounce_address(recipient):
        return _came_back(raw, recipient)
    destination = find_destination(recipient)
    if destination is None:
        return False
    keep(raw, destination, sender=sender, recipient=recipient, size_bytes=size_bytes or len(raw))
    return True


def is_known(recipient: str) -> bool:
    """Tell whether an address was made here, without asking the database."""
    return is_genuine(recipient) or is_bounce_address(recipient)


def _came_back(raw: bytes, recipient: str) -> bool:
    try:
        check_shape(raw)
    except Unreadable:
        # Nothing is learnt from it, and nobody should send it again.
        return True
    return record_bounce(message_from_bytes(raw, policy=compat32), recipient=recipient)


def keep(raw: bytes, destination: Destination, *, sender: str, recipient: str, size_bytes: int) -> None:
    """Write a mail down and ask for the job that acts upon it, together or not at all."""
    with organization_scope(destination.organization_id), transaction.atomic():
        received, is_new = ReceivedMail.objects.get_or_create(
            fingerprint=_fingerprint(raw, recipient),
            defaults={
                "person_id": destination.person_id,
                "subject": destination.subject,
                "entry_id": destination.entry_id,
                "was_stale": destination.is_stale,
                "sender": sender[:254],
                "size_bytes": size_bytes,
                "raw": raw,
            },
        )
        if is_new:
            enqueue(act_upon, received_id=received.id)


def _fingerprint(raw: bytes, recipient: str) -> str:
    known = read_headers(raw).message_id.encode("utf-8", "replace")
    of_mail = known if len(known) > 5 else hashlib.sha256(raw).digest()
    return hashlib.sha256(of_mail + b"\x00" + recipient.strip("<> ").casefold().encode()).hexdigest()
