"""One row per person and subject, never one per event; and what people want to hear of."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantModel
from parvis.people.models import Person
from parvis.spaces.models import Space


class Notification(TenantModel):
    """Something calls for somebody's attention: a thread, a request, an invitation."""

    class Reason(models.TextChoices):
        """Why, recorded when it happened: the strongest reason of what is unread. In words: reasons.py."""

        MENTION = "mention"
        ANSWER = "answer"
        OWN_THREAD = "own_thread"
        REPLY = "reply"
        SPACE = "space"
        REACTION = "reaction"
        JOIN_REQUEST = "join_request"
        JOIN_ACCEPTED = "join_accepted"
        JOIN_DECLINED = "join_declined"
        SPACE_INVITATION = "space_invitation"
        REPORT = "report"
        NOTICE = "notice"
        MADE_HOST = "made_host"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notifications", db_index=False)
    # What this line is about: "thread:<id>", "requests:<space>" … One line per person and subject.
    subject = models.CharField(max_length=80)
    reason = models.CharField(max_length=20)
    # Where the line leads: the first entry that gave the strongest reason; null for what is not about an entry.
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # Who, the latest first, each once.
    actor_ids = ArrayField(models.UUIDField(), default=list)
    # What is new, the latest first, as many as a line counts one by one: what became invisible is not told.
    entry_ids = ArrayField(models.UUIDField(), default=list)
    unread_count = models.PositiveIntegerField(default=1)
    happened_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    # Something of what is unread was marked urgent: it does not wait for working time.
    is_urgent = models.BooleanField(default=False, db_default=False)
    # Put aside until then by its owner.
    snoozed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "subject"], name="notifications_one_line_each"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-happened_at", "-id"], name="notifications_inbox"),
            models.Index(
                fields=["person"], condition=models.Q(read_at__isnull=True), name="notifications_unread"
            ),
        ]

    @property
    def is_unread(self) -> bool:
        """Tell whether the person has not seen the latest of it."""
        return self.read_at is None

    @property
    def is_snoozed(self) -> bool:
        """Tell whether it waits until later."""
        return self.snoozed_until is not None and self.snoozed_until > timezone.now()


class SpaceLevel(TenantModel):
    """How much somebody wants to hear of one space; without a row, what their choices by kind say."""

    class Level(models.TextChoices):
        """From loud to silent. Silent is silent: not even a mention."""

        EVERYTHING = "everything", _("Everything")
        POSTS = "posts", _("New posts")
        REPLIES = "replies", _("Mentions and replies")
        NOTHING = "nothing", _("Nothing")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10, choices=Level.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "space"], name="notifications_level_once"),
        ]


class KindChoice(TenantModel):
    """Whether a kind of event is told: the organization's default (no person), or somebody's own choice."""

    class Kind(models.TextChoices):
        """Kinds of events, as people tell them apart."""

        MENTION = "mention", _("Somebody mentions me")
        REPLY = "reply", _("Somebody replies to me, or in a conversation that I follow")
        POST = "post", _("Somebody starts a conversation in one of my spaces")
        REACTION = "reaction", _("Somebody reacts to what I wrote")
        SPACE = "space", _("Invitations, and requests to join")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    is_on = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "person", "kind"],
                nulls_distinct=False,
                name="notifications_choice_once",
            ),
        ]


class Pause(TenantModel):
    """Somebody wants silence for a while: from a conversation, from a space, or, with neither, altogether."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "thread", "space"], nulls_distinct=False, name="notifications_pause_once"
            ),
            models.CheckConstraint(
                condition=models.Q(thread__isnull=True) | models.Q(space__isnull=True),
                name="notifications_pause_of_one",
            ),
        ]


class OpenedThread(TenantModel):
    """Somebody has opened a conversation that a digest could still tell of: it will not. Forgotten after some weeks."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "thread"], name="notifications_opened_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["opened_at"], name="notifications_opened_at")]
