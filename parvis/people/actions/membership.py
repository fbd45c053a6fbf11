"""Join, leave, be removed or suspended; roles."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people.actions.profiles import fill
from parvis.people.events import PersonAccessEnded, PersonJoined, RolesChanged
from parvis.people.models import Identity, Person
from parvis.people.policy import can
from parvis.people.queries import organization_ids_of


def find_or_create_identity(*, email: str, password: str | None = None) -> Identity:
    """Return the login of an address, creating it when there is none; an existing password stays.

    For the system itself (the console, a demo world), which vouches for the address: it counts as confirmed.
    """
    email = email.strip().lower()
    found = Identity.objects.filter(email=email).first()
    if found is not None:
        return found
    identity = Identity.objects.create_user(email, password)
    EmailAddress.objects.create(user=identity, email=email, verified=True, primary=True)
    return identity


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
    fill(person, {"full_name": full_name or person.full_name, **profile})
    person.save()
    record(PersonJoined(actor_id=person.id, person_id=person.id, person_name=person.full_name))
    return person


def add_person(*, full_name: str, email: str = "", kind: str = Person.Kind.MEMBER, **profile: Any) -> Person:
    """Add somebody who has no login yet (an import, a directory): listed once they are invited and join."""
    person = Person(kind=kind, state=Person.State.UNCLAIMED, email=email.strip().lower())
    fill(person, {"full_name": full_name, **profile})
    person.save()
    return person


def set_role(*, actor: Person, person: Person, is_administrator: bool, is_moderator: bool) -> Person:
    """Make somebody administrator or moderator, or no longer; the last administrator stays one."""
    if not can(actor, "administer", person.organization):
        raise Forbidden
    if person.is_guest and (is_administrator or is_moderator):
        raise Invalid({"person": [_("A guest cannot administer or moderate.")]})
    with transaction.atomic():
        if not is_administrator:
            _keep_one_administrator(person)
        person.is_administrator, person.is_moderator = is_administrator, is_moderator
        person.save(update_fields=["is_administrator", "is_moderator"])
        roles = {"is_administrator": is_administrator, "is_moderator": is_moderator}
        audit(action="people.role_changed", actor_id=actor.id, target=person, **roles)
        record(
            RolesChanged(
                actor_id=actor.id,
                person_id=person.id,
                person_name=person.full_name,
                is_administrator=is_administrator,
                is_moderator=is_moderator,
            )
        )
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
    with transaction.atomic():
        _keep_one_administrator(person)
        person.state, person.left_at = state, timezone.now()
        if state == Person.State.LEFT:
            # Who comes back one day comes back as anybody else.
            person.is_administrator = person.is_moderator = False
        person.save(update_fields=["state", "left_at", "is_administrator", "is_moderator"])
        _end_sessions(person)
        record(
            PersonAccessEnded(
                actor_id=actor.id, person_id=person.id, person_name=person.full_name, state=str(state)
            )
        )


def _end_sessions(person: Person) -> None:
    """Sign somebody out everywhere, unless their login also opens another organization."""
    if person.identity_id is None or organization_ids_of(person.identity_id):
        return
    for session in UserSession.objects.filter(user_id=person.identity_id):
        session.end()


def _keep_one_administrator(person: Person) -> None:
    """Lock the administrators' rows first, so that the last two cannot end each other at the same time."""
    administrators = Person.objects.select_for_update(of=("self",)).filter(
        is_administrator=True, state=Person.State.ACTIVE
    )
    if set(administrators.values_list("id", flat=True)) == {person.id}:
        raise Invalid({"person": [_("An organization needs one administrator: name another one first.")]})
