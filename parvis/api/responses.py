"""What the operations share: the viewer, the bounds of a page, and the problems that each may answer."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import Field

from parvis.api.schemas.basics import Problem
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person, Unit
from parvis.people.policy import can

Limit = Annotated[int, Field(ge=1, le=100, description="How many, 100 at most.")]

PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Problem)
# Of an operation that answers nothing.
DONE: dict[int, Any] = {204: None, **PROBLEMS}


def viewer_of(request: HttpRequest) -> Person:
    """Return the authenticated caller."""
    viewer: Person = request.auth  # type: ignore[attr-defined]
    return viewer


def administrator_of(request: HttpRequest) -> Person:
    """Return the caller, who administers the organization; for others there is no such operation."""
    viewer = viewer_of(request)
    if not can(viewer, "administer", viewer.organization):
        raise NotFound
    return viewer


def unit_of(unit_id: UUID) -> Unit:
    """Return the unit that a body or a query names."""
    found: Unit | None = Unit.objects.filter(pk=unit_id).first()
    if found is None:
        raise Invalid({"unit": [_("There is no such unit.")]})
    return found


def write_name_cursor(name: str, id: UUID) -> str:
    """Return the cursor of a place in a list ordered by name."""
    return base64.urlsafe_b64encode(f"{id.hex}{name}".encode()).decode().rstrip("=")


def read_name_cursor(cursor: str) -> tuple[str, UUID]:
    """Return the place of a cursor; `Invalid` for one that we did not write."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        return text[32:].replace("\x00", ""), UUID(hex=text[:32])
    except (ValueError, binascii.Error):
        raise Invalid(
            {"cursor": [_("This page marker is not valid: start again from the first page.")]}
        ) from None
