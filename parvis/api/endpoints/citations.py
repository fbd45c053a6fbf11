"""Where entries are cited; bringing them into other spaces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from parvis.api.responses import PROBLEMS, Limit, viewer_of
from parvis.api.rows import entry_row, entry_rows
from parvis.api.schemas.entries import CrossPostIn, EntryOut, EntryPage
from parvis.citations import actions, queries
from parvis.content.queries import find_visible
from parvis.foundation.errors import Invalid
from parvis.spaces.models import Space

router = Router(tags=["entries"])


@router.get(
    "/entries/{uuid:entry_id}/citations", response={200: EntryPage, **PROBLEMS}, summary="Where it is cited"
)
def citations(request: HttpRequest, entry_id: UUID, limit: Limit = 50) -> Any:
    """The entries that link to this one or share it, as far as I may read them, the newest first."""
    viewer = viewer_of(request)
    found = queries.citing(viewer, [find_visible(viewer, entry_id).id], limit=limit)
    entries = list({row.entry_id: row.entry for row in found}.values())
    return {"items": entry_rows(viewer, entries), "next": ""}


@router.post(
    "/entries/{uuid:entry_id}/shares", response={201: EntryOut, **PROBLEMS}, summary="Share in another space"
)
def share(request: HttpRequest, entry_id: UUID, payload: CrossPostIn) -> Any:
    """Post in another space, with the original below for those who may read it."""
    viewer = viewer_of(request)
    original = find_visible(viewer, entry_id)
    space = Space.objects.readable_by(viewer).filter(pk=payload.space).first()
    if space is None:
        raise Invalid({"space": [_("There is no such space, or you cannot read it.")]})
    entry = actions.cross_post(
        author=viewer, original=original, space=space, body=payload.body, id=payload.id
    )
    return Status(201, entry_row(viewer, find_visible(viewer, entry.id)))
