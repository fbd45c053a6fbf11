"""Feed, entries, threads, replies, reactions."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from parvis.api.description import VERSIONED
from parvis.api.endpoints.articles import changed, manuscript
from parvis.api.endpoints.polls import poll_draft
from parvis.api.etags import note_version, require_match
from parvis.api.responses import DONE, PROBLEMS, Limit, viewer_of
from parvis.api.rows import entry_row, entry_rows
from parvis.api.schemas.entries import EntryIn, EntryOut, EntryPage, EntryPatch, ReplyIn, ThreadOut
from parvis.api.schemas.files import AttachmentIn
from parvis.articles import actions as articles
from parvis.content import actions, queries
from parvis.content.actions import AttachmentDraft
from parvis.content.models import Entry
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person
from parvis.polls.actions import add_poll
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable

router = Router(tags=["entries"])

NAME = re.compile(r"[A-Za-z0-9_+-]{2,60}")


@router.get("/feed", response={200: EntryPage, **PROBLEMS}, summary="The newest threads that concern me")
def feed(
    request: HttpRequest,
    limit: Limit = 20,
    cursor: str = "",
    scope: str = Query("mine", pattern="^(mine|all)$"),
) -> Any:
    """Threads of my spaces and of what I follow (`scope=mine`), or all that I may read (`scope=all`)."""
    stream = queries.mine_stream if scope == "mine" else queries.everything_stream
    viewer = viewer_of(request)
    page = stream(viewer, cursor=cursor, limit=limit)
    return {"items": entry_rows(viewer, page.entries), "next": page.next}


@router.get(
    "/spaces/{uuid:space_id}/entries", response={200: EntryPage, **PROBLEMS}, summary="A space's threads"
)
def space_entries(request: HttpRequest, space_id: UUID, limit: Limit = 20, cursor: str = "") -> Any:
    """The threads of one space, newest activity first."""
    viewer = viewer_of(request)
    page = queries.space_stream(find_readable(viewer, space_id), cursor=cursor, limit=limit)
    return {"items": entry_rows(viewer, page.entries), "next": page.next}


@router.post("/entries", response={201: EntryOut, **PROBLEMS}, summary="Publish an entry")
def publish(request: HttpRequest, payload: EntryIn) -> Any:
    """Start a thread in a space. Send your own `id` (UUIDv7) and retry without fear: it is created once."""
    viewer = viewer_of(request)
    space = readable_space(viewer, payload.space)
    if payload.article is not None:
        return Status(201, entry_row(viewer, _again(viewer, _publish_article(viewer, space, payload))))
    # With a poll and as an urgent call, or not at all.
    with transaction.atomic() if payload.poll is not None or payload.urgent_reason else nullcontext():
        entry = actions.publish(
            author=viewer,
            space=space,
            kind=payload.kind,
            title=payload.title,
            body=payload.body,
            attachments=attachment_drafts(payload.attachments),
            id=payload.id,
        )
        if payload.poll is not None:
            add_poll(author=viewer, entry=entry, draft=poll_draft(payload.poll))
        actions.call_urgently(author=viewer, entry=entry, reason=payload.urgent_reason)
    return Status(201, _shown(request, _again(viewer, entry)))


def readable_space(viewer: Person, space_id: UUID) -> Space:
    """Return the space that is written to; `Invalid` where there is none for the caller."""
    try:
        return find_readable(viewer, space_id)
    except NotFound:
        raise Invalid({"space": [_("There is no such space, or you cannot read it.")]}) from None


def _publish_article(viewer: Person, space: Space, payload: EntryIn) -> Entry:
    if payload.kind != "article" or payload.article is None:
        raise no_article()
    if payload.urgent_reason:
        raise no_urgent_article()
    files = attachment_drafts(payload.attachments)
    written = manuscript(viewer, payload.article, title=payload.title, body=payload.body, attachments=files)
    draft = articles.begin_article(author=viewer, space=space, manuscript=written, id=payload.id)
    return actions.publish_draft(actor=viewer, entry=draft) if draft.is_unpublished else draft


def no_article() -> Invalid:
    """Return why something else than an article has no cover, standfirst or tags."""
    return Invalid({"article": [_("Only an entry of the kind article has these.")]})


def no_urgent_article() -> Invalid:
    """Return why an article reaches nobody outside their hours."""
    return Invalid({"urgent_reason": [_("An article wakes nobody.")]})


def attachment_drafts(attachments: list[AttachmentIn]) -> list[AttachmentDraft]:
    """Return what is to be attached."""
    return [
        AttachmentDraft(
            file_id=item.id,
            alternative_text=item.alternative_text,
            is_decorative=item.is_decorative,
            poster_id=item.poster,
            captions_id=item.captions,
        )
        for item in attachments
    ]


def _again(viewer: Person, entry: Entry) -> Entry:
    """Read what was written, counters included."""
    return queries.find_visible(viewer, entry.id)


@router.get("/entries/{uuid:entry_id}", response={200: EntryOut, **PROBLEMS}, summary="One entry")
def show(request: HttpRequest, entry_id: UUID) -> Any:
    """An entry that I may read."""
    return _shown(request, queries.find_visible(viewer_of(request), entry_id))


def _shown(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    note_version(request, entry.version)
    return entry_row(viewer_of(request), entry)


@router.patch(
    "/entries/{uuid:entry_id}",
    response={200: EntryOut, **PROBLEMS},
    summary="Edit an entry",
    openapi_extra=VERSIONED,
)
def edit(request: HttpRequest, entry_id: UUID, payload: EntryPatch) -> Any:
    """Change title, body or attachments; of an article also what it has beside these. 409 with the current entry when it changed since `version` was read."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, entry_id)
    require_match(request, entry)
    files = None if payload.attachments is None else attachment_drafts(payload.attachments)
    if entry.kind == "article":
        written = changed(
            viewer, entry, title=payload.title, body=payload.body, attachments=files, written=payload.article
        )
        articles.edit_article(
            editor=viewer, entry=entry, manuscript=written, expected_version=payload.version
        )
        return _shown(request, _again(viewer, entry))
    if payload.article is not None:
        raise no_article()
    actions.edit_entry(
        editor=viewer,
        entry=entry,
        title=entry.title if payload.title is None else payload.title,
        body=entry.body if payload.body is None else payload.body,
        expected_version=payload.version,
        attachments=files,
    )
    return _shown(request, _again(viewer, entry))


