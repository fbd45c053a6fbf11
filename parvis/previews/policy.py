"""Who may do what with the preview of a link."""

from __future__ import annotations

from parvis.content.models import Entry
from parvis.foundation.policy import PolicyTable
from parvis.people.models import Person

RULES = PolicyTable("previews")


def can(viewer: Person | None, action: str, entry: Entry) -> bool:
    """Return whether the viewer, who can see the entry, may do this with its preview."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, entry)


@RULES.rule("remove")
def _remove(viewer: Person, entry: Entry) -> bool:
    """It is part of what the author says."""
    return entry.author_id == viewer.id and not entry.is_deleted
