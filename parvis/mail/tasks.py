"""What comes back for mail: digests that are due, mails that nobody ended sending, an old log."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from parvis.foundation.jobs import every
from parvis.mail.models import SentMail
from parvis.mail.out import leaving, turns

LOG_KEPT = timedelta(days=30)


@every(minutes=10)
def send_digests_that_are_due() -> None:
    """Look whose digest is due."""
    turns.sweep()


@every(hours=1)
def note_lost_mails() -> None:
    """Note which mails a worker began to send and did not end."""
    leaving.give_up_lost()


@every(days=1)
def forget_old_mails() -> None:
    """Remove rows of the log that no bounce can be about any more."""
    SentMail.objects.filter(created_at__lt=timezone.now() - LOG_KEPT).delete()
