"""Whom one may mention where."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from parvis.people.models import Person, sort_key
from parvis.spaces.models import Membership, Space
from parvis.spaces.queries import readers_of

SUGGESTED = 8


def mentionable_in(space: Space, text: str, *, limit: int = SUGGESTED) -> list[Person]:
    """Return people who can read the space and one of whose names begins like this, its members first.

    Accents and case do not matter. Whoever cannot read the space is never suggested.
    """
    joined = Exists(Membership.objects.filter(space=space, person=OuterRef("pk")))
    readers = readers_of(space).annotate(is_member=joined)
    return named_like(readers, text, first=("-is_member",), limit=limit)


def named_like(
    people: QuerySet[Person], text: str, *, first: Sequence[str] = (), limit: int = SUGGESTED
) -> list[Person]:
    """Return a few of these people one of whose names begins like this."""
    wanted = sort_key(text.strip())[:60]
    if wanted:
        people = people.filter(
            Q(sort_name__startswith=wanted)
            | Q(sort_name__contains=f" {wanted}")
            | Q(sort_name__contains=f"-{wanted}")
        )
    begins = Case(When(sort_name__startswith=wanted, then=Value(0)), default=Value(1))
    return list(people.annotate(place=begins).order_by(*first, "place", "sort_name", "id")[:limit])
