"""Me, the directory."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router

from parvis.api.responses import PROBLEMS, Limit, read_name_cursor, viewer_of, write_name_cursor
from parvis.api.rows import profile_row
from parvis.api.schemas.people import MeOut, ProfilePage
from parvis.people.queries import directory

router = Router()


@router.get("/me", response={200: MeOut, **PROBLEMS}, tags=["people"], summary="Who I am")
def me(request: HttpRequest) -> Any:
    """The caller, their organization and the token's scopes."""
    viewer = viewer_of(request)
    bearer = getattr(request, "bearer", None)
    names = ("email", "is_administrator", "is_moderator")
    organization = viewer.organization
    return {
        **profile_row(viewer),
        **{name: getattr(viewer, name) for name in names},
        "language": viewer.language or organization.default_language,
        "time_zone": viewer.time_zone or organization.time_zone,
        "organization": {"id": organization.id, "slug": organization.slug, "name": organization.name},
        "scopes": sorted(bearer.scopes) if bearer is not None else ["read", "write"],
    }


@router.get("/people", response={200: ProfilePage, **PROBLEMS}, tags=["people"], summary="The directory")
def people(
    request: HttpRequest, q: str = Query("", max_length=200), limit: Limit = 50, cursor: str = ""
) -> Any:
    """The people of the organization, by name; a guest has no directory."""
    found = directory(viewer_of(request), search=q.replace("\x00", "")).order_by("sort_name", "id")
    if cursor:
        name, id = read_name_cursor(cursor)
        found = found.filter(Q(sort_name__gt=name) | Q(sort_name=name, id__gt=id))
    rows = list(found[: limit + 1])
    following = write_name_cursor(rows[limit - 1].sort_name, rows[limit - 1].id) if len(rows) > limit else ""
    return {"items": [profile_row(person) for person in rows[:limit]], "next": following}
