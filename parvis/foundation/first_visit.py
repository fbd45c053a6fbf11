"""The one-time link that creates the first organization: who sees the console owns the installation."""

from __future__ import annotations

import pathlib
import secrets

from parvis.foundation.folders import kept_secret

NAME = "first-visit"
PATH = "/setup"


def path(data: pathlib.Path) -> str:
    """Return the path of the link; the same until it was used."""
    return f"{PATH}?token={kept_secret(data, NAME)}"


def matches(data: pathlib.Path, token: str) -> bool:
    """Whether this is the token of the link, and the link was not used."""
    file = data / "secrets" / NAME
    if not file.exists():
        return False
    return secrets.compare_digest(file.read_text(encoding="utf-8").strip().encode(), token.encode())


def forget(data: pathlib.Path) -> None:
    """End the link: it was used."""
    (data / "secrets" / NAME).unlink(missing_ok=True)
