"""What stands around every page: the sidebar's spaces, the unread mark, the organizations one belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.core.cache import cache as answers
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.views.i18n import set_language

from parvis.foundation.addresses import NoReverseMatch, reverse
from parvis.people.access import public
from parvis.people.addresses import entrance_of
from parvis.people.models import Person
from parvis.people.queries import organization_ids_of, organizations_of
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
        "organizations": lambda: organizations(request, viewer),
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


def organizations(request: HttpRequest, viewer: Person) -> list[dict[str, Any]]:
    """Return the organizations to change between, none for somebody of a single one; asked once a minute."""
    mine = answers.get_or_set(
        f"organizations-of:{viewer.identity_id}:{request.get_host()}",
        lambda: _organizations_of(viewer.identity_id, request.get_host()),
        60,
    )
    return [{**one, "is_current": one["id"] == viewer.organization_id} for one in mine or []]


def _organizations_of(identity_id: UUID | None, host: str) -> list[dict[str, Any]]:
    if identity_id is None or len(organization_ids_of(identity_id)) < 2:
        return []
    return [
        {"id": one.id, "name": one.name, "url": entrance_of(one, host)}
        for one in organizations_of(identity_id)
    ]


def _space_url(space_id: UUID) -> str:
    try:
        return reverse("spaces:show", args=[space_id])
    except NoReverseMatch:
        return ""
