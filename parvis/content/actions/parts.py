"""Say what a card shows beside its text (parvis/content/parts.py), and that it changed."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import F, Func, Value

from parvis.content.events import EntryPartChanged
from parvis.content.models import Entry
from parvis.foundation.events import record


def show_part(*, entry: Entry, part: str, actor_id: UUID | None = None) -> None:
    """Let an entry's card show a part from now on, in every open window; or show it anew."""
    _set(entry, part, "array_append")
    part_changed(entry=entry, part=part, actor_id=actor_id)


def hide_part(*, entry: Entry, part: str, actor_id: UUID | None = None) -> None:
    """Let an entry's card no longer show a part."""
    _set(entry, part, "array_remove")
    part_changed(entry=entry, part=part, actor_id=actor_id)


def part_changed(*, entry: Entry, part: str, actor_id: UUID | None = None) -> None:
    """Say that a part shows something else. `actor_id` stays out where nobody may know who changed it."""
    if entry.state != Entry.State.PUBLISHED:
        # Nobody hears of a draft.
        return
    with transaction.atomic():
        record(
            EntryPartChanged(
                actor_id=actor_id,
                entry_id=entry.id,
                space_id=entry.space_id,
                thread_id=entry.root_id,
                part=part,
            )
        )


def _set(entry: Entry, part: str, function: str) -> None:
    entries = Entry.objects.filter(pk=entry.pk)
    if function == "array_append":
        entries = entries.exclude(parts__contains=[part])
    entries.update(parts=Func(F("parts"), Value(part), function=function))
