"""Who cross-posts: whoever reads the original and may post where it goes."""

from __future__ import annotations

from parvis.content.models import Entry
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space


def can_cross_post(viewer: Person, entry: Entry, space: Space) -> bool:
    """Return whether the viewer, who can see the entry, may bring it into the space."""
    is_there = entry.state == Entry.State.PUBLISHED
    return is_there and entry.space_id != space.id and spaces_policy.can(viewer, "post", space)
