"""Look at what is published, after its publication."""

from __future__ import annotations

from parvis.content.events import EntryEdited, EntryEvent, EntryPublished, EntryRestored, ReplyPublished
from parvis.content.queries import published
from parvis.foundation.events import on
from parvis.previews.actions import attach_preview


@on(EntryPublished, ReplyPublished, immediately=True, when=lambda event: event.has_links)
@on(EntryEdited, EntryRestored)
def preview_link(event: EntryEvent) -> None:
    """Show what the first link of a text leads to: at once where it is known already."""
    for entry in published(event.entry_id):
        attach_preview(entry)
