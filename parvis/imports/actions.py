"""Run an import, publish it, clean after a killed one, take one away again."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content import staging as content
from parvis.content.events import ImportPublished
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.tenancy import organization_scope
from parvis.imports.events import RunPublished, RunUndone
from parvis.imports.models import ImportedItem, ImportRun
from parvis.imports.source import LeftOut, Source
from parvis.imports.staging import Progress, Stager
from parvis.people import policy as people_policy
from parvis.people import staging as people
from parvis.people.models import Organization, Person
from parvis.spaces import staging as spaces

# A process that has not moved for this long was killed.
SILENCE = timedelta(minutes=10)
REMOVED_AT_ONCE = 1000

Kind = ImportedItem.Kind
State = ImportRun.State


def run_import(
    *,
    organization: Organization,
    source: Source,
    started_by: Person | None = None,
    progress: Progress = lambda stager: None,
) -> ImportRun:
    """Bring in what is new in an archive: staged in small transactions, published in one.

    Whatever goes wrong, nothing stays behind and the run says what it was.
    """
    remove_abandoned(organization=organization)
    run = _start(organization, source, started_by)
    try:
        stager = Stager(organization=organization, run=run, source=source)
        stager.stage(progress)
        with organization_scope(organization):
            publish(run=run, left_out=source.left_out.report(), counts=dict(stager.counts))
    except BaseException as problem:
        _fail(organization, run, problem)
        raise
    return run


def _start(organization: Organization, source: Source, started_by: Person | None) -> ImportRun:
    number = _next_number()
    with organization_scope(organization):
        # One at a time: two would stage the same items. The row is the lock, also across machines.
        Organization.objects.select_for_update().get(pk=organization.pk)
        if ImportRun.objects.filter(state__in=[State.READING, State.UNDOING]).exists():
            raise Invalid(
                {"import": [_("Another import is at work in this organization: wait for its end.")]}
            )
        run: ImportRun = ImportRun.objects.create(
            number=number,
            source=source.kind,
            label=source.label[:255],
            started_by=started_by,
            process=_this_process(),
        )
    return run


def _next_number() -> int:
    """Return a number that no organization's runs have, so that a shell may name a run by it alone."""
    last = 0
    for organization in Organization.objects.all():
        with organization_scope(organization):
            last = max(last, ImportRun.objects.aggregate(last=Max("number"))["last"] or 0)
    return last + 1


def _this_process() -> str:
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def _was_abandoned(run: ImportRun) -> bool:
    """Tell whether the process that worked on a run is gone: known at once here, by its silence elsewhere."""
    host, _colon, number = run.process.rpartition(":")
    if host == socket.gethostname()[:80] and number.isdigit():
        return (
            int(number) != os.getpid()
            and not Path(f"/proc/{number}").exists()
            and Path("/proc/self").exists()
        )
    return run.heartbeat_at < timezone.now() - SILENCE


def _fail(organization: Organization, run: ImportRun, problem: BaseException) -> None:
    with organization_scope(organization):
        run.refresh_from_db()
        if run.state != State.READING:
            return
    _remove_staged(organization, run)
    with organization_scope(organization):
        run.state, run.ended_at, run.counts = State.FAILED, timezone.now(), {}
        # A stopped run has no fault: nothing is wrong with its archive.
        is_stopped = isinstance(problem, KeyboardInterrupt | SystemExit | GeneratorExit)
        run.fault = "" if is_stopped else str(problem) or type(problem).__name__
        run.save(update_fields=["state", "ended_at", "fault", "counts"])


def remove_abandoned(*, organization: Organization) -> list[ImportRun]:
    """Clean after imports whose process was killed; return them."""
    with organization_scope(organization):
        at_work = ImportRun.objects.filter(state__in=[State.READING, State.UNDOING])
        abandoned = [run for run in at_work if _was_abandoned(run)]
    reading = [run for run in abandoned if run.state == State.READING]
    undoing = [run for run in abandoned if run.state == State.UNDOING]
    for run in reading:
        _fail(organization, run, KeyboardInterrupt())
    for run in undoing:
        finish_undoing(organization=organization, run=run)
    return reading


