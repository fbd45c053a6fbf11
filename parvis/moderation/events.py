"""What can happen in moderation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class EntryReported(DomainEvent):
    """A member reported an entry; told to the moderators only."""

    report_id: UUID
    entry_id: UUID
    moderator_ids: tuple[UUID, ...]

    def topics(self) -> list[str]:
        """Tell the moderators' windows."""
        return [f"person:{person_id}" for person_id in self.moderator_ids]


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
