"""Entries and their satellites."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from parvis.content.kinds import names_of_shared_drafts
from parvis.foundation.tenancy import TenantManager, TenantModel, current_organization_id
from parvis.people.models import Person
from parvis.spaces.models import Membership, Space


class EntryQuerySet(models.QuerySet["Entry"]):
    """Named questions about entries; `visible_to` is derived from the one rule of spaces."""

    def visible_to(self, viewer: Person | None) -> EntryQuerySet:
        """Return the published entries that the viewer may read."""
        return self.filter(state=Entry.State.PUBLISHED, space__in=Space.objects.readable_by(viewer))

    def legible_to(self, viewer: Person | None) -> EntryQuerySet:
        """Return what a thread shows the viewer: the visible, and tombstones (whose text is gone)."""
        states = [Entry.State.PUBLISHED, Entry.State.DELETED]
        return self.filter(state__in=states, space__in=Space.objects.readable_by(viewer))

    def unpublished_for(self, viewer: Person | None) -> EntryQuerySet:
        """Return the drafts and scheduled entries that the viewer works on: their own, and shared ones as a host."""
        if viewer is None:
            return self.none()
        hosted = Membership.objects.filter(person=viewer, role=Membership.Role.HOST).values("space_id")
        theirs = models.Q(author=viewer) | models.Q(kind__in=names_of_shared_drafts(), space__in=hosted)
        waiting = self.filter(state__in=Entry.UNPUBLISHED, space__in=Space.objects.readable_by(viewer))
        return waiting.filter(theirs)

    def roots(self) -> EntryQuerySet:
        """Return the entries that start a thread."""
        return self.filter(thread__isnull=True)


class EntryManager(TenantManager["Entry"]):
    """The entries of the bound organization."""

    def get_queryset(self) -> EntryQuerySet:
        """Return the bound organization's entries."""
        return EntryQuerySet(self.model, using=self._db).filter(organization_id=current_organization_id())

    def visible_to(self, viewer: Person | None) -> EntryQuerySet:
        """Return the published entries that the viewer may read."""
        return self.get_queryset().visible_to(viewer)

    def legible_to(self, viewer: Person | None) -> EntryQuerySet:
        """Return the visible entries and tombstones."""
        return self.get_queryset().legible_to(viewer)

    def unpublished_for(self, viewer: Person | None) -> EntryQuerySet:
        """Return the drafts and scheduled entries that the viewer works on."""
        return self.get_queryset().unpublished_for(viewer)


