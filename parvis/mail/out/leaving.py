"""A letter leaves: written down first, handed over outside any transaction, and what came of it noted.

A worker that dies in between leaves a row that says so: the mail left once or not at all, and never again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from parvis.delivery.channels import TryLater
from parvis.foundation import relay
from parvis.foundation.mail import sender_called
from parvis.foundation.tenancy import organization_scope
from parvis.mail.models import SentMail
from parvis.mail.out import headers, mailboxes
from parvis.mail.out.letters import Letter, html_of, language_of, text_of
from parvis.mail.out.return_paths import return_path
from parvis.people.models import Person

logger = logging.getLogger(__name__)

State = SentMail.State
# Nothing takes longer: whoever was sending it is gone.
LOST_AFTER = timedelta(minutes=30)


def prepare(
    person: Person,
    letter: Letter,
    *,
    kind: str,
    more_headers: dict[str, str],
    subjects: Sequence[str] = (),
    shown_name: str = "",
    reply_to: str = "",
) -> Callable[[], None]:
    """Write a letter to somebody down; return what hands it over once the transaction is committed."""
    organization = person.organization
    sent: SentMail = SentMail.objects.create(
        person=person, kind=kind, address=person.email, subjects=list(subjects)
    )
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=text_of(letter),
        from_email=return_path(sent),
        to=[headers.to(person)],
        reply_to=[reply_to] if reply_to else None,
        headers={
            "From": sender_called(shown_name or organization.name),
            "Content-Language": language_of(person),
            **headers.of_mail(organization, kind=kind, name=f"{kind}.{sent.id}"),
            **more_headers,
        },
    )
    message.attach_alternative(html_of(letter, organization), "text/html")
    return partial(_hand_over, organization.id, sent.id, message)


def _hand_over(organization_id: UUID, sent_id: UUID, message: EmailMultiAlternatives) -> None:
    try:
        relay.hand_over(message)
    except relay.NotNow as problem:
        _settle(organization_id, sent_id, State.DEFERRED, str(problem))
        raise TryLater(str(problem)) from problem
    except relay.Refused as problem:
        _settle(organization_id, sent_id, State.REFUSED, str(problem), is_address=problem.is_address)
    except Exception as problem:
        logger.exception("mail.not_known_whether_it_left", extra={"mail": sent_id})
        _settle(organization_id, sent_id, State.UNKNOWN, type(problem).__name__)
    else:
        _settle(organization_id, sent_id, State.SENT, "")


def _settle(
    organization_id: UUID, sent_id: UUID, state: str, problem: str, *, is_address: bool = False
) -> None:
    with organization_scope(organization_id):
        SentMail.objects.filter(pk=sent_id).update(
            state=state, problem=problem[:300], settled_at=timezone.now()
        )
        if is_address:
            mailboxes.note_bounce(SentMail.objects.select_related("person").get(pk=sent_id), problem)


def give_up_lost() -> int:
    """Note of mails that somebody began to send and nobody ended that it is not known whether they left."""
    lost = SentMail.objects.filter(state=State.LEAVING, created_at__lt=timezone.now() - LOST_AFTER)
    return int(lost.update(state=State.UNKNOWN, settled_at=timezone.now()))
