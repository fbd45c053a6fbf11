"""Letters leave: written down first, handed over outside any transaction, and what came of all of them noted at once.

A worker that dies in between leaves rows that say so: a mail left once or not at all, and never again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from parvis.delivery.channels import Leaving, TryLater
from parvis.foundation import relay
from parvis.foundation.tenancy import current_organization_id, organization_scope
from parvis.mail.models import SentMail
from parvis.mail.out import mailboxes
from parvis.mail.out.printing import Draft, Press, message_of

logger = logging.getLogger(__name__)

State = SentMail.State
# Nothing takes longer: whoever was sending it is gone.
LOST_AFTER = timedelta(minutes=30)
# What came back meanwhile stays so.
SETTLE = """
    UPDATE mail_sentmail SET state = came.state, problem = came.problem, settled_at = %(now)s
    FROM unnest(%(ids)s::uuid[], %(states)s::text[], %(problems)s::text[]) AS came (id, state, problem)
    WHERE organization_id = %(organization)s AND mail_sentmail.id = came.id AND mail_sentmail.state = 'leaving'
"""


def prepare_all(drafts: Sequence[Draft]) -> Leaving:
    """Write letters down, one to each person; return what hands each over once the transaction is committed."""
    rows = [
        SentMail(person=each.person, kind=each.kind, address=each.person.email, subjects=list(each.subjects))
        for each in drafts
    ]
    SentMail.objects.bulk_create(rows)
    press, post = Press(), _Post()
    carries = {}
    for draft, sent in zip(drafts, rows, strict=True):
        mail = press.sealed(draft, sent) if relay.is_needed() else message_of(draft, sent)
        carries[draft.person.id] = partial(post.hand_over, sent.id, mail)
    return Leaving(carries, post.settle)


def prepare(draft: Draft) -> Callable[[], None]:
    """Write one letter down; return what hands it over and notes what came of it."""
    leaving, organization = prepare_all([draft]), draft.person.organization

    def carry() -> None:
        try:
            leaving.carries[draft.person.id]()
        finally:
            with organization_scope(organization):
                leaving.settle()

    return carry


class _Post:
    """Hands letters over and remembers what came of each, until all of it is noted."""

    def __init__(self) -> None:
        self._came: dict[UUID, tuple[str, str]] = {}
        self._refused: dict[UUID, str] = {}

    def hand_over(self, sent_id: UUID, mail: EmailMessage | relay.Sealed) -> None:
        """Do the network; `TryLater` when nothing left."""
        try:
            relay.hand_over(mail)
        except relay.NotNow as problem:
            self._came[sent_id] = State.DEFERRED, str(problem)
            raise TryLater(str(problem)) from problem
        except relay.Refused as problem:
            self._came[sent_id] = State.REFUSED, str(problem)
            if problem.is_address:
                self._refused[sent_id] = str(problem)
        except Exception as problem:
            logger.exception("mail.not_known_whether_it_left", extra={"mail": sent_id})
            self._came[sent_id] = State.UNKNOWN, type(problem).__name__
        else:
            self._came[sent_id] = State.SENT, ""

    def settle(self) -> None:
        """Note what came of all of them with one statement; an address that refuses counts as a bounce."""
        if not self._came:
            return
        values: dict[str, Any] = {
            "ids": list(self._came),
            "states": [str(state) for state, _problem in self._came.values()],
            "problems": [problem[:300].replace("\x00", "") for _state, problem in self._came.values()],
        }
        with connection.cursor() as cursor:
            cursor.execute(
                SETTLE, values | {"now": timezone.now(), "organization": current_organization_id()}
            )
        for sent in SentMail.objects.select_related("person").filter(id__in=list(self._refused)):
            mailboxes.note_bounce(sent, self._refused[sent.id])


def forget_unsent(person_ids: Sequence[UUID], written_at: datetime) -> None:
    """Remove rows of mails that were written then and never begun to leave: they leave by another row."""
    rows = SentMail.objects.filter(
        person__in=list(person_ids), state=State.LEAVING, kind=SentMail.Kind.NOTICE
    )
    rows.filter(created_at__gte=written_at).delete()


def forget_unbegun(person_ids: Sequence[UUID], *, before: datetime) -> None:
    """Remove rows of digests that were written before then and never begun to leave: they are written anew."""
    rows = SentMail.objects.filter(
        person__in=list(person_ids), state=State.LEAVING, kind=SentMail.Kind.DIGEST
    )
    rows.filter(created_at__lt=before).delete()


def give_up_lost() -> int:
    """Note of mails that somebody began to send and nobody ended that it is not known whether they left."""
    lost = SentMail.objects.filter(state=State.LEAVING, created_at__lt=timezone.now() - LOST_AFTER)
    return int(lost.update(state=State.UNKNOWN, settled_at=timezone.now()))
