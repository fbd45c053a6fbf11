"""What somebody, or an administrator for everybody, decides about mails."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.mail.models import DigestChoice, DigestTurn, QuietSubject
from parvis.mail.out import stopping, turns
from parvis.mail.out.digests import rhythm_of
from parvis.people import policy as people_policy
from parvis.people.models import Person


def choose_own_rhythm(person: Person, rhythm: str) -> None:
    """Keep how often a digest comes to somebody; it counts at once."""
    _check(rhythm)
    with transaction.atomic():
        stopping.choose_rhythm(person, rhythm)
        turns.plan_again(Person.objects.filter(pk=person.pk))


def choose_default_rhythm(*, actor: Person, rhythm: str) -> None:
    """Decide, as an administrator, how often a digest comes to whoever has not chosen."""
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden
    _check(rhythm)
    with transaction.atomic():
        stopping.choose_rhythm(None, rhythm)
        audit(action="mail.digest_default", actor_id=actor.id, target=actor.organization, rhythm=rhythm)
        own = DigestChoice.objects.exclude(person=None).values("person_id")
        turns.plan_again(Person.objects.exclude(id__in=own))


def hear_again(person: Person, quiet_id: UUID) -> None:
    """Let mails tell somebody of a line of their inbox again."""
    if not QuietSubject.objects.filter(person=person, pk=quiet_id).delete()[0]:
        raise NotFound


def next_digest_at(person: Person) -> datetime | None:
    """Return when somebody's next digest is due, None when none is."""
    if rhythm_of(person)[0] == DigestChoice.Rhythm.NEVER:
        return None
    due: datetime | None = DigestTurn.objects.filter(person=person).values_list("due_at", flat=True).first()
    return due


def _check(rhythm: str) -> None:
    if rhythm not in DigestChoice.Rhythm.values:
        raise Invalid({"rhythm": [_("Choose how often the digest comes.")]})
