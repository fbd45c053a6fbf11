"""Reports."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person
from parvis.spaces.models import Space


class Report(TenantModel):
    """A member says that an entry, a person or a space should be looked at, and quotes it."""

    class Reason(models.TextChoices):
        """What is wrong with it."""

        SPAM = "spam", _("Advertising or spam")
        OFFENSIVE = "offensive", _("Hurtful or discriminating")
        PRIVATE = "private", _("Shares personal or confidential information")
        UNLAWFUL = "unlawful", _("Against the law")
        # Only people do these.
        HARASSMENT = "harassment", _("Harasses or threatens somebody")
        PRETENDING = "pretending", _("Pretends to be somebody else")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("Waiting for a decision")
        KEPT = "kept", _("Left in place")
        HIDDEN = "hidden", _("Hidden")
        TOLD = "told", _("Written to")
        SUSPENDED = "suspended", _("Suspended")
        REMOVED = "removed", _("Removed")
        ARCHIVED = "archived", _("Archived")
        GIVEN_BACK = "given_back", _("Given back")

    # What it is about: exactly one of the three.
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="reports")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, null=True, blank=True, related_name="reports_about"
    )
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="reports")
    # Something that this person said elsewhere: which sort (`elsewhere.py`). Each thing is a report of its own.
    said = models.CharField(max_length=16, blank=True, default="", db_default="")
    reporter = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reports_made")
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    message = models.CharField(_("message"), max_length=1000, blank=True)
    # What the reporter saw, at that moment: all that a moderator gets of a space that is not theirs to read.
    quoted_text = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # For the record, among moderators; and what they wrote to the person or to the hosts.
    note = models.CharField(max_length=1000, blank=True)
    words = models.CharField(max_length=1000, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(entry__isnull=False, person__isnull=True, space__isnull=True)
                | models.Q(entry__isnull=True, person__isnull=False, space__isnull=True)
                | models.Q(entry__isnull=True, person__isnull=True, space__isnull=False),
                name="moderation_report_about_one",
            ),
            models.UniqueConstraint(
                fields=["entry", "reporter"], condition=models.Q(state="open"), name="moderation_report_once"
            ),
            models.UniqueConstraint(
                fields=["person", "reporter"],
                condition=models.Q(state="open", said=""),
                name="moderation_report_person_once",
            ),
            models.UniqueConstraint(
                fields=["space", "reporter"],
                condition=models.Q(state="open"),
                name="moderation_report_space_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "state", "-created_at"], name="moderation_report_queue"),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for a decision."""
        return self.state == self.State.OPEN

    @property
    def about(self) -> dict[str, Any]:
        """What it is about, as a filter finds all reports about the same."""
        return {
            "entry": self.entry_id,
            "person": self.person_id,
            "space": self.space_id,
            "said": self.said,
        }


class Verdict(models.TextChoices):
    """What a moderator can decide; which of them, `policy.verdicts` says."""

    KEEP = "keep", _("Leave it in place")
    HIDE = "hide", _("Hide it")
    GIVE_BACK = "give_back", _("Give it back")
    TELL = "tell", _("Write to them")
    SUSPEND = "suspend", _("Suspend")
    REMOVE = "remove", _("Remove")
    ARCHIVE = "archive", _("Archive it")
