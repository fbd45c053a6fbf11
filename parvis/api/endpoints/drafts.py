"""Drafts and posts that wait for their hour: one's own, seen by nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.endpoints.entries import attachment_drafts, readable_space
from parvis.api.endpoints.polls import poll_draft
from parvis.api.responses import PROBLEMS, viewer_of
from parvis.api.rows import draft_row, entry_row
from parvis.api.schemas.drafts import DraftIn, DraftList, DraftOut, DraftPatch
from parvis.api.schemas.entries import EntryOut
from parvis.api.schemas.polls import PollIn
from parvis.content import actions, queries
from parvis.content.models import Entry
from parvis.drafts.queries import waiting_of
from parvis.foundation.errors import Conflict, NotFound
from parvis.people.models import Person
from parvis.polls.actions import add_poll, take_poll_away

router = Router(tags=["drafts"])


@router.get("/drafts", response={200: DraftList, **PROBLEMS}, summary="My drafts and scheduled posts")
def drafts(request: HttpRequest) -> Any:
    """What waits for its hour, the next one first, then what waits for me."""
    return {"items": [draft_row(entry) for entry in waiting_of(viewer_of(request))]}


@router.post("/drafts", response={201: DraftOut, **PROBLEMS}, summary="Write a draft, or schedule a post")
def begin(request: HttpRequest, payload: DraftIn) -> Any:
    """Keep a post that nobody sees. With `publish_at` it publishes itself at that time. The same `id` twice is once."""
    viewer = viewer_of(request)
    with transaction.atomic():
        entry = actions.save_draft(
            author=viewer,
            space=readable_space(viewer, payload.space),
            title=payload.title,
            body=payload.body,
            attachments=attachment_drafts(payload.attachments),
            id=payload.id,
        )
        _set_poll(viewer, entry, payload.poll)
        _set_hour(viewer, entry, payload.publish_at)
    return Status(201, draft_row(_mine(viewer, entry.id)))


@router.get("/drafts/{uuid:draft_id}", response={200: DraftOut, **PROBLEMS}, summary="One draft")
def show(request: HttpRequest, draft_id: UUID) -> Any:
    """A draft or a scheduled post of mine."""
    return draft_row(_mine(viewer_of(request), draft_id))


@router.patch("/drafts/{uuid:draft_id}", response={200: DraftOut, **PROBLEMS}, summary="Change a draft")
def change(request: HttpRequest, draft_id: UUID, payload: DraftPatch) -> Any:
    """What is left out stays. `publish_at` null makes a scheduled post a draft again, `poll` null asks nothing."""
    viewer = viewer_of(request)
    given = payload.model_fields_set
    with transaction.atomic():
        entry = _mine(viewer, draft_id)
        if payload.version is not None and payload.version != entry.version:
            raise Conflict(current=entry)
        files = payload.attachments
        entry = actions.save_draft(
            author=viewer,
            space=readable_space(viewer, payload.space) if payload.space else entry.space,
            title=entry.title if payload.title is None else payload.title,
            body=entry.body if payload.body is None else payload.body,
            attachments=actions.drafts_of_files(entry) if files is None else attachment_drafts(files),
            id=entry.id,
        )
        if "poll" in given:
            _set_poll(viewer, entry, payload.poll)
        if "publish_at" in given:
            _set_hour(viewer, entry, payload.publish_at)
    return draft_row(_mine(viewer, draft_id))


@router.delete("/drafts/{uuid:draft_id}", response={204: None, **PROBLEMS}, summary="Throw a draft away")
def discard(request: HttpRequest, draft_id: UUID) -> Any:
    """Nobody has read it: nothing remains."""
    viewer = viewer_of(request)
    actions.discard_draft(actor=viewer, entry=_mine(viewer, draft_id))
    return Status(204, None)


@router.post(
    "/drafts/{uuid:draft_id}/publication", response={201: EntryOut, **PROBLEMS}, summary="Publish a draft now"
)
def publish(request: HttpRequest, draft_id: UUID) -> Any:
    """Publish it under the same id, before its hour if it has one."""
    viewer = viewer_of(request)
    entry = actions.publish_draft(actor=viewer, entry=_mine(viewer, draft_id))
    return Status(201, entry_row(viewer, queries.find_visible(viewer, entry.id)))


def _mine(viewer: Person, draft_id: UUID) -> Entry:
    entry = queries.find_unpublished(viewer, draft_id)
    if entry.kind != "post" or entry.author_id != viewer.id:
        raise NotFound
    return entry


def _set_poll(viewer: Person, entry: Entry, poll: PollIn | None) -> None:
    """Ask exactly this; of a text that was published meanwhile nothing changes."""
    if not entry.is_unpublished:
        return
    take_poll_away(author=viewer, entry=entry)
    if poll is not None:
        add_poll(author=viewer, entry=entry, draft=poll_draft(poll))


def _set_hour(viewer: Person, entry: Entry, at: datetime | None) -> None:
    if at is not None:
        actions.schedule(actor=viewer, entry=entry, at=at)
    elif entry.is_unpublished and entry.publish_at is not None:
        actions.unschedule(actor=viewer, entry=entry)
