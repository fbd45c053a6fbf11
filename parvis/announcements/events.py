"""What can happen to announcements."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class ProgressChanged(DomainEvent):
    """Somebody got, or acknowledged, an announcement: heard by those who may follow that, and by themselves."""

    entry_id: UUID
    person_ids: tuple[UUID, ...]

    def topics(self) -> list[str]:
        """Tell only these people's windows: who has acknowledged is not everybody's to know."""
        return [f"person:{person_id}" for person_id in self.person_ids]

    def live_id(self) -> UUID:
        """Name the entry in live frames."""
        return self.entry_id
