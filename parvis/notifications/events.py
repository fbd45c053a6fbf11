"""What can happen in an inbox."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class InboxChanged(DomainEvent):
    """Lines arrived, grew or were read: every window of these people shows it at once.

    `reason` says why a line calls for their attention now; it is empty where nothing does.
    """

    person_ids: tuple[UUID, ...]
    subject: str = ""
    reason: str = ""
    is_urgent: bool = False

    def topics(self) -> list[str]:
        """Tell only these people's windows."""
        return [f"person:{person_id}" for person_id in self.person_ids]
