"""What an announcement has beside its entry: its audience, its question, and what came of them."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person, Unit
from parvis.worktime.models import REASON_LENGTH

QUESTION_LIMIT = 200
NAME = "announcement"


class Announcement(TenantModel):
    """Beside an entry of the kind `announcement`, whose title, text and state are the entry's."""

    class Escalation(models.TextChoices):
        """Who gets the list of those who have not acknowledged, after the last reminder."""

        NOBODY = "nobody", _("Nobody")
        MANAGERS = "managers", _("Each person's manager")
        HOSTS = "hosts", _("The hosts of the space")

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="+")
    # Everybody in the space; else whoever one of its groups means.
    is_for_the_space = models.BooleanField(default=True)
    asks = models.BooleanField(default=False)
    # The author's own words of the question; without them, the usual ones.
    question_en = models.CharField(max_length=QUESTION_LIMIT, blank=True)
    question_fr = models.CharField(max_length=QUESTION_LIMIT, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    # Until then, whoever joins the audience gets it too.
    ends_at = models.DateTimeField()
    # After how many working days somebody is reminded, each reminder once.
    reminder_days = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    escalation = models.CharField(max_length=10, choices=Escalation.choices, default=Escalation.NOBODY)
    # Why it may not wait for working time, if its author says so: it is called out when it is published.
    urgent_reason = models.CharField(max_length=REASON_LENGTH, blank=True, db_default="", default="")
    # Acknowledged has it who acknowledged this version of the text or a later one.
    asked_version = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # The sweeper: whose audience may still grow.
            models.Index(
                fields=["organization", "ends_at"],
                condition=models.Q(asked_at__isnull=False),
                name="announcements_open",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether newcomers still get it."""
        return self.ends_at > timezone.now()

    @property
    def is_late(self) -> bool:
        """Tell whether the deadline has passed."""
        return self.deadline is not None and self.deadline <= timezone.now()


class AudienceGroup(TenantModel):
    """Some people by what the directory says of them: all that is filled in must hold. A unit means all below it."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="groups", db_index=False
    )
    position = models.PositiveSmallIntegerField(default=0)
    # Without its unit a group would mean more people than its author chose: it goes with it.
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    location = models.CharField(max_length=120, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    skill = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=8, choices=Person.Kind.choices, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "position"], name="announcements_group_order"),
            models.CheckConstraint(
                condition=models.Q(unit__isnull=False)
                | ~models.Q(location="", job_title="", skill="", kind=""),
                name="announcements_group_says_something",
            ),
        ]


class Edition(TenantModel):
    """A text as it was published, and its fingerprint: what somebody acknowledged can be shown word for word."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="editions", db_index=False
    )
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    # [[name, SHA-256 of the bytes], …]
    files = models.JSONField(default=list, blank=True)
    sha256 = models.CharField(max_length=64)
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    # Whether it had to be acknowledged by those, too, who had acknowledged an earlier one.
    asks_again = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "version"], name="announcements_edition_once"),
        ]


class Recipient(TenantModel):
    """Somebody who got it; stays, whatever becomes of the audience, so that one can tell who was asked."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="recipients", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Where they were when they got it.
    unit_name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    # Since when they can no longer read it: they left, or the space is no longer theirs.
    removed_at = models.DateTimeField(null=True, blank=True)
    # Of which version they were told, 0 for none; when.
    told_version = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True, blank=True)
    # Their latest acknowledgement; all of them: Acknowledgement.
    acknowledged_version = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=10, blank=True)
    # The ladder: how many steps are taken, when the next is due.
    steps_taken = models.PositiveSmallIntegerField(default=0)
    next_step_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["announcement", "person"], name="announcements_recipient_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "announcement"], name="announcements_mine"),
            models.Index(
                fields=["organization", "next_step_at"],
                condition=models.Q(next_step_at__isnull=False),
                name="announcements_due",
            ),
        ]


class Acknowledgement(TenantModel):
    """Somebody said that they had read and understood one version of the text. Written once, never changed."""

    class Channel(models.TextChoices):
        """Where they said it."""

        FEED = "feed", _("In the feed")
        PAGE = "page", _("On its page")
        LIST = "list", _("In the list of what is to acknowledge")
        INBOX = "inbox", _("In the inbox")
        MAIL = "mail", _("By mail")
        API = "api", _("Through the API")

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="acknowledgements", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    # Of the text, as in its edition; and what they were asked, in their language.
    sha256 = models.CharField(max_length=64)
    question = models.CharField(max_length=QUESTION_LIMIT)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    acknowledged_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["announcement", "person", "version"], name="announcements_acknowledged_once"
            ),
        ]


class Reminder(TenantModel):
    """One step of the ladder for one person: its row and what is told come together, so that it is told once."""

    class Kind(models.TextChoices):
        """Whom it went to."""

        REMINDER = "reminder", _("Reminder")
        LIST = "list", _("List of who has not acknowledged")

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="reminders", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    step = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    sent_to: ArrayField[list[UUID], list[UUID]] = ArrayField(models.UUIDField(), default=list)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["announcement", "person", "version", "step"], name="announcements_step_once"
            ),
        ]


class Evidence(TenantModel):
    """What stood at one moment, kept as it was; its fingerprint is in the audit trail."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="evidence", db_index=False
    )
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    audit_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["announcement", "-made_at"], name="announcements_evidence_new")
        ]


class Announcer(TenantModel):
    """Somebody who may announce to the whole organization, granted by an administrator."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    granted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
