"""What imports leave to the workers: long work in short transactions, which a kill does not lose.

A job that comes back after its worker died looks at the state of the run, and goes on from there.
"""

from __future__ import annotations

import time
from uuid import UUID

from parvis.foundation.errors import DomainError
from parvis.foundation.jobs import every, long_job
from parvis.foundation.tenancy import organization_scope
from parvis.imports import actions
from parvis.imports.faults import ArchiveFault
from parvis.imports.models import ImportRun
from parvis.imports.staging import Stager, Stopped
from parvis.imports.uploads import opened
from parvis.people.models import Organization

State = ImportRun.State

# Between two batches the worker gives way: it may share its process with the pages that people wait for.
COURTESY_SECONDS = 0.03


@long_job
def look_through(*, organization_id: str, run_id: str) -> None:
    """Say what an archive would bring, before anything is written."""
    organization, run = _found(organization_id, run_id)
    if run is None or run.state != State.CHECKING:
        return
    try:
        with opened(organization, run) as source:
            actions.rehearse_run(organization=organization, run=run, source=source)
    except (ArchiveFault, DomainError):
        # The run says what and where; trying again would find the same.
        return


@long_job
def bring_in(*, organization_id: str, run_id: str) -> None:
    """Stage an archive; what an earlier attempt of a killed worker wrote goes first."""
    organization, run = _found(organization_id, run_id)
    if run is None or run.state != State.READING:
        return
    actions.start_over(organization=organization, run=run)
    try:
        with opened(organization, run) as source:
            actions.stage_run(organization=organization, run=run, source=source, progress=_give_way)
    except Stopped:
        actions.finish_undoing(organization=organization, run=run)
    except (ArchiveFault, DomainError):
        return


def _give_way(stager: Stager) -> None:
    time.sleep(COURTESY_SECONDS)


@long_job
def remove_undone(*, organization_id: str, run_id: str) -> None:
    """Remove the rows of an import that was undone in the browser."""
    organization, run = _found(organization_id, run_id)
    if run is not None and run.state == State.UNDOING:
        actions.finish_undoing(organization=organization, run=run)


def _found(organization_id: str, run_id: str) -> tuple[Organization, ImportRun | None]:
    organization = Organization.objects.get(pk=UUID(organization_id))
    with organization_scope(organization):
        return organization, ImportRun.objects.select_related("archive").filter(pk=run_id).first()


@every(hours=1, each_organization=False)
def clean_after_killed_imports() -> None:
    """Remove what killed imports left, invisible as it is."""
    for organization in Organization.objects.order_by("id"):
        actions.remove_abandoned(organization=organization)
