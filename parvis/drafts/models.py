"""Texts that are being written."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class Draft(TenantModel):
    """What one person has typed in one place; `version` tells windows that it changed elsewhere."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    place = models.CharField(max_length=120)
    # The id that the text will be published under, so that what has been sent is known and goes.
    entry_id = models.UUIDField(null=True, blank=True)
    space_id = models.UUIDField(null=True, blank=True)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "place"], name="drafts_draft_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entry_id"], name="drafts_draft_of_entry"),
        ]
