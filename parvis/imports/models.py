"""Runs, and where each imported item came from."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class ImportRun(TenantModel):
    """One import of one archive, from its first byte to its publication, and perhaps its undoing."""

    class State(models.TextChoices):
        """What it brings can be seen when it is published, and at no other time."""

        CHECKING = "checking", _("Being looked through")
        CHECKED = "checked", _("Waiting for your word")
        READING = "reading", _("Being read")
        READY = "ready", _("Ready to be published")
        PUBLISHED = "published", _("Published")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class Source(models.TextChoices):
        """Where archives come from."""

        SLACK = "slack", _("Slack")
        MBOX = "mbox", _("Mail archive")
        MATTERMOST = "mattermost", _("Mattermost")

    # Short, for people to type: `parvis import undo 3`.
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=20, choices=Source.choices)
    label = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    started_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # The upload, while it is needed; null for what is imported from a shell.
    archive = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # How it is to be read: the space and the privacy of a mail archive.
    options = models.JSONField(default=dict)
    # What a look through the archive foretold: {items, counts, spaces, left_out}.
    plan = models.JSONField(default=dict)
    # What is new by this run, by kind.
    counts = models.JSONField(default=dict)
    # What stays behind: [{what, count, examples}].
    left_out = models.JSONField(default=list)
    # What an undoing kept, by kind.
    kept = models.JSONField(default=dict)
    # Spaces that readers see change when it is undone, kept because the rows that tell go away.
    touched_space_ids = ArrayField(models.UUIDField(), default=list)
    fault = models.TextField(blank=True)
    items_read = models.PositiveIntegerField(default=0)
    # Which process works on it, so that one that was killed is known at once on the same machine.
    process = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    # Moves while a process works on it: one that stands still was killed.
    heartbeat_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "number"], name="imports_run_number"),
        ]

    @property
    def is_at_work(self) -> bool:
        """Tell whether a process looks through it, reads or undoes it."""
        return self.state in {self.State.CHECKING, self.State.READING, self.State.UNDOING}


class ImportedItem(TenantModel):
    """Provenance: which item of a source became which row here. It is what makes a second run add nothing."""

    class Kind(models.TextChoices):
        """What it became. An alias names an absent message whose first answer starts the thread instead."""

        PERSON = "person"
        MATCHED = "matched"
        SPACE = "space"
        ENTRY = "entry"
        ROOM = "room"
        MESSAGE = "message"
        ALIAS = "alias"

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="items", db_index=False)
    source = models.CharField(max_length=20)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    source_id = models.CharField(max_length=700)
    object_id = models.UUIDField()
    # Of what the source said, so that an edit in a newer export is seen.
    digest = models.CharField(max_length=64, blank=True)
    # Of a space or a room, the members that the source named last: whoever is new in a newer export comes in.
    members = models.JSONField(default=list)
    # Members had added to it when its run was undone: it stays.
    is_kept = models.BooleanField(default=False)
    # What waits for publication: an address, members, a changed text.
    pending = models.JSONField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "source", "source_id", "kind"], name="imports_item_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["run", "kind"], name="imports_item_of_run"),
            models.Index(fields=["object_id"], name="imports_item_of_object"),
        ]
