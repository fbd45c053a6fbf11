"""The private addresses of feeds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person
from parvis.spaces.models import Space


class FeedAddress(TenantModel):
    """A secret address of one person for one feed: a space's, a topic's, or the organization's news."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="feed_addresses")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The topic's key and name, empty for a space or the news.
    topic = models.CharField(max_length=200, blank=True)
    # What the feed was called when it was made.
    name = models.CharField(max_length=120)
    # Only the SHA-256 of the secret is kept: it is shown once.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # To the day: enough to find forgotten ones, too little to follow somebody.
    last_used_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "feed addresses"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(space__isnull=True) | models.Q(topic=""), name="syndication_one_subject"
            ),
        ]
