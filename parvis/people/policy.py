"""Who may do what with people and the organization."""

from __future__ import annotations

from parvis.foundation.policy import PolicyTable
from parvis.people.models import Invitation, Organization, Person

RULES = PolicyTable("people")


def can(viewer: Person | None, action: str, thing: object) -> bool:
    """Return whether the viewer may do this; nobody may who is not active."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, thing)


@RULES.rule("administer")
def _administer(viewer: Person, organization: Organization) -> bool:
    return viewer.is_administrator and viewer.organization_id == organization.id


@RULES.rule("invite")
def _invite(viewer: Person, organization: Organization) -> bool:
    if viewer.is_administrator:
        return True
    return not viewer.is_guest and organization.who_invites == Organization.Rule.MEMBERS


@RULES.rule("manage_invitation")
def _manage_invitation(viewer: Person, invitation: Invitation) -> bool:
    """Administrators manage all; who invited, what they sent."""
    return viewer.is_administrator or (not viewer.is_guest and invitation.invited_by_id == viewer.id)


@RULES.rule("create_spaces")
def _create_spaces(viewer: Person, organization: Organization) -> bool:
    if viewer.is_administrator:
        return True
    return not viewer.is_guest and organization.who_creates_spaces == Organization.Rule.MEMBERS


@RULES.rule("see_directory")
def _see_directory(viewer: Person, organization: Organization) -> bool:
    return not viewer.is_guest


@RULES.rule("moderate")
def _moderate(viewer: Person, organization: Organization) -> bool:
    return viewer.is_moderator or viewer.is_administrator


@RULES.rule("edit_profile")
def _edit_profile(viewer: Person, person: Person) -> bool:
    return viewer.id == person.id


@RULES.rule("remove")
def _remove(viewer: Person, person: Person) -> bool:
    """Administrators remove others; oneself leaves by another door."""
    return viewer.is_administrator and viewer.id != person.id


@RULES.rule("follow")
def _follow(viewer: Person, person: Person) -> bool:
    return viewer.id != person.id and not viewer.is_guest


@RULES.rule("report")
def _report(viewer: Person, person: Person) -> bool:
    """Guests, too, may say that somebody whom they meet does harm; who has left already does none."""
    return viewer.id != person.id and person.state in (Person.State.ACTIVE, Person.State.UNCLAIMED)
