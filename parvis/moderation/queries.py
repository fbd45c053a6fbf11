"""Reads for moderators."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from parvis.moderation.models import Report
from parvis.people.models import Person


def moderators() -> QuerySet[Person]:
    """Return who decides about reports: moderators, and administrators so that there is always one."""
    return Person.objects.filter(state=Person.State.ACTIVE).filter(
        Q(is_moderator=True) | Q(is_administrator=True)
    )


def reports(*, is_open: bool) -> QuerySet[Report]:
    """Return the reports that wait, oldest first, or those decided, newest first."""
    rows = Report.objects.select_related("reporter", "entry", "entry__author", "entry__space", "decided_by")
    if is_open:
        return rows.filter(state=Report.State.OPEN).order_by("created_at")
    return rows.exclude(state=Report.State.OPEN).order_by("-decided_at")


def open_report_count() -> int:
    """Return how many reports wait for a decision."""
    return Report.objects.filter(state=Report.State.OPEN).count()
