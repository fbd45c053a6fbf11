"""Drafts, and posts and articles that wait for their hour: one's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from parvis.api.endpoints.articles import changed, manuscript
from parvis.api.endpoints.entries import attachment_drafts, no_article, no_urgent_article, readable_space
from parvis.api.endpoints.polls import poll_draft
from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.rows import draft_row, entry_row
from parvis.api.schemas.articles import ArticleIn
from parvis.api.schemas.drafts import DraftIn, DraftList, DraftOut, DraftPatch, PublicationIn
from parvis.api.schemas.entries import EntryOut
from parvis.api.schemas.polls import PollIn
from parvis.articles import actions as articles
from parvis.content import actions, queries
from parvis.content.models import Entry
from parvis.drafts.queries import waiting_of
from parvis.foundation.errors import Conflict, Invalid, NotFound
from parvis.people.models import Person
from parvis.polls.actions import add_poll, take_poll_away

router = Router(tags=["drafts"])

KINDS = ("post", "article")


@router.get("/drafts", response={200: DraftList, **PROBLEMS}, summary="My drafts and scheduled texts")
def drafts(request: HttpRequest) -> Any:
    """What waits for its hour, the next one first, then what waits for me."""
    return {"items": [draft_row(entry) for entry in waiting_of(viewer_of(request), kinds=KINDS)]}


@router.post("/drafts", response={201: DraftOut, **PROBLEMS}, summary="Write a draft, or schedule a text")
def begin(request: HttpRequest, payload: DraftIn) -> Any:
    """Keep a text that nobody sees. With `publish_at` it publishes itself at that time. The same `id` twice is once."""
    viewer = viewer_of(request)
    with transaction.atomic():
        entry = _article(viewer, payload) if payload.kind == "article" else _post(viewer, payload)
        _set_hour(viewer, entry, payload.publish_at)
        _call(viewer, entry, payload.urgent_reason)
    return Status(201, draft_row(_mine(viewer, entry.id)))


def _post(viewer: Person, payload: DraftIn) -> Entry:
    if payload.article is not None:
        raise no_article()
    entry = actions.save_draft(
        author=viewer,
        space=readable_space(viewer, payload.space),
        title=payload.title,
        body=payload.body,
        attachments=attachment_drafts(payload.attachments),
        id=payload.id,
    )
    _set_poll(viewer, entry, payload.poll)
    return entry


def _article(viewer: Person, payload: DraftIn) -> Entry:
    if payload.poll is not None:
        raise Invalid({"poll": [_("An article asks nothing: write a post with a poll.")]})
    files = attachment_drafts(payload.attachments)
    beside = payload.article or ArticleIn()
    written = manuscript(viewer, beside, title=payload.title, body=payload.body, attachments=files)
    space = readable_space(viewer, payload.space)
    return articles.begin_article(author=viewer, space=space, manuscript=written, id=payload.id)


@router.get("/drafts/{uuid:draft_id}", response={200: DraftOut, **PROBLEMS}, summary="One draft")
def show(request: HttpRequest, draft_id: UUID) -> Any:
    """A draft or a scheduled text of mine."""
    return draft_row(_mine(viewer_of(request), draft_id))


@router.patch("/drafts/{uuid:draft_id}", response={200: DraftOut, **PROBLEMS}, summary="Change a draft")
def change(request: HttpRequest, draft_id: UUID, payload: DraftPatch) -> Any:
    """What is left out stays. `publish_at` null makes a scheduled text a draft again, `poll` null asks nothing."""
    viewer = viewer_of(request)
    with transaction.atomic():
        entry = _mine(viewer, draft_id)
        if payload.version is not None and payload.version != entry.version:
            raise Conflict(current=entry)
        change_one = _change_article if entry.kind == "article" else _change_post
        entry = change_one(viewer, entry, payload)
        if "publish_at" in payload.model_fields_set:
            _set_hour(viewer, entry, payload.publish_at)
        _call(viewer, entry, payload.urgent_reason)
    return draft_row(_mine(viewer, draft_id))


def _change_post(viewer: Person, entry: Entry, payload: DraftPatch) -> Entry:
    if payload.article is not None:
        raise no_article()
    files = payload.attachments
    entry = actions.save_draft(
        author=viewer,
        space=readable_space(viewer, payload.space) if payload.space else entry.space,
        title=entry.title if payload.title is None else payload.title,
        body=entry.body if payload.body is None else payload.body,
        attachments=actions.drafts_of_files(entry) if files is None else attachment_drafts(files),
        id=entry.id,
    )
    if "poll" in payload.model_fields_set:
        _set_poll(viewer, entry, payload.poll)
    return entry


def _change_article(viewer: Person, entry: Entry, payload: DraftPatch) -> Entry:
    if payload.poll is not None:
        raise Invalid({"poll": [_("An article asks nothing: write a post with a poll.")]})
    if payload.space is not None and payload.space != entry.space_id:
        raise Invalid({"space": [_("An article stays in the space that it was begun in.")]})
    files = None if payload.attachments is None else attachment_drafts(payload.attachments)
    written = changed(
        viewer, entry, title=payload.title, body=payload.body, attachments=files, written=payload.article
    )
    return articles.edit_article(
        editor=viewer, entry=entry, manuscript=written, expected_version=entry.version
    )


@router.delete("/drafts/{uuid:draft_id}", response=DONE, summary="Throw a draft away")
def discard(request: HttpRequest, draft_id: UUID) -> Any:
    """Nobody has read it: nothing remains."""
    viewer = viewer_of(request)
    actions.discard_draft(actor=viewer, entry=_mine(viewer, draft_id))
    return Status(204, None)


@router.post(
    "/drafts/{uuid:draft_id}/publication", response={201: EntryOut, **PROBLEMS}, summary="Publish a draft now"
)
def publish(request: HttpRequest, draft_id: UUID, payload: PublicationIn | None = None) -> Any:
    """Publish it under the same id, before its hour if it has one; the body may be left out."""
    viewer = viewer_of(request)
    with transaction.atomic():
        entry = _mine(viewer, draft_id)
        _call(viewer, entry, payload.urgent_reason if payload else "", is_published_now=True)
        entry = actions.publish_draft(actor=viewer, entry=entry)
    return Status(201, entry_row(viewer, queries.find_visible(viewer, entry.id)))


def _mine(viewer: Person, draft_id: UUID) -> Entry:
    entry = queries.find_unpublished(viewer, draft_id)
    if entry.kind not in KINDS or entry.author_id != viewer.id:
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


def _call(viewer: Person, entry: Entry, reason: str, *, is_published_now: bool = False) -> None:
    """Let a post reach people outside their hours: said, and counted, once it is known when it is published."""
    if not reason.strip() or not entry.is_unpublished:
        return
    if entry.kind == "article":
        raise no_urgent_article()
    if entry.publish_at is None and not is_published_now:
        raise Invalid({"urgent_reason": [_("Say when it is published, or say this when you publish it.")]})
    actions.call_urgently(author=viewer, entry=entry, reason=reason)
