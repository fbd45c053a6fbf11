"""Keep citations and cross-posts true to what is said."""

from __future__ import annotations

from parvis.citations.actions import cite_again, refresh_cross_posts
from parvis.citations.models import Citation
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
    TextPublished,
)
from parvis.content.models import Entry
from parvis.content.queries import published
from parvis.foundation.events import on
from parvis.people.models import Organization


@on(EntryPublished, ReplyPublished, immediately=True, when=lambda event: event.may_cite)
@on(EntryEdited, EntryRestored, immediately=True)
def note_citations(event: EntryEvent) -> None:
    """Note what a text links to."""
    for entry in published(event.entry_id):
        if "/entries/" in entry.body_html:
            cite_again(entry, entry.author.organization)
        elif not isinstance(event, TextPublished):
            Citation.objects.filter(entry=entry, is_cross_post=False).delete()


@on(ImportPublished)
def note_imported_citations(event: ImportPublished) -> None:
    """Note what imported texts link to."""
    organization = Organization.objects.get(pk=event.organization_id)
    entries = Entry.objects.filter(space_id__in=event.space_ids, body_html__contains="/entries/")
    for entry in entries.iterator(chunk_size=500):
        cite_again(entry, organization)


@on(EntryEdited, EntryDeleted, EntryRestored, EntryHidden, EntryUnhidden)
def refresh(event: EntryEvent) -> None:
    """An original that changed changes what its cross-posts show."""
    refresh_cross_posts(event.entry_id)
