"""Rooms, who takes part in them, messages and their satellites."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.tenancy import TenantManager, TenantModel, current_organization_id
from parvis.moderation.models import Report
from parvis.people.models import Person
from parvis.search.models import PassageRow, VolumeRow, WordRow
from parvis.spaces.models import Space
from parvis.worktime.models import REASON_LENGTH

NAME_LENGTH = 80


class SpaceChat(TenantModel):
    """A space that has chat, as long as it is on; its rooms stay when it is switched off, unread by anybody."""

    space = models.OneToOneField(Space, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(default=True)


class RoomQuerySet(models.QuerySet["Room"]):
    """Named questions about rooms. `readable_by` is the one place that knows who reads a room."""

    def readable_by(self, viewer: Person | None) -> RoomQuerySet:
        """Return the rooms that the viewer may read: theirs, and the open ones of spaces that they read."""
        if viewer is None or not viewer.is_active or viewer.organization_id != current_organization_id():
            return self.none()
        takes_part = models.Exists(RoomMembership.objects.filter(room=models.OuterRef("pk"), person=viewer))
        readable = Space.objects.readable_by(viewer)
        chatting = readable.filter(id__in=SpaceChat.objects.filter(is_on=True).values("space_id"))
        between_people = models.Q(kind__in=Room.BETWEEN_PEOPLE) & models.Q(takes_part)
        of_a_space = models.Q(space__in=chatting) & (models.Q(is_private=False) | models.Q(takes_part))
        return self.filter(between_people | (models.Q(kind=Room.Kind.SPACE) & of_a_space))


class RoomManager(TenantManager["Room"]):
    """The rooms of the bound organization."""

    def get_queryset(self) -> RoomQuerySet:
        """Return the bound organization's rooms."""
        return RoomQuerySet(self.model, using=self._db).filter(organization_id=current_organization_id())

    def readable_by(self, viewer: Person | None) -> RoomQuerySet:
        """Return the rooms that the viewer may read."""
        return self.get_queryset().readable_by(viewer)


class Room(TenantModel):
    """A conversation: of two people, of a group, or a room of a space. Its row is where places are given out."""

    class Kind(models.TextChoices):
        """The pair's, the group's, the space's."""

        DIRECT = "direct", _("Direct messages")
        GROUP = "group", _("Group")
        SPACE = "space", _("Room of a space")

    BETWEEN_PEOPLE: ClassVar = (Kind.DIRECT, Kind.GROUP)

    kind = models.CharField(max_length=8, choices=Kind.choices)
    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    # Within a space: for those who were added only.
    is_private = models.BooleanField(default=False)
    # Of a direct conversation: both ids in order, so that there is one for each pair.
    pair = models.CharField(max_length=73, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    # The place of the last message. Each message takes the next one under the lock of this row.
    last_seq = models.PositiveBigIntegerField(default=0)
    last_message_at = models.DateTimeField(default=timezone.now)
    member_count = models.PositiveIntegerField(default=0)

    objects: ClassVar[RoomManager] = RoomManager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "pair"],
                condition=~models.Q(pair=""),
                name="chat_room_one_for_each_pair",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="space", space__isnull=False)
                | (~models.Q(kind="space") & models.Q(space__isnull=True, is_private=True)),
                name="chat_room_of_a_space_or_between_people",
            ),
            models.CheckConstraint(
                condition=(models.Q(kind="direct") & ~models.Q(pair=""))
                | (~models.Q(kind="direct") & models.Q(pair="")),
                name="chat_room_of_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)

    @property
    def is_open(self) -> bool:
        """Tell whether whoever reads the space reads this room."""
        return self.kind == self.Kind.SPACE and not self.is_private


class RoomMembership(TenantModel):
    """Somebody takes part in a room: from which place on they see it, how far they read, how loud it is."""

    class Level(models.TextChoices):
        """What counts and rings."""

        ALL = "all", _("All messages")
        MENTIONS = "mentions", _("Mentions")
        NOTHING = "nothing", _("Nothing")

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    # Answers for a group or a private room; the hosts of a space answer for its open rooms.
    is_host = models.BooleanField(default=False)
    first_seq = models.PositiveBigIntegerField(default=1)
    read_seq = models.PositiveBigIntegerField(default=0)
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.ALL)
    muted_until = models.DateTimeField(null=True, blank=True)
    is_favourite = models.BooleanField(default=False)
    draft = models.TextField(blank=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["room", "person"], name="chat_membership_once"),
        ]
        # My conversations.
        indexes: ClassVar = [models.Index(fields=["person", "room"], name="chat_membership_of_person")]

    @property
    def is_muted(self) -> bool:
        """Tell whether the room is silent for now."""
        return self.muted_until is not None and self.muted_until > timezone.now()


