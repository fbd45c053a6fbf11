"""The audit trail of people and the organization, for administrators.

What happened in spaces is not shown: its names would tell of spaces that an administrator has not joined.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from parvis.foundation.audit import verify
from parvis.foundation.events import event_types, from_payload
from parvis.foundation.models import AuditRecord
from parvis.people.models import Person
from parvis.people.views.administration import administrator

PER_PAGE = 50
# What is audited without being an event: nobody else need hear of it.
SIGN_INS = ("signed_in", "signed_out", "sign_in_failed", "sign_in_stopped", "session_ended")
SIGN_IN_ACTIONS = [f"people.{name}" for name in SIGN_INS]

# What concerns all and tells of no space.
OF_THE_ORGANIZATION = Q(action__startswith="people.") | Q(action__startswith="emoji.")


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
    records = AuditRecord.objects.filter(OF_THE_ORGANIZATION).order_by("-occurred_at", "-id")
    show = request.GET.get("show") if request.GET.get("show") in ("sign-ins", "changes") else ""
    if show:
        is_sign_in = Q(action__in=SIGN_IN_ACTIONS)
        records = records.filter(is_sign_in if show == "sign-ins" else ~is_sign_in)
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    names = _names(page.object_list)
    deeds = [
        Deed(
            _sentence(record, viewer, names),
            names.get(str(record.actor_id), ""),
            record.occurred_at,
            record.number,
        )
        for record in page
    ]
    context = {
        "viewer": viewer,
        "deeds": deeds,
        "page": page,
        "show": show,
        "proof": verify() if page.number == 1 else None,
    }
    return render(request, "people/trail.html", context)


def _names(records: Iterable[AuditRecord]) -> dict[str, str]:
    ids = {record.actor_id for record in records if record.actor_id}
    ids |= {UUID(record.target_id) for record in records if record.target_type == Person._meta.label}
    return {str(id): name for id, name in Person.objects.filter(id__in=ids).values_list("id", "full_name")}


def _sentence(record: AuditRecord, viewer: Person, names: dict[str, str]) -> str:
    if record.action not in event_types():
        return _plain_sentence(record, names)
    try:
        event = from_payload(
            record.action, {**record.details, "actor_id": str(record.actor_id or "") or None}
        )
    except (TypeError, ValueError):
        # Written by another version, with other fields.
        return str(record.action)
    return event.summary(viewer) or str(record.action)


def _plain_sentence(record: AuditRecord, names: dict[str, str]) -> str:
    sentences = {
        "people.signed_in": _("Signed in from %(network)s: %(device)s."),
        "people.signed_out": _("Signed out."),
        "people.session_ended": _("Signed out elsewhere: %(device)s."),
        "people.sign_in_failed": _("A sign-in as %(name)s failed, from %(network)s: %(device)s."),
        "people.sign_in_stopped": _("Too many sign-ins as %(name)s, from %(network)s: stopped for a while."),
        "people.role_changed": _("The roles of %(name)s were set."),
    }
    nobody = _("somebody unknown")
    facts = {"network": "?", "device": "?", **record.details, "name": names.get(record.target_id, nobody)}
    return sentences[record.action] % facts if record.action in sentences else str(record.action)
