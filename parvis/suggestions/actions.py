"""Wave a suggestion away."""

from __future__ import annotations

from uuid import UUID

from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from parvis.suggestions.models import Dismissal


def dismiss(*, person: Person, kind: str, subject_id: UUID) -> None:
    """Suggest this no more to somebody; that it exists is not said."""
    if kind not in Dismissal.Kind.values:
        raise NotFound
    Dismissal.objects.get_or_create(person=person, kind=kind, subject_id=subject_id)
