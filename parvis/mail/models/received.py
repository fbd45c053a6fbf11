"""The addresses that mail may come in at, and what came in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

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
