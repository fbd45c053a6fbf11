"""What can happen in an inbox."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class InboxChanged(DomainEvent):
    """A line arrived, grew or was read: every window of that person shows it at once."""

    person_id: UUID

    def topics(self) -> list[str]:
        """Tell only that person's windows."""
        return [f"person:{self.person_id}"]
