"""What left for whom, whether their mailbox takes it, and how often they want a digest."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class SentMail(TenantModel):
    """One mail to one person: written down before it leaves, so that it never leaves twice. No text is kept."""

    class Kind(models.TextChoices):
        """What it is."""

        NOTICE = "notice", _("Notifications")
        DIGEST = "digest", _("Digest")
        TEST = "test", _("Test")

    class State(models.TextChoices):
        """How far it got."""

        LEAVING = "leaving", _("Leaving")
        SENT = "sent", _("Handed to the mail server")
        DEFERRED = "deferred", _("Refused for now, tried again")
        REFUSED = "refused", _("Refused")
        BOUNCED = "bounced", _("Came back")
        UNKNOWN = "unknown", _("Not known: the server stopped in between")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.EmailField()
    # The subjects of the inbox's lines that it told of.
    subjects = ArrayField(models.CharField(max_length=80), default=list)
    state = models.CharField(max_length=8, choices=State.choices, default=State.LEAVING)
    # What the mail server said, shortened.
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # A bounce finds it by a signed address before any organization is bound.
        tenant_alternative = "current_setting('app.system', true) = 'on'"
        indexes: ClassVar = [
            models.Index(fields=["organization", "-created_at", "-id"], name="mail_sent_log"),
            models.Index(
                fields=["organization", "-created_at", "-id"],
                condition=models.Q(state__in=["deferred", "refused", "bounced", "unknown"]),
                name="mail_sent_wrong",
            ),
            models.Index(
                fields=["created_at"], condition=models.Q(state="leaving"), name="mail_sent_leaving"
            ),
        ]


class Mailbox(TenantModel):
    """Trouble with the address of somebody: mails that came back, and since when none is sent."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    # The address that it is about: a new one begins without trouble.
    address = models.EmailField()
    bounces = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)


class QuietSubject(TenantModel):
    """A line of the inbox that somebody wants no mails about any more; the inbox still has it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    subject = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "subject"], name="mail_quiet_once"),
        ]


class DigestChoice(TenantModel):
    """How often a digest comes: the organization's default (no person), or somebody's own choice."""

    class Rhythm(models.TextChoices):
        """From often to never."""

        DAILY = "daily", _("Every working day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "person"], nulls_distinct=False, name="mail_digest_choice_once"
            ),
        ]


class DigestTurn(TenantModel):
    """When somebody's next digest is due, and up to which instant the last one told."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField()
    through_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["due_at"], name="mail_digest_due")]
