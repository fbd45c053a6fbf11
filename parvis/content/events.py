"""What can happen to entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class EntryEvent(DomainEvent):
    """Something happened to an entry; heard by the readers of its space, on the space and on the thread."""

    entry_id: UUID
    space_id: UUID
    # The root's id, the entry's own for a root.
    thread_id: UUID

    def topics(self) -> list[str]:
        """Tell the space and the thread."""
        return [f"space:{self.space_id}", f"thread:{self.thread_id}"]

    def live_id(self) -> UUID:
        """Name the entry in live frames."""
        return self.entry_id


@dataclass(frozen=True, kw_only=True)
class TextPublished(EntryEvent):
    """Something new can be read."""

    author_name: str
    # The keys of the topics that it uses: who reads about one of them hears, if they may read the space.
    hashtags: tuple[str, ...] = ()
    # Whether its text names people, leads elsewhere, perhaps to entries: what does neither concerns fewer handlers.
    has_mentions: bool = True
    has_links: bool = True
    may_cite: bool = True

    def topics(self) -> list[str]:
        """Tell the space, the thread, and the pages of its topics."""
        return [*super().topics(), *(f"hashtag:{key}" for key in self.hashtags)]


@dataclass(frozen=True, kw_only=True)
class EntryPublished(TextPublished):
    """A root can now be read."""

    kind: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("%(name)s wrote something new.") % {"name": self.author_name}


@dataclass(frozen=True, kw_only=True)
class ReplyPublished(TextPublished):
    """A reply can now be read."""

    reply_to_id: UUID

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("%(name)s replied.") % {"name": self.author_name}


@dataclass(frozen=True, kw_only=True)
class EntryEdited(EntryEvent):
    """An entry says something else."""

    version: int


@dataclass(frozen=True, kw_only=True)
class EntryDeleted(EntryEvent):
    """Only a tombstone remains."""


@dataclass(frozen=True, kw_only=True)
class EntryRestored(EntryEvent):
    """A deletion was undone."""


@dataclass(frozen=True, kw_only=True)
class EntryHidden(EntryEvent):
    """Moderation took an entry out of sight."""

    is_audited: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class EntryUnhidden(EntryEvent):
    """Moderation gave an entry back."""

    is_audited: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class EntryPinned(EntryEvent):
    """A host keeps an entry at the top of its space, or no longer does."""

    is_pinned: bool


@dataclass(frozen=True, kw_only=True)
class ReactionsChanged(EntryEvent):
    """Somebody reacted or took a reaction back."""

    emoji: str
    is_added: bool


@dataclass(frozen=True, kw_only=True)
class EntryPartChanged(EntryEvent):
    """What a card shows below the text (a poll, a preview) came, changed or went."""

    part: str


@dataclass(frozen=True, kw_only=True)
class PersonalMarkChanged(DomainEvent):
    """Somebody bookmarked or followed, or no longer does: heard by their own windows only."""

    entry_id: UUID
    person_id: UUID

    def topics(self) -> list[str]:
        """Tell that person's windows."""
        return [f"person:{self.person_id}"]


@dataclass(frozen=True, kw_only=True)
class DraftChanged(PersonalMarkChanged):
    """A draft was begun, scheduled, taken back or thrown away: heard by its author's windows only."""


@dataclass(frozen=True, kw_only=True)
class PublicationFailed(PersonalMarkChanged):
    """A scheduled entry could not be published at its hour: its author may no longer post there."""


@dataclass(frozen=True, kw_only=True)
class ImportPublished(DomainEvent):
    """An import brought entries into these spaces, or took them away again: one event, not one per row."""

    space_ids: tuple[UUID, ...]
    changes_access: ClassVar[bool] = True

    def topics(self) -> list[str]:
        """Tell the organization, and the readers of pages that show these spaces."""
        return ["organization"]
