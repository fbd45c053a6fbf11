"""Me, the directory, following somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from parvis.api.responses import DONE, PROBLEMS, Limit, read_name_cursor, viewer_of, write_name_cursor
from parvis.api.rows import entry_rows, person_row, profile_row
from parvis.api.schemas.entries import EntryList
from parvis.api.schemas.marks import PersonReportIn
from parvis.api.schemas.people import MeOut, ProfilePage, WholeProfileOut
from parvis.content.queries import written_by
from parvis.moderation.actions import report_person
from parvis.people.actions import follow_person, unfollow_person
from parvis.people.queries import directory, find_person, follows

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
    found = directory(viewer_of(request), search=q).order_by("sort_name", "id")
    if cursor:
        name, id = read_name_cursor(cursor)
        found = found.filter(Q(sort_name__gt=name) | Q(sort_name=name, id__gt=id))
    rows = list(found[: limit + 1])
    following = write_name_cursor(rows[limit - 1].sort_name, rows[limit - 1].id) if len(rows) > limit else ""
    return {"items": [profile_row(person) for person in rows[:limit]], "next": following}


@router.get(
    "/people/{uuid:person_id}",
    response={200: WholeProfileOut, **PROBLEMS},
    tags=["people"],
    summary="Somebody",
)
def person(request: HttpRequest, person_id: UUID) -> Any:
    """Somebody, as far as I may know them: a guest sees name, job and picture."""
    viewer = viewer_of(request)
    found = find_person(viewer, person_id)
    if viewer.is_guest and found.id != viewer.id:
        return {**person_row(found), "state": found.state}
    manager = found.manager if found.manager is not None and found.manager.is_active else None
    return {
        **profile_row(found),
        "bio": found.bio,
        "phone": found.phone,
        "time_zone": found.time_zone,
        "manager": person_row(manager) if manager is not None else None,
        "is_followed": follows(viewer, found),
    }


@router.put(
    "/people/{uuid:person_id}/follow",
    response=DONE,
    tags=["people"],
    summary="Follow somebody",
)
def follow(request: HttpRequest, person_id: UUID) -> Any:
    """Find what they write in my feed; twice is once."""
    viewer = viewer_of(request)
    follow_person(follower=viewer, followed=find_person(viewer, person_id))
    return Status(204, None)


@router.delete(
    "/people/{uuid:person_id}/follow",
    response=DONE,
    tags=["people"],
    summary="No longer follow somebody",
)
def unfollow(request: HttpRequest, person_id: UUID) -> Any:
    """No longer find it there because of who wrote it."""
    viewer = viewer_of(request)
    unfollow_person(follower=viewer, followed=find_person(viewer, person_id))
    return Status(204, None)


@router.get(
    "/people/{uuid:person_id}/entries",
    response={200: EntryList, **PROBLEMS},
    tags=["people"],
    summary="What somebody wrote",
)
def entries(request: HttpRequest, person_id: UUID, limit: Limit = 20) -> Any:
    """Their newest entries that I may read, comments too."""
    viewer = viewer_of(request)
    return {"items": entry_rows(viewer, written_by(viewer, find_person(viewer, person_id), limit=limit))}


@router.post(
    "/people/{uuid:person_id}/reports",
    response=DONE,
    tags=["people"],
    summary="Report somebody",
)
def report(request: HttpRequest, person_id: UUID, payload: PersonReportIn) -> Any:
    """To the moderators; nobody else knows who reported."""
    viewer = viewer_of(request)
    reported = find_person(viewer, person_id)
    report_person(reporter=viewer, person=reported, reason=payload.reason, message=payload.message)
    return Status(204, None)
