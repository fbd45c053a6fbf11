"""Run an import, publish it, clean after a killed one, take one away again."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Collection
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.content import staging as content
from parvis.content.events import ImportPublished
from parvis.foundation import files
from parvis.foundation.audit import audit
from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.foundation.models import StoredFile
from parvis.foundation.tenancy import current_organization_id, organization_scope
from parvis.imports.events import RunPublished, RunUndone
from parvis.imports.models import ImportedItem, ImportRun
from parvis.imports.rehearsal import Rehearsal
from parvis.imports.source import Source
from parvis.imports.staging import Progress, Stager
from parvis.people import policy as people_policy
from parvis.people import staging as people
from parvis.people.models import Organization, Person
from parvis.spaces import staging as spaces

# A process that has not moved for this long was killed.
SILENCE = timedelta(minutes=10)

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
    with organization_scope(organization):
        run = new_run(source=source.kind, label=source.label, started_by=started_by, state=State.READING)
    stage_run(organization=organization, run=run, source=source, progress=progress)
    with organization_scope(organization):
        publish(run=run)
    return run


def new_run(*, source: str, label: str, started_by: Person | None, state: str, **more: Any) -> ImportRun:
    """Open a run, if no other one stands in its way."""
    refuse_two_at_once()
    run: ImportRun = ImportRun.objects.create(
        number=_next_number(),
        source=source,
        label=label[:255],
        started_by=started_by,
        state=state,
        process=this_process() if state == State.READING else "",
        **more,
    )
    return run


def refuse_two_at_once(*, but: ImportRun | None = None) -> None:
    """One at a time: two would stage the same items. The organization's row is the lock, also across machines."""
    Organization.objects.select_for_update().get(pk=current_organization_id())
    others = ImportRun.objects.filter(state__in=[State.READING, State.READY, State.UNDOING])
    others = others.exclude(pk=but.pk) if but else others
    if other := others.first():
        raise Invalid({"import": [_in_the_way(other)]})


def _in_the_way(other: ImportRun) -> str:
    if other.state == State.READY:
        return _("Import %(number)s waits to be published or discarded: decide that first.") % {
            "number": other.number
        }
    return _("Another import is at work in this organization: wait for its end.")


def stage_run(
    *,
    organization: Organization,
    run: ImportRun,
    source: Source,
    progress: Progress = lambda stager: None,
) -> None:
    """Read an archive into rows that nobody sees; after a fault nothing of it stays."""
    try:
        stager = Stager(organization=organization, run=run, source=source)
        stager.stage(progress)
        with organization_scope(organization):
            run.counts = dict(stager.counts)
            run.left_out = [asdict(item) for item in source.left_out.report()]
            run.state = State.READY
            run.save(update_fields=["counts", "left_out", "state"])
    except BaseException as problem:
        fail_run(organization, run, problem)
        raise


def _next_number() -> int:
    """Return a number that no organization's runs have, so that a shell may name a run by it alone."""
    last = 0
    for organization in Organization.objects.all():
        with organization_scope(organization):
            last = max(last, ImportRun.objects.aggregate(last=Max("number"))["last"] or 0)
    return last + 1


# In the browser: uploaded, looked through, brought in by a worker, published by hand


def begin_import(*, actor: Person, source: str, archive: StoredFile, options: dict[str, str]) -> ImportRun:
    """Open a run for an archive that an administrator uploaded; a worker looks through it first."""
    administrators_only(actor)
    run: ImportRun = ImportRun.objects.create(
        number=_next_number(),
        source=source,
        label=archive.name[:255],
        started_by=actor,
        state=State.CHECKING,
        archive=archive,
        options=options,
    )
    return run


def rehearse_run(*, organization: Organization, run: ImportRun, source: Source) -> None:
    """Look through an archive and keep what it would bring; nothing else is written."""
    rehearsal = Rehearsal(organization=organization, source=source)

    def beat(rehearsal: Rehearsal) -> None:
        with organization_scope(organization):
            ImportRun.objects.filter(pk=run.pk).update(
                items_read=rehearsal.read, heartbeat_at=timezone.now(), process=this_process()
            )

    rehearsal.rehearse(beat)
    plan = {
        "items": rehearsal.read,
        "counts": dict(rehearsal.counts),
        "spaces": [asdict(space) for space in rehearsal.spaces.values() if space.is_new or space.entries],
        "left_out": [asdict(item) for item in source.left_out.report()],
    }
    with organization_scope(organization):
        # Discarded meanwhile: then there is nothing to say.
        checking = ImportRun.objects.filter(pk=run.pk, state=State.CHECKING)
        checking.update(state=State.CHECKED, plan=plan, items_read=0, process="")


