"""The audit trail of people and the organization, for administrators.

What happened in spaces is not shown: its names would tell of spaces that an administrator has not joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.foundation.audit import verify
from parvis.foundation.events import event_types, from_payload
from parvis.foundation.models import AuditRecord
from parvis.people.models import Person
from parvis.people.views.administration import administrator

PER_PAGE = 50


@dataclass(frozen=True)
class Deed:
    """One line of the trail."""

    sentence: str
    actor: str
    at: datetime
    number: int | None


def trail(request: HttpRequest) -> HttpResponse:
    """Show who did what to people and settings, newest first, and whether the chain of proof holds."""
    viewer = administrator(request)
    records = AuditRecord.objects.filter(action__startswith="people.").order_by("-occurred_at", "-id")
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    names = _names({record.actor_id for record in page})
    deeds = [
        Deed(_sentence(record, viewer), names.get(record.actor_id, ""), record.occurred_at, record.number)
        for record in page
    ]
    context = {
        "viewer": viewer,
        "deeds": deeds,
        "page": page,
        "proof": verify() if page.number == 1 else None,
    }
    return render(request, "people/trail.html", context)


def _names(ids: set[UUID | None]) -> dict[UUID | None, str]:
    return dict(Person.objects.filter(id__in=[id for id in ids if id]).values_list("id", "full_name"))


def _sentence(record: AuditRecord, viewer: Person) -> str:
    if record.action not in event_types():
        return str(record.action)
    try:
        event = from_payload(
            record.action, {**record.details, "actor_id": str(record.actor_id or "") or None}
        )
    except (TypeError, ValueError):
        # Written by another version, with other fields.
        return str(record.action)
    return event.summary(viewer) or str(record.action)
