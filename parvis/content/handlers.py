"""What was written with an emoji of the organization follows what becomes of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from parvis.content.actions.marks import rename_reactions_to
from parvis.content.actions.upkeep import render_again_with, render_stale_texts
from parvis.content.models import Entry, Reaction
from parvis.emoji.events import EmojiAdded, EmojiEvent, EmojiOfferedAgain, EmojiRemoved, EmojiRenamed
from parvis.foundation.events import on
from parvis.worktime.report import written_in


@on(EmojiAdded, EmojiOfferedAgain, EmojiRemoved)
def draw_anew(event: EmojiEvent) -> None:
    """Show a new emoji where its name was written before it was there, and the name of one that is gone."""
    if render_again_with(f":{event.name}:"):
        render_stale_texts()


@on(EmojiRenamed)
def rename_reactions(event: EmojiRenamed) -> None:
    """Let reactions of the former name be the same as those of the new one."""
    rename_reactions_to(Reaction, "entry", former_name=event.former_name, name=event.name)


@written_in
def entries_written(first: datetime, end: datetime) -> Iterable[tuple[UUID, datetime]]:
    """Say who published when, for totals about working time."""
    entries = Entry.objects.filter(published_at__gte=first, published_at__lt=end, state=Entry.State.PUBLISHED)
    return entries.order_by().values_list("author_id", "published_at").iterator(chunk_size=5_000)
