"""Silence for a while."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from parvis.api.endpoints.entries import readable_space
from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.schemas.notifications import PauseIn, PauseList, PauseOut
from parvis.content.models import Entry
from parvis.content.queries import find_visible
from parvis.foundation import throttle
from parvis.foundation.errors import Invalid, NotFound
from parvis.notifications import pausing
from parvis.people.models import Person

router = Router(tags=["notifications"])


@router.get("/notifications/pauses", response={200: PauseList, **PROBLEMS}, summary="What is silent")
def pauses(request: HttpRequest) -> Any:
    """Conversations, spaces or everything, what ends first before."""
    return {"items": list(pausing.pauses_of(viewer_of(request)))}


@router.post("/notifications/pauses", response={201: PauseOut, **PROBLEMS}, summary="Ask for silence")
def pause(request: HttpRequest, payload: PauseIn) -> Any:
    """Until a moment, a year at most; asked again, the later word counts. It ends by itself."""
    viewer = viewer_of(request)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    if payload.entry and payload.space:
        raise Invalid({"space": [_("Choose a conversation or a space, not both.")]})
    row = pausing.pause(
        person=viewer,
        until=payload.until,
        thread=_entry(viewer, payload.entry),
        space=readable_space(viewer, payload.space) if payload.space else None,
    )
    return Status(201, row)


@router.delete("/notifications/pauses/{uuid:pause_id}", response=DONE, summary="Hear again")
def end(request: HttpRequest, pause_id: UUID) -> Any:
    """End silence before its time."""
    pausing.end_pause(person=viewer_of(request), pause_id=pause_id)
    return Status(204, None)


def _entry(viewer: Person, entry_id: UUID | None) -> Entry | None:
    try:
        return find_visible(viewer, entry_id) if entry_id else None
    except NotFound:
        raise Invalid({"entry": [_("There is no such conversation, or you cannot read it.")]}) from None
