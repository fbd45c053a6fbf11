"""Who may do what in a space. Reading is `Space.objects.readable_by`, never a rule here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from parvis.foundation.policy import PolicyTable
from parvis.foundation.prepared import prepared
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space

RULES = PolicyTable("spaces")


def role_in(person: Person, space_id: UUID) -> str | None:
    """Return the person's role in a space, None for no member. One query per person object, not per space."""
    return roles_of(person).get(space_id)


def roles_of(person: Person) -> dict[UUID, str]:
    """Return all roles of a person by space id; remembered on the object until `forget_roles`."""
    roles: dict[UUID, str] | None = person.__dict__.get("_space_roles")
    if roles is None:
        roles = dict(_roles(person.id))
        person.__dict__["_space_roles"] = roles
    return roles


@prepared
def _roles(person_id: UUID) -> QuerySet[Any, tuple[UUID, str]]:
    return Membership.objects.filter(person_id=person_id).values_list("space_id", "role")


def remember_roles(person: Person, roles: dict[UUID, str]) -> None:
    """Keep roles that a query brought along, so that `roles_of` need not ask."""
    person.__dict__["_space_roles"] = roles


def forget_roles(person: Person) -> None:
    """Drop what `roles_of` remembered, after a change of membership."""
    person.__dict__.pop("_space_roles", None)


def can(viewer: Person | None, action: str, space: Space) -> bool:
    """Return whether the viewer may do this in the space; nobody may who is not active."""
    return viewer is not None and viewer.is_active and RULES.can(viewer, action, space)


def is_member(viewer: Person, space: Space) -> bool:
    """Tell whether the viewer is in the space."""
    return role_in(viewer, space.id) is not None


def is_host(viewer: Person, space: Space) -> bool:
    """Tell whether the viewer hosts the space."""
    return role_in(viewer, space.id) == Membership.Role.HOST


@RULES.rule("post")
def _post(viewer: Person, space: Space) -> bool:
    if not space.is_active:
        return False
    return is_host(viewer, space) or (space.posting == Space.Posting.MEMBERS and is_member(viewer, space))


@RULES.rule("reply")
def _reply(viewer: Person, space: Space) -> bool:
    return space.is_active and is_member(viewer, space)


@RULES.rule("react")
def _react(viewer: Person, space: Space) -> bool:
    return space.is_active and (
        is_member(viewer, space) or (space.privacy == Space.Privacy.OPEN and not viewer.is_guest)
    )


@RULES.rule("join")
def _join(viewer: Person, space: Space) -> bool:
    """Anyone of the organization joins an open space at once."""
    may_enter = space.privacy == Space.Privacy.OPEN and not viewer.is_guest
    return may_enter and space.is_active and not is_member(viewer, space)


@RULES.rule("request")
def _request(viewer: Person, space: Space) -> bool:
    """One asks to join a closed space; a secret one cannot be known of."""
    may_ask = space.privacy == Space.Privacy.CLOSED and not viewer.is_guest
    return may_ask and space.is_active and not is_member(viewer, space)


@RULES.rule("leave")
def _leave(viewer: Person, space: Space) -> bool:
    return is_member(viewer, space) and not space.is_everyone


@RULES.rule("manage")
def _manage(viewer: Person, space: Space) -> bool:
    return is_host(viewer, space)


@RULES.rule("archive")
def _archive(viewer: Person, space: Space) -> bool:
    """Its hosts; and the organization's moderators, who neither read it for that nor can open it again."""
    if space.is_everyone:
        return False
    return is_host(viewer, space) or people_policy.can(viewer, "moderate", viewer.organization)


@RULES.rule("report")
def _report(viewer: Person, space: Space) -> bool:
    """Whoever knows of it but does not answer for it."""
    return not space.is_everyone and not is_host(viewer, space)


@RULES.rule("invite")
def _invite(viewer: Person, space: Space) -> bool:
    """Members invite into an open space; into a closed or secret one, only hosts."""
    if not space.is_active or space.is_everyone:
        return False
    return is_host(viewer, space) or (
        space.privacy == Space.Privacy.OPEN and is_member(viewer, space) and not viewer.is_guest
    )


@RULES.rule("pin")
def _pin(viewer: Person, space: Space) -> bool:
    return space.is_active and is_host(viewer, space)


@RULES.rule("see_members")
def _see_members(viewer: Person, space: Space) -> bool:
    """Readers see who else is here; the members of a closed space are not shown to those outside."""
    return is_member(viewer, space) or (space.privacy == Space.Privacy.OPEN and not viewer.is_guest)
