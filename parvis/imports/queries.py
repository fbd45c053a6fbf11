"""Reads about imports."""

from __future__ import annotations

from django.db.models import QuerySet

from parvis.foundation.errors import NotFound
from parvis.imports.models import ImportedItem, ImportRun


def runs() -> QuerySet[ImportRun]:
    """Return the runs of the bound organization, the newest first."""
    return ImportRun.objects.select_related("started_by").order_by("-number")


def find_run(number: int) -> ImportRun:
    """Return one run of the bound organization by its number."""
    run = runs().filter(number=number).first()
    if run is None:
        raise NotFound
    return run


def left_to_remove(run: ImportRun) -> int:
    """Return how much of a run that is being undone is still to be removed."""
    if run.state != ImportRun.State.UNDOING:
        return 0
    return ImportedItem.objects.filter(run=run, is_kept=False).count()