class Status(TenantModel):
    """What somebody says of themselves for a while, and how much others may know of their presence."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=64, blank=True)
    text = models.CharField(_("status"), max_length=100, blank=True)
    # It ends by itself; without an hour it stays until it is taken back.
    until = models.DateTimeField(null=True, blank=True)
    undisturbed_until = models.DateTimeField(null=True, blank=True)
    hides_presence = models.BooleanField(default=False)

    @property
    def is_shown(self) -> bool:
        """Tell whether there is something to show now."""
        is_over = self.until is not None and self.until <= timezone.now()
        return bool(self.emoji or self.text) and not is_over


class MessageQuerySet(models.QuerySet["Message"]):
    """Named questions about messages; both are derived from the one rule of rooms."""

    def legible_to(self, viewer: Person | None) -> MessageQuerySet:
        """Return what a room shows the viewer: the visible, and the places of what is gone (without its text)."""
        came_later = RoomMembership.objects.filter(
            room=models.OuterRef("room"), person=viewer, first_seq__gt=models.OuterRef("seq")
        )
        legible = self.filter(room__in=Room.objects.readable_by(viewer)).exclude(state=Message.State.STAGED)
        return legible.filter(~models.Exists(came_later)) if viewer is not None else legible

    def visible_to(self, viewer: Person | None) -> MessageQuerySet:
        """Return the messages whose text the viewer may read."""
        return self.legible_to(viewer).filter(state=Message.State.PUBLISHED)


class MessageManager(TenantManager["Message"]):
    """The messages of the bound organization."""

    def get_queryset(self) -> MessageQuerySet:
        """Return the bound organization's messages."""
        return MessageQuerySet(self.model, using=self._db).filter(organization_id=current_organization_id())

    def legible_to(self, viewer: Person | None) -> MessageQuerySet:
        """Return the visible messages and the places of what is gone."""
        return self.get_queryset().legible_to(viewer)

    def visible_to(self, viewer: Person | None) -> MessageQuerySet:
        """Return the messages whose text the viewer may read."""
        return self.get_queryset().visible_to(viewer)


class Message(TenantModel):
    """One thing said, at its place in a room. A client may choose the id, so that a retry doubles nothing."""

    class Kind(models.TextChoices):
        """Said by somebody, or what happened in the room."""

        TEXT = "text"
        EVENT = "event"

    class State(models.TextChoices):
        """As for entries: what is deleted or hidden keeps its place, so that no gap appears."""

        STAGED = "staged"
        PUBLISHED = "published"
        HIDDEN = "hidden"
        DELETED = "deleted"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveBigIntegerField()
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    body = models.TextField(blank=True)
    body_html = models.TextField(blank=True)
    body_text = models.TextField(blank=True)
    render_version = models.PositiveSmallIntegerField(default=0)
    # Of a place where something happened: what, and whom it names.
    event = models.JSONField(null=True, blank=True)
    # What it answers, shown above it.
    quote = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # The message that began the side thread; null for what is said in the room itself.
    thread = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    # Why it could not wait for working time: those whom it called read it.
    urgent_reason = models.CharField(max_length=REASON_LENGTH, blank=True, db_default="", default="")
    reply_count = models.PositiveIntegerField(default=0)
    last_reply_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[MessageManager] = MessageManager()

    class Meta:
        constraints: ClassVar = [
            # Each place once: with the room's lock, a room's messages are 1, 2, 3 … without a gap.
            models.UniqueConstraint(fields=["room", "seq"], name="chat_message_place"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["thread", "seq"],
                condition=models.Q(thread__isnull=False),
                name="chat_message_side_thread",
            ),
            models.Index(
                fields=["room", "-pinned_at"],
                condition=models.Q(pinned_at__isnull=False),
                name="chat_message_pinned",
            ),
            # Export, erasure.
            models.Index(fields=["author", "-id"], name="chat_message_by_author"),
            # A date is jumped to by the clock, not by the place.
            models.Index(fields=["room", "created_at"], name="chat_message_by_time"),
        ]

    def __str__(self) -> str:
        return self.body_text[:60]

    @property
    def is_gone(self) -> bool:
        """Tell whether only its place is left to be shown."""
        return self.state != self.State.PUBLISHED


class MessageReaction(TenantModel):
    """One person, one emoji, one message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="reactions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "person", "emoji"], name="chat_reaction_once"),
        ]


class MessageMention(TenantModel):
    """A message names a person who can read it. Room and place stand here too: the unread are counted by them."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+", db_index=False)
    seq = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "person"], name="chat_mention_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "room", "seq"], name="chat_mention_unread")]


class MessageAttachment(TenantModel):
    """A file shown with a message: readable exactly where the message is."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    alternative_text = models.CharField(max_length=500, blank=True)
    is_decorative = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "position"], name="chat_attachment_order"),
        ]


class MessageRevision(TenantModel):
    """What a message said before an edit or a deletion."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    editor = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "version"], name="chat_revision_once"),
        ]


class MessageEntry(TenantModel):
    """A message and an entry belong together: it was made into the entry, or shows one that was shared."""

    class Link(models.TextChoices):
        """From chat to wall, from wall to chat."""

        BECAME = "became"
        SHOWS = "shows"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="entries", db_index=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    link = models.CharField(max_length=8, choices=Link.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "entry"], name="chat_message_entry_once"),
        ]


class MessagePreview(TenantModel):
    """What the first link of a message leads to, as that page said of itself when it was asked."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=400, blank=True)
    site_name = models.CharField(max_length=80, blank=True)
    image = models.ForeignKey(
        "foundation.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # The author took it away: an edit that keeps the link does not bring it back.
    is_removed = models.BooleanField(default=False)


class ReportedMessage(TenantModel):
    """A report is about this message: what it says stands in the report, for moderators who do not read the room."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")


class Passage(PassageRow):
    """What one message says, as terms; `space_id` is its room. Only `index.py` touches it."""

    class Meta:
        indexes: ClassVar = [
            GinIndex(
                fields=["organization_id", "month", "terms"],
                name="chat_passage_terms",
                gin_pending_list_limit=256,
            ),
        ]


class Word(WordRow):
    """The words of messages, for weighing, parts of words and typos."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization_id", "word"], name="chat_word_once"),
        ]
        indexes: ClassVar = [
            GinIndex(
                "organization_id",
                OpClass("word", name="gin_trgm_ops"),
                condition=models.Q(is_word=True),
                name="chat_word_parts",
            ),
        ]


class Volume(VolumeRow):
    """How many messages there are each month, for weighing."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization_id", "month"], name="chat_volume_once"),
        ]