def begin_bringing_in(*, actor: Person, run: ImportRun) -> None:
    """Let a worker bring in what was looked through."""
    administrators_only(actor)
    refuse_two_at_once(but=run)
    run = _locked(run, State.CHECKED, _("This import is no longer waiting for your word."))
    run.state, run.heartbeat_at = State.READING, timezone.now()
    run.save(update_fields=["state", "heartbeat_at"])


def start_over(*, organization: Organization, run: ImportRun) -> None:
    """Claim a run for this process; what a killed one wrote of it goes."""
    if run.process:
        _remove_rows(organization, run, is_published=False)
    with organization_scope(organization):
        run.process, run.heartbeat_at = this_process(), timezone.now()
        run.save(update_fields=["process", "heartbeat_at"])


def publish_run(*, actor: Person, run: ImportRun) -> None:
    """Let what a run brought be seen, as an administrator."""
    administrators_only(actor)
    with transaction.atomic():
        publish(run=run, actor=actor)


def stop_run(*, actor: Person, run: ImportRun) -> None:
    """Stop a run that is being read: its worker takes away what it has written."""
    administrators_only(actor)
    with transaction.atomic():
        run = _locked(run, State.READING, _("This import is not being read any more."))
        run.state = State.UNDOING
        run.save(update_fields=["state"])


def discard_run(*, actor: Person, run: ImportRun) -> None:
    """Forget an archive of which nothing was written."""
    administrators_only(actor)
    with transaction.atomic():
        run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
        if run.state not in {State.CHECKING, State.CHECKED}:
            raise Invalid({"import": [_("This import is no longer waiting for your word.")]})
        forget_archive(run)
        run.delete()


def this_process() -> str:
    return f"{socket.gethostname()[:80]}:{os.getpid()}"


def was_abandoned(run: ImportRun) -> bool:
    """Tell whether the process that worked on a run is gone: known at once here, by its silence elsewhere."""
    if not run.process:
        # It waits for a worker: the job that has it comes back until it is done.
        return False
    host, _colon, number = run.process.rpartition(":")
    if host == socket.gethostname()[:80] and number.isdigit():
        return (
            int(number) != os.getpid()
            and not Path(f"/proc/{number}").exists()
            and Path("/proc/self").exists()
        )
    return run.heartbeat_at < timezone.now() - SILENCE


def fail_run(organization: Organization, run: ImportRun, problem: BaseException) -> None:
    """Remove what a run has written so far, and say what went wrong."""
    with organization_scope(organization):
        run.refresh_from_db()
        if run.state not in {State.CHECKING, State.READING}:
            return
    _remove_rows(organization, run, is_published=False)
    with organization_scope(organization):
        run.state, run.ended_at, run.counts = State.FAILED, timezone.now(), {}
        # A stopped run has no fault: nothing is wrong with its archive.
        is_stopped = isinstance(problem, KeyboardInterrupt | SystemExit | GeneratorExit)
        run.fault = "" if is_stopped else str(problem) or type(problem).__name__
        run.save(update_fields=["state", "ended_at", "fault", "counts"])
        forget_archive(run)


def remove_abandoned(*, organization: Organization) -> list[ImportRun]:
    """Clean after imports whose process was killed; return them."""
    with organization_scope(organization):
        at_work = ImportRun.objects.filter(state__in=[State.CHECKING, State.READING, State.UNDOING])
        abandoned = [run for run in at_work if was_abandoned(run)]
    reading = [run for run in abandoned if run.state != State.UNDOING]
    undoing = [run for run in abandoned if run.state == State.UNDOING]
    for run in reading:
        fail_run(organization, run, KeyboardInterrupt())
    for run in undoing:
        finish_undoing(organization=organization, run=run)
    return reading


def forget_archive(run: ImportRun) -> None:
    """Remove the upload of a run that needs it no longer."""
    archive, run.archive = run.archive, None
    run.save(update_fields=["archive"])
    if archive is not None:
        files.discard(archive)


# Publication


