"""Sending: signed, without a redirect, outside any transaction; again later when it fails.

One that fails keeps the others of its webhook waiting, so that a dead address costs one attempt per turn and
not one per event. After days of failures the webhook is switched off, and its registrant is told.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from parvis import __version__
from parvis.foundation import outgoing
from parvis.foundation.audit import audit
from parvis.foundation.jobs import enqueue, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.webhooks import mails
from parvis.webhooks.models import Delivery, Webhook
from parvis.webhooks.payloads import body_of, may_speak
from parvis.webhooks.secrets import signed_headers

# After so many failures in a row the next try comes this many seconds later, and a little more by chance.
DELAYS_SECONDS = (10, 60, 300, 1_800, 7_200, 18_000, 36_000)
GIVES_UP_AFTER = timedelta(days=3)
SWITCHES_OFF_AFTER = timedelta(days=5)
LIMITS = outgoing.Limits(seconds=8, size_bytes=16 * 1024, whole=False)
GONE = 410


@dataclass(frozen=True)
class Message:
    """What is to be sent where."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    status: int | None
    problem: str
    duration_ms: int

    @property
    def is_success(self) -> bool:
        """Tell whether the receiver took it: any answer of the 200s."""
        return self.status is not None and 200 <= self.status < 300


@long_job
def deliver(*, organization_id: str, delivery_id: str, insists: bool = False) -> None:
    """Send one message; `insists` when somebody asked for it by hand."""
    organization = UUID(organization_id)
    with organization_scope(organization):
        message = _prepare(delivery_id, insists=insists)
    if message is None:
        return
    outcome = _send(message)
    with organization_scope(organization):
        _note(delivery_id, outcome)


def _prepare(delivery_id: str, *, insists: bool) -> Message | None:
    """Read the message as its registrant may now; None when there is nothing to send at this moment."""
    delivery = (
        Delivery.objects.select_related("webhook__registrant__organization", "webhook__space")
        .filter(pk=delivery_id, state=Delivery.State.WAITING)
        .first()
    )
    if delivery is None:
        return None
    webhook, now = delivery.webhook, timezone.now()
    if not insists and webhook.state != Webhook.State.ACTIVE:
        _close(delivery, Delivery.State.FAILED)
        return None
    if not insists and webhook.retry_at is not None and webhook.retry_at > now:
        _later(delivery, webhook)
        return None
    body = body_of(delivery) if may_speak(webhook) else None
    if body is None:
        _close(delivery, Delivery.State.WITHHELD)
        return None
    headers = {
        "content-type": "application/json",
        "user-agent": f"Parvis/{__version__} (webhooks)",
        **signed_headers(webhook, message_id=f"msg_{delivery.id.hex}", at=now, body=body),
    }
    return Message(webhook.url, body, headers)


def _send(message: Message) -> Outcome:
    began = time.monotonic()
    status, problem = None, ""
    try:
        answer = outgoing.fetch(
            message.url, method="POST", body=message.body, headers=message.headers, limits=LIMITS, redirects=0
        )
        status = answer.status
    except outgoing.OutgoingError as error:
        problem = error.reason
    return Outcome(status, problem, int((time.monotonic() - began) * 1000))


def _note(delivery_id: str, outcome: Outcome) -> None:
    """Write down how it went, in the log and on the webhook."""
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id).first()
    if delivery is None:
        return
    webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    delivery.attempts += 1
    delivery.attempted_at = timezone.now()
    delivery.response_status, delivery.problem = outcome.status, outcome.problem
    delivery.duration_ms, delivery.next_attempt_at = outcome.duration_ms, None
    if outcome.is_success:
        delivery.state = Delivery.State.DELIVERED
        _recovered(webhook)
    else:
        _failed(webhook, delivery, outcome)
    delivery.save()


def _recovered(webhook: Webhook) -> None:
    if webhook.failures_in_a_row:
        webhook.failing_since = webhook.retry_at = None
        webhook.failures_in_a_row = 0
        webhook.save(update_fields=["failing_since", "retry_at", "failures_in_a_row"])


def _failed(webhook: Webhook, delivery: Delivery, outcome: Outcome) -> None:
    now = timezone.now()
    webhook.failing_since = webhook.failing_since or now
    delay = DELAYS_SECONDS[min(webhook.failures_in_a_row, len(DELAYS_SECONDS) - 1)]
    webhook.failures_in_a_row += 1
    webhook.retry_at = now + timedelta(seconds=delay * random.uniform(1.0, 1.3))  # noqa: S311 - jitter
    if outcome.status == GONE or now - webhook.failing_since > SWITCHES_OFF_AFTER:
        _switch_off(webhook)
    webhook.save()
    if webhook.state == Webhook.State.ACTIVE and now - delivery.created_at < GIVES_UP_AFTER:
        _later(delivery, webhook)
    else:
        delivery.state = Delivery.State.FAILED


def _later(delivery: Delivery, webhook: Webhook) -> None:
    # Spread a little: many may wait for the same moment.
    assert webhook.retry_at is not None
    delivery.next_attempt_at = webhook.retry_at + timedelta(seconds=random.uniform(0, 5))  # noqa: S311 - jitter
    delivery.save(update_fields=["next_attempt_at"])
    enqueue(deliver, at=delivery.next_attempt_at, delivery_id=delivery.id)


def _close(delivery: Delivery, state: str) -> None:
    delivery.state, delivery.next_attempt_at = state, None
    delivery.save(update_fields=["state", "next_attempt_at"])


def _switch_off(webhook: Webhook) -> None:
    if webhook.state != Webhook.State.DISABLED:
        webhook.state = Webhook.State.DISABLED
        audit(action="webhooks.switched_off", actor_id=None, target=webhook, url=webhook.url)
        mails.tell_switched_off(webhook)
