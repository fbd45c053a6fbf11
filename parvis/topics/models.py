"""Who follows which topic."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class TopicFollow(TenantModel):
    """Somebody wants to find what is written about a topic in *Mine*; also one that nobody has used yet."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="followed_topics", db_index=False
    )
    key = models.CharField(max_length=200)
    # As the follower saw it.
    name = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key"], name="topics_follow_once"),
        ]
