"""What can happen between entries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from parvis.foundation.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CrossPosted(DomainEvent):
    """An entry brings another one into a space. Windows hear of the entry itself; this is for handlers."""

    entry_id: UUID
    space_id: UUID
