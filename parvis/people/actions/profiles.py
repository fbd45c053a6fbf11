"""Say who one is, and whom one follows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people.events import PersonFollowed, ProfileChanged
from parvis.people.models import Person, PersonFollow, sort_key
from parvis.people.policy import can

# What somebody may change of their own profile, and what an administrator may change of anybody's.
PROFILE_FIELDS = frozenset(
    {
        "full_name",
        "job_title",
        "unit",
        "manager",
        "location",
        "phone",
        "bio",
        "skills",
        "language",
        "time_zone",
    }
    | {"theme", "picture"}
)


def update_profile(*, actor: Person, person: Person, **changes: Any) -> Person:
    """Change one's own profile, or, as an administrator, somebody's."""
    if not (can(actor, "edit_profile", person) or can(actor, "administer", person.organization)):
        raise Forbidden
    if unknown := set(changes) - PROFILE_FIELDS:
        raise LookupError(f"not profile fields: {sorted(unknown)}")
    if changes.get("manager") is not None and _would_report_to_oneself(person, changes["manager"]):
        raise Invalid({"manager": [_("Nobody can be their own manager, even by a detour.")]})
    with transaction.atomic():
        fill(person, changes)
        person.save()
        record(ProfileChanged(actor_id=actor.id, person_id=person.id, person_name=person.full_name))
    return person


def fill(person: Person, fields: dict[str, Any]) -> None:
    """Set fields of a person without saving, and the key that sorts the name."""
    for name, value in fields.items():
        setattr(person, name, value)
    person.sort_name = sort_key(person.full_name)


def _would_report_to_oneself(person: Person, manager: Person) -> bool:
    seen: set[UUID] = {person.id}
    above: Person | None = manager
    while above is not None:
        if above.id in seen:
            return True
        seen.add(above.id)
        above = above.manager
    return False


def follow_person(*, follower: Person, followed: Person) -> None:
    """See what somebody writes in *Mine*; following twice is following once."""
    if not can(follower, "follow", followed):
        raise Forbidden
    try:
        with transaction.atomic():
            PersonFollow.objects.create(follower=follower, followed=followed)
            record(PersonFollowed(actor_id=follower.id, follower_id=follower.id, followed_id=followed.id))
    except IntegrityError:
        return


def unfollow_person(*, follower: Person, followed: Person) -> None:
    """No longer see somebody's posts because of who wrote them."""
    PersonFollow.objects.filter(follower=follower, followed=followed).delete()
