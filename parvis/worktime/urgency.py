"""What may not wait: who may say so, how often, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.prepared import prepared
from parvis.people.models import Person
from parvis.worktime.events import MarkedUrgent
from parvis.worktime.models import REASON_LENGTH, UrgentCall, WorkingTimePolicy
from parvis.worktime.queries import applies_to

Urgent = WorkingTimePolicy.Urgent
SHORTEST_REASON = 10


@dataclass(frozen=True)
class Allowance:
    """How often somebody may still reach others outside their hours this month."""

    quota: int
    left: int


def is_urgent(about_id: UUID) -> bool:
    """Tell whether an entry or a message was marked as urgent by its author."""
    return _marked.first(about_id) is not None


@prepared
def _marked(about_id: UUID) -> QuerySet[UrgentCall]:
    return UrgentCall.objects.filter(about_id=about_id)


def allowance_of(sender: Person) -> Allowance | None:
    """Return what the sender's policy leaves them this month; None where it lets them mark nothing."""
    if sender.is_guest or not sender.is_active:
        return None
    applying = applies_to(sender)
    policy = applying.policy
    if policy is None or not _may(sender, policy) or not policy.urgent_quota:
        return None
    used = UrgentCall.objects.filter(sender=sender, marked_at__gte=_month_of(applying.schedule.time_zone))
    return Allowance(policy.urgent_quota, max(policy.urgent_quota - used.count(), 0))


def as_kept(reason: str) -> str:
    """Return a reason as others read it: one line of it."""
    return " ".join(reason.split())[:REASON_LENGTH]


def mark_urgent(*, sender: Person, about_id: UUID, reason: str, subject: str = "") -> None:
    """Let what the sender writes reach people outside their hours: it says why, counts, and is kept in the audit."""
    reason = as_kept(reason)
    with transaction.atomic():
        # One after the other: two calls at once would both be the last one of the month.
        Person.objects.select_for_update(of=("self",)).get(pk=sender.pk)
        allowance = allowance_of(sender)
        if allowance is None:
            refusal = _("Your working time policy lets you mark nothing as urgent.")
            raise Invalid({"urgent_reason": [refusal]})
        if UrgentCall.objects.filter(about_id=about_id, sender=sender).exists():
            return
        _check(allowance, reason)
        _keep(sender, about_id, reason, subject)
        record(MarkedUrgent(actor_id=sender.id, about_id=about_id, reason=reason))


def _check(allowance: Allowance, reason: str) -> None:
    if not allowance.left:
        text = ngettext(
            "You have used your %(count)s urgent call of this month. It will arrive in working time.",
            "You have used your %(count)s urgent calls of this month. It will arrive in working time.",
            allowance.quota,
        )
        raise Invalid({"urgent_reason": [text % {"count": allowance.quota}]})
    if len(reason) < SHORTEST_REASON:
        raise Invalid({"urgent_reason": [_("Say in a few words why this cannot wait: people will read it.")]})


def _keep(sender: Person, about_id: UUID, reason: str, subject: str) -> None:
    try:
        with transaction.atomic():
            UrgentCall.objects.create(sender=sender, about_id=about_id, reason=reason, subject=subject)
    except IntegrityError as error:
        # Somebody else wrote it.
        raise Forbidden from error


def _may(sender: Person, policy: WorkingTimePolicy) -> bool:
    if policy.urgent == Urgent.MANAGERS:
        return Person.objects.filter(manager=sender, state=Person.State.ACTIVE).exists()
    return policy.urgent == Urgent.EVERYBODY


def _month_of(time_zone: str) -> datetime:
    now = timezone.now().astimezone(ZoneInfo(time_zone))
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
