"""Say who may announce to the whole organization."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.announcements.models import Announcer
from parvis.announcements.policy import may_grant
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.people.models import Person


def grant(*, actor: Person, person: Person) -> None:
    """Let somebody announce to the whole organization: safety, quality, staff representatives …"""
    if not may_grant(actor):
        raise Forbidden
    if not person.is_active or person.is_guest:
        raise Invalid({"person": [_("Only active members announce to the whole organization.")]})
    with transaction.atomic():
        announcer, is_new = Announcer.objects.get_or_create(person=person, defaults={"granted_by": actor})
        if is_new:
            audit(action="announcements.granted", actor_id=actor.id, target=announcer, person_id=person.id)


def revoke(*, actor: Person, person: Person) -> None:
    """No longer let somebody announce to the whole organization; what they announced stays theirs."""
    if not may_grant(actor):
        raise Forbidden
    with transaction.atomic():
        for announcer in Announcer.objects.filter(person=person):
            audit(action="announcements.revoked", actor_id=actor.id, target=announcer, person_id=person.id)
            announcer.delete()
