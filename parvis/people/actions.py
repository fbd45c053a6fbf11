"""What can be done with people and organizations: one transaction each, authorised, recorded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.tenancy import organization_scope
from parvis.people.events import (
    OrganizationChanged,
    PersonAccessEnded,
    PersonFollowed,
    PersonJoined,
    ProfileChanged,
)
from parvis.people.models import Identity, Organization, Person, PersonFollow, Unit, slug_is_valid, sort_key
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
ORGANIZATION_FIELDS = frozenset(
    {"name", "logo", "default_language", "languages", "time_zone", "who_creates_spaces", "who_invites"}
    | {"email_domains", "upload_limit_bytes", "storage_limit_bytes", "host_name"}
)


def create_organization(
    *,
    slug: str,
    name: str,
    administrator_email: str,
    administrator_name: str = "",
    password: str | None = None,
    language: str = "en",
    time_zone: str = "Europe/Paris",
) -> tuple[Organization, Person]:
    """Found an organization with its first administrator; `Invalid` for a taken or malformed slug.

    An identity that exists already keeps its password: it becomes a person of one more organization.
    """
    slug_is_valid(slug)
    with transaction.atomic():
        if Organization.objects.filter(slug=slug).exists():
            raise Invalid({"slug": [_("This short name is taken.")]})
        organization = Organization.objects.create(
            slug=slug, name=name, default_language=language, languages=["en", "fr"], time_zone=time_zone
        )
        identity = find_or_create_identity(email=administrator_email, password=password)
        with organization_scope(organization):
            administrator = join_organization(
                identity=identity,
                full_name=administrator_name or administrator_email.split("@")[0],
                is_administrator=True,
                language=language,
            )
    return organization, administrator


def find_or_create_identity(*, email: str, password: str | None = None) -> Identity:
    """Return the login of an address, creating it when there is none; an existing password stays."""
    email = email.strip().lower()
    found = Identity.objects.filter(email=email).first()
    return found or Identity.objects.create_user(email, password)


def join_organization(
    *,
    identity: Identity,
    full_name: str,
    kind: str = Person.Kind.MEMBER,
    is_administrator: bool = False,
    claims: Person | None = None,
    **profile: Any,
) -> Person:
    """Make an identity an active person of the bound organization, once; an unclaimed person may be claimed."""
    person = Person.objects.filter(identity=identity).first() or claims
    if person is None:
        person = Person.objects.filter(email__iexact=identity.email, identity=None).first()
    if person is not None and person.is_active:
        return person
    person = person or Person(kind=kind)
    person.identity, person.state, person.left_at = identity, Person.State.ACTIVE, None
    person.email = identity.email
    person.is_administrator = person.is_administrator or is_administrator
    _fill(person, {"full_name": full_name or person.full_name, **profile})
    person.save()
    record(PersonJoined(actor_id=person.id, person_id=person.id, person_name=person.full_name))
    return person


def add_person(*, full_name: str, email: str = "", kind: str = Person.Kind.MEMBER, **profile: Any) -> Person:
    """Add somebody who has no login yet (an import, a directory): listed once they are invited and join."""
    person = Person(kind=kind, state=Person.State.UNCLAIMED, email=email.strip().lower())
    _fill(person, {"full_name": full_name, **profile})
    person.save()
    return person


def update_profile(*, actor: Person, person: Person, **changes: Any) -> Person:
    """Change one's own profile, or, as an administrator, somebody's."""
    if not (can(actor, "edit_profile", person) or can(actor, "administer", person.organization)):
        raise Forbidden
    if unknown := set(changes) - PROFILE_FIELDS:
        raise LookupError(f"not profile fields: {sorted(unknown)}")
    if changes.get("manager") is not None and _would_report_to_oneself(person, changes["manager"]):
        raise Invalid({"manager": [_("Nobody can be their own manager, even by a detour.")]})
    with transaction.atomic():
        _fill(person, changes)
        person.save()
        record(ProfileChanged(actor_id=actor.id, person_id=person.id, person_name=person.full_name))
    return person


def _fill(person: Person, fields: dict[str, Any]) -> None:
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


def set_unit(*, actor: Person, name: str, parent: Unit | None = None) -> Unit:
    """Return the unit of that name, creating it when an administrator first uses it."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    unit: Unit = Unit.objects.filter(name__iexact=name.strip()).first() or Unit.objects.create(
        name=name.strip(), parent=parent
    )
    return unit


def change_organization(*, actor: Person, organization: Organization, **changes: Any) -> Organization:
    """Change the organization's name, logo, languages or rules, as an administrator."""
    if not can(actor, "administer", organization):
        raise Forbidden
    if unknown := set(changes) - ORGANIZATION_FIELDS:
        raise LookupError(f"not organization fields: {sorted(unknown)}")
    with transaction.atomic():
        for name, value in changes.items():
            setattr(organization, name, value)
        organization.save(update_fields=[*changes])
        record(OrganizationChanged(actor_id=actor.id))
    return organization


def set_role(*, actor: Person, person: Person, is_administrator: bool, is_moderator: bool) -> Person:
    """Make somebody administrator or moderator, or no longer; the last administrator stays one."""
    if not can(actor, "administer", person.organization):
        raise Forbidden
    if person.is_guest and (is_administrator or is_moderator):
        raise Invalid({"person": [_("A guest cannot administer or moderate.")]})
    if not is_administrator:
        _keep_one_administrator(person)
    with transaction.atomic():
        person.is_administrator, person.is_moderator = is_administrator, is_moderator
        person.save(update_fields=["is_administrator", "is_moderator"])
        record(ProfileChanged(actor_id=actor.id, person_id=person.id, person_name=person.full_name))
    return person


def remove_person(*, actor: Person, person: Person) -> None:
    """End somebody's access at once; what they wrote stays."""
    if not can(actor, "remove", person):
        raise Forbidden
    _end_access(actor=actor, person=person, state=Person.State.LEFT)


def suspend_person(*, actor: Person, person: Person) -> None:
    """Stop somebody's access until `reinstate_person`."""
    if not can(actor, "remove", person):
        raise Forbidden
    _end_access(actor=actor, person=person, state=Person.State.SUSPENDED)


def reinstate_person(*, actor: Person, person: Person) -> None:
    """Give somebody who left or was suspended their access back, as an administrator."""
    if not can(actor, "remove", person) or person.identity_id is None:
        raise Forbidden
    with transaction.atomic():
        person.state, person.left_at = Person.State.ACTIVE, None
        person.save(update_fields=["state", "left_at"])
        record(PersonJoined(actor_id=actor.id, person_id=person.id, person_name=person.full_name))


def leave_organization(*, person: Person) -> None:
    """Leave the organization oneself; the last administrator cannot."""
    _end_access(actor=person, person=person, state=Person.State.LEFT)


def _end_access(*, actor: Person, person: Person, state: str) -> None:
    _keep_one_administrator(person)
    with transaction.atomic():
        person.state, person.left_at = state, timezone.now()
        person.save(update_fields=["state", "left_at"])
        record(PersonAccessEnded(actor_id=actor.id, person_id=person.id, person_name=person.full_name))


def _keep_one_administrator(person: Person) -> None:
    others = Person.objects.filter(is_administrator=True, state=Person.State.ACTIVE).exclude(pk=person.pk)
    if person.is_administrator and not others.exists():
        raise Invalid({"person": [_("An organization needs one administrator: name another one first.")]})


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
