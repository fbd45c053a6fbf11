"""Keep the index true to what is published."""

from __future__ import annotations

from parvis.content.events import (
    EntryDeleted,
    EntryEdited,
    EntryEvent,
    EntryHidden,
    EntryPublished,
    EntryRestored,
    EntryUnhidden,
    ImportPublished,
    ReplyPublished,
)
from parvis.foundation.events import on
from parvis.search.index import index_entries, index_spaces


@on(EntryPublished, ReplyPublished, EntryEdited, EntryDeleted, EntryRestored, EntryHidden, EntryUnhidden)
def index_entry(event: EntryEvent) -> None:
    """Index what an entry says now, or forget it."""
    index_entries([event.entry_id])


@on(ImportPublished)
def index_import(event: ImportPublished) -> None:
    """Index what an import brought, or forget what its undoing took away."""
    index_spaces(event.space_ids)
