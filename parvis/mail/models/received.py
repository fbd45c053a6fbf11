"""The addresses that mail may come in at, and what came in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class GivenAddress(TenantModel):
    """An address that was given to one person, to answer about one subject or to post to one space.

    Its id, signed, is the address (parvis/mail/addresses.py): a row that goes takes its address with it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    # A line of the inbox ("thread:<id>", "room:<id>" …), or "space:<id>" for what begins something there.
    subject = models.CharField(max_length=80)
    # What a reply answers, where the line tells of one entry in particular.
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The last time that a page or a mail showed it.
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # Looked up by what is signed before any organization is bound.
        tenant_alternative = "current_setting('app.system', true) = 'on'"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "subject", "entry"],
                nulls_distinct=False,
                name="mail_given_address_once",
            ),
        ]


class ReceivedMail(TenantModel):
    """One mail that came in, for one recipient: kept before the mail server hears that it was.

    Its text is here only until it was acted upon; what remains for some weeks says what became of it.
    """

    class State(models.TextChoices):
        """How far it got."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Taken in")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    class Cause(models.TextChoices):
        """Why it was refused."""

        FORGED = "forged", _("The mail server found that it does not come from its sender")
        SENDER = "sender", _("The sender is not whom the address was given to")
        AUTOMATIC = "automatic", _("A machine wrote it: an absence notice, a receipt, a list")
        LOOP = "loop", _("It came back from ourselves")
        STALE = "stale", _("The address is too old")
        RATE = "rate", _("Too many mails in a short time")
        GONE = "gone", _("What it answers is gone, or no longer open to its sender")
        EMPTY = "empty", _("Nothing was written in it")
        LARGE = "large", _("It is too large")
        MALFORMED = "malformed", _("It cannot be read")
        ENCRYPTED = "encrypted", _("It is encrypted")
        INVALID = "invalid", _("What it says cannot be accepted")

    # Of its Message-ID (or its bytes) and its recipient: the same mail acts once, however often it is delivered.
    fingerprint = models.CharField(max_length=64)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=80)
    entry_id = models.UUIDField(null=True, blank=True)
    was_stale = models.BooleanField(default=False)
    sender = models.CharField(max_length=254, blank=True)
    size_bytes = models.PositiveIntegerField()
    raw = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    cause = models.CharField(max_length=10, choices=Cause.choices, blank=True)
    # What it did: "reply", "post", "message", or the name of a short answer.
    did = models.CharField(max_length=30, blank=True)
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "fingerprint"], name="mail_received_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "-received_at", "-id"], name="mail_received_log"),
        ]
