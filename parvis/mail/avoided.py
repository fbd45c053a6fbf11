"""How many mails a conversation spared: counted cautiously, by one query, from what is there (docs/operations/mail.md).

What would have been mailed: each comment, once to everybody else who had written in its thread before. Nobody else is
counted: no readers, no followers, nothing of the chat, no first posts. What was mailed instead is taken away: every mail
that left or came in. The least sure part is whether all would have been on copy, so there is a lower figure, too: each
comment, once to the one whom it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from parvis.foundation.tenancy import current_organization_id
from parvis.mail.models import ReceivedMail, SentMail

DAYS = 30

# How many authors a thread had when each comment came: a running count of the first words of each.
COUNTED = """
    WITH written AS (
        SELECT e.id, e.thread_id, e.reply_to_id, e.author_id, e.published_at,
               COALESCE(e.thread_id, e.id) AS root,
               row_number() OVER (PARTITION BY COALESCE(e.thread_id, e.id), e.author_id
                                  ORDER BY e.published_at, e.id) = 1 AS is_first
        FROM content_entry e
        JOIN content_entry r ON r.id = COALESCE(e.thread_id, e.id) AND r.organization_id = e.organization_id
        WHERE e.organization_id = %(organization)s AND e.state = 'published' AND r.activity_at >= %(since)s
    ), counted AS (
        SELECT w.*, sum(w.is_first::int) OVER (PARTITION BY w.root ORDER BY w.published_at, w.id) AS authors
        FROM written w
    )
    SELECT COALESCE(sum(c.authors - 1), 0),
           count(*) FILTER (WHERE answered.author_id <> c.author_id)
    FROM counted c
    JOIN content_entry answered ON answered.id = c.reply_to_id
    WHERE c.thread_id IS NOT NULL AND c.published_at >= %(since)s
"""


@dataclass(frozen=True)
class Avoided:
    """What was spared since some day, between two figures, and what it is made of."""

    since: datetime
    days: int
    to_everybody: int
    to_the_answered: int
    sent: int
    received: int

    @property
    def most(self) -> int:
        """As if all who took part had been on copy."""
        return max(self.to_everybody - self.sent - self.received, 0)

    @property
    def least(self) -> int:
        """As if each had written only to whom they answer."""
        return max(self.to_the_answered - self.sent - self.received, 0)


def mails_avoided(*, days: int = DAYS) -> Avoided:
    """Return what the bound organization was spared in the last days: totals, never a person."""
    since = timezone.now() - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"organization": current_organization_id(), "since": since})
        to_everybody, to_the_answered = cursor.fetchone()
    left = SentMail.objects.filter(created_at__gte=since).exclude(state=SentMail.State.REFUSED)
    came = ReceivedMail.objects.filter(received_at__gte=since, state=ReceivedMail.State.DONE)
    return Avoided(since, days, int(to_everybody), int(to_the_answered), left.count(), came.count())
