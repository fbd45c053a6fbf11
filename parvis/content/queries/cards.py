"""What a card shows beside its entry: files, reactions, my marks, the latest reply. One query each, for a whole page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, CharField, Count, JSONField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from parvis.content.models import Attachment, Bookmark, Entry, Reaction, ThreadFollow
from parvis.content.parts import find_part
from parvis.emoji.models import CustomEmoji
from parvis.emoji.queries import emoji_called
from parvis.foundation.prepared import any_of, prepared
from parvis.people.models import Person

NAMES_SHOWN = 10
# No emoji is spelt like these.
BOOKMARKED, FOLLOWED, PART = "bookmarked", "followed", "part:"
NOTHING = Value(None, output_field=JSONField())


@dataclass(frozen=True)
class ReactionCount:
    """How often one emoji was put on an entry, and whether by the viewer too."""

    emoji: str
    count: int
    is_mine: bool
    # The first few who reacted, oldest first; `count` says how many there are.
    names: tuple[str, ...] = ()
    # What `:name:` looks like, of the organization's own.
    custom: CustomEmoji | None = None


@dataclass
class EntryCard:
    """An entry with everything its card shows the viewer."""

    entry: Entry
    attachments: list[Attachment] = field(default_factory=list)
    reactions: list[ReactionCount] = field(default_factory=list)
    is_bookmarked: bool = False
    is_followed: bool = False
    latest_reply: Entry | None = None
    # Details by the name of the part (parvis/content/parts.py).
    parts: dict[str, Any] = field(default_factory=dict)


def cards_for(
    viewer: Person, entries: Sequence[Entry], *, with_latest_reply: bool = False
) -> list[EntryCard]:
    """Return the cards of these entries, which the caller looked up among the visible ones."""
    cards = {entry.id: EntryCard(entry) for entry in entries}
    # A tombstone shows nothing of what it was.
    shown = [entry for entry in entries if not entry.is_deleted]
    ids = [entry.id for entry in shown]
    for attachment in _attachments(ids) if ids else ():
        cards[attachment.entry_id].attachments.append(attachment)
    _put_marks(viewer, cards, ids, [entry.id for entry in shown if entry.reaction_count])
    if with_latest_reply:
        for reply in _latest_replies([entry.id for entry in shown if entry.reply_count]):
            assert reply.thread_id is not None
            cards[reply.thread_id].latest_reply = reply
    return [cards[entry.id] for entry in entries]


def _put_marks(
    viewer: Person, cards: dict[UUID, EntryCard], ids: Sequence[UUID], reacted: Sequence[UUID]
) -> None:
    """Fill in reactions, bookmarks, followed threads and parts: one query for all."""
    if not ids:
        return
    parts = _parts(viewer, [cards[id].entry for id in ids])
    asked = viewer, list(ids), list(reacted)
    rows = _in_one(_marks(*asked) + parts) if parts else _plain_marks(*asked)
    for entry_id, mark, count, mine, names, details in rows:
        card = cards[entry_id]
        if mark == BOOKMARKED:
            card.is_bookmarked = True
        elif mark == FOLLOWED:
            card.is_followed = True
        elif mark.startswith(PART):
            card.parts[mark.removeprefix(PART)] = details
        else:
            card.reactions.append(ReactionCount(mark, count, mine > 0, tuple(names[:NAMES_SHOWN])))
    _put_pictures(cards)
    for card in cards.values():
        card.reactions.sort(key=lambda reaction: (-reaction.count, reaction.emoji))


def _put_pictures(cards: dict[UUID, EntryCard]) -> None:
    """Say what the organization's own emoji look like; a page without them asks nothing."""
    names = {
        item.emoji.strip(":") for card in cards.values() for item in card.reactions if item.emoji[0] == ":"
    }
    if not (called := emoji_called(names)):
        return
    for card in cards.values():
        card.reactions = [
            replace(item, custom=called.get(item.emoji.strip(":"))) if item.emoji[0] == ":" else item
            for item in card.reactions
        ]


