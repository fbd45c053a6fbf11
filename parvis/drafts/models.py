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
    # What was typed into the fields of features (a poll) and of the hour, by name: parvis/content/composers.py.
    fields = models.JSONField(default=dict, blank=True, db_default={})
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "place"], name="drafts_draft_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["entry_id"], name="drafts_draft_of_entry"),
        ]


class DraftFile(TenantModel):
    """A file that somebody has attached to what they are writing: kept as long as the draft is."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files", db_index=False)
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    alternative_text = models.CharField(max_length=500, blank=True)
    is_decorative = models.BooleanField(default=False)
    poster = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    captions = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "position"], name="drafts_file_order"),
        ]
