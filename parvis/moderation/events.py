"""What can happen in moderation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class Reported(DomainEvent):
    """A member reported something; told to the moderators only."""

    report_id: UUID
    moderator_ids: tuple[UUID, ...]

    def topics(self) -> list[str]:
        """Tell the moderators' windows."""
        return [f"person:{person_id}" for person_id in self.moderator_ids]


@dataclass(frozen=True, kw_only=True)
class EntryReported(Reported):
    """A member reported an entry."""

    entry_id: UUID


@dataclass(frozen=True, kw_only=True)
class PersonReported(Reported):
    """A member reported somebody."""

    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class SpaceReported(Reported):
    """A member reported a space."""

    space_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportDecided(DomainEvent):
    """A moderator decided; told to the reporter and the moderators."""

    is_audited: ClassVar[bool] = True

    report_id: UUID
    state: str
    reporter_id: UUID

    def topics(self) -> list[str]:
        """Tell the reporter's windows."""
        return [f"person:{self.reporter_id}"]


@dataclass(frozen=True, kw_only=True)
class ModeratorsWrote(DomainEvent):
    """The moderators wrote to somebody who was reported, or to the hosts of a space that was."""

    report_id: UUID
    person_ids: tuple[UUID, ...]
    space_id: UUID | None = None

    def topics(self) -> list[str]:
        """Tell the windows of those they wrote to."""
        return [f"person:{person_id}" for person_id in self.person_ids]
