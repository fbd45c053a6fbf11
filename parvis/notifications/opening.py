"""Which conversations somebody has opened lately: no digest tells of what was read.

Their page says so when it has been seen, and no page shows it to anybody. What one scrolls past in a feed is not known.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.jobs import every
from parvis.notifications.models import OpenedThread
from parvis.people.models import Person

# A weekly digest that leave puts off still knows it.
KEPT_FOR = timedelta(days=35)


def note_opened(*, person: Person, thread_id: UUID) -> None:
    """Note that somebody has opened a conversation of others that is young enough for a digest."""
    others = Entry.objects.visible_to(person).roots().exclude(author=person)
    if others.filter(pk=thread_id, published_at__gt=timezone.now() - KEPT_FOR).exists():
        OpenedThread.objects.bulk_create(
            [OpenedThread(person=person, thread_id=thread_id)], ignore_conflicts=True
        )


@every(days=1)
def forget_opened() -> None:
    """Forget what no digest could tell of any more."""
    OpenedThread.objects.filter(opened_at__lt=timezone.now() - KEPT_FOR).delete()
