"""What a card shows beside its entry: files, reactions, my marks, the latest reply. One query each, for a whole page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q

from parvis.content.models import Attachment, Bookmark, Entry, Reaction, ThreadFollow
from parvis.people.models import Person

NAMES_SHOWN = 10


@dataclass(frozen=True)
class ReactionCount:
    """How often one emoji was put on an entry, and whether by the viewer too."""

    emoji: str
    count: int
    is_mine: bool
    # The first few who reacted, oldest first; `count` says how many there are.
    names: tuple[str, ...] = ()


@dataclass
class EntryCard:
    """An entry with everything its card shows the viewer."""

    entry: Entry
    attachments: list[Attachment] = field(default_factory=list)
    reactions: list[ReactionCount] = field(default_factory=list)
    is_bookmarked: bool = False
    is_followed: bool = False
    latest_reply: Entry | None = None


def cards_for(
    viewer: Person, entries: Sequence[Entry], *, with_latest_reply: bool = False
) -> list[EntryCard]:
    """Return the cards of these entries, which the caller looked up among the visible ones."""
    cards = {entry.id: EntryCard(entry) for entry in entries}
    # A tombstone shows nothing of what it was.
    shown = [entry for entry in entries if not entry.is_deleted]
    ids = [entry.id for entry in shown]
    for attachment in Attachment.objects.filter(entry_id__in=ids).select_related("file").order_by("position"):
        cards[attachment.entry_id].attachments.append(attachment)
    for entry_id, reactions in _reactions(
        viewer, [entry.id for entry in shown if entry.reaction_count]
    ).items():
        cards[entry_id].reactions = reactions
    for entry_id in Bookmark.objects.filter(person=viewer, entry_id__in=ids).values_list(
        "entry_id", flat=True
    ):
        cards[entry_id].is_bookmarked = True
    followed = ThreadFollow.objects.filter(
        person=viewer, level=ThreadFollow.Level.FOLLOWING, thread_id__in=ids
    )
    for thread_id in followed.values_list("thread_id", flat=True):
        cards[thread_id].is_followed = True
    if with_latest_reply:
        for reply in _latest_replies([entry.id for entry in shown if entry.reply_count]):
            assert reply.thread_id is not None
            cards[reply.thread_id].latest_reply = reply
    return [cards[entry.id] for entry in entries]


def _reactions(viewer: Person, ids: Sequence[UUID]) -> dict[UUID, list[ReactionCount]]:
    found: dict[UUID, list[ReactionCount]] = defaultdict(list)
    if not ids:
        return found
    rows = (
        Reaction.objects.filter(entry_id__in=ids)
        .values("entry_id", "emoji")
        .annotate(
            count=Count("id"),
            mine=Count("id", filter=Q(person=viewer)),
            names=ArrayAgg("person__full_name", order_by="created_at"),
        )
        .order_by("-count", "emoji")
    )
    for row in rows:
        names = tuple(row["names"][:NAMES_SHOWN])
        found[row["entry_id"]].append(ReactionCount(row["emoji"], row["count"], row["mine"] > 0, names))
    return found


def _latest_replies(thread_ids: Sequence[UUID]) -> list[Entry]:
    if not thread_ids:
        return []
    replies = Entry.objects.filter(thread_id__in=thread_ids, state=Entry.State.PUBLISHED)
    return list(
        replies.select_related("author").order_by("thread_id", "-published_at", "-id").distinct("thread_id")
    )
