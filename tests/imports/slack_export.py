"""Make small Slack exports for tests."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

ALICE = {
    "id": "U00ALICE",
    "name": "alice",
    "profile": {"real_name": "Alice Martin", "email": "Alice@Example.org"},
}
BOB = {"id": "U000BOB", "name": "bob", "profile": {"real_name": "Bob Durand", "email": "bob@example.org"}}
CAROL = {"id": "U0CAROL", "name": "carol", "deleted": True, "profile": {"real_name": "Carol"}}
GENERAL = {
    "id": "C0GENERAL",
    "name": "general",
    "members": ["U00ALICE", "U000BOB"],
    "purpose": {"value": "All of us"},
}
BOARD = {"id": "G00BOARD", "name": "board", "members": ["U00ALICE"], "creator": "U00ALICE"}


def message(ts: str, text: str = "hello", **more: Any) -> dict[str, Any]:
    """Return a message of Alice, unless told otherwise."""
    return {"type": "message", "user": "U00ALICE", "ts": ts, "text": text, **more}


def export(
    days: dict[str, Any],
    *,
    users: list[dict[str, Any]] | None = None,
    channels: list[dict[str, Any]] | None = None,
    groups: list[dict[str, Any]] | None = None,
    **others: Any,
) -> dict[str, bytes]:
    """Return the files of an export: `days` by path, such as `general/2024-01-02.json`."""
    files: dict[str, Any] = {
        "users.json": users if users is not None else [ALICE, BOB, CAROL],
        "channels.json": channels if channels is not None else [GENERAL],
        **days,
    }
    if groups is not None:
        files["groups.json"] = groups
    files |= {f"{name}.json": value for name, value in others.items()}
    return {
        name: value if isinstance(value, bytes) else json.dumps(value).encode()
        for name, value in files.items()
    }


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """Write the files into a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path
