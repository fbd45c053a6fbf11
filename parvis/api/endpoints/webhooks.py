"""Webhooks and their deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, Limit, viewer_of
from parvis.api.rows import person_row
from parvis.api.schemas.webhooks import (
    DeliveryOut,
    DeliveryPage,
    WebhookIn,
    WebhookOut,
    WebhookPage,
    WebhookPatch,
    WebhookWithSecret,
)
from parvis.spaces.queries import find_readable
from parvis.webhooks import actions, queries
from parvis.webhooks.models import Delivery, Webhook

router = Router(tags=["webhooks"])


@router.get("/webhooks", response={200: WebhookPage, **PROBLEMS}, summary="The webhooks that I manage")
def list_webhooks(request: HttpRequest) -> Any:
    """Those of the organization for administrators, those of the spaces that I host."""
    return {"items": [_row(webhook) for webhook in queries.managed_by(viewer_of(request))]}


@router.post("/webhooks", response={201: WebhookWithSecret, **PROBLEMS}, summary="Register a webhook")
def register(request: HttpRequest, payload: WebhookIn) -> Any:
    """Tell an address of events. The answer holds the signing secret, which is never shown again."""
    viewer = viewer_of(request)
    space = find_readable(viewer, payload.space_id) if payload.space_id is not None else None
    webhook, secret = actions.register_webhook(
        registrant=viewer, name=payload.name, url=payload.url, events=payload.events, space=space
    )
    return Status(201, {**_row(webhook), "secret": secret})


@router.get("/webhooks/{uuid:webhook_id}", response={200: WebhookOut, **PROBLEMS}, summary="One webhook")
def show(request: HttpRequest, webhook_id: UUID) -> Any:
    """A webhook that I manage."""
    return _row(_managed(request, webhook_id))


@router.patch(
    "/webhooks/{uuid:webhook_id}", response={200: WebhookOut, **PROBLEMS}, summary="Change a webhook"
)
def change(request: HttpRequest, webhook_id: UUID, payload: WebhookPatch) -> Any:
    """Change name, address or events; pause it, or switch it on again."""
    webhook = _managed(request, webhook_id)
    actions.change_webhook(
        actor=viewer_of(request),
        webhook=webhook,
        name=webhook.name if payload.name is None else payload.name,
        url=webhook.url if payload.url is None else payload.url,
        events=webhook.events if payload.events is None else payload.events,
        is_active=webhook.state == Webhook.State.ACTIVE if payload.is_active is None else payload.is_active,
    )
    return _row(webhook)


@router.delete("/webhooks/{uuid:webhook_id}", response=DONE, summary="Remove a webhook")
def remove(request: HttpRequest, webhook_id: UUID) -> Any:
    """Tell its address nothing any more, and forget its log."""
    actions.remove_webhook(actor=viewer_of(request), webhook=_managed(request, webhook_id))
    return Status(204, None)


@router.post(
    "/webhooks/{uuid:webhook_id}/secret",
    response={200: WebhookWithSecret, **PROBLEMS},
    summary="A new secret",
)
def rotate(request: HttpRequest, webhook_id: UUID) -> Any:
    """Make a new signing secret; the old one signs beside it for a day. Only for who registered the webhook."""
    webhook = _managed(request, webhook_id)
    secret = actions.rotate_secret(actor=viewer_of(request), webhook=webhook)
    return {**_row(webhook), "secret": secret}


@router.post(
    "/webhooks/{uuid:webhook_id}/pings",
    response={202: DeliveryOut, **PROBLEMS},
    summary="Send a test message",
)
def ping(request: HttpRequest, webhook_id: UUID) -> Any:
    """Send a message of type `ping`; its delivery says how it went."""
    return Status(
        202, _delivery_row(actions.ping(actor=viewer_of(request), webhook=_managed(request, webhook_id)))
    )


@router.get(
    "/webhooks/{uuid:webhook_id}/deliveries",
    response={200: DeliveryPage, **PROBLEMS},
    summary="The delivery log",
)
def deliveries(request: HttpRequest, webhook_id: UUID, limit: Limit = 50, cursor: str = "") -> Any:
    """How the messages of the last weeks went, newest first."""
    found, following = queries.log_page(_managed(request, webhook_id), cursor=cursor, limit=limit)
    return {"items": [_delivery_row(delivery) for delivery in found], "next": following}


@router.post(
    "/webhooks/{uuid:webhook_id}/deliveries/{uuid:delivery_id}/redelivery",
    response={202: DeliveryOut, **PROBLEMS},
    summary="Send a message again",
)
def deliver_again(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> Any:
    """Send it once more under its id, as its registrant may read it now."""
    delivery = queries.find_delivery(_managed(request, webhook_id), delivery_id)
    actions.deliver_again(actor=viewer_of(request), delivery=delivery)
    return Status(202, _delivery_row(delivery))


def _managed(request: HttpRequest, webhook_id: UUID) -> Webhook:
    return queries.find_managed(viewer_of(request), webhook_id)


def _row(webhook: Webhook) -> dict[str, Any]:
    names = ("id", "name", "url", "events", "space_id", "state", "failing_since", "created_at")
    return {
        **{name: getattr(webhook, name) for name in names},
        "registrant": person_row(webhook.registrant),
    }


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    names = ("id", "event", "state", "attempts", "attempted_at", "next_attempt_at", "response_status")
    more = ("problem", "duration_ms", "created_at")
    return {name: getattr(delivery, name) for name in (*names, *more)}
