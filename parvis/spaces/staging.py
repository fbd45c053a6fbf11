"""Spaces that an import brings: nobody can know of them until it is published, not even their members."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from parvis.spaces.models import Membership, Space

# A few ids, or a query for many.
Ids = Collection[UUID] | QuerySet[Any, Any]


@dataclass(frozen=True, kw_only=True)
class SpaceDraft:
    """A network to be, with the only people who will be in it."""

    id: UUID
    name: str
    privacy: str
    description: str = ""
    created_by: UUID | None = None
    created_at: datetime | None = None
    members: tuple[UUID, ...] = ()
    hosts: frozenset[UUID] = field(default_factory=frozenset)


def stage_spaces(drafts: Collection[SpaceDraft]) -> None:
    """Add spaces that nobody can see yet."""
    Space.objects.bulk_create(
        Space(
            id=draft.id,
            kind=Space.Kind.NETWORK,
            name=draft.name[:80] or "?",
            privacy=draft.privacy,
            description=draft.description[:4000],
            state=Space.State.STAGED,
            created_by_id=draft.created_by,
            created_at=draft.created_at or timezone.now(),
            member_count=len(draft.members),
        )
        for draft in drafts
    )
    for draft in drafts:
        add_members(draft.id, draft.members, hosts=draft.hosts)


def add_members(space_id: UUID, people: Iterable[UUID], hosts: Collection[UUID] = ()) -> None:
    """Make people members in one go; whoever is one already stays what they are."""
    Membership.objects.bulk_create(
        [
            Membership(
                space_id=space_id,
                person_id=person,
                role=Membership.Role.HOST if person in hosts else Membership.Role.MEMBER,
            )
            for person in dict.fromkeys(people)
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


def publish_spaces(ids: Ids, *, archived: Ids = ()) -> None:
    """Let staged spaces be seen, by those whom their privacy lets in."""
    staged = Space.objects.filter(id__in=ids, state=Space.State.STAGED)
    staged.filter(id__in=archived).update(state=Space.State.ARCHIVED)
    staged.update(state=Space.State.ACTIVE)


def hide_spaces(ids: Ids) -> None:
    """Take imported spaces out of sight, for an import that is being undone."""
    Space.objects.filter(id__in=ids).update(state=Space.State.STAGED)


def count_members(ids: Ids) -> None:
    """Count the members of spaces anew after a change in bulk."""
    counted = (
        Membership.objects.filter(space=OuterRef("pk"))
        .order_by()
        .values("space")
        .annotate(number=Count("id"))
        .values("number")
    )
    Space.objects.filter(id__in=ids).update(member_count=Coalesce(Subquery(counted), 0))


def stand_for(person_id: UUID, other_id: UUID) -> None:
    """Give an imported person's places to the one who they turned out to be."""
    places = list(Membership.objects.filter(person_id=person_id))
    for place in places:
        add_members(
            place.space_id, [other_id], hosts=[other_id] if place.role == Membership.Role.HOST else []
        )
    Membership.objects.filter(id__in=[place.id for place in places]).delete()
    count_members([place.space_id for place in places])


def remove_spaces(ids: Ids) -> None:
    """Remove staged spaces; whatever is published stays."""
    Space.objects.filter(id__in=ids, state=Space.State.STAGED).delete()


def existing_among(ids: Ids) -> set[UUID]:
    """Return which of these spaces there still are."""
    return set(Space.objects.filter(id__in=ids).values_list("id", flat=True))
