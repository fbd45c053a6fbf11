"""Take away what a run brought."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.chat import staging as chat
from parvis.content import staging as content
from parvis.content.events import ImportPublished
from parvis.foundation.audit import audit
from parvis.foundation.errors import Invalid
from parvis.foundation.events import record
from parvis.foundation.tenancy import organization_scope
from parvis.imports.actions.runs import (
    Kind,
    State,
    administrators_only,
    forget_archive,
    ids_of,
    members_of,
    this_process,
    was_abandoned,
)
from parvis.imports.events import RunUndone
from parvis.imports.models import ImportedItem, ImportRun
from parvis.people import staging as people
from parvis.people.models import Organization, Person
from parvis.spaces import staging as spaces


def undo_import(*, organization: Organization, run: ImportRun) -> ImportRun:
    """Take away all that a run brought, but what members have added to since; say what stays (for the shell)."""
    with organization_scope(organization):
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state in {State.FAILED, State.UNDONE}:
            return run
        if run.is_at_work and not was_abandoned(run):
            raise Invalid({"import": [_("This import is still at work: stop it first.")]})
        if run.state != State.UNDOING:
            _hide(run, actor=None)
    return finish_undoing(organization=organization, run=run)


def begin_undoing(*, actor: Person, run: ImportRun) -> None:
    """Begin to take away what a run brought, as an administrator; a job removes it (tasks.py).

    Spaces to which nobody has added anything go out of sight at once.
    """
    administrators_only(actor)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state not in {State.READY, State.PUBLISHED}:
            raise Invalid({"import": [_("Only a published import can be undone.")]})
        _hide(run, actor=actor)


def _hide(run: ImportRun, *, actor: Person | None) -> None:
    ours = ids_of(run, Kind.ENTRY)
    was_published = run.state == State.PUBLISHED
    kept = content.touched_since(ours, since=run.published_at) if run.published_at else set()
    _keep(run, Kind.ENTRY, kept)
    said = ImportedItem.objects.filter(source=run.source, kind=Kind.MESSAGE).values_list(
        "object_id", flat=True
    )
    kept_rooms = chat.touched_rooms(ids_of(run, Kind.ROOM), ours=said, since=run.published_at)
    kept_messages = _keep_conversations(run, kept_rooms)
    run.touched_space_ids = sorted({*ids_of(run, Kind.SPACE), *content.spaces_of(ours)})
    kept_spaces = content.spaces_with_others(ids_of(run, Kind.SPACE), than=ours)
    kept_spaces |= chat.spaces_with_other_rooms(ids_of(run, Kind.SPACE), than=ids_of(run, Kind.ROOM))
    _keep(run, Kind.SPACE, kept_spaces)
    spaces.hide_spaces(ids_of(run, Kind.SPACE))
    chat.hide_rooms(ids_of(run, Kind.ROOM))
    run.kept = {
        "entries": len(kept), "spaces": len(kept_spaces), "rooms": len(kept_rooms), "messages": kept_messages
    }  # fmt: skip
    run.state, run.heartbeat_at = State.UNDOING, timezone.now()
    # The browser's process leaves the rest to a worker.
    run.process = "" if actor else this_process()
    run.save(update_fields=["kept", "state", "heartbeat_at", "process", "touched_space_ids"])
    forget_archive(run)
    if was_published:
        actor_id = actor.id if actor else None
        deed = {"number": run.number, "label": run.label, **run.kept}
        audit(action=RunUndone.type, actor_id=actor_id, target=run, **deed)
        record(ImportPublished(actor_id=actor_id, space_ids=tuple(run.touched_space_ids)))


def _keep_conversations(run: ImportRun, rooms: Collection[UUID]) -> int:
    """A conversation that went on here stays whole: half of it would say something else."""
    _keep(run, Kind.ROOM, rooms)
    ours = ImportedItem.objects.filter(run=run, kind=Kind.MESSAGE)
    return ours.filter(object_id__in=chat.messages_in(rooms)).update(is_kept=True)


def _keep(run: ImportRun, kind: str, kept: Collection[UUID]) -> None:
    """What stays is no longer this run's to remove; that it came from the source is still known."""
    ImportedItem.objects.filter(run=run, kind=kind, object_id__in=list(kept)).update(is_kept=True)


