"""What a channel has told: noted before it leaves, confirmed once it left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection
from django.utils import timezone

from parvis.delivery.models import Told
from parvis.foundation.tenancy import current_organization_id
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person

LEFT = """
    UPDATE delivery_told SET left_at = %(now)s
    FROM unnest(%(people)s::uuid[], %(subjects)s::text[]) AS parcel (person_id, subject)
    WHERE organization_id = %(organization)s AND channel = %(channel)s
        AND delivery_told.person_id = parcel.person_id AND delivery_told.subject = parcel.subject
"""


def note_as_told(person: Person, channel: str, lines: Iterable[InboxLine]) -> None:
    """Remember that a channel tells somebody of these lines, so that it does so once."""
    rows = [
        Told(
            person=person,
            channel=channel,
            subject=line.notification.subject,
            through_at=line.notification.happened_at,
        )
        for line in lines
    ]
    Told.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["person", "channel", "subject"],
        update_fields=["through_at", "left_at"],
    )


def note_as_left(channel: str, subjects_by_person: Mapping[UUID, Iterable[str]]) -> None:
    """Remember that it is known to have left, for many people with one statement."""
    pairs = [(person, subject) for person, subjects in subjects_by_person.items() for subject in subjects]
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            LEFT,
            {
                "now": timezone.now(),
                "people": [person for person, _subject in pairs],
                "subjects": [subject for _person, subject in pairs],
                "organization": current_organization_id(),
                "channel": channel,
            },
        )
