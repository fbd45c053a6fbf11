"""Tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.foundation.tenancy import TenantManager, TenantModel
from parvis.people.models import Person


class ApiToken(TenantModel):
    """A secret that lets a program act as one person of one organization, within its scopes."""

    class Scope(models.TextChoices):
        """What a token may do; neither includes the other."""

        READ = "read", _("Read what I may read")
        WRITE = "write", _("Write, react and upload in my name")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    # Only the SHA-256 of the secret is kept: it is shown once.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices))
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # To the day: enough to find forgotten tokens, too little to follow somebody.
    last_used_on = models.DateField(null=True, blank=True)

    objects: ClassVar[TenantManager[Any]] = TenantManager()

    class Meta:
        # A token is looked up before its organization is known.
        tenant_alternative = "current_setting('app.system', true) = 'on'"