# Publication


def publish(*, run: ImportRun, left_out: Iterable[LeftOut], counts: dict[str, int]) -> None:
    """Let everything that a run staged be seen, in the caller's transaction: all of it, or nothing."""
    merged = people.publish_people(_ids(run, Kind.PERSON), _pending_emails(run))
    for staged, known in merged.items():
        _stand_for(run, staged, known)
    archived = ImportedItem.objects.filter(run=run, kind=Kind.SPACE, pending__archived=True)
    spaces.publish_spaces(_ids(run, Kind.SPACE), archived=archived.values_list("object_id", flat=True))
    grown = _admit_newcomers(run)
    content.publish_entries(_ids(run, Kind.ENTRY))
    old_threads = content.threads_of(_ids(run, Kind.ENTRY)) - set(_ids(run, Kind.ENTRY))
    content.count_replies(old_threads)
    edited = _apply_edits(run)
    counts = {**counts, "edits": edited} if edited or "edits" in counts else counts
    run.state, run.published_at, run.ended_at = State.PUBLISHED, timezone.now(), timezone.now()
    run.counts, run.left_out = counts, [asdict(item) for item in left_out]
    run.save(update_fields=["state", "published_at", "ended_at", "counts", "left_out"])
    ImportedItem.objects.filter(run=run, pending__isnull=False).update(pending=None)
    touched = {*_ids(run, Kind.SPACE), *grown, *_spaces_of(run)}
    deed = {"number": run.number, "label": run.label, **counts}
    audit(action=RunPublished.type, actor_id=run.started_by_id, target=run, **deed)
    if touched:
        record(ImportPublished(actor_id=run.started_by_id, space_ids=tuple(sorted(touched))))


def _ids(run: ImportRun, kind: str) -> Any:
    return ImportedItem.objects.filter(run=run, kind=kind, is_kept=False).values_list("object_id", flat=True)


def _pending_emails(run: ImportRun) -> dict[UUID, str]:
    rows = ImportedItem.objects.filter(run=run, kind=Kind.PERSON, pending__isnull=False)
    return {id: pending["email"] for id, pending in rows.values_list("object_id", "pending")}


def _stand_for(run: ImportRun, staged: UUID, known: UUID) -> None:
    """Let somebody who joined while the import ran take the place of their imported double."""
    content.stand_for(staged, known)
    spaces.stand_for(staged, known)
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
            grown.add(item.object_id)
        item.members, item.pending = named, None
        item.save(update_fields=["members", "pending"])
    return grown


def _apply_edits(run: ImportRun) -> int:
    """Carry over what was edited at the source since, unless it was edited here too."""
    done = 0
    for item in ImportedItem.objects.filter(kind=Kind.ENTRY, pending__run=str(run.id)).exclude(run=run):
        change = item.pending
        done += content.apply_source_edit(
            item.object_id,
            title=change["title"],
            body=change["body"],
            edited_at=datetime.fromisoformat(change["edited"]) if change["edited"] else None,
            slug=run.organization.slug,
        )
        item.digest, item.pending = change["digest"], None
        item.save(update_fields=["digest", "pending"])
    return done


def _spaces_of(run: ImportRun) -> set[UUID]:
    return content.spaces_of(_ids(run, Kind.ENTRY))


# Undoing


def undo_import(*, organization: Organization, run: ImportRun) -> ImportRun:
    """Take away all that a run brought, but what members have added to since; say what stays (for the shell)."""
    with organization_scope(organization):
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state in {State.FAILED, State.UNDONE}:
            return run
        if run.is_at_work and not _was_abandoned(run):
            raise Invalid({"import": [_("This import is still at work: stop it first.")]})
        if run.state == State.PUBLISHED:
            _hide(run, actor=None)
    return finish_undoing(organization=organization, run=run)


def begin_undoing(*, actor: Person, run: ImportRun) -> None:
    """Take what a run brought out of sight at once, as an administrator; a job removes it (tasks.py)."""
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state != State.PUBLISHED:
            raise Invalid({"import": [_("Only a published import can be undone.")]})
        _hide(run, actor=actor)


