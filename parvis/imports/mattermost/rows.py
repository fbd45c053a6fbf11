"""What a row of the export says, whatever a stranger wrote into it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from parvis.imports.markdown import clean

Row = dict[str, Any]


def text(row: Row, *keys: str) -> str:
    """Return the first of these values that says something, as clean text."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return clean(value).strip()
    return ""


def rows(row: Row, key: str) -> list[Row]:
    """Return the objects of a list, which may be absent or null."""
    found = row.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def words(row: Row, key: str) -> list[str]:
    """Return the texts of a list, which may be absent or null."""
    found = row.get(key)
    return [item for item in found if isinstance(item, str) and item] if isinstance(found, list) else []


def milliseconds(row: Row, key: str) -> int:
    """Return a time of Mattermost; 0 where there is none."""
    value = row.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def moment(value: int) -> datetime | None:
    """Return a time as a date."""
    try:
        return datetime.fromtimestamp(value / 1000, UTC) if value else None
    except (OverflowError, ValueError, OSError):
        return None
