"""Let what a run brought be seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.chat import staging as chat
from parvis.content import staging as content
from parvis.content.events import ImportPublished
from parvis.foundation.audit import audit
from parvis.foundation.events import record
from parvis.imports.actions.runs import (
    Kind,
    State,
    administrators_only,
    forget_archive,
    ids_of,
    locked,
    members_of,
)
from parvis.imports.events import RunPublished
from parvis.imports.models import ImportedItem, ImportRun
from parvis.people import staging as people
from parvis.people.models import Person
from parvis.spaces import staging as spaces


def publish_run(*, actor: Person, run: ImportRun) -> None:
    """Let what a run brought be seen, as an administrator."""
    administrators_only(actor)
    with transaction.atomic():
        publish(run=run, actor=actor)


def publish(*, run: ImportRun, actor: Person | None = None) -> None:
    """Let everything that a run staged be seen, in the caller's transaction: all of it, or nothing.

    What came into new spaces is published by these alone, however much it is (docs/adr/0019).
    """
    run = locked(run, State.READY, _("There is nothing to publish: this import is not ready."))
    merged = people.publish_people(ids_of(run, Kind.PERSON), _pending_emails(run))
    for staged, known in merged.items():
        _stand_for(run, staged, known)
    archived = ImportedItem.objects.filter(run=run, kind=Kind.SPACE, pending__archived=True)
    begun = _begin_conversations(run)
    spaces.publish_spaces(ids_of(run, Kind.SPACE), archived=archived.values_list("object_id", flat=True))
    grown = _admit_newcomers(run)
    arrived = content.staged_among(ids_of(run, Kind.ENTRY))
    content.publish_entries(arrived)
    content.count_replies(content.threads_of(arrived) - set(arrived))
    grown_rooms = chat.rooms_that_wait(ids_of(run, Kind.MESSAGE))
    chat.publish_messages(grown_rooms)
    run.counts = _with_edits(run.counts, _apply_edits(run))
    run.state, run.published_at, run.ended_at = State.PUBLISHED, timezone.now(), timezone.now()
    run.save(update_fields=["state", "published_at", "ended_at", "counts"])
    ImportedItem.objects.filter(run=run, pending__isnull=False).update(pending=None)
    forget_archive(run)
    touched = {
        *ids_of(run, Kind.SPACE),
        *grown,
        *content.spaces_of(arrived),
        *chat.spaces_of_rooms(grown_rooms),
    }
    actor_id = actor.id if actor else run.started_by_id
    deed = {"number": run.number, "label": run.label, **run.counts}
    audit(action=RunPublished.type, actor_id=actor_id, target=run, **deed)
    if touched or begun or grown_rooms:
        record(ImportPublished(actor_id=actor_id, space_ids=tuple(sorted(touched))))


def _with_edits(counts: dict[str, int], edited: int) -> dict[str, int]:
    return {**counts, "edits": edited} if edited or "edits" in counts else counts


def _pending_emails(run: ImportRun) -> dict[UUID, str]:
    rows = ImportedItem.objects.filter(run=run, kind=Kind.PERSON, pending__isnull=False)
    return {id: pending["email"] for id, pending in rows.values_list("object_id", "pending")}


def _begin_conversations(run: ImportRun) -> int:
    rows = ImportedItem.objects.filter(run=run, kind=Kind.ROOM, is_kept=False)
    rooms = members_of(rows)
    chat.publish_rooms(rooms, source=str(run.get_source_display()))
    return len(rooms)


def _stand_for(run: ImportRun, staged: UUID, known: UUID) -> None:
    """Let somebody who joined while the import ran take the place of their imported double."""
    content.stand_for(staged, known)
    spaces.stand_for(staged, known)
    chat.stand_for(staged, known)
    for item in ImportedItem.objects.filter(run=run, kind=Kind.ROOM, members__contains=[str(staged)]):
        item.members = [str(known) if member == str(staged) else member for member in item.members]
        item.save(update_fields=["members"])
    ImportedItem.objects.filter(run=run, kind=Kind.PERSON, object_id=staged).update(
        kind=Kind.MATCHED, object_id=known
    )
    people.remove_unclaimed([staged])


def _admit_newcomers(run: ImportRun) -> set[UUID]:
    """Add to the spaces of earlier runs whoever is new in this archive's list of their members."""
    grown = set()
    for item in ImportedItem.objects.filter(kind=Kind.SPACE, pending__run=str(run.id)):
        named = item.pending["members"]
        newcomers = [UUID(member) for member in named if member not in item.members]
        if newcomers:
            spaces.add_members(item.object_id, newcomers)
            spaces.count_members([item.object_id])
            chat.enter_open_rooms(item.object_id, newcomers)
            grown.add(item.object_id)
        item.members, item.pending = named, None
        item.save(update_fields=["members", "pending"])
    return grown


def _apply_edits(run: ImportRun) -> int:
    """Carry over what was edited at the source since, unless it was edited here too."""
    done = 0
    edited = ImportedItem.objects.filter(kind__in=[Kind.ENTRY, Kind.MESSAGE], pending__run=str(run.id))
    for item in edited.exclude(run=run):
        change = item.pending
        edited_at = datetime.fromisoformat(change["edited"]) if change["edited"] else None
        said: dict[str, Any] = {"body": change["body"], "edited_at": edited_at, "slug": run.organization.slug}
        if item.kind == Kind.MESSAGE:
            done += chat.apply_source_edit(item.object_id, **said)
        else:
            done += content.apply_source_edit(item.object_id, title=change["title"], **said)
        item.digest, item.pending = change["digest"], None
        item.save(update_fields=["digest", "pending"])
    return done
