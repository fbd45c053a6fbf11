"""Silence for a while: of a conversation, of a space, of everything; it ends by itself.

A conversation that is paused is as one that is muted: only who mentions somebody reaches them. A space that is paused
is silent altogether. Where everything is, the inbox fills as ever, and nothing leaves it before the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.errors import NotFound
from parvis.foundation.jobs import every
from parvis.notifications.models import Pause
from parvis.notifications.snoozing import check_moment
from parvis.people.models import Person
from parvis.spaces.models import Space


def pause(
    *, person: Person, until: datetime, thread: Entry | None = None, space: Space | None = None
) -> Pause:
    """Let a conversation, a space, or without either everything, be silent for somebody until then.

    Raises `Invalid` for a moment that has passed or is more than a year away, `NotFound` for what they cannot read.
    """
    check_moment(until)
    if space is not None and not Space.objects.readable_by(person).filter(pk=space.pk).exists():
        raise NotFound
    thread_id = thread.root_id if thread is not None else None
    row: Pause = Pause.objects.update_or_create(
        person=person, thread_id=thread_id, space=space, defaults={"until": until}
    )[0]
    return row


def end_pause(*, person: Person, pause_id: UUID) -> None:
    """Let somebody hear again, before the time."""
    if not Pause.objects.filter(person=person, pk=pause_id).delete()[0]:
        raise NotFound


def pauses_of(person: Person) -> QuerySet[Pause]:
    """Return what is silent for somebody now, what ends first before; what they can no longer read is left out."""
    rows = Pause.objects.filter(person=person, until__gt=Now())
    readable = rows.filter(space__isnull=True) | rows.filter(space__in=Space.objects.readable_by(person))
    legible = readable.filter(thread__isnull=True) | readable.filter(
        thread__in=Entry.objects.visible_to(person)
    )
    return legible.select_related("thread", "space").order_by("until", "id")


def silent_until(people: Sequence[UUID], at: datetime) -> dict[UUID, datetime]:
    """Return until when nothing may leave for those of these people who want silence altogether."""
    everything = Pause.objects.filter(thread=None, space=None, person__in=list(people), until__gt=at)
    return dict(everything.values_list("person_id", "until"))


@every(days=1)
def forget_ended() -> None:
    """Forget pauses that are over."""
    Pause.objects.filter(until__lte=timezone.now()).delete()
