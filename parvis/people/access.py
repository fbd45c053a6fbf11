"""Which views are open to everybody. Everything else asks for a signed-in member of the bound organization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

# Pages of libraries that protect themselves.
SELF_PROTECTED = ("allauth.",)


def public(view: View) -> View:
    """Mark a view that anybody may open, signed in or not, with or without an organization."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Mark a view for anybody signed in, also outside an organization, e.g. the chooser after sign-in."""
    view.is_for_identities = True  # type: ignore[attr-defined]
    return view


def self_protected(view: View) -> View:
    """Mark a view that checks its caller itself, e.g. by a bearer token: it must be in the tested list."""
    view.is_self_protected = True  # type: ignore[attr-defined]
    return view


def is_open(view: Callable[..., Any]) -> bool:
    """Tell whether a view needs no signed-in member."""
    marked = getattr(view, "is_public", False) or getattr(view, "is_self_protected", False)
    return marked or view.__module__.startswith(SELF_PROTECTED)
