"""One row per person and subject: never one per event."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person
from parvis.spaces.models import Space


class Notification(TenantModel):
    """Something calls for somebody's attention: a thread, a request, an invitation."""

    class Reason(models.TextChoices):
        """Why, the strongest reason of what is unread."""

        MENTION = "mention"
        REPLY = "reply"
        JOIN_REQUEST = "join_request"
        JOIN_ACCEPTED = "join_accepted"
        JOIN_DECLINED = "join_declined"
        SPACE_INVITATION = "space_invitation"
        REPORT = "report"
        NOTICE = "notice"
        MADE_HOST = "made_host"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    # What this line is about: "thread:<id>", "requests:<space>" … One line per person and subject.
    subject = models.CharField(max_length=80)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    # The latest entry of the thread that calls for attention; null for what is not about an entry.
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # Who, the latest first, each once.
    actor_ids = ArrayField(models.UUIDField(), default=list)
    unread_count = models.PositiveIntegerField(default=1)
    happened_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "subject"], name="notifications_one_line_each"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-happened_at", "-id"], name="notifications_inbox"),
            models.Index(
                fields=["person"], condition=models.Q(read_at__isnull=True), name="notifications_unread"
            ),
        ]

    @property
    def is_unread(self) -> bool:
        """Tell whether the person has not seen the latest of it."""
        return self.read_at is None
