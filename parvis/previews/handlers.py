"""Look at what is published, after its publication."""

from __future__ import annotations

from parvis.content.events import EntryEdited, EntryEvent, EntryPublished, EntryRestored, ReplyPublished
from parvis.content.models import Entry
from parvis.foundation.events import on
from parvis.previews.actions import attach_preview


@on(EntryPublished, ReplyPublished, EntryEdited, EntryRestored)
def preview_link(event: EntryEvent) -> None:
    """Show what the first link of a text leads to."""
    entry = (
        Entry.objects.filter(pk=event.entry_id, state=Entry.State.PUBLISHED).select_related("author").first()
    )
    if entry is not None:
        attach_preview(entry)
