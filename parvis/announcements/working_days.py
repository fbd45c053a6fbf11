"""When a step of the ladder is due: some working days later, when the person's own day begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from parvis.people.models import Organization, Person
from parvis.worktime.queries import leaves_at

SATURDAY = 5


def after_working_days(people: Sequence[Person], since: datetime, days: int) -> dict[UUID, datetime]:
    """Return when so many working days have passed for each, at the start of their own last one.

    Monday to Friday counts, as far as the person works then: their policy, holidays and leave move it.
    """
    due = dict.fromkeys([person.id for person in people], since)
    for _day in range(days):
        alike: dict[datetime, list[Person]] = {}
        for person in people:
            alike.setdefault(_next_day(due[person.id], person.organization), []).append(person)
        for day, some in alike.items():
            due |= leaves_at(some, day)
    return due


def _next_day(moment: datetime, organization: Organization) -> datetime:
    """Return when the next weekday begins where the organization is."""
    zone = ZoneInfo(organization.time_zone)
    day = timezone.localtime(moment, zone).date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, time(), tzinfo=zone)
