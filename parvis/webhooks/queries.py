"""Reads: which webhooks somebody manages, and how their deliveries went."""

from __future__ import annotations

from uuid import UUID

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from parvis.foundation.errors import NotFound
from parvis.foundation.pagination import Cursor
from parvis.foundation.prepared import prepared
from parvis.people import policy as people
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space
from parvis.spaces.policy import roles_of
from parvis.webhooks.models import Delivery, Webhook


def managed_by(viewer: Person) -> QuerySet[Webhook]:
    """Return the webhooks that the viewer manages: of the organization for administrators, of hosted spaces."""
    hosted = [space_id for space_id, role in roles_of(viewer).items() if role == Membership.Role.HOST]
    theirs = Q(space__in=hosted)
    if people.can(viewer, "administer", viewer.organization):
        theirs |= Q(space__isnull=True)
    rows = Webhook.objects.filter(theirs) if viewer.is_active else Webhook.objects.none()
    return rows.select_related("registrant", "space").order_by("-created_at", "-id")


def of_space(viewer: Person, space: Space) -> QuerySet[Webhook]:
    """Return the webhooks of one space that the viewer manages."""
    return managed_by(viewer).filter(space=space)


def find_managed(viewer: Person, webhook_id: UUID) -> Webhook:
    """Return a webhook that the viewer manages; `NotFound` for any other."""
    webhook = managed_by(viewer).filter(pk=webhook_id).first()
    if webhook is None:
        raise NotFound
    return webhook


def log_of(webhook: Webhook) -> QuerySet[Delivery]:
    """Return the deliveries of a webhook, newest first."""
    return Delivery.objects.filter(webhook=webhook).order_by("-created_at", "-id")


def log_page(webhook: Webhook, *, cursor: str, limit: int) -> tuple[list[Delivery], str]:
    """Return a page of the log from a cursor on, and the cursor of the next one."""
    rows = log_of(webhook)
    if cursor:
        at, id = Cursor.read(cursor)
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, id__lt=id))
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], Cursor.write(last.created_at, last.id) if last is not None else ""


def find_delivery(webhook: Webhook, delivery_id: UUID) -> Delivery:
    """Return one delivery of a webhook."""
    delivery = log_of(webhook).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound
    return delivery


@prepared
def listening_to(event: str, space_id: UUID | None) -> QuerySet[Webhook]:
    """Return the active webhooks that want to hear of an event in a space."""
    wanted = RawSQL("%s = ANY(webhooks_webhook.events)", [event], output_field=BooleanField())
    rows = Webhook.objects.filter(wanted, Q(space__isnull=True) | Q(space_id=space_id), state="active")
    return rows.select_related("registrant", "space")
