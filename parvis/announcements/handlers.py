"""An announcement begins when its entry is published, however that came about; each published text is kept."""

from parvis.announcements.actions import keep_edition, open_announcement
from parvis.announcements.models import NAME
from parvis.content.events import EntryEdited, EntryEvent, EntryPublished, EntryRestored
from parvis.content.models import Entry
from parvis.foundation.events import on


@on(EntryPublished, immediately=True, when=lambda event: event.kind == NAME)
def begin(event: EntryPublished) -> None:
    """Resolve the audience, in the transaction of the publication: for nobody, it is not published."""
    entry = Entry.objects.select_related("space", "author").get(pk=event.entry_id)
    open_announcement(entry, actor_id=event.actor_id)


@on(EntryEdited, EntryRestored, immediately=True)
def keep_text(event: EntryEvent) -> None:
    """Keep each text that stood, with its fingerprint."""
    entry = Entry.objects.filter(pk=event.entry_id, kind=NAME).first()
    if entry is not None:
        keep_edition(entry, editor_id=event.actor_id)
