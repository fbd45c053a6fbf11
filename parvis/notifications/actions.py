"""Notify people and mark what they have read."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from parvis.foundation.events import record
from parvis.foundation.tenancy import current_organization_id, new_id
from parvis.notifications.events import InboxChanged
from parvis.notifications.models import Notification
from parvis.people.models import Person

# Faces that a line can show; the count says how many there were.
ACTORS_KEPT = 5

# One statement for all recipients. A line that was read begins anew; a mention outweighs a reply while unread.
# Handlers are retried: what this line already counts, by the same entry, is not counted again.
UPSERT = """
    INSERT INTO notifications_notification AS n
        (id, organization_id, person_id, subject, reason, entry_id, space_id, actor_ids, unread_count, happened_at)
    SELECT unnest(%(ids)s::uuid[]), %(organization)s, unnest(%(people)s::uuid[]), %(subject)s, %(reason)s,
           %(entry)s, %(space)s, %(actors)s::uuid[], 1, %(now)s
    ON CONFLICT (person_id, subject) DO UPDATE SET
        reason = CASE WHEN n.read_at IS NULL AND n.reason = 'mention' THEN n.reason ELSE excluded.reason END,
        actor_ids = CASE WHEN n.read_at IS NULL
            THEN (excluded.actor_ids || array_remove(n.actor_ids, excluded.actor_ids[1]))[1:%(kept)s]
            ELSE excluded.actor_ids END,
        unread_count = CASE WHEN n.read_at IS NULL THEN n.unread_count + 1 ELSE 1 END,
        entry_id = excluded.entry_id, space_id = excluded.space_id,
        happened_at = excluded.happened_at, read_at = NULL
    WHERE n.entry_id IS NULL OR excluded.entry_id IS NULL OR n.entry_id <> excluded.entry_id
"""


def notify(
    *,
    recipients: Iterable[UUID],
    subject: str,
    reason: str,
    actor_id: UUID | None,
    entry_id: UUID | None = None,
    space_id: UUID | None = None,
) -> None:
    """Tell each of these people once, grouped under the subject; never the actor.

    The caller names people who can read what it is about; reading it is checked again whenever it is shown.
    """
    people = sorted({person_id for person_id in recipients if person_id != actor_id})
    if not people:
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                UPSERT,
                {
                    "ids": [new_id() for _person in people],
                    "organization": current_organization_id(),
                    "people": people,
                    "subject": subject,
                    "reason": reason,
                    "entry": entry_id,
                    "space": space_id,
                    "actors": [actor_id] if actor_id else [],
                    "now": timezone.now(),
                    "kept": ACTORS_KEPT,
                },
            )
        for person_id in people:
            record(InboxChanged(actor_id=actor_id, person_id=person_id))


def mark_read(*, person: Person, subject: str) -> None:
    """Mark one subject as read, in every window."""
    _mark(person, Notification.objects.filter(person=person, subject=subject, read_at__isnull=True))


def mark_all_read(*, person: Person) -> None:
    """Mark everything as read, in every window."""
    _mark(person, Notification.objects.filter(person=person, read_at__isnull=True))


def _mark(person: Person, lines: object) -> None:
    with transaction.atomic():
        changed = lines.update(read_at=timezone.now(), unread_count=0)  # type: ignore[attr-defined]
        if changed:
            record(InboxChanged(actor_id=person.id, person_id=person.id))
