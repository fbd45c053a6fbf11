"""What a channel has told: noted before it leaves, begun one by one, confirmed once it left.

note_as_told ──▶ begin ──▶ the network ──▶ note_as_left
     └── a worker that dies here has begun nothing: `take_back` lets it leave after all
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from parvis.delivery.models import Told
from parvis.foundation.prepared import any_of, prepared
from parvis.foundation.tenancy import current_organization_id
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

BEGIN = """
    UPDATE delivery_told SET waits_since = NULL
    WHERE organization_id = %(organization)s AND channel = %(channel)s AND person_id = %(person)s
        AND waits_since = %(since)s
"""
LEFT = """
    UPDATE delivery_told SET left_at = %(now)s
    FROM unnest(%(people)s::uuid[], %(subjects)s::text[]) AS parcel (person_id, subject)
    WHERE organization_id = %(organization)s AND channel = %(channel)s
        AND delivery_told.person_id = parcel.person_id AND delivery_told.subject = parcel.subject
"""


def told_of(channel: str, asked: Sequence[tuple[Person, list[str]]]) -> list[dict[str, datetime]]:
    """Return up to when a channel has told each of these people of these subjects, with one statement."""
    rows = _told.each([(person.id, channel, subjects) for person, subjects in asked])
    return [dict(some) for some in rows]


@prepared
def _told(person_id: UUID, channel: str, subjects: list[str]) -> QuerySet[Told, tuple[str, datetime]]:
    among = any_of("delivery_told.subject", subjects, array="text[]")
    rows = Told.objects.filter(among, person_id=person_id, channel=channel)
    return rows.values_list("subject", "through_at")


def note_as_told(
    channel: str, told: Iterable[tuple[Person, Sequence[InboxLine]]], *, waits_since: datetime | None = None
) -> None:
    """Remember that a channel tells people of these lines, so that it does so once."""
    rows = [
        Told(
            person=person,
            channel=channel,
            subject=line.notification.subject,
            through_at=line.notification.happened_at,
            waits_since=waits_since,
        )
        for person, lines in told
        for line in lines
    ]
    if rows:
        _keep(rows)


def _keep(rows: list[Told]) -> None:
    Told.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "channel", "subject"],
        update_fields=["through_at", "left_at", "waits_since"],
    )


def begin(channel: str, person_id: UUID, *, waits_since: datetime) -> bool:
    """Note that what was told to somebody is handed over now; False when it was taken back meanwhile."""
    values = {"channel": channel, "person": person_id, "since": waits_since}
    return _execute(BEGIN, values) > 0


def note_as_left(channel: str, subjects_by_person: Mapping[UUID, Iterable[str]]) -> None:
    """Remember that it is known to have left, for many people with one statement."""
    pairs = [(person, subject) for person, subjects in subjects_by_person.items() for subject in subjects]
    if pairs:
        people, subjects = zip(*pairs, strict=True)
        values = {"now": timezone.now(), "people": list(people), "subjects": list(subjects)}
        _execute(LEFT, values | {"channel": channel})


def take_back(*, before: datetime) -> dict[tuple[str, datetime], list[UUID]]:
    """Forget what waits since before then: it was told to nobody. Return whom each channel has to tell, since when."""
    waiting = Told.objects.filter(waits_since__lt=before).select_for_update()
    found: dict[tuple[str, datetime], list[UUID]] = defaultdict(list)
    ids = []
    for row in waiting:
        ids.append(row.id)
        assert row.waits_since is not None
        found[row.channel, row.waits_since].append(row.person_id)
    Told.objects.filter(id__in=ids).delete()
    return found


def _execute(sql: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values | {"organization": current_organization_id()})
        return int(cursor.rowcount)
