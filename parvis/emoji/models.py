"""Pictures with a name, and habits."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from parvis.foundation.addresses import reverse
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person

NAME_LENGTH = 32


class CustomEmoji(TenantModel):
    """A small picture that is written `:name:`. Withdrawn, it is offered no more but shown where it was used."""

    name = models.CharField(max_length=NAME_LENGTH)
    # What it was called before: texts and reactions that say so still mean it.
    former_names = ArrayField(models.CharField(max_length=NAME_LENGTH), default=list, blank=True)
    picture = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    # Of a moving one: the picture that stands for it where motion is not wanted.
    still = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="emoji_customemoji_name",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "name"], name="emoji_customemoji_by_name"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Return how it is written."""
        return f":{self.name}:"

    @property
    def is_offered(self) -> bool:
        """Tell whether it can be chosen."""
        return self.withdrawn_at is None

    @property
    def picture_url(self) -> str:
        """Return the path of the picture."""
        return reverse("emoji:picture", args=[self.id])

    @property
    def still_url(self) -> str:
        """Return the path of what stands for a moving picture; empty for one that does not move."""
        return reverse("emoji:still", args=[self.id]) if self.still_id else ""


class EmojiHabit(TenantModel):
    """Which skin tone somebody chose (0: none), and what they used last, the latest first."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    skin_tone = models.PositiveSmallIntegerField(default=0)
    recent = ArrayField(models.CharField(max_length=64), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="emoji_habit_once"),
            models.CheckConstraint(condition=models.Q(skin_tone__lte=5), name="emoji_habit_tone"),
        ]
