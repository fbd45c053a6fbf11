"""The name of a file as it may be shown, stored and offered for saving."""

from __future__ import annotations

import unicodedata

LONGEST_NAME = 200


def cleaned_name(name: str, default: str = "file") -> str:
    """Return the last part of a path, without what could mislead a reader or a file system.

    Control and format characters go (a right-to-left mark makes “exe.gpj” of “jpg.exe”); the extension
    survives shortening.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    normal = unicodedata.normalize("NFC", last.encode("utf-8", "replace").decode())
    shown = "".join(char if char.isprintable() else " " if char.isspace() else "" for char in normal)
    plain = " ".join(shown.split()).strip(". ") if shown.strip(". ") else ""
    return _shortened(plain) or default


def _shortened(name: str) -> str:
    if len(name) <= LONGEST_NAME:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 20:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