def finish_undoing(*, organization: Organization, run: ImportRun) -> ImportRun:
    """Remove what a run brought, in small transactions; may be called again after a kill."""
    with organization_scope(organization):
        run.refresh_from_db()
        was_published = run.published_at is not None
    remove_rows(organization, run, is_published=was_published)
    with organization_scope(organization):
        run.refresh_from_db()
        stayed = ImportedItem.objects.filter(run=run, is_kept=True)
        run.state, run.ended_at = State.UNDONE, timezone.now()
        run.kept = {
            "entries": stayed.filter(kind=Kind.ENTRY).count(),
            "spaces": stayed.filter(kind=Kind.SPACE).count(),
            "people": stayed.filter(kind=Kind.PERSON).count(),
        }
        if rooms := stayed.filter(kind=Kind.ROOM).count():
            run.kept |= {"rooms": rooms, "messages": stayed.filter(kind=Kind.MESSAGE).count()}
        run.save(update_fields=["state", "kept", "ended_at"])
        if was_published:
            record(ImportPublished(actor_id=None, space_ids=tuple(run.touched_space_ids)))
    return run


def remove_rows(organization: Organization, run: ImportRun, *, is_published: bool) -> None:
    """Remove the rows of a run in small transactions, each of which leaves a truth behind."""
    steps: list[tuple[str, int, Callable[[list[UUID]], Collection[UUID]]]] = [
        (Kind.ENTRY, 500, partial(_remove_entries, run, is_published)),
        (Kind.MESSAGE, 500, partial(_remove_messages, run)),
        (Kind.ROOM, 50, partial(_remove_rooms, run)),
        (Kind.SPACE, 5, _remove_spaces),
        (Kind.PERSON, 500, _remove_people),
    ]
    for kind, size, remove in steps:
        while _remove_portion(organization, run, kind, size, remove):
            pass
    with organization_scope(organization):
        ImportedItem.objects.filter(run=run, kind__in=[Kind.ALIAS, Kind.MATCHED]).delete()
        ImportedItem.objects.filter(pending__run=str(run.id)).update(pending=None)
        spaces.count_members(ImportedItem.objects.filter(run=run, kind=Kind.SPACE).values("object_id"))


def _remove_portion(
    organization: Organization,
    run: ImportRun,
    kind: str,
    size: int,
    remove: Callable[[list[UUID]], Collection[UUID]],
) -> bool:
    with organization_scope(organization):
        # Answers are younger than what they answer: the newest first.
        some = list(ids_of(run, kind).order_by("-object_id")[:size])
        if not some:
            return False
        _keep(run, kind, remove(some))
        ImportedItem.objects.filter(run=run, kind=kind, is_kept=False, object_id__in=some).delete()
        ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now())
    return True


def _remove_entries(run: ImportRun, is_published: bool, some: list[UUID]) -> Collection[UUID]:
    """Remove entries, but what members have added to while the ones before it were being removed."""
    if not is_published:
        content.remove_entries(some, only_unseen=True)
        return ()
    content.lock_entries(some)
    since = run.published_at or run.started_at
    kept = content.touched_since(some, since=since, ours=ids_of(run, Kind.ENTRY))
    gone = set(some) - kept
    threads = content.threads_of(gone) - gone
    content.remove_entries(gone, only_unseen=False)
    content.count_replies(threads)
    return kept


def _remove_messages(run: ImportRun, some: list[UUID]) -> Collection[UUID]:
    chat.remove_messages(some, whole_rooms=ids_of(run, Kind.ROOM))
    return ()


def _remove_rooms(run: ImportRun, some: list[UUID]) -> Collection[UUID]:
    rows = ImportedItem.objects.filter(run=run, kind=Kind.ROOM, object_id__in=some)
    return chat.remove_rooms(members_of(rows))


def _remove_spaces(some: list[UUID]) -> Collection[UUID]:
    spaces.remove_spaces(some)
    return spaces.existing_among(some)


def _remove_people(some: list[UUID]) -> Collection[UUID]:
    removable = (
        people.unclaimed_among(some) - content.people_with_traces(some) - chat.people_with_traces(some)
    )
    people.remove_unclaimed(removable)
    return set(some) - removable
