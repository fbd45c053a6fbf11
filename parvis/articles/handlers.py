"""An article that was published without its own page, e.g. through the API, gets its details at once."""

from parvis.articles.actions import count_words
from parvis.content.events import EntryEdited, EntryEvent, EntryPublished
from parvis.content.models import Entry
from parvis.foundation.events import on


@on(EntryPublished, immediately=True, when=lambda event: event.kind == "article")
@on(EntryEdited, immediately=True)
def keep_details(event: EntryEvent) -> None:
    """Keep the row beside an article true to its text."""
    entry = Entry.objects.filter(pk=event.entry_id, kind="article").first()
    if entry is not None:
        count_words(entry)
