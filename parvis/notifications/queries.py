"""Reads of an inbox: only what its owner may still read, counted by what is still there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from parvis.content.models import Entry, Reaction, ThreadFollow
from parvis.emoji.models import CustomEmoji
from parvis.emoji.queries import emoji_called
from parvis.foundation.errors import NotFound
from parvis.foundation.pagination import Cursor
from parvis.foundation.prepared import any_of, prepared
from parvis.notifications.models import Notification
from parvis.notifications.snoozing import awake
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.worktime.queries import urgent_reasons

INBOX_PAGE = 30
Reason = Notification.Reason


@dataclass
class InboxLine:
    """A notification with what it tells: people, the latest first, and how many events."""

    notification: Notification
    actors: list[Person] = field(default_factory=list)
    count: int = 0
    emojis: list[str] = field(default_factory=list)
    # What those of the organization among them look like, by their names.
    pictures: dict[str, CustomEmoji] = field(default_factory=dict)
    # Of what reached somebody outside their hours: why its author could not wait.
    urgent_reason: str = ""


def inbox(
    viewer: Person,
    *,
    unread_only: bool = False,
    mentions_only: bool = False,
    later_only: bool = False,
    cursor: str = "",
    limit: int = INBOX_PAGE,
) -> tuple[list[InboxLine], str]:
    """Return the viewer's lines, newest first, and the next cursor; those that wait until later by themselves."""
    at, id = Cursor.read(cursor) if cursor else (None, None)
    rows = _lines(viewer, unread_only, mentions_only, later_only, at, id, limit + 1)
    following = Cursor.write(rows[limit - 1].happened_at, rows[limit - 1].id) if len(rows) > limit else ""
    return _told(viewer, rows[:limit]), following


@prepared
def _lines(
    viewer: Person,
    unread_only: bool,
    mentions_only: bool,
    later_only: bool,
    at: datetime | None,
    id: UUID | None,
    most: int,
) -> QuerySet[Notification]:
    lines = _with_places(_visible(viewer))
    lines = lines.exclude(awake()) if later_only else lines.filter(awake())
    if unread_only:
        lines = lines.filter(read_at__isnull=True)
    if mentions_only:
        lines = lines.filter(reason=Reason.MENTION)
    if at is not None:
        lines = lines.filter(Q(happened_at__lt=at) | Q(happened_at=at, id__lt=id))
    return lines.order_by("-happened_at", "-id")[:most]


def unread_lines_of(viewers: Sequence[Person], *, most: int = INBOX_PAGE) -> list[list[InboxLine]]:
    """Return the newest lines that call for each one's attention now, for what leaves the inbox.

    As many statements as for one of them.
    """
    found = _lines.each([(viewer, True, False, False, None, None, most) for viewer in viewers])
    return _told_to(list(zip(viewers, found, strict=True)))


def find_line(viewer: Person, notification_id: UUID) -> InboxLine:
    """Return one line of the viewer's inbox; `NotFound` when what it is about is no longer theirs to see."""
    row = _with_places(_visible(viewer)).filter(pk=notification_id).first()
    if row is None:
        raise NotFound
    return _told(viewer, [row])[0]


def unread_count(viewer: Person) -> int:
    """Return how many lines the viewer has not read."""
    return next(iter(_unread(viewer)), 0)


@prepared
def _unread(viewer: Person) -> QuerySet[Any, int]:
    unread = _visible(viewer).filter(awake(), read_at__isnull=True).order_by()
    return unread.values("person_id").annotate(lines=Count("id")).values_list("lines", flat=True)


def unread_ids(viewer: Person, *, most: int) -> list[UUID]:
    """Return the newest lines that the viewer has not read."""
    unread = _visible(viewer).filter(awake(), read_at__isnull=True)
    return list(unread.order_by("-happened_at", "-id").values_list("id", flat=True)[:most])


def follow_level(viewer: Person, thread_id: UUID) -> str:
    """Return whether the viewer follows or mutes a thread, "" for neither."""
    follow = ThreadFollow.objects.filter(person=viewer, thread_id=thread_id)
    return follow.values_list("level", flat=True).first() or ""


def _with_places(lines: QuerySet[Notification]) -> QuerySet[Notification]:
    return lines.select_related("entry", "entry__thread", "entry__space", "entry__author", "space")


def _visible(viewer: Person) -> QuerySet[Notification]:
    """An entry or space that the viewer can no longer read takes its line away, and its count."""
    # Asked line by line: a list of all visible entries would be made first, and there are few lines.
    visible = Entry.objects.visible_to(viewer).filter(pk=OuterRef("entry_id"))
    entry_is_visible = Q(entry__isnull=True) | Q(Exists(visible))
    # An invitation names a space that its recipient cannot read yet: that is its purpose.
    invites = Q(reason=Reason.SPACE_INVITATION) | Q(reason=Reason.JOIN_DECLINED)
    space_is_known = Q(space__isnull=True) | invites | Q(space__in=Space.objects.readable_by(viewer))
    return Notification.objects.filter(person=viewer).filter(entry_is_visible, space_is_known)


