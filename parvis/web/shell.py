"""What stands around every page: the sidebar's spaces, the unread mark, the organizations one belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.views.i18n import set_language

from parvis.people.access import public
from parvis.people.models import Person
from parvis.web.queries import joined_spaces

choose_language = public(set_language)


@dataclass(frozen=True)
class SidebarSpace:
    """A joined space as the sidebar lists it."""

    id: UUID
    name: str
    url: str
    kind: str
    privacy: str
    is_everyone: bool
    unread: int = 0


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give the layouts their questions; each is asked only by a layout that shows the answer (context processor)."""
    viewer: Person | None = getattr(request, "viewer", None)
    if viewer is None:
        return {}
    return {
        "sidebar_spaces": lambda: sidebar_spaces(viewer),
        "unread_notifications": lambda: unread_notifications(viewer),
    }


def sidebar_spaces(viewer: Person) -> list[SidebarSpace]:
    """Return the active spaces that the viewer joined, the whole organization's first."""
    return [
        SidebarSpace(
            id=space.id,
            name=space.name,
            url=_space_url(space.id),
            kind=space.kind,
            privacy=space.privacy,
            is_everyone=space.is_everyone,
        )
        for space in joined_spaces(viewer)
    ]


def unread_notifications(viewer: Person) -> int:
    """Return how many threads call for the viewer's attention."""
    count = _unread_counter()
    return count(viewer) if count is not None else 0


@cache
def _unread_counter() -> Callable[[Person], int] | None:
    try:
        found: Callable[[Person], int] = import_string("parvis.notifications.queries.unread_count")
    except ImportError:
        return None
    return found


def _space_url(space_id: UUID) -> str:
    try:
        return reverse("spaces:show", args=[space_id])
    except NoReverseMatch:
        return ""
