"""Whether somebody's mailbox takes our mails: after repeated bounces none is sent until somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden
from parvis.foundation.prepared import any_of, prepared
from parvis.mail.models import Mailbox, SentMail
from parvis.notifications.actions import notify
from parvis.people import policy as people_policy
from parvis.people.models import Person

BOUNCES_THAT_STOP = 3
# Ten mails that come back in one evening are one trouble.
SAME_TROUBLE = timedelta(hours=6)
# One that is long ago says nothing about today.
FORGOTTEN_AFTER = timedelta(days=30)
STOPPED = "mail_stopped"


def with_mailbox(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return those of these people to whom mails can be sent."""
    stopped = Mailbox.objects.filter(
        person=OuterRef("pk"), address=OuterRef("email"), stopped_at__isnull=False
    )
    signing_in = people.filter(state=Person.State.ACTIVE, identity__isnull=False)
    return signing_in.exclude(email="").filter(~Exists(stopped))


def that_can_be_mailed(person_ids: Sequence[UUID]) -> set[UUID]:
    """Return to whom of these people mails can be sent now."""
    return set(_mailable(list(person_ids)))


@prepared
def _mailable(person_ids: list[UUID]) -> QuerySet[Person, UUID]:
    people = Person.objects.filter(any_of("people_person.id", person_ids))
    return with_mailbox(people).values_list("id", flat=True)


def trouble_of(person: Person) -> Mailbox | None:
    """Return what is wrong with somebody's present address, None when nothing is."""
    found: Mailbox | None = Mailbox.objects.filter(person=person, address=person.email, bounces__gt=0).first()
    return found


def note_bounce(sent: SentMail, problem: str) -> None:
    """Note that a mail came back for good; after several such troubles no more are sent to that address."""
    person, now = sent.person, timezone.now()
    mailbox, _is_new = Mailbox.objects.select_for_update().get_or_create(
        person=person, defaults={"address": sent.address}
    )
    if sent.address != person.email or (mailbox.stopped_at and mailbox.address == sent.address):
        return
    if mailbox.address != sent.address or _is_over(mailbox):
        mailbox.address, mailbox.bounces, mailbox.stopped_at = sent.address, 0, None
    elif mailbox.bounced_at is not None and now - mailbox.bounced_at < SAME_TROUBLE:
        return
    mailbox.bounces += 1
    mailbox.bounced_at, mailbox.problem = now, problem[:300]
    if mailbox.bounces >= BOUNCES_THAT_STOP:
        _stop(mailbox, person)
    mailbox.save()


def _is_over(mailbox: Mailbox) -> bool:
    return mailbox.bounced_at is not None and timezone.now() - mailbox.bounced_at > FORGOTTEN_AFTER


def _stop(mailbox: Mailbox, person: Person) -> None:
    mailbox.stopped_at = timezone.now()
    audit(action="mail.address_stopped", actor_id=None, target=person, address=mailbox.address)
    notify(recipients=[person.id], subject=f"mailbox:{person.id}", reason=STOPPED, actor_id=None)


def resume(*, actor: Person, person: Person) -> None:
    """Send mails to an address again: its owner, or an administrator, says that it works."""
    if actor.id != person.id and not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden
    stopped = Mailbox.objects.filter(person=person).exclude(stopped_at=None)
    if stopped.update(stopped_at=None, bounces=0):
        audit(action="mail.address_resumed", actor_id=actor.id, target=person)
