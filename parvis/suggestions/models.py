"""What somebody does not want to be suggested again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person


class Dismissal(TenantModel):
    """A person or a space that somebody said "no, thank you" to."""

    class Kind(models.TextChoices):
        """What was suggested."""

        PERSON = "person"
        SPACE = "space"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    # Only ever compared with what is suggested now: no pointer that would have to be kept true.
    subject_id = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "subject_id"], name="suggestions_dismissed_once"
            ),
        ]
