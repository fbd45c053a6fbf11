"""Who adds emoji, and who takes their pictures away."""

from __future__ import annotations

from parvis.foundation.policy import PolicyTable
from parvis.people.models import Organization, Person

RULES = PolicyTable("emoji")


def can(viewer: Person | None, action: str, organization: Organization) -> bool:
    """Return whether the viewer may do this; nobody may who is not active."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, organization)


@RULES.rule("add")
def _add(viewer: Person, organization: Organization) -> bool:
    """Administrators, and members where they let them. Guests use what there is."""
    if viewer.is_administrator:
        return True
    return not viewer.is_guest and organization.who_adds_emoji == Organization.Rule.MEMBERS


@RULES.rule("remove")
def _remove(viewer: Person, organization: Organization) -> bool:
    """What was written shows it no more: an administrator answers for that."""
    return viewer.is_administrator
