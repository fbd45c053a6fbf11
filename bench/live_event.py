"""An event like those of content, for the live benchmark."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class Posted(DomainEvent):
    """Somebody posted."""

    space_id: UUID
    entry_id: UUID

    def topics(self) -> list[str]:
        """Tell the space's readers."""
        return [f"space:{self.space_id}", f"thread:{self.entry_id}"]

    def live_id(self) -> UUID:
        """Name the entry."""
        return self.entry_id
