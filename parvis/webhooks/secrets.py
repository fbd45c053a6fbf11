"""Secrets and signatures, as the Standard Webhooks specification has them (standardwebhooks.com).

A secret is derived from the installation's key, the webhook and a counter: there is none in the database, in a
backup or in an export. Whoever receives checks that `webhook-signature` holds
`v1,base64(HMAC-SHA256(secret, id.timestamp.body))`, and that the timestamp is recent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from parvis.webhooks.models import Webhook

PREFIX = "whsec_"
# After a rotation both secrets sign, so that the receiver can change without losing a message.
OVERLAP = timedelta(hours=24)


def secret_of(webhook: Webhook, *, number: int | None = None) -> str:
    """Return the secret as the receiver is given it."""
    return PREFIX + base64.b64encode(_key(webhook, number or webhook.secret_number)).decode()


def signed_headers(webhook: Webhook, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three headers of a delivery."""
    timestamp = str(int(at.timestamp()))
    content = b".".join([message_id.encode(), timestamp.encode(), body])
    signatures = [_signature(_key(webhook, number), content) for number in _numbers(webhook)]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def _numbers(webhook: Webhook) -> list[int]:
    overlaps = webhook.rotated_at is not None and timezone.now() < webhook.rotated_at + OVERLAP
    return [webhook.secret_number, webhook.secret_number - 1] if overlaps else [webhook.secret_number]


def _key(webhook: Webhook, number: int) -> bytes:
    return hmac.digest(
        settings.SECRET_KEY.encode(), f"parvis webhook {webhook.id} {number}".encode(), "sha256"
    )


def _signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
