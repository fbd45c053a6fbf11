"""Turns, what was told, and what is wanted where."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person, Unit


class Turn(TenantModel):
    """When a channel looks at somebody's inbox next: one row for each, however much waits."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    # It waits for working time to begin, and not for its delay.
    is_held = models.BooleanField(default=False, db_default=False)
    # Failures in a row to hand over what waits.
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "channel"], name="delivery_turn_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "channel", "due_at"], name="delivery_turn_due"),
        ]


class Told(TenantModel):
    """Up to when a channel has told somebody of a subject. Written before it leaves: never twice."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    through_at = models.DateTimeField()
    # When it was known to have left; null where a worker died in between, so that nobody knows.
    left_at = models.DateTimeField(null=True, blank=True)
    # Since when it waits to be handed over; null once that began. What waits for long never left.
    waits_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "channel", "subject"], name="delivery_told_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "through_at"], name="delivery_told_age"),
            models.Index(
                fields=["organization", "waits_since"],
                condition=models.Q(waits_since__isnull=False),
                name="delivery_told_waits",
            ),
        ]


class Choice(TenantModel):
    """When a channel carries a kind of event: somebody's own choice, a unit's, or the organization's."""

    class When(models.TextChoices):
        """When it leaves."""

        NOW = "now", _("At once")
        DIGEST = "digest", _("In the digest")
        NEVER = "never", _("Never")

    class Kind(models.TextChoices):
        """Kinds of events as channels tell them apart: those of the inbox, and what no choice turns off there."""

        DIRECT = "direct", _("Somebody writes to me alone")
        MENTION = "mention", _("Somebody mentions me")
        REPLY = "reply", _("Somebody replies to me, or in a conversation that I follow")
        ANNOUNCEMENT = "announcement", _("An announcement is for me")
        POST = "post", _("Somebody starts a conversation in one of my spaces")
        SPACE = "space", _("Invitations, and requests to join")
        REACTION = "reaction", _("Somebody reacts to what I wrote")
        NOTICE = "notice", _("Moderation, and my role in spaces")

    # Neither: the organization's.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    when = models.CharField(max_length=8, choices=When.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "person", "unit", "channel", "kind"],
                nulls_distinct=False,
                name="delivery_choice_once",
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(unit__isnull=True),
                name="delivery_choice_of_one",
            ),
        ]
