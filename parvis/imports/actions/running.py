"""Look through an archive, bring it in, stop, and clean after a killed process."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid
from parvis.foundation.models import StoredFile
from parvis.foundation.tenancy import current_organization_id, organization_scope
from parvis.imports.actions.publication import publish
from parvis.imports.actions.runs import (
    State,
    administrators_only,
    forget_archive,
    locked,
    this_process,
    was_abandoned,
)
from parvis.imports.actions.undoing import finish_undoing, remove_rows
from parvis.imports.choice import Choice
from parvis.imports.models import ImportRun
from parvis.imports.rehearsal import Rehearsal
from parvis.imports.source import Source
from parvis.imports.staging import Progress, Stager
from parvis.people.models import Organization, Person


def run_import(
    *,
    organization: Organization,
    source: Source,
    started_by: Person | None = None,
    chat: Collection[str] = (),
    progress: Progress = lambda stager: None,
) -> ImportRun:
    """Bring in what is new in an archive: staged in small transactions, published in one.

    Whatever goes wrong, nothing stays behind and the run says what it was.
    """
    remove_abandoned(organization=organization)
    with organization_scope(organization):
        run = new_run(
            source=source.kind,
            label=source.label,
            started_by=started_by,
            state=State.READING,
            options={"chat": list(chat)},
        )
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
        choice = Choice.of(run.options.get("chat", ()))
        stager = Stager(organization=organization, run=run, source=source, choice=choice)
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
        "spaces": [
            asdict(space) | {"is_chat": space.looks_like_chat if space.is_new else space.is_chat}
            for space in rehearsal.spaces.values()
            if space.is_new or space.entries
        ],
        "left_out": [asdict(item) for item in source.left_out.report()],
    }
    with organization_scope(organization):
        # Discarded meanwhile: then there is nothing to say.
        checking = ImportRun.objects.filter(pk=run.pk, state=State.CHECKING)
        checking.update(state=State.CHECKED, plan=plan, items_read=0, process="")


def begin_bringing_in(*, actor: Person, run: ImportRun, chat: Collection[str] = ()) -> None:
    """Let a worker bring in what was looked through; the channels of `chat` come as rooms, and not as walls."""
    administrators_only(actor)
    refuse_two_at_once(but=run)
    run = locked(run, State.CHECKED, _("This import is no longer waiting for your word."))
    run.state, run.heartbeat_at = State.READING, timezone.now()
    run.options = {**run.options, "chat": list(chat)}
    run.save(update_fields=["state", "heartbeat_at", "options"])


def start_over(*, organization: Organization, run: ImportRun) -> None:
    """Claim a run for this process; what a killed one wrote of it goes."""
    if run.process:
        remove_rows(organization, run, is_published=False)
    with organization_scope(organization):
        run.process, run.heartbeat_at = this_process(), timezone.now()
        run.save(update_fields=["process", "heartbeat_at"])


def stop_run(*, actor: Person, run: ImportRun) -> None:
    """Stop a run that is being read: its worker takes away what it has written."""
    administrators_only(actor)
    with transaction.atomic():
        run = locked(run, State.READING, _("This import is not being read any more."))
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


def fail_run(organization: Organization, run: ImportRun, problem: BaseException) -> None:
    """Remove what a run has written so far, and say what went wrong."""
    with organization_scope(organization):
        run.refresh_from_db()
        if run.state not in {State.CHECKING, State.READING}:
            return
    remove_rows(organization, run, is_published=False)
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
