"""What has been sent is no draft any more."""

from __future__ import annotations

from parvis.content.events import EntryDeleted, EntryEdited, EntryEvent, EntryPublished, ReplyPublished
from parvis.drafts.actions import forget_edits_of, forget_sent
from parvis.foundation.events import on


@on(EntryPublished, ReplyPublished, immediately=True)
def forget_draft(event: EntryEvent) -> None:
    """Forget the draft of what was published."""
    forget_sent(entry_id=event.entry_id)


@on(EntryEdited, EntryDeleted)
def forget_edits(event: EntryEvent) -> None:
    """Forget the drafts of what was changed or deleted."""
    forget_edits_of(entry_id=event.entry_id)
