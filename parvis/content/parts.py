"""What features add to the card of an entry, below its text: a poll, the preview of a link.

The feature registers a `Part` from its `parts` module and says with `actions.show_part` which entries have one:
the name stands on the entry's row, so that a page without polls asks nothing about polls. All parts of a page
come with the marks in one query (`queries.cards`), however many features there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parvis.content.models import Entry
from parvis.people.models import Person

Rows = Callable[[Person, Sequence[UUID]], QuerySet[Any, Any]]
Face = Callable[[Person, Entry, Any], Any]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of part.

    `rows(viewer, entry_ids)` is a query annotated with `of` (the entry's id) and `details` (JSON), of what the
    viewer may see; `face(viewer, entry, details)` makes of it what `template` shows as `part`, None for nothing.
    Parts stand in the order of `position`. One that `is_whole` stands in place of title, text and files.
    """

    name: str
    template: str
    rows: Rows
    face: Face
    position: int = 0
    is_whole: bool = False


@dataclass(frozen=True)
class PartFace:
    """A part ready for its template."""

    template: str
    value: Any
    is_whole: bool = False


_parts: dict[str, Part] = {}


def register(part: Part) -> Part:
    """Add a kind of part; the same name twice is an error."""
    if part.name in _parts:
        raise ValueError(f"the part {part.name!r} is registered already")
    _parts[part.name] = part
    return part


def find_part(name: str) -> Part | None:
    """Return the part of that name; None when its feature is not installed."""
    return _parts.get(name)


def faces(viewer: Person, entry: Entry, found: dict[str, Any]) -> list[PartFace]:
    """Return an entry's parts as its card shows them."""
    kinds = sorted(
        (part for name in found if (part := find_part(name))), key=lambda part: (part.position, part.name)
    )
    values = [(part, part.face(viewer, entry, found[part.name])) for part in kinds]
    return [PartFace(part.template, value, part.is_whole) for part, value in values if value is not None]
