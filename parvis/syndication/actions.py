"""Make and revoke the private addresses of feeds."""

from __future__ import annotations

import secrets

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.people.models import Person
from parvis.syndication.models import FeedAddress
from parvis.syndication.queries import Subject, addresses_of, hash_of, name_of, readable_subject

MOST_ADDRESSES = 100


def make_address(*, person: Person, subject: Subject) -> tuple[FeedAddress, str]:
    """Make an address for a feed that one may read; return its row and the secret, which nobody can read again."""
    if not person.is_active:
        raise Forbidden
    if subject.space is not None:
        readable_subject(person, space_id=subject.space.pk)
    if addresses_of(person).count() >= MOST_ADDRESSES:
        text = _("You have %(limit)s feeds already: revoke one that you no longer use.")
        raise Invalid({"feed": [text % {"limit": MOST_ADDRESSES}]})
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        address: FeedAddress = FeedAddress.objects.create(
            person=person,
            space=subject.space,
            topic=subject.topic,
            name=name_of(person, subject)[:120],
            token_hash=hash_of(secret),
        )
        audit(action="syndication.address_made", actor_id=person.id, target=address)
    return address, secret


def revoke_address(*, person: Person, address: FeedAddress) -> None:
    """Close an address of one's own for good."""
    if address.person_id != person.id:
        raise Forbidden
    with transaction.atomic():
        address.revoked_at = timezone.now()
        address.save(update_fields=["revoked_at"])
        audit(action="syndication.address_revoked", actor_id=person.id, target=address)


def note_use(address: FeedAddress) -> None:
    """Remember the day of an address's last use: one write a day."""
    today = timezone.now().date()
    unused = models.Q(last_used_on__isnull=True) | models.Q(last_used_on__lt=today)
    FeedAddress.objects.filter(unused, pk=address.pk).update(last_used_on=today)
