"""What can happen to the organization's emoji."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class EmojiEvent(DomainEvent):
    """Something happened to one emoji."""

    is_audited: ClassVar[bool] = True

    emoji_id: UUID
    name: str


@dataclass(frozen=True, kw_only=True)
class EmojiAdded(EmojiEvent):
    """A picture can be written by its name."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The emoji :%(name)s: was added.") % {"name": self.name}


@dataclass(frozen=True, kw_only=True)
class EmojiRenamed(EmojiEvent):
    """An emoji is called otherwise."""

    former_name: str

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        names = {"name": self.name, "former": self.former_name}
        return _("The emoji :%(former)s: is called :%(name)s: now.") % names


@dataclass(frozen=True, kw_only=True)
class EmojiWithdrawn(EmojiEvent):
    """An emoji is no longer offered, and shown where it was used."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The emoji :%(name)s: was withdrawn.") % {"name": self.name}


@dataclass(frozen=True, kw_only=True)
class EmojiOfferedAgain(EmojiEvent):
    """A withdrawn emoji can be chosen again."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The emoji :%(name)s: is offered again.") % {"name": self.name}


@dataclass(frozen=True, kw_only=True)
class EmojiRemoved(EmojiEvent):
    """The picture is gone everywhere."""

    def summary(self, viewer: Any) -> str:
        """Say it in a sentence."""
        return _("The emoji :%(name)s: was removed.") % {"name": self.name}
