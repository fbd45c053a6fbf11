"""Webhooks and their deliveries."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person
from parvis.spaces.models import Space


class Webhook(TenantModel):
    """An address elsewhere that is told of events. Its secret is not kept: see `secrets.py`."""

    class State(models.TextChoices):
        """Whether it is told."""

        ACTIVE = "active", _("Active")
        PAUSED = "paused", _("Paused")
        DISABLED = "disabled", _("Switched off after failures")

    registrant = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="webhooks")
    # Null: everything that the registrant may read.
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="webhooks")
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=2000)
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    # Which secret in a row of them; the one before is accepted for a day.
    secret_number = models.PositiveIntegerField(default=1, editable=False)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The first failure since the last success, and before when nothing is tried.
    failing_since = models.DateTimeField(null=True, blank=True, editable=False)
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    failures_in_a_row = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["organization"], condition=models.Q(state="active"), name="webhooks_webhook_active"
            ),
        ]


# The reasons of `foundation.outgoing`, for people.
REASONS = {
    "address": _("a private address"),
    "port": _("a port that is not the web's"),
    "name": _("unknown name"),
    "refused": _("refused"),
    "unreachable": _("unreachable"),
    "time": _("it took too long"),
}


class Delivery(TenantModel):
    """One event for one webhook: ids only; what is sent is read when it is sent."""

    class State(models.TextChoices):
        """How it went."""

        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        WITHHELD = "withheld", _("Not sent: no longer readable")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    # The ids that the event named, and when it happened.
    facts = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    response_status = models.PositiveIntegerField(null=True, blank=True)
    # Why there was no answer: a reason of `foundation.outgoing`.
    problem = models.CharField(max_length=20, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["webhook", "-created_at", "-id"], name="webhooks_delivery_log"),
        ]

    @property
    def why(self) -> str:
        """Say why no answer came."""
        return str(REASONS.get(self.problem, self.problem))