@router.delete(
    "/entries/{uuid:entry_id}",
    response=DONE,
    summary="Delete an entry",
    openapi_extra=VERSIONED,
)
def delete(request: HttpRequest, entry_id: UUID) -> Any:
    """Leave a tombstone; its replies stay."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, entry_id)
    require_match(request, entry)
    actions.delete_entry(actor=viewer, entry=entry)
    return Status(204, None)


@router.get("/entries/{uuid:entry_id}/thread", response={200: ThreadOut, **PROBLEMS}, summary="A thread")
def thread(request: HttpRequest, entry_id: UUID, limit: Limit = 50, cursor: str = "") -> Any:
    """The whole thread of an entry, by any of its entries: root and replies in the server's order."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, entry_id)
    root = entry if entry.is_root else queries.find_legible(viewer, entry.root_id)
    replies, following = queries.thread_of(viewer, root, cursor=cursor, limit=limit)
    rows = entry_rows(viewer, [root, *replies])
    return {"root": rows[0], "items": rows[1:], "next": following}


@router.post("/entries/{uuid:entry_id}/replies", response={201: EntryOut, **PROBLEMS}, summary="Reply")
def reply(request: HttpRequest, entry_id: UUID, payload: ReplyIn) -> Any:
    """Answer an entry at any depth."""
    viewer = viewer_of(request)
    with transaction.atomic() if payload.urgent_reason else nullcontext():
        entry = actions.reply(
            author=viewer,
            to=queries.find_visible(viewer, entry_id),
            body=payload.body,
            attachments=attachment_drafts(payload.attachments),
            id=payload.id,
        )
        actions.call_urgently(author=viewer, entry=entry, reason=payload.urgent_reason)
    return Status(201, _shown(request, _again(viewer, entry)))


@router.put("/entries/{uuid:entry_id}/reactions/{emoji}", response=DONE, summary="React")
def react(request: HttpRequest, entry_id: UUID, emoji: str) -> Any:
    """Put one emoji on an entry, as a character or by its name (`:tada:`, `party-parrot`); twice is once."""
    viewer = viewer_of(request)
    actions.react(person=viewer, entry=queries.find_visible(viewer, entry_id), emoji=_emoji(emoji))
    return Status(204, None)


@router.delete(
    "/entries/{uuid:entry_id}/reactions/{emoji}",
    response=DONE,
    summary="Take a reaction back",
)
def take_back_reaction(request: HttpRequest, entry_id: UUID, emoji: str) -> Any:
    """Take one's emoji off an entry."""
    viewer = viewer_of(request)
    entry = queries.find_visible(viewer, entry_id)
    actions.take_back_reaction(person=viewer, entry=entry, emoji=_emoji(emoji))
    return Status(204, None)


def _emoji(named: str) -> str:
    """Return a name with its colons: in an address one may leave them out."""
    return f":{named}:" if NAME.fullmatch(named) else named