def publish(*, run: ImportRun, actor: Person | None = None) -> None:
    """Let everything that a run staged be seen, in the caller's transaction: all of it, or nothing.

    What came into new spaces is published by these alone, however much it is (docs/adr/0019).
    """
    run = _locked(run, State.READY, _("There is nothing to publish: this import is not ready."))
    merged = people.publish_people(_ids(run, Kind.PERSON), _pending_emails(run))
    for staged, known in merged.items():
        _stand_for(run, staged, known)
    archived = ImportedItem.objects.filter(run=run, kind=Kind.SPACE, pending__archived=True)
    spaces.publish_spaces(_ids(run, Kind.SPACE), archived=archived.values_list("object_id", flat=True))
    grown = _admit_newcomers(run)
    arrived = content.staged_among(_ids(run, Kind.ENTRY))
    content.publish_entries(arrived)
    content.count_replies(content.threads_of(arrived) - set(arrived))
    run.counts = _with_edits(run.counts, _apply_edits(run))
    run.state, run.published_at, run.ended_at = State.PUBLISHED, timezone.now(), timezone.now()
    run.save(update_fields=["state", "published_at", "ended_at", "counts"])
    ImportedItem.objects.filter(run=run, pending__isnull=False).update(pending=None)
    forget_archive(run)
    touched = {*_ids(run, Kind.SPACE), *grown, *content.spaces_of(arrived)}
    actor_id = actor.id if actor else run.started_by_id
    deed = {"number": run.number, "label": run.label, **run.counts}
    audit(action=RunPublished.type, actor_id=actor_id, target=run, **deed)
    if touched:
        record(ImportPublished(actor_id=actor_id, space_ids=tuple(sorted(touched))))


def _locked(run: ImportRun, state: str, refusal: str) -> ImportRun:
    """Return the run in the state that it must be in, locked until the end of the transaction."""
    run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
    if run.state != state:
        raise Invalid({"import": [refusal]})
    return run


def _with_edits(counts: dict[str, int], edited: int) -> dict[str, int]:
    return {**counts, "edits": edited} if edited or "edits" in counts else counts


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


# Undoing


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


def administrators_only(actor: Person) -> None:
    """Refuse whoever does not administer the organization."""
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden


def _hide(run: ImportRun, *, actor: Person | None) -> None:
    ours = _ids(run, Kind.ENTRY)
    was_published = run.state == State.PUBLISHED
    kept = content.touched_since(ours, since=run.published_at) if run.published_at else set()
    _keep(run, Kind.ENTRY, kept)
    run.touched_space_ids = sorted({*_ids(run, Kind.SPACE), *content.spaces_of(ours)})
    kept_spaces = content.spaces_with_others(_ids(run, Kind.SPACE), than=ours)
    _keep(run, Kind.SPACE, kept_spaces)
    spaces.hide_spaces(_ids(run, Kind.SPACE))
    run.kept = {"entries": len(kept), "spaces": len(kept_spaces)}
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


def _keep(run: ImportRun, kind: str, kept: Collection[UUID]) -> None:
    """What stays is no longer this run's to remove; that it came from the source is still known."""
    ImportedItem.objects.filter(run=run, kind=kind, object_id__in=list(kept)).update(is_kept=True)


def finish_undoing(*, organization: Organization, run: ImportRun) -> ImportRun:
    """Remove what a run brought, in small transactions; may be called again after a kill."""
    with organization_scope(organization):
        run.refresh_from_db()
        was_published = run.published_at is not None
    _remove_rows(organization, run, is_published=was_published)
    with organization_scope(organization):
        run.refresh_from_db()
        stayed = ImportedItem.objects.filter(run=run, is_kept=True)
        run.state, run.ended_at = State.UNDONE, timezone.now()
        run.kept = {
            "entries": stayed.filter(kind=Kind.ENTRY).count(),
            "spaces": stayed.filter(kind=Kind.SPACE).count(),
            "people": stayed.filter(kind=Kind.PERSON).count(),
        }
        run.save(update_fields=["state", "kept", "ended_at"])
        if was_published:
            record(ImportPublished(actor_id=None, space_ids=tuple(run.touched_space_ids)))
    return run


def _remove_rows(organization: Organization, run: ImportRun, *, is_published: bool) -> None:
    """Remove the rows of a run in small transactions, each of which leaves a truth behind."""
    steps: list[tuple[str, int, Callable[[list[UUID]], Collection[UUID]]]] = [
        (Kind.ENTRY, 500, partial(_remove_entries, run, is_published)),
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
        some = list(_ids(run, kind).order_by("-object_id")[:size])
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
    kept = content.touched_since(some, since=since, ours=_ids(run, Kind.ENTRY))
    gone = set(some) - kept
    threads = content.threads_of(gone) - gone
    content.remove_entries(gone, only_unseen=False)
    content.count_replies(threads)
    return kept


def _remove_spaces(some: list[UUID]) -> Collection[UUID]:
    spaces.remove_spaces(some)
    return spaces.existing_among(some)


def _remove_people(some: list[UUID]) -> Collection[UUID]:
    removable = people.unclaimed_among(some) - content.people_with_traces(some)
    people.remove_unclaimed(removable)
    return set(some) - removable
