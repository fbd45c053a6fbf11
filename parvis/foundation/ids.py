"""Ids as people and programs type them."""

from __future__ import annotations

from uuid import UUID


def parse_id(text: str | None) -> UUID | None:
    """Return the id that a field, an address or a parameter carries; None for what is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
