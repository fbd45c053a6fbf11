"""What a mail that was kept does: it is judged, understood, and acted upon with the rights of its sender, once.

All happens in one transaction with the row that says so. A refused mail does nothing at all.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from parvis.foundation import throttle
from parvis.foundation.errors import DomainError, Forbidden, NotFound, Throttled
from parvis.foundation.jobs import every, job
from parvis.mail.incoming.automatic import is_automatic, is_ours
from parvis.mail.incoming.doing import Refused, do
from parvis.mail.incoming.letters import Letter, Unreadable, read_headers, read_letter
from parvis.mail.incoming.refusing import answer_politely
from parvis.mail.incoming.sizes import is_too_large
from parvis.mail.incoming.trust import FAILED, verdict
from parvis.mail.models import ReceivedMail
from parvis.people.models import Person

Cause, State = ReceivedMail.Cause, ReceivedMail.State
# Nobody writes more by hand.
RATE = throttle.Rate(40, 3600)
KEPT_FOR = timedelta(days=60)
# A mail that could not be acted upon in so long is not acted upon out of the blue.
GIVEN_UP_AFTER = timedelta(days=3)


@job
def act_upon(received_id: str) -> None:
    """Act upon a mail that was kept, unless that was done."""
    waiting = ReceivedMail.objects.select_for_update(of=("self",)).select_related("person__organization")
    received = waiting.filter(pk=UUID(received_id), state=State.WAITING).first()
    if received is None:
        return
    letter = read_headers(bytes(received.raw or b""))
    with translation.override(_language_of(received.person)):
        try:
            with transaction.atomic():
                received.did = _judged_and_done(received, letter)
            received.state = State.DONE
        except Refused as refusal:
            received.state, received.cause = State.REFUSED, refusal.cause
            answer_politely(received, letter, refusal)
    received.raw, received.settled_at = None, timezone.now()
    received.save(update_fields=["state", "cause", "did", "raw", "settled_at"])


def _judged_and_done(received: ReceivedMail, letter: Letter) -> str:
    _check_sender(received, letter)
    if is_too_large(received.size_bytes):
        raise Refused(Cause.LARGE)
    if throttle.allow("mail-in", received.person_id, rate=RATE) > 0:
        raise Refused(Cause.RATE)
    try:
        whole = read_letter(bytes(received.raw or b""))
        return do(received.person, received.subject, received.entry_id, whole)
    except Unreadable as error:
        raise Refused(Cause(error.cause)) from error
    except (NotFound, Forbidden) as error:
        # Both look alike here as everywhere: nobody learns what there was.
        raise Refused(Cause.GONE) from error
    except Throttled as error:
        raise Refused(Cause.RATE) from error
    except DomainError as error:
        raise Refused(Cause.INVALID, said=str(error)) from error


def _check_sender(received: ReceivedMail, letter: Letter) -> None:
    """Refuse what no person wrote, or another person than the one whose address it is."""
    if is_ours(letter):
        raise Refused(Cause.LOOP)
    if is_automatic(letter, envelope_sender=received.sender):
        raise Refused(Cause.AUTOMATIC)
    if verdict(letter) == FAILED:
        raise Refused(Cause.FORGED)
    if len(letter.senders) != 1 or letter.senders[0] not in addresses_of(received.person):
        raise Refused(Cause.SENDER)
    if not received.person.is_active:
        raise Refused(Cause.GONE)
    if received.was_stale:
        raise Refused(Cause.STALE)


def addresses_of(person: Person) -> set[str]:
    """Return the addresses that somebody writes from, as far as is known."""
    known = {person.email.casefold()}
    if person.identity is not None:
        known.add(person.identity.email.casefold())
    return known - {""}


def _language_of(person: Person) -> str:
    return person.language or person.organization.default_language


@every(days=1)
def forget_old_mails() -> None:
    """Give up what nobody could act upon, and forget what came in long ago."""
    waiting = ReceivedMail.objects.filter(
        state=State.WAITING, received_at__lt=timezone.now() - GIVEN_UP_AFTER
    )
    waiting.update(state=State.FAILED, raw=None, settled_at=timezone.now())
    ReceivedMail.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).delete()
