"""What has been sent is no draft any more."""

from __future__ import annotations

from parvis.content.events import EntryDeleted, EntryEdited, EntryEvent, EntryPublished, ReplyPublished
from parvis.drafts.actions import forget_sent
from parvis.foundation.events import on


@on(EntryPublished, ReplyPublished, EntryEdited, EntryDeleted)
def forget_draft(event: EntryEvent) -> None:
    """Forget the draft of what was published, changed or deleted."""
    forget_sent(entry_id=event.entry_id)
