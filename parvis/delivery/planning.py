"""When a channel looks at an inbox next: after its delay, at once at what is urgent, again when hours change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parvis.delivery.channels import Channel
from parvis.delivery.models import Turn
from parvis.delivery.turns import take_turns
from parvis.foundation.jobs import JobRequest, enqueue_all, job_name
from parvis.foundation.tenancy import current_organization_id

# Who is held until the morning stays so, unless it is urgent; who is due earlier stays due.
PLAN = """
    INSERT INTO delivery_turn AS t (id, organization_id, person_id, channel, due_at, is_held, attempts)
    SELECT gen_random_uuid(), %(organization)s, p.id, %(channel)s, %(due)s, false, 0
    FROM unnest(%(people)s::uuid[]) AS p (id)
    ON CONFLICT (person_id, channel) DO UPDATE SET
        due_at = CASE WHEN t.is_held AND NOT %(urgent)s THEN t.due_at ELSE least(t.due_at, excluded.due_at) END,
        is_held = t.is_held AND NOT %(urgent)s
"""


def plan(channel: Channel, person_ids: Sequence[UUID], *, is_urgent: bool = False) -> None:
    """Let a channel look at the inboxes of these people after its delay; at once at what is urgent."""
    if not person_ids:
        return
    delay = timedelta() if is_urgent else channel.delay
    values: dict[str, Any] = {
        "organization": current_organization_id(),
        "channel": channel.name,
        "due": timezone.now() + delay,
        "people": list(person_ids),
        "urgent": is_urgent,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLAN, values)
    if not delay:
        ask_for_turns([channel.name])


def look_again(person_ids: Iterable[UUID] | None = None) -> None:
    """Ask anew whether those who are held until later may be reached, all or some; their hours changed."""
    held = Turn.objects.filter(is_held=True)
    if person_ids is not None:
        held = held.filter(person__in=list(person_ids))
    held.update(is_held=False, due_at=timezone.now())


def ask_for_turns(channels: Iterable[str]) -> None:
    """Start these channels, in jobs of their own."""
    enqueue_all(JobRequest(name=job_name(take_turns), arguments={"channel_name": name}) for name in channels)
