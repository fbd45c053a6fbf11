"""Who may register and manage webhooks."""

from __future__ import annotations

from parvis.foundation.policy import PolicyTable
from parvis.people import policy as people
from parvis.people.models import Organization, Person
from parvis.spaces import policy as spaces
from parvis.spaces.models import Space

RULES = PolicyTable("webhooks")


def can(viewer: Person | None, action: str, place: Space | Organization) -> bool:
    """Return whether the viewer may do this; nobody may who is not active."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, place)


@RULES.rule("register_webhooks")
def _register(viewer: Person, place: Space | Organization) -> bool:
    """Administrators for all that they may read, hosts for their space."""
    if isinstance(place, Space):
        return spaces.can(viewer, "manage", place)
    return people.can(viewer, "administer", place)
