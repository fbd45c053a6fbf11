"""What keeps home from being an empty shell: spaces to join, people to follow, what is lively."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from parvis.content.models import Entry
from parvis.people.models import Person, PersonFollow
from parvis.spaces.models import Membership, Space
from parvis.spaces.policy import remember_roles

FEW = 4
RECENTLY = timedelta(days=14)


def joined_spaces(viewer: Person) -> list[Space]:
    """Return the active spaces that the viewer joined; asked once per request, though several parts show them."""
    spaces: list[Space] | None = viewer.__dict__.get("_joined_spaces")
    if spaces is None:
        joined = Space.objects.joined_by(viewer).annotate(my_role=F("memberships__role"))
        found = list(joined.order_by("-is_everyone", "name", "id"))
        remember_roles(viewer, {space.id: cast(Any, space).my_role for space in found})
        spaces = viewer.__dict__["_joined_spaces"] = [space for space in found if space.is_active]
    return spaces


def spaces_to_join(viewer: Person, *, limit: int = FEW) -> list[Space]:
    """Return open spaces that the viewer is not in, the largest first. A guest gets no suggestion."""
    if viewer.is_guest:
        return []
    joined = Membership.objects.filter(space=OuterRef("pk"), person=viewer)
    spaces = Space.objects.listed_for(viewer).filter(
        ~Exists(joined), privacy=Space.Privacy.OPEN, state=Space.State.ACTIVE
    )
    return list(spaces.order_by("-member_count", "name")[:limit])


def people_to_follow(viewer: Person, *, limit: int = FEW) -> list[Person]:
    """Return those who wrote most, lately, where the viewer reads, and whom they do not follow yet."""
    if viewer.is_guest:
        return []
    followed = PersonFollow.objects.filter(follower=viewer).values("followed_id")
    writers = (
        Entry.objects.visible_to(viewer)
        .filter(published_at__gte=timezone.now() - RECENTLY)
        .exclude(Q(author=viewer) | Q(author__in=followed))
        .filter(author__state=Person.State.ACTIVE)
        .values("author_id")
        .annotate(entries=Count("id"))
        .order_by("-entries")[:limit]
    )
    order = [row["author_id"] for row in writers]
    people = Person.objects.select_related("unit").in_bulk(order)
    return [people[id] for id in order if id in people]


def lively_spaces(viewer: Person, *, limit: int = FEW) -> list[Space]:
    """Return the readable spaces where most was written lately."""
    recent = (
        Entry.objects.visible_to(viewer)
        .filter(published_at__gte=timezone.now() - RECENTLY, space__is_everyone=False)
        .values("space_id")
        .annotate(entries=Count("id"))
        .order_by("-entries")[:limit]
    )
    order = [row["space_id"] for row in recent]
    spaces = Space.objects.in_bulk(order)
    return [spaces[id] for id in order if id in spaces]
