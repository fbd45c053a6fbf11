"""Reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class Report(TenantModel):
    """A member says that something should not be here, and quotes it."""

    class Reason(models.TextChoices):
        """What is wrong with it."""

        SPAM = "spam", _("Advertising or spam")
        OFFENSIVE = "offensive", _("Hurtful or discriminating")
        PRIVATE = "private", _("Shares personal or confidential information")
        UNLAWFUL = "unlawful", _("Against the law")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("Waiting for a decision")
        KEPT = "kept", _("Left in place")
        HIDDEN = "hidden", _("Hidden")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reports_made")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    message = models.CharField(_("message"), max_length=1000, blank=True)
    # What the reporter saw, at that moment: all that a moderator gets of a space that is not theirs to read.
    quoted_text = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["entry", "reporter"], condition=models.Q(state="open"), name="moderation_report_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "state", "-created_at"], name="moderation_report_queue"),
        ]