def _told(viewer: Person, rows: list[Notification]) -> list[InboxLine]:
    """Say who did what on each line; what the viewer can no longer read is neither named nor counted."""
    return _told_to([(viewer, rows)])[0]


def _told_to(found: Sequence[tuple[Person, list[Notification]]]) -> list[list[InboxLine]]:
    """Say the same to several people, each of whom may read something else."""
    authors = _authors_of([(viewer, [id for row in rows for id in row.entry_ids]) for viewer, rows in found])
    every = [row for _viewer, rows in found for row in rows]
    reactions = _reactions_to([row.entry_id for row in every if row.reason == Reason.REACTION])
    told = [
        [_line(viewer, row, seen, reactions) for row in rows]
        for (viewer, rows), seen in zip(found, authors, strict=True)
    ]
    lines = [line for some in told for line in some]
    pictures = emoji_called(
        [emoji.strip(":") for line, _ids in lines for emoji in line.emojis if emoji[0] == ":"]
    )
    wanted = list(dict.fromkeys(id for _line, ids in lines for id in ids))
    people = {person.id: person for person in _with_pictures(wanted)}
    for line, ids in lines:
        line.actors, line.pictures = [people[id] for id in ids if id in people], pictures
    _say_why_urgent([line for line, _ids in lines])
    return [[line for line, _ids in some] for some in told]


def _line(
    viewer: Person,
    row: Notification,
    authors: dict[UUID, UUID],
    reactions: dict[UUID, tuple[list[UUID], list[str]]],
) -> tuple[InboxLine, list[UUID]]:
    """Return a line, and who acted on it as far as the viewer may know."""
    line, ids = InboxLine(row, count=row.unread_count), row.actor_ids
    if row.entry_id is not None and row.reason == Reason.REACTION:
        ids, line.emojis = reactions.get(row.entry_id, ([], []))
        ids = [id for id in ids if id != viewer.id]
        line.count = len(ids)
    elif row.entry_ids:
        seen = [authors[id] for id in row.entry_ids if id in authors]
        line.count = len(seen) + max(row.unread_count - len(row.entry_ids), 0)
        ids = list(dict.fromkeys(seen))
    return line, ids


def _say_why_urgent(lines: list[InboxLine]) -> None:
    urgent = [line for line in lines if line.notification.is_urgent]
    if not urgent:
        return
    rows = [line.notification for line in urgent]
    # An announcement's line names the version of its text: what it is about says more.
    reasons = urgent_reasons([row.subject for row in rows], [row.entry_id for row in rows if row.entry_id])
    for line in urgent:
        row = line.notification
        line.urgent_reason = reasons.get(row.subject) or reasons.get(row.entry_id or row.subject, "")


def _authors_of(wanted: Sequence[tuple[Person, list[UUID]]]) -> list[dict[UUID, UUID]]:
    """Return who wrote these entries, to each viewer of those that they may read."""
    asked = [(viewer, list(dict.fromkeys(ids))) for viewer, ids in wanted]
    found = iter(_visible_authors.each([each for each in asked if each[1]]))
    return [dict(next(found)) if ids else {} for _viewer, ids in asked]


@prepared
def _visible_authors(viewer: Person, ids: list[UUID]) -> QuerySet[Entry, tuple[UUID, UUID]]:
    visible = Entry.objects.visible_to(viewer).filter(any_of("content_entry.id", ids))
    return visible.values_list("id", "author_id")


@prepared
def _with_pictures(ids: list[UUID]) -> QuerySet[Person]:
    return Person.objects.select_related("picture").filter(any_of("people_person.id", ids))


def _reactions_to(entry_ids: Iterable[UUID | None]) -> dict[UUID, tuple[list[UUID], list[str]]]:
    """Return who reacted to these visible entries, the latest first, and with which emojis."""
    wanted = [id for id in entry_ids if id is not None]
    if not wanted:
        return {}
    rows = (
        Reaction.objects.filter(entry_id__in=wanted)
        .values("entry_id")
        .annotate(
            people=ArrayAgg("person_id", order_by="-created_at"),
            emojis=ArrayAgg("emoji", order_by="-created_at"),
        )
        .order_by()
    )
    return {
        row["entry_id"]: (list(dict.fromkeys(row["people"])), list(dict.fromkeys(row["emojis"]))[:5])
        for row in rows
    }
