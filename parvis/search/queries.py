"""What somebody finds: posts and comments, people, spaces, each by its own visibility rule."""

from __future__ import annotations

from dataclasses import dataclass, field

from parvis.content.models import Entry
from parvis.foundation.tenancy import current_organization_id
from parvis.people.models import Person
from parvis.people.queries import directory
from parvis.search.index import find_entry_ids
from parvis.spaces.models import Space
from parvis.spaces.queries import discoverable_spaces, readable_space_ids

PAGE = 30
FEW = 5


@dataclass
class Results:
    """The hits of one search, by kind."""

    entries: list[Entry] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    spaces: list[Space] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was found."""
        return not (self.entries or self.people or self.spaces)


def search(
    viewer: Person, text: str, *, kind: str = "", space: Space | None = None, limit: int = PAGE
) -> Results:
    """Return what the viewer may read that matches; `kind` is "entries", "people", "spaces" or empty for all."""
    text = " ".join(text.replace("\x00", " ").split())
    if not text:
        return Results()
    found = Results()
    # All kinds together show a few people and spaces, and the entries below.
    few = limit if kind else FEW
    if kind in ("", "entries"):
        found.entries = find_entries(viewer, text, space=space, limit=limit)
    if kind in ("", "people") and space is None:
        found.people = list(directory(viewer, search=text).select_related("unit", "picture")[:few])
    if kind in ("", "spaces") and space is None:
        found.spaces = list(discoverable_spaces(viewer, search=text)[:few])
    return found


def find_entries(viewer: Person, text: str, *, space: Space | None = None, limit: int = PAGE) -> list[Entry]:
    """Return the matching posts and comments that the viewer may read, the best first."""
    readable = readable_space_ids(viewer)
    spaces = readable if space is None else readable & {space.id}
    ids = find_entry_ids(text=text, organization_id=current_organization_id(), space_ids=spaces, limit=limit)
    visible = (
        Entry.objects.visible_to(viewer)
        .select_related("author", "author__picture", "space", "thread")
        .in_bulk(ids)
    )
    return [visible[id] for id in ids if id in visible]
