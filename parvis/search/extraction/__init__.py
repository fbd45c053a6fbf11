"""What a file says. Files come from strangers: they are read by a process of their own, with little time and memory.

Plain text, Markdown, CSV; PDF; the formats of Word, Excel, PowerPoint and LibreOffice.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from parvis.search.extraction.formats import LONGEST_TEXT, readable_types

SECONDS = 30
LARGEST_BYTES = 60 * 1024 * 1024

__all__ = ["LARGEST_BYTES", "Unreadable", "readable_types", "text_of"]


class Unreadable(Exception):
    """The file has no text that we can read; the message is one word for why."""


def text_of(path: Path, media_type: str) -> str:
    """Return the beginning of what a file says; `Unreadable` when it is damaged, locked, a bomb or too slow."""
    command = [sys.executable, "-m", "parvis.search.extraction.reader", str(path), media_type]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, env=_environment())
    except subprocess.TimeoutExpired as error:
        raise Unreadable("slow") from error
    if done.returncode:
        reason = done.stdout.decode("ascii", "replace").strip()
        raise Unreadable(reason if reason.isalpha() and len(reason) < 40 else "damaged")
    return done.stdout.decode("utf-8", "replace")[:LONGEST_TEXT]


def _environment() -> dict[str, str]:
    """Nothing of ours: no secret, no address of the database."""
    return {"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"}
