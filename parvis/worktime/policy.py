"""Who decides on working time, and who reads what came of it."""

from __future__ import annotations

from parvis.foundation.policy import PolicyTable
from parvis.people.models import Organization, Person
from parvis.worktime.models import Representative

RULES = PolicyTable("worktime")


def can(viewer: Person | None, action: str, organization: Organization) -> bool:
    """Return whether the viewer may do this; nobody may who is not active."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, organization)


@RULES.rule("administer")
def _administer(viewer: Person, organization: Organization) -> bool:
    return viewer.is_administrator and viewer.organization_id == organization.id


@RULES.rule("read_report")
def _read_report(viewer: Person, organization: Organization) -> bool:
    """Who speaks for the staff; administrators look after the policies, and see what they bring."""
    if viewer.is_guest or viewer.organization_id != organization.id:
        return False
    return viewer.is_administrator or Representative.objects.filter(person=viewer).exists()
