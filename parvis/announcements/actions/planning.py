"""When the next step of the ladder is due, for many people at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from parvis.announcements.ladder import steps_of
from parvis.announcements.models import Announcement, Recipient
from parvis.announcements.working_days import after_working_days


def plan_steps(announcement: Announcement, rows: Sequence[Recipient]) -> None:
    """Write down when each of these people, with their organizations at hand, gets the next reminder."""
    days = steps_of(announcement)
    alike: dict[tuple[datetime, int], list[Recipient]] = {}
    for row in rows:
        row.next_step_at = None
        if row.steps_taken < len(days):
            alike.setdefault((row.told_at or timezone.now(), row.steps_taken), []).append(row)
    for (since, taken), some in alike.items():
        people = [row.person for row in some]
        due = after_working_days(people, since, days[taken])
        if taken:
            # A ladder that was changed late: never two steps within a day.
            soonest = after_working_days(people, timezone.now(), 1)
            due = {id: max(moment, soonest[id]) for id, moment in due.items()}
        for row in some:
            row.next_step_at = due[row.person_id]
    Recipient.objects.bulk_update(rows, ["next_step_at"], batch_size=1_000)
