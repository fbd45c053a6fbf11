"""What stands around the feed: the spaces one joined, what is lively."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.prepared import prepared
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.policy import remember_roles

FEW = 4
RECENTLY = timedelta(days=14)


def joined_spaces(viewer: Person) -> list[Space]:
    """Return the active spaces that the viewer joined; asked once per request, though several parts show them."""
    spaces: list[Space] | None = viewer.__dict__.get("_joined_spaces")
    if spaces is None:
        found = _joined(viewer)
        remember_roles(viewer, {space.id: cast(Any, space).my_role for space in found})
        spaces = viewer.__dict__["_joined_spaces"] = [space for space in found if space.is_active]
    return spaces


@prepared
def _joined(viewer: Person) -> QuerySet[Space]:
    joined = Space.objects.joined_by(viewer).annotate(my_role=F("memberships__role"))
    return joined.order_by("-is_everyone", "name", "id")


def lively_spaces(viewer: Person, *, limit: int = FEW) -> list[Space]:
    """Return the readable spaces where most was written lately."""
    recent = Q(entries__published_at__gte=timezone.now() - RECENTLY, entries__state=Entry.State.PUBLISHED)
    spaces = Space.objects.readable_by(viewer).filter(recent, is_everyone=False)
    return list(spaces.annotate(lately=Count("entries")).order_by("-lately", "name")[:limit])
