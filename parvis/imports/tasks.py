"""What imports leave to the workers."""

from __future__ import annotations

from parvis.foundation.jobs import every, job
from parvis.foundation.tenancy import current_organization_id
from parvis.imports.actions import finish_undoing, remove_abandoned
from parvis.imports.models import ImportRun
from parvis.people.models import Organization


@job
def remove_undone(*, run_id: str) -> None:
    """Remove the rows of an import that was undone in the browser."""
    organization = Organization.objects.get(pk=current_organization_id())
    run = ImportRun.objects.get(pk=run_id)
    if run.state == ImportRun.State.UNDOING:
        finish_undoing(organization=organization, run=run)


@every(hours=1)
def clean_after_killed_imports() -> None:
    """Remove what a killed import left, invisible as it is."""
    remove_abandoned(organization=Organization.objects.get(pk=current_organization_id()))
