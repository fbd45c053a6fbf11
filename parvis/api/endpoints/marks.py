"""Marks on entries: bookmarks, pins, following, who reacted; what an entry said before; reports about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, Limit, viewer_of
from parvis.api.rows import entry_row, entry_rows, person_row
from parvis.api.schemas.entries import EntryOut, EntryPage
from parvis.api.schemas.marks import ReactorList, ReportIn, VersionList
from parvis.content import actions, queries
from parvis.content.models import Entry
from parvis.content.policy import can
from parvis.foundation.errors import NotFound
from parvis.moderation.actions import report_entry
from parvis.previews.actions import remove_preview

router = Router(tags=["entries"])


@router.get("/bookmarks", response={200: EntryPage, **PROBLEMS}, summary="What I keep for later")
def bookmarks(request: HttpRequest, limit: Limit = 20, cursor: str = "") -> Any:
    """The entries that I bookmarked and may still read, the latest bookmark first."""
    viewer = viewer_of(request)
    page = queries.bookmarked(viewer, cursor=cursor, limit=limit)
    return {"items": entry_rows(viewer, page.entries), "next": page.next}


@router.put("/entries/{uuid:entry_id}/bookmark", response=DONE, summary="Keep an entry for later")
def bookmark(request: HttpRequest, entry_id: UUID) -> Any:
    """Nobody else knows; twice is once."""
    actions.bookmark(person=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.delete("/entries/{uuid:entry_id}/bookmark", response=DONE, summary="No longer keep an entry")
def remove_bookmark(request: HttpRequest, entry_id: UUID) -> Any:
    """Take the bookmark away."""
    actions.remove_bookmark(person=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.put("/entries/{uuid:entry_id}/pin", response=DONE, summary="Pin an entry")
def pin(request: HttpRequest, entry_id: UUID) -> Any:
    """Keep a thread at the top of its space, as a host."""
    actions.pin(actor=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.delete("/entries/{uuid:entry_id}/pin", response=DONE, summary="Unpin an entry")
def unpin(request: HttpRequest, entry_id: UUID) -> Any:
    """Let it go back to its place."""
    actions.unpin(actor=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.put("/entries/{uuid:entry_id}/follow", response=DONE, summary="Follow a thread")
def follow(request: HttpRequest, entry_id: UUID) -> Any:
    """Hear of what comes in the thread of an entry, and find it in my feed."""
    actions.follow_thread(person=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.delete("/entries/{uuid:entry_id}/follow", response=DONE, summary="Mute a thread")
def mute(request: HttpRequest, entry_id: UUID) -> Any:
    """Hear no more of the thread, even after taking part in it again."""
    actions.mute_thread(person=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.get(
    "/entries/{uuid:entry_id}/reactions", response={200: ReactorList, **PROBLEMS}, summary="Who reacted"
)
def reactors(request: HttpRequest, entry_id: UUID) -> Any:
    """Who reacted to an entry, and how."""
    found = queries.reactions_to(_entry(request, entry_id))
    return {
        "items": [
            {"person": person_row(row.person), "emoji": row.emoji, "created_at": row.created_at}
            for row in found
        ]
    }


@router.get(
    "/entries/{uuid:entry_id}/versions",
    response={200: VersionList, **PROBLEMS},
    summary="What an entry said before",
)
def versions(request: HttpRequest, entry_id: UUID) -> Any:
    """What it said before each edit; of a deleted entry nothing remains to be read."""
    entry = _entry(request, entry_id)
    if not can(viewer_of(request), "view_history", entry):
        raise NotFound
    names = ("version", "title", "body", "written_at")
    return {
        "items": [
            {
                **{name: getattr(row, name) for name in names},
                "editor": person_row(row.editor) if row.editor is not None else None,
            }
            for row in queries.history_of(entry)
        ]
    }


@router.put(
    "/entries/{uuid:entry_id}/restoration",
    response={200: EntryOut, **PROBLEMS},
    summary="Bring a deleted entry back",
)
def restore(request: HttpRequest, entry_id: UUID) -> Any:
    """As its author or a host of its space."""
    viewer = viewer_of(request)
    actions.restore_entry(actor=viewer, entry=queries.find_legible(viewer, entry_id))
    return entry_row(viewer, queries.find_visible(viewer, entry_id))


@router.delete("/entries/{uuid:entry_id}/preview", response=DONE, summary="Take a link's preview away")
def without_preview(request: HttpRequest, entry_id: UUID) -> Any:
    """As its author or a host: the link stays in the text."""
    remove_preview(actor=viewer_of(request), entry=_entry(request, entry_id))
    return Status(204, None)


@router.post("/entries/{uuid:entry_id}/reports", response=DONE, summary="Report an entry")
def report(request: HttpRequest, entry_id: UUID, payload: ReportIn) -> Any:
    """To the moderators, who get its words and nothing else of a space that is not theirs to read."""
    report_entry(
        reporter=viewer_of(request),
        entry=_entry(request, entry_id),
        reason=payload.reason,
        message=payload.message,
    )
    return Status(204, None)


def _entry(request: HttpRequest, entry_id: UUID) -> Entry:
    return queries.find_visible(viewer_of(request), entry_id)
