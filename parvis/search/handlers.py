"""Keep the index true to what is published and to what has a name."""

from __future__ import annotations

import functools
from uuid import UUID

from django.db import transaction

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
from parvis.people.events import PersonAccessEnded, PersonEvent, PersonJoined, ProfileChanged
from parvis.search.actions import refresh, refresh_missing
from parvis.search.files import read_later
from parvis.search.index import index_entries, index_spaces, remember_words
from parvis.spaces.events import SpaceArchived, SpaceChanged, SpaceCreated, SpaceEvent, SpaceReopened


@on(EntryPublished, ReplyPublished, immediately=True)
def index_new_entry(event: EntryEvent) -> None:
    """Index what is said for the first time: whoever wrote it finds it at once."""
    _index(event.entry_id, is_new=True)


@on(EntryEdited, EntryDeleted, EntryRestored, EntryHidden, EntryUnhidden, immediately=True)
def index_entry(event: EntryEvent) -> None:
    """Index what an entry says now, or forget it."""
    _index(event.entry_id, is_new=False)


def _index(entry_id: UUID, *, is_new: bool) -> None:
    indexed = index_entries([entry_id], may_forget=not is_new)
    # Files are read later: that takes its time.
    read_later({passage.entry_id for passage in indexed if passage.has_file})
    if any(passage.says_new_words for passage in indexed):
        # Apart from the change: two that use the same new word must not wait for each other.
        transaction.on_commit(functools.partial(remember_words, [entry_id]), robust=True)


@on(ImportPublished)
def index_import(event: ImportPublished) -> None:
    """Index what an import brought, or forget what its undoing took away."""
    index_spaces(event.space_ids)
    refresh_missing()


@on(PersonJoined, ProfileChanged, PersonAccessEnded, immediately=True)
def index_person(event: PersonEvent) -> None:
    """Index what somebody is called now, or forget them."""
    _refresh("person", event.person_id)


@on(SpaceCreated, SpaceChanged, SpaceArchived, SpaceReopened, immediately=True)
def index_space(event: SpaceEvent) -> None:
    """Index what a space is called now."""
    _refresh("space", event.space_id)


def _refresh(kind: str, id: UUID) -> None:
    refresh(kind, [id])
    transaction.on_commit(functools.partial(remember_words, [id]), robust=True)
