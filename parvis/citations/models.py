"""The rows between entries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel


class Citation(TenantModel):
    """One entry links to another, or, cross-posted, shows it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="citations", db_index=False)
    cited = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="cited_in")
    is_cross_post = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "cited", "is_cross_post"], name="citations_citation_once"
            ),
        ]
