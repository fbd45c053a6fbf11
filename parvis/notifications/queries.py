"""Reads of an inbox: only what its owner may still read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from parvis.content.models import Entry
from parvis.foundation.pagination import Cursor
from parvis.foundation.prepared import prepared
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.spaces.models import Space

INBOX_PAGE = 30


@dataclass
class InboxLine:
    """A notification with the people it shows, the latest first."""

    notification: Notification
    actors: list[Person] = field(default_factory=list)


def inbox(
    viewer: Person, *, unread_only: bool = False, cursor: str = "", limit: int = INBOX_PAGE
) -> tuple[list[InboxLine], str]:
    """Return the viewer's lines, newest first, and the next cursor."""
    lines = _visible(viewer).select_related("entry", "entry__thread", "space")
    if unread_only:
        lines = lines.filter(read_at__isnull=True)
    if cursor:
        at, id = Cursor.read(cursor)
        lines = lines.filter(Q(happened_at__lt=at) | Q(happened_at=at, id__lt=id))
    rows = list(lines.order_by("-happened_at", "-id")[: limit + 1])
    following = Cursor.write(rows[limit - 1].happened_at, rows[limit - 1].id) if len(rows) > limit else ""
    return _with_actors(rows[:limit]), following


def unread_count(viewer: Person) -> int:
    """Return how many lines the viewer has not read."""
    return next(iter(_unread(viewer)), 0)


@prepared
def _unread(viewer: Person) -> QuerySet[Any, int]:
    unread = _visible(viewer).filter(read_at__isnull=True).order_by()
    return unread.values("person_id").annotate(lines=Count("id")).values_list("lines", flat=True)


def _visible(viewer: Person) -> QuerySet[Notification]:
    """An entry or space that the viewer can no longer read takes its line away, and its count."""
    # Asked line by line: a list of all visible entries would be made first, and there are few lines.
    visible = Entry.objects.visible_to(viewer).filter(pk=OuterRef("entry_id"))
    entry_is_visible = Q(entry__isnull=True) | Q(Exists(visible))
    # An invitation names a space that its recipient cannot read yet: that is its purpose.
    invites = Q(reason=Notification.Reason.SPACE_INVITATION) | Q(reason=Notification.Reason.JOIN_DECLINED)
    space_is_known = Q(space__isnull=True) | invites | Q(space__in=Space.objects.readable_by(viewer))
    return Notification.objects.filter(person=viewer).filter(entry_is_visible, space_is_known)


def _with_actors(rows: list[Notification]) -> list[InboxLine]:
    wanted: set[UUID] = {actor_id for row in rows for actor_id in row.actor_ids}
    people = Person.objects.select_related("picture").in_bulk(wanted)
    return [
        InboxLine(row, [people[actor_id] for actor_id in row.actor_ids if actor_id in people]) for row in rows
    ]
