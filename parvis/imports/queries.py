"""Reads about imports."""

from __future__ import annotations

from django.db.models import QuerySet

from parvis.foundation.errors import NotFound
from parvis.imports.models import ImportRun


def runs() -> QuerySet[ImportRun]:
    """Return the runs of the bound organization, the newest first."""
    return ImportRun.objects.select_related("started_by").order_by("-number")


def find_run(number: int) -> ImportRun:
    """Return one run of the bound organization by its number."""
    run = runs().filter(number=number).first()
    if run is None:
        raise NotFound
    return run
