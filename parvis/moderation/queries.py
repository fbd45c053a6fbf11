"""Reads for moderators, and for those whom they wrote to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.foundation.errors import NotFound
from parvis.moderation.models import Report
from parvis.people.models import Person
from parvis.spaces.models import Membership
from parvis.spaces.queries import hosts_of

# Decisions that those concerned hear of.
TOLD_OF = (Report.State.TOLD, Report.State.ARCHIVED, Report.State.HIDDEN, Report.State.GIVEN_BACK)


def moderators() -> QuerySet[Person]:
    """Return who decides about reports: moderators, and administrators so that there is always one."""
    return Person.objects.filter(state=Person.State.ACTIVE).filter(
        Q(is_moderator=True) | Q(is_administrator=True)
    )


def reports(viewer: Person, *, is_open: bool) -> QuerySet[Report]:
    """Return the reports that wait, oldest first, or those decided, newest first.

    Not those about the viewer or about a space of theirs: who reported it must be able to trust the others.
    """
    hosted = Membership.objects.filter(person=viewer, role=Membership.Role.HOST).values("space_id")
    rows = Report.objects.exclude(person=viewer).exclude(space__in=hosted)
    rows = rows.select_related(
        "reporter", "entry", "entry__author", "entry__space", "person", "space", "decided_by"
    )
    if is_open:
        return rows.filter(state=Report.State.OPEN).order_by("created_at")
    return rows.exclude(state=Report.State.OPEN).order_by("-decided_at")


def addressees(report: Report) -> list[UUID]:
    """Return whom the moderators write to: who is reported or wrote it, or the hosts of the space."""
    if report.space is not None:
        return list(hosts_of(report.space).values_list("id", flat=True))
    author_id = report.entry.author_id if report.entry is not None else report.person_id
    return [author_id] if author_id is not None else []


def find_notice(viewer: Person, report_id: UUID) -> Report:
    """Return what the moderators wrote to the viewer; `NotFound` for everybody else. Who reported stays unsaid."""
    written = Report.objects.filter(pk=report_id, state__in=TOLD_OF)
    hosted = Membership.objects.filter(person=viewer, role=Membership.Role.HOST).values("space_id")
    notice: Any = written.filter(Q(person=viewer) | Q(entry__author=viewer) | Q(space__in=hosted))
    notice = notice.select_related("space").first()
    if notice is None:
        raise NotFound
    found: Report = notice
    return found