def _hide(run: ImportRun, *, actor: Person | None) -> None:
    ours = _ids(run, Kind.ENTRY)
    kept = content.touched_since(ours, since=run.published_at or run.started_at)
    _forget(run, Kind.ENTRY, kept)
    threads = (content.threads_of(ours) | kept) - set(ours)
    content.hide_entries(ours)
    content.count_replies(threads)
    kept_spaces = content.spaces_with_others(_ids(run, Kind.SPACE), than=ours)
    touched = {*_ids(run, Kind.SPACE), *_spaces_of(run)}
    _forget(run, Kind.SPACE, kept_spaces)
    spaces.hide_spaces(_ids(run, Kind.SPACE))
    run.kept = {"entries": len(kept), "spaces": len(kept_spaces)}
    run.state, run.heartbeat_at = State.UNDOING, timezone.now()
    # The browser's process leaves the rest to a worker.
    run.process = "" if actor else _this_process()
    run.save(update_fields=["kept", "state", "heartbeat_at", "process"])
    actor_id = actor.id if actor else None
    deed = {"number": run.number, "label": run.label, **run.kept}
    audit(action=RunUndone.type, actor_id=actor_id, target=run, **deed)
    record(ImportPublished(actor_id=actor_id, space_ids=tuple(sorted(touched))))


def _forget(run: ImportRun, kind: str, kept: set[UUID]) -> None:
    """What stays is no longer this run's to remove; that it came from the source is still known."""
    ImportedItem.objects.filter(run=run, kind=kind, object_id__in=list(kept)).update(is_kept=True)


def finish_undoing(*, organization: Organization, run: ImportRun) -> ImportRun:
    """Remove the rows that an undoing hid, in small transactions; may be called again after a kill."""
    kept = _remove_staged(organization, run)
    with organization_scope(organization):
        run.refresh_from_db()
        was_undoing = run.state == State.UNDOING
        run.state = State.UNDONE if was_undoing else State.FAILED
        run.kept, run.ended_at = {**run.kept, "people": kept} if was_undoing else {}, timezone.now()
        run.save(update_fields=["state", "kept", "ended_at"])
    return run


def _remove_staged(organization: Organization, run: ImportRun) -> int:
    """Remove the invisible rows of a run, in small transactions; return how many people stay."""
    steps: list[tuple[str, Callable[[list[UUID]], None]]] = [
        (Kind.ENTRY, content.remove_staged),
        (Kind.SPACE, spaces.remove_spaces),
    ]
    for kind, remove in steps:
        for some in _portions(organization, run, kind):
            with organization_scope(organization):
                remove(some)
                ImportedItem.objects.filter(run=run, kind=kind, object_id__in=some).delete()
                ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now())
    with organization_scope(organization):
        kept = _remove_people(run)
        ImportedItem.objects.filter(run=run, kind__in=[Kind.ALIAS, Kind.MATCHED]).delete()
        ImportedItem.objects.filter(pending__run=str(run.id)).update(pending=None)
        spaces.count_members(ImportedItem.objects.filter(run=run, kind=Kind.SPACE).values("object_id"))
    return kept


def _portions(organization: Organization, run: ImportRun, kind: str) -> Iterator[list[UUID]]:
    while True:
        with organization_scope(organization):
            doomed = ImportedItem.objects.filter(run=run, kind=kind, is_kept=False)
            # Answers are younger than what they answer: the newest first.
            some = list(
                islice(doomed.order_by("-object_id").values_list("object_id", flat=True), REMOVED_AT_ONCE)
            )
        if not some:
            return
        yield some


def _remove_people(run: ImportRun) -> int:
    ours = set(_ids(run, Kind.PERSON))
    removable = people.unclaimed_among(ours) - content.people_with_traces(ours)
    people.remove_unclaimed(removable)
    items = ImportedItem.objects.filter(run=run, kind=Kind.PERSON)
    items.filter(object_id__in=list(removable)).delete()
    return len(ours - removable)