class Entry(TenantModel):
    """One thing written to last: a post, a comment … A client may choose the id, so that a retry doubles nothing."""

    class State(models.TextChoices):
        """Deleted leaves a tombstone without text; hidden is moderation's; staged is an import's.

        A draft waits for its author, a scheduled entry for its hour.
        """

        DRAFT = "draft"
        SCHEDULED = "scheduled"
        STAGED = "staged"
        PUBLISHED = "published"
        HIDDEN = "hidden"
        DELETED = "deleted"

    UNPUBLISHED: ClassVar = (State.DRAFT, State.SCHEDULED)

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="entries", db_index=False)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=16)
    # Null for a root; the root's id for replies at any depth.
    thread = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies", db_index=False
    )
    reply_to = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="direct_replies"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    render_version = models.PositiveSmallIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    reaction_count = models.PositiveIntegerField(default=0)
    # What its card shows below the text (parvis/content/parts.py): names of features, mostly none.
    parts = ArrayField(models.CharField(max_length=16), default=list, blank=True, db_default=[])
    # The optimistic lock: an edit names the version that it read.
    version = models.PositiveIntegerField(default=1)
    # When a scheduled entry is to be published; kept afterwards, so that one can tell that it was scheduled.
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    # A reply bumps it, a reaction does not.
    activity_at = models.DateTimeField(default=timezone.now)
    pinned_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[EntryManager] = EntryManager()

    class Meta:
        verbose_name_plural = "entries"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="scheduled") | models.Q(publish_at__isnull=False),
                name="content_entry_scheduled_has_an_hour",
            ),
        ]
        indexes: ClassVar = [
            # A space's stream; the home feed takes the newest of each readable space.
            models.Index(
                fields=["space", "-activity_at", "-id"],
                condition=models.Q(thread__isnull=True, state="published"),
                name="content_entry_space_stream",
            ),
            # All that I may read, when that is many spaces.
            models.Index(
                fields=["organization", "-activity_at", "-id"],
                condition=models.Q(thread__isnull=True, state="published"),
                name="content_entry_all_stream",
            ),
            # The newest of each author whom somebody follows.
            models.Index(
                fields=["author", "-activity_at", "-id"],
                condition=models.Q(thread__isnull=True, state="published"),
                name="content_entry_author_stream",
            ),
            # What a space keeps at its top.
            models.Index(
                fields=["space", "-pinned_at"],
                condition=models.Q(pinned_at__isnull=False),
                name="content_entry_pinned",
            ),
            # One conversation in the server's order.
            models.Index(
                fields=["thread", "published_at", "id"],
                condition=models.Q(thread__isnull=False),
                name="content_entry_thread",
            ),
            # Profile, export, erasure.
            models.Index(fields=["author", "-id"], name="content_entry_by_author"),
            # Review queue, import publishing, purge.
            models.Index(
                fields=["organization", "state", "id"],
                condition=models.Q(state__in=["hidden", "staged", "deleted"]),
                name="content_entry_unpublished",
            ),
            # The publisher: what is due.
            models.Index(
                fields=["organization", "publish_at", "id"],
                condition=models.Q(state="scheduled"),
                name="content_entry_scheduled",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.body_text[:60]

    @property
    def is_root(self) -> bool:
        """Tell whether this entry starts a thread."""
        return self.thread_id is None

    @property
    def root_id(self) -> UUID:
        """Return the id of the thread's first entry, this one's own for a root."""
        return self.thread_id or self.id

    @property
    def is_unpublished(self) -> bool:
        """Tell whether the entry waits, as a draft or for its hour."""
        return self.state in self.UNPUBLISHED

    @property
    def is_deleted(self) -> bool:
        """Tell whether only a tombstone remains."""
        return self.state == self.State.DELETED


class Reaction(TenantModel):
    """One person, one emoji, one entry."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reactions")
    emoji = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "person", "emoji"], name="content_reaction_once"),
        ]


class Mention(TenantModel):
    """An entry names a person who can read it."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "person"], name="content_mention_once"),
        ]


class Hashtag(TenantModel):
    """An entry uses a topic: its text says #word, or it carries the word as a tag.

    The topic itself is no row: what nobody may read about does not exist for anybody to find out.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="hashtags", db_index=False)
    # Case and accents folded.
    key = models.CharField(max_length=200)
    name = models.CharField(max_length=64)
    # A tag that was chosen beside the text; an edit of the text leaves it.
    is_tag = models.BooleanField(default=False)
    # When its entry was published.
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "key"], name="content_hashtag_once"),
        ]
        indexes: ClassVar = [
            # A topic's page, the latest use first.
            models.Index(fields=["organization", "key", "-used_at"], name="content_hashtag_by_key"),
            # What is lively.
            models.Index(fields=["organization", "-used_at"], name="content_hashtag_lately"),
        ]


class Attachment(TenantModel):
    """A file shown with an entry: readable exactly where the entry is."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    alternative_text = models.CharField(max_length=500, blank=True)
    # Says nothing that the text does not: a screen reader passes it by.
    is_decorative = models.BooleanField(default=False, db_default=False)
    # Of a film: what is shown before it plays, and what is said in it.
    poster = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    captions = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "position"], name="content_attachment_order"),
        ]


class Bookmark(TenantModel):
    """Somebody keeps an entry for later; nobody else knows."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="bookmarks")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="bookmarks", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "entry"], name="content_bookmark_once"),
        ]


class ThreadFollow(TenantModel):
    """Somebody wants to hear of a thread, or, muted, no longer to."""

    class Level(models.TextChoices):
        """Muted is remembered, so that taking part again does not follow again."""

        FOLLOWING = "following"
        MUTED = "muted"

    thread = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="followers")
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="followed_threads", db_index=False
    )
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.FOLLOWING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "thread"], name="content_follow_once"),
        ]


class Revision(TenantModel):
    """What an entry said before an edit or a deletion."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "version"], name="content_revision_once"),
        ]
