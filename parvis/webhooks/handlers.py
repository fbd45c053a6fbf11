"""Events become deliveries: inside the change's own transaction, with one query where nobody listens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from parvis.foundation.events import DomainEvent, on, to_payload
from parvis.foundation.jobs import JobRequest, enqueue_all, job_name
from parvis.webhooks.delivering import deliver
from parvis.webhooks.models import Delivery, Webhook
from parvis.webhooks.names import NAMES, name_of
from parvis.webhooks.payloads import space_for
from parvis.webhooks.queries import listening_to

IDS = ("entry_id", "thread_id", "space_id", "person_id")


@on(*NAMES, immediately=True)
def queue_deliveries(event: DomainEvent) -> None:
    """Write one delivery for each webhook whose registrant may read where it happened."""
    space_id: UUID = event.space_id  # type: ignore[attr-defined]
    webhooks = [webhook for webhook in listening_to(name_of(event), space_id) if space_for(webhook, space_id)]
    if not webhooks:
        return
    deliveries = Delivery.objects.bulk_create([_delivery(webhook, event) for webhook in webhooks])
    enqueue_all(
        JobRequest(name=job_name(deliver), arguments={"delivery_id": delivery.id}) for delivery in deliveries
    )


def _delivery(webhook: Webhook, event: DomainEvent) -> Delivery:
    payload = to_payload(event)
    facts: dict[str, Any] = {name: payload[name] for name in IDS if payload.get(name)}
    return Delivery(webhook=webhook, event=name_of(event), facts=facts, happened_at=event.occurred_at)
