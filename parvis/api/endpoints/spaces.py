"""Spaces and their members."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import PROBLEMS, Limit, read_name_cursor, viewer_of, write_name_cursor
from parvis.api.rows import member_row, space_row
from parvis.api.schemas.spaces import MemberPage, SpaceIn, SpaceOut, SpacePage, SpacePatch
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person
from parvis.spaces import actions, queries
from parvis.spaces.models import Space
from parvis.spaces.policy import can

router = Router(tags=["spaces"])


@router.get("/spaces", response={200: SpacePage, **PROBLEMS}, summary="The spaces that I may know of")
def list_spaces(request: HttpRequest, limit: Limit = 50, cursor: str = "") -> Any:
    """Those I can read, and closed ones by name and objective; ordered by name."""
    viewer = viewer_of(request)
    spaces = Space.objects.listed_for(viewer).order_by("name", "id")
    if cursor:
        name, id = read_name_cursor(cursor)
        spaces = spaces.filter(Q(name__gt=name) | Q(name=name, id__gt=id))
    rows = list(spaces[: limit + 1])
    following = write_name_cursor(rows[limit - 1].name, rows[limit - 1].id) if len(rows) > limit else ""
    return {"items": [space_row(viewer, space) for space in rows[:limit]], "next": following}


@router.post("/spaces", response={201: SpaceOut, **PROBLEMS}, summary="Create a space")
def create(request: HttpRequest, payload: SpaceIn) -> Any:
    """Open a space whose first host is the caller."""
    viewer = viewer_of(request)
    fields = payload.dict(exclude={"kind", "name", "sponsor_id"})
    space = actions.create_space(
        creator=viewer, kind=payload.kind, name=payload.name, sponsor=_sponsor(payload.sponsor_id), **fields
    )
    return Status(201, space_row(viewer, Space.objects.get(pk=space.pk)))


def _sponsor(sponsor_id: UUID | None) -> Person | None:
    if sponsor_id is None:
        return None
    active = Person.objects.filter(pk=sponsor_id, state=Person.State.ACTIVE, kind=Person.Kind.MEMBER)
    found: Person | None = active.first()
    if found is None:
        raise Invalid({"sponsor_id": [str(NotFound.default_message)]})
    return found


@router.get("/spaces/{uuid:space_id}", response={200: SpaceOut, **PROBLEMS}, summary="One space")
def show(request: HttpRequest, space_id: UUID) -> Any:
    """A space that I may know of."""
    viewer = viewer_of(request)
    space = Space.objects.listed_for(viewer).filter(pk=space_id).first()
    if space is None:
        raise NotFound
    return space_row(viewer, space)


@router.patch("/spaces/{uuid:space_id}", response={200: SpaceOut, **PROBLEMS}, summary="Change a space")
def change(request: HttpRequest, space_id: UUID, payload: SpacePatch) -> Any:
    """What it says of itself, who sees it and who posts there, as a host."""
    viewer = viewer_of(request)
    changes = payload.dict(exclude_unset=True)
    if "sponsor_id" in changes:
        changes["sponsor"] = _sponsor(changes.pop("sponsor_id"))
    # Null empties a date or a sponsor; a text is emptied by an empty text.
    given = {
        name: value for name, value in changes.items() if value is not None or name in {"sponsor", "ends_on"}
    }
    space = queries.find_readable(viewer, space_id)
    return space_row(viewer, actions.update_space(actor=viewer, space=space, **given))


@router.get(
    "/spaces/{uuid:space_id}/members", response={200: MemberPage, **PROBLEMS}, summary="A space's members"
)
def members(request: HttpRequest, space_id: UUID, limit: Limit = 50, cursor: str = "") -> Any:
    """Who is in a space, by name."""
    viewer = viewer_of(request)
    space = queries.find_readable(viewer, space_id)
    if not can(viewer, "see_members", space):
        raise NotFound
    memberships = queries.members_of(space).order_by("person__sort_name", "person_id")
    if cursor:
        name, id = read_name_cursor(cursor)
        memberships = memberships.filter(
            Q(person__sort_name__gt=name) | Q(person__sort_name=name, person_id__gt=id)
        )
    rows = list(memberships[: limit + 1])
    last = rows[limit - 1].person if len(rows) > limit else None
    following = write_name_cursor(last.sort_name, last.id) if last is not None else ""
    return {"items": [member_row(row) for row in rows[:limit]], "next": following}
