"""Webhooks and their deliveries."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from parvis.api.schemas.basics import Cursor, Input
from parvis.api.schemas.people import PersonOut

WebhookEvent = Literal[
    "entry.published",
    "reply.published",
    "entry.edited",
    "entry.deleted",
    "entry.restored",
    "reactions.changed",
    "member.joined",
    "member.left",
]


class WebhookOut(Schema):
    """An address elsewhere that is told of events."""

    id: UUID
    name: str
    url: str
    events: list[WebhookEvent]
    space_id: UUID | None = Field(description="Null: all that its registrant may read.")
    registrant: PersonOut
    state: Literal["active", "paused", "disabled"]
    failing_since: datetime | None
    created_at: datetime


class WebhookWithSecret(WebhookOut):
    """A webhook and its signing secret, which is shown this once."""

    secret: str


class WebhookIn(Input):
    """A webhook to register."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    url: Annotated[str, Field(min_length=1, max_length=2000)]
    events: Annotated[list[WebhookEvent], Field(min_length=1, max_length=20)]
    space_id: UUID | None = None


class WebhookPatch(Input):
    """What changes of a webhook."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    url: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    events: Annotated[list[WebhookEvent], Field(min_length=1, max_length=20)] | None = None
    is_active: StrictBool | None = None


class WebhookPage(Schema):
    """Webhooks."""

    items: list[WebhookOut]


class DeliveryOut(Schema):
    """One message of a webhook; `id` is its `webhook-id` without the prefix."""

    id: UUID
    event: str
    state: Literal["waiting", "delivered", "failed", "withheld"]
    attempts: int
    attempted_at: datetime | None
    next_attempt_at: datetime | None
    response_status: int | None
    problem: str
    duration_ms: int | None
    created_at: datetime


class DeliveryPage(Schema):
    """Deliveries."""

    items: list[DeliveryOut]
    next: Cursor
