"""People whom an import brings: unseen until it is published, then unclaimed until they are invited.

A staged person holds no address, so that nobody who joins meanwhile can claim them or be kept out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from parvis.people.models import Invitation, Person, sort_key

# A few ids, or a query for many.
Ids = Collection[UUID] | QuerySet[Any, Any]
ADDRESSES_AT_ONCE = 5_000


@dataclass(frozen=True, kw_only=True)
class PersonDraft:
    """Somebody to be."""

    id: UUID
    full_name: str
    job_title: str = ""
    time_zone: str = ""


def stage_people(drafts: Iterable[PersonDraft]) -> None:
    """Add people whom nobody can see yet."""
    Person.objects.bulk_create(
        Person(
            id=draft.id,
            state=Person.State.STAGED,
            full_name=draft.full_name[:120] or "?",
            sort_name=sort_key(draft.full_name[:120] or "?")[:160],
            job_title=draft.job_title[:120],
            time_zone=draft.time_zone[:64],
        )
        for draft in drafts
    )


def usable_email(email: str) -> str:
    """Return the address in the form that it is kept in, or nothing for what is none."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email


def people_by_confirmed_email(emails: Collection[str]) -> dict[str, UUID]:
    """Return whose address is known to be theirs: confirmed, or invited by it.

    Whoever only typed an address must not come into the private channels of its owner.
    """
    identity = OuterRef("identity_id")
    confirmed = Exists(
        EmailAddress.objects.filter(user_id=identity, email__iexact=OuterRef("email"), verified=True)
    )
    invited = Exists(Invitation.objects.filter(email__iexact=OuterRef("email"), used_count__gt=0))
    owners = Person.objects.filter(Q(identity=None) | Q(confirmed) | Q(invited)).exclude(
        state=Person.State.STAGED
    )
    found = owners.filter(id__in=_with_email(emails).values("id"))
    return {email.lower(): id for email, id in found.values_list("email", "id")}


def people_by_email(emails: Collection[str]) -> dict[str, UUID]:
    """Return who holds an address, confirmed or not."""
    return {email.lower(): id for email, id in _with_email(emails).values_list("email", "id")}


def _with_email(emails: Collection[str]) -> QuerySet[Person]:
    addresses = [email.lower() for email in emails]
    found: QuerySet[Person] = Person.objects.alias(address=Lower("email")).filter(address__in=addresses)
    return found


def publish_people(ids: Ids, emails: Mapping[UUID, str]) -> dict[UUID, UUID]:
    """Make staged people unclaimed ones; return who stands for whom where an address was taken meanwhile."""
    Person.objects.filter(id__in=ids, state=Person.State.STAGED).update(state=Person.State.UNCLAIMED)
    known: dict[UUID, UUID] = {}
    rest = iter(emails.items())
    while some := dict(islice(rest, ADDRESSES_AT_ONCE)):
        known |= _give_addresses(some)
    return known


def _give_addresses(emails: dict[UUID, str]) -> dict[UUID, UUID]:
    taken = people_by_email(list(emails.values()))
    confirmed = people_by_confirmed_email(list(emails.values()))
    free = [Person(id=id, email=email) for id, email in emails.items() if email not in taken]
    Person.objects.bulk_update(free, ["email"], batch_size=500)
    return {id: confirmed[email] for id, email in emails.items() if email in confirmed}


def unclaimed_among(ids: Ids) -> set[UUID]:
    """Return who of these has not joined in the meantime."""
    states = [Person.State.STAGED, Person.State.UNCLAIMED]
    found = Person.objects.filter(id__in=ids, state__in=states, identity=None)
    return set(found.values_list("id", flat=True))


def remove_unclaimed(ids: Ids) -> None:
    """Remove imported people who never joined and of whom nothing remains."""
    Person.objects.filter(id__in=unclaimed_among(ids)).delete()
