"""Pages looked up, and which entry shows which."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel


class LinkedPage(TenantModel):
    """What an address said of itself when it was last asked; shared by all entries of the organization that link it."""

    class State(models.TextChoices):
        """Empty: it answered, but says nothing that could be shown."""

        WAITING = "waiting"
        READY = "ready"
        EMPTY = "empty"

    url = models.CharField(max_length=2000)
    # Long addresses do not fit into an index; their fingerprint does.
    url_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    title = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=400, blank=True)
    site_name = models.CharField(max_length=80, blank=True)
    # Made anew from the page's picture: nothing of the original's bytes is kept.
    image = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "url_hash"], name="previews_page_once"),
        ]


class Preview(TenantModel):
    """What an entry shows of the first link in its text: a page elsewhere, or another entry of the organization."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(
        LinkedPage, on_delete=models.CASCADE, null=True, blank=True, related_name="previews"
    )
    # Shown to whoever may read it; decided when the card is read.
    target = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The author took it away: an edit that keeps the link does not bring it back.
    is_removed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=True) ^ models.Q(target__isnull=True),
                name="previews_preview_of_one",
            ),
        ]
