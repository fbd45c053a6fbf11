"""Devices that people let Parvis call, and what an organization lets such a call say."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantModel
from parvis.people.devices import device_name
from parvis.people.models import Person

ENDPOINT_LIMIT = 1_000


class Device(TenantModel):
    """A browser that somebody lets us call: a push subscription. It lives as long as the session it was made in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Where its push service takes messages. Who knows it and the two keys can call that browser.
    endpoint = models.CharField(max_length=ENDPOINT_LIMIT)
    # The browser's public key and its secret, base64url as the browser gave them.
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=30)
    # The prefix of the organization there, e.g. "/o/atelier"; empty where the host says it.
    prefix = models.CharField(max_length=80, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    # The session in which it was allowed, and a mark of the password of then: ended or changed, it is silent.
    session_key = models.CharField(max_length=40)
    mark = models.CharField(max_length=64, blank=True)
    # Taken off the list from elsewhere: its browser hears of it at its next page, and does not come back by itself.
    is_off = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "endpoint"], name="push_device_once"),
        ]

    @property
    def name(self) -> str:
        """Return browser and system in words."""
        return device_name(self.user_agent)


class Wording(TenantModel):
    """How much the messages of an organization say; without a row, the sentence of the line."""

    class Says(models.TextChoices):
        """What is readable on a locked screen. Never the text that somebody wrote."""

        SENTENCE = "sentence", _("Who did what, and in which conversation")
        NOTHING = "nothing", _("Only that something waits")

    says = models.CharField(max_length=10, choices=Says.choices, default=Says.SENTENCE)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization"], name="push_one_wording"),
        ]
