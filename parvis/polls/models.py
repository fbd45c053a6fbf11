"""Polls, options, who took part, and who chose what where that is known."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person

# An anonymous result below that many votes would tell who chose what.
FEWEST_ANONYMOUS_VOTES = 5


class Poll(TenantModel):
    """What a post asks."""

    class Results(models.TextChoices):
        """When one sees how the others voted."""

        ALWAYS = "always", _("At any time")
        VOTED = "voted", _("After having voted")
        CLOSED = "closed", _("When the poll has ended")

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="+")
    is_multiple = models.BooleanField(default=False)
    is_anonymous = models.BooleanField(default=False)
    shows_results = models.CharField(max_length=8, choices=Results.choices, default=Results.ALWAYS)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    voter_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            # What a vote with a name points to (see Vote).
            models.UniqueConstraint(fields=["id", "is_anonymous"], name="polls_poll_with_its_promise"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "closes_at"],
                condition=models.Q(closed_at__isnull=True, closes_at__isnull=False),
                name="polls_poll_to_close",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Tell whether one may still vote; true to the second, whenever the sweeper comes."""
        return self.closed_at is None and (self.closes_at is None or self.closes_at > timezone.now())


class Option(TenantModel):
    """One choice, and how many took it."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="options", db_index=False)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "position"], name="polls_option_order"),
        ]


class Voter(TenantModel):
    """Somebody took part, once. No time, and an id without one: it must say nothing about when, hence of what."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="voters", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "person"], name="polls_voter_once"),
        ]


class Vote(TenantModel):
    """Who chose what, in a poll with names. The database refuses one in an anonymous poll.

    `is_anonymous` is always false here and part of a foreign key to the poll (migration 0001): a poll of that id
    without the promise must exist, and a poll with votes cannot change its promise.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="ballots", db_index=False)
    is_anonymous = models.BooleanField(default=False, editable=False)
    option = models.ForeignKey(Option, on_delete=models.CASCADE, related_name="ballots")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "person", "option"], name="polls_vote_once"),
            models.CheckConstraint(condition=models.Q(is_anonymous=False), name="polls_vote_has_a_name"),
        ]
