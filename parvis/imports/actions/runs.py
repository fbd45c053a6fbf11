"""What all that is done with a run asks: who may, in which state it is, whose process has it."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from parvis.foundation import files
from parvis.foundation.errors import Forbidden, Invalid
from parvis.imports.models import ImportedItem, ImportRun
from parvis.people import policy as people_policy
from parvis.people.models import Person

# A process that has not moved for this long was killed.
SILENCE = timedelta(minutes=10)


Kind = ImportedItem.Kind
State = ImportRun.State


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


def administrators_only(actor: Person) -> None:
    """Refuse whoever does not administer the organization."""
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden


def locked(run: ImportRun, state: str, refusal: str) -> ImportRun:
    """Return the run in the state that it must be in, locked until the end of the transaction."""
    run.refresh_from_db(from_queryset=ImportRun.objects.select_for_update())
    if run.state != state:
        raise Invalid({"import": [refusal]})
    return run


def ids_of(run: ImportRun, kind: str) -> Any:
    return ImportedItem.objects.filter(run=run, kind=kind, is_kept=False).values_list("object_id", flat=True)


def members_of(rows: QuerySet[ImportedItem]) -> dict[UUID, list[UUID]]:
    """Return who the source says is in these rooms."""
    found = rows.values_list("object_id", "members")
    return {id: [UUID(member) for member in members] for id, members in found}


def forget_archive(run: ImportRun) -> None:
    """Remove the upload of a run that needs it no longer."""
    archive, run.archive = run.archive, None
    run.save(update_fields=["archive"])
    if archive is not None:
        files.discard(archive)