@prepared
def _attachments(ids: list[UUID]) -> QuerySet[Attachment]:
    attached = Attachment.objects.filter(any_of("content_attachment.entry_id", ids))
    return attached.select_related("file").order_by("position")


@prepared
def _plain_marks(viewer: Person, ids: list[UUID], reacted: list[UUID]) -> QuerySet[Any, Any]:
    return _in_one(_marks(viewer, ids, reacted))


def _in_one(rows: list[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    return rows[0].union(*rows[1:], all=True)


def _marks(viewer: Person, ids: list[UUID], reacted: list[UUID]) -> list[QuerySet[Any, Any]]:
    followed = ThreadFollow.objects.filter(person=viewer, level=ThreadFollow.Level.FOLLOWING)
    followed = followed.filter(any_of("content_threadfollow.thread_id", ids))
    kept = Bookmark.objects.filter(any_of("content_bookmark.entry_id", ids), person=viewer)
    mine = [_of_mine(kept, "entry_id", BOOKMARKED), _of_mine(followed, "thread_id", FOLLOWED)]
    return [_reactions(viewer, reacted), *mine]


def _reactions(viewer: Person, ids: list[UUID]) -> QuerySet[Any, Any]:
    rows: QuerySet[Any, Any] = (
        Reaction.objects.filter(any_of("content_reaction.entry_id", ids))
        .values("entry_id", "emoji")
        .annotate(
            count=Count("id"),
            mine=Count("id", filter=Q(person=viewer)),
            names=ArrayAgg("person__full_name", order_by="created_at"),
        )
        .order_by()
        .values_list("entry_id", "emoji", "count", "mine", "names", NOTHING)
    )
    return rows


def _of_mine(rows: QuerySet[Any, Any], field_name: str, mark: str) -> QuerySet[Any, Any]:
    """Return one's own marks in the shape of reactions."""
    return _as_mark(rows, field_name, mark, NOTHING)


def _parts(viewer: Person, entries: Sequence[Entry]) -> list[QuerySet[Any, Any]]:
    """Return what these cards show below their texts, in the shape of reactions; nothing costs nothing."""
    having: dict[str, list[UUID]] = {}
    for entry in entries:
        for name in entry.parts:
            having.setdefault(name, []).append(entry.id)
    return [
        _as_mark(part.rows(viewer, ids), "of", PART + name, "details")
        for name, ids in having.items()
        if (part := find_part(name)) is not None
    ]


def _as_mark(
    rows: QuerySet[Any, Any], field_name: str, mark: str, details: str | Value
) -> QuerySet[Any, Any]:
    return rows.order_by().values_list(
        field_name,
        Value(mark, output_field=CharField()),
        Value(0, output_field=BigIntegerField()),
        Value(1, output_field=BigIntegerField()),
        Value([], output_field=ArrayField(CharField())),
        details,
    )


def _latest_replies(thread_ids: Sequence[UUID]) -> list[Entry]:
    return _newest_of_each(list(thread_ids)) if thread_ids else []


# One step into the index of each thread, however long it is.
NEWEST = """
    content_entry.id IN (
        SELECT newest.id FROM unnest(%s::uuid[]) AS thread(id) CROSS JOIN LATERAL (
            SELECT e.id FROM content_entry e
            WHERE e.thread_id = thread.id AND e.thread_id IS NOT NULL AND e.state = 'published'
            ORDER BY e.published_at DESC, e.id DESC LIMIT 1
        ) newest
    )
"""


@prepared
def _newest_of_each(thread_ids: list[UUID]) -> QuerySet[Entry]:
    newest = RawSQL(NEWEST, [thread_ids], output_field=BooleanField())  # noqa: S611 - a constant
    return Entry.objects.filter(Q(newest)).select_related("author")
