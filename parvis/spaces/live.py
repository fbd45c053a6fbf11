"""Which spaces the people connected to the live gateway may hear."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from parvis.foundation.realtime import audience
from parvis.people.queries import active_person
from parvis.spaces import queries
from parvis.spaces.models import Space


@audience.answers
def readable_space_ids(person_id: UUID) -> Collection[UUID] | None:
    """Return the spaces that a person may read now; None for somebody who no longer takes part."""
    person = active_person(person_id)
    return queries.readable_space_ids(person) if person is not None else None


@audience.answers
def reader_ids(space_id: UUID) -> Collection[UUID]:
    """Return the persons who may read a space now."""
    space = Space.objects.filter(id=space_id).first()
    return set(queries.readers_of(space).values_list("id", flat=True)) if space is not None else set()
