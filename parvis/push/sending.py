"""One message to one device, outside any transaction, and what came of it."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from django.utils import timezone

from parvis.foundation import outgoing
from parvis.foundation.tenancy import organization_scope
from parvis.push.keys import authorization
from parvis.push.models import Device
from parvis.push.sealing import sealed

LIMITS = outgoing.Limits(seconds=8, size_bytes=4 * 1024, whole=False)
# How long a push service may believe our signature: it allows a day.
SIGNED_FOR = timedelta(hours=12)
MOST_PATIENCE = timedelta(hours=6)
# The subscription is over, or was made with another key of ours: the browser makes a new one by itself.
OVER = {401, 403, 404, 410}


class Outcome(Enum):
    """What a push service said."""

    TAKEN = "taken"
    OVER = "over"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """The outcome for one device, and when to come again."""

    device_id: UUID
    outcome: Outcome
    retry_after: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is sent to a person's devices. One that has the topic of an older one replaces it while it waits."""

    payload: Mapping[str, Any]
    topic: str
    # After so long it is not delivered any more: the line is in the inbox.
    lasts: timedelta
    urgency: Literal["low", "normal", "high"] = "normal"


def send_to_all(organization_id: UUID, devices: Sequence[Device], message: Message) -> list[Answer]:
    """Call each device in turn; those whose subscription is over are forgotten."""
    answers = [send(device, message) for device in devices]
    if answers:
        with organization_scope(organization_id):
            _note(answers)
    return answers


def send(device: Device, message: Message) -> Answer:
    """Hand one message to the push service of one device."""
    payload = {**message.payload, "prefix": device.prefix}
    try:
        answer = outgoing.fetch(
            device.endpoint,
            method="POST",
            body=sealed(payload, p256dh=device.p256dh, auth=device.auth),
            headers=_headers(device.endpoint, message),
            limits=LIMITS,
            redirects=0,
        )
    except outgoing.OutgoingError as error:
        # What took too long may have arrived: it is not sent twice.
        later = error.reason in {"name", "unreachable"}
        return Answer(device.id, Outcome.LATER if later else Outcome.REFUSED)
    return Answer(device.id, _outcome(answer.status), _patience(answer.headers.get("retry-after", "")))


def topic_of(subject: str) -> str:
    """Return the topic of what a line is about: at most 32 characters that tell a push service nothing."""
    return base64.urlsafe_b64encode(hashlib.sha256(subject.encode()).digest()[:18]).decode()


def _headers(endpoint: str, message: Message) -> dict[str, str]:
    return {
        "Authorization": authorization(endpoint, expires_at=int(time.time() + SIGNED_FOR.total_seconds())),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(int(message.lasts.total_seconds())),
        "Topic": message.topic,
        "Urgency": message.urgency,
    }


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.TAKEN
    if status in OVER:
        return Outcome.OVER
    return Outcome.LATER if status == 429 or status >= 500 else Outcome.REFUSED


def _patience(text: str) -> timedelta | None:
    """Return what a `Retry-After` asks for, in seconds or as a date; bounded."""
    try:
        asked = (
            timedelta(seconds=int(text)) if text.isdecimal() else parsedate_to_datetime(text) - timezone.now()
        )
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(asked, timedelta()), MOST_PATIENCE)


def _note(answers: Sequence[Answer]) -> None:
    over = [answer.device_id for answer in answers if answer.outcome is Outcome.OVER]
    taken = [answer.device_id for answer in answers if answer.outcome is Outcome.TAKEN]
    if over:
        Device.objects.filter(id__in=over).delete()
    if taken:
        Device.objects.filter(id__in=taken).update(last_used_at=timezone.now())
