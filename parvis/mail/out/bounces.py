"""Mails that come back: known by the signed address that they return to, understood by flufl.bounce.

The listener hands them over: `is_bounce_address(recipient)`, then `record_bounce(message, recipient=…)`.
"""

from __future__ import annotations

from email.message import Message
from uuid import UUID

from django.utils import timezone

from parvis.foundation.tenancy import organization_scope, system_scope
from parvis.mail.models import SentMail
from parvis.mail.out.mailboxes import note_bounce
from parvis.mail.out.return_paths import sent_id_in

# Where servers write whom a mail was for, when the envelope is gone.
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "To")


def is_bounce_address(address: str) -> bool:
    """Tell whether an address is the return path of a mail of ours, without asking the database."""
    return sent_id_in(address) is not None


def record_bounce(message: Message, *, recipient: str = "") -> bool:
    """Note what a mail server says about a mail of ours; tell whether it was about one.

    Only the signed address says which mail it was. A delay changes nothing; a failure for good counts once.
    """
    sent_id = _sent_id(message, recipient)
    organization_id = _organization_of(sent_id) if sent_id is not None else None
    if organization_id is None:
        return False
    is_permanent = _is_permanent(message)
    with organization_scope(organization_id):
        sent = SentMail.objects.select_related("person").select_for_update(of=("self",)).get(pk=sent_id)
        if is_permanent and sent.state != SentMail.State.BOUNCED:
            sent.state, sent.problem = SentMail.State.BOUNCED, _diagnosis(message)
            sent.settled_at = timezone.now()
            sent.save(update_fields=["state", "problem", "settled_at"])
            note_bounce(sent, sent.problem)
    return True


def _sent_id(message: Message, recipient: str) -> UUID | None:
    addresses = [recipient] if recipient else []
    addresses += [str(value) for name in RECIPIENT_HEADERS for value in message.get_all(name, [])]
    return next((id for address in addresses if (id := sent_id_in(address)) is not None), None)


def _organization_of(sent_id: UUID) -> UUID | None:
    with system_scope():
        # No organization is bound yet: the signature found the row, and the row says which it is.
        found: UUID | None = (
            SentMail._base_manager.filter(pk=sent_id).values_list("organization_id", flat=True).first()
        )
    return found


def _is_permanent(message: Message) -> bool:
    # Loaded when a mail comes back, and not with everything.
    from flufl.bounce import all_failures

    _temporary, permanent = all_failures(message)
    return bool(permanent)


def _diagnosis(message: Message) -> str:
    """Return what the other server said, where a report says so (RFC 3464)."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload():
                said = str(block.get("Diagnostic-Code", "") or block.get("Status", ""))  # type: ignore[union-attr]
                if said:
                    return " ".join(said.partition(";")[2].split() or said.split())[:300]
    return " ".join(str(message.get("Subject", "")).split())[:300]
