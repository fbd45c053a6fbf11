"""Single messages: read, edit, delete, react, pin, their side threads, finding them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, Limit, viewer_of
from parvis.api.rows import entry_row
from parvis.api.schemas.chat import EntryOfMessagesIn, MessageOut, MessagePatch, MessageReportIn, MessagesOut
from parvis.api.schemas.entries import EntryOut
from parvis.chat import actions, queries, wire
from parvis.chat.models import Message
from parvis.content import queries as content
from parvis.foundation.errors import Invalid
from parvis.people.models import Person
from parvis.spaces.models import Space

router = Router(tags=["chat"])


def _rows(viewer: Person, messages: list[Message]) -> list[dict[str, Any]]:
    return wire.message_rows(wire.prefix_of(viewer), messages, viewer)


def _again(viewer: Person, message: Message) -> dict[str, Any]:
    return _rows(viewer, [queries.find_legible(viewer, message.id)])[0]


@router.get("/messages/search", response={200: MessagesOut, **PROBLEMS}, summary="Find messages")
def search(request: HttpRequest, q: str, room: UUID | None = None, limit: Limit = 20) -> Any:
    """In all that I read, or in one conversation; the best first, by stems, without accents, typos forgiven."""
    viewer = viewer_of(request)
    within = queries.find_room(viewer, room) if room is not None else None
    return {"items": _rows(viewer, queries.search_messages(viewer, q, room=within, limit=limit))}


@router.get("/messages/{uuid:message_id}", response={200: MessageOut, **PROBLEMS}, summary="One message")
def show(request: HttpRequest, message_id: UUID) -> Any:
    """A message that I may read, or the place of one that is gone."""
    viewer = viewer_of(request)
    return _rows(viewer, [queries.find_legible(viewer, message_id)])[0]


@router.patch("/messages/{uuid:message_id}", response={200: MessageOut, **PROBLEMS}, summary="Edit a message")
def edit(request: HttpRequest, message_id: UUID, payload: MessagePatch) -> Any:
    """409 with the current text when it changed since `version` was read."""
    viewer = viewer_of(request)
    message = queries.find_message(viewer, message_id)
    actions.edit_message(editor=viewer, message=message, body=payload.body, expected_version=payload.version)
    return _again(viewer, message)


@router.delete("/messages/{uuid:message_id}", response=DONE, summary="Delete a message")
def delete(request: HttpRequest, message_id: UUID) -> Any:
    """Its place stays, its text goes."""
    viewer = viewer_of(request)
    actions.delete_message(actor=viewer, message=queries.find_message(viewer, message_id))
    return Status(204, None)


@router.put("/messages/{uuid:message_id}/reactions/{emoji}", response=DONE, summary="React")
def react(request: HttpRequest, message_id: UUID, emoji: str) -> Any:
    """Put one emoji on a message; twice is once."""
    viewer = viewer_of(request)
    actions.react(person=viewer, message=queries.find_message(viewer, message_id), emoji=emoji)
    return Status(204, None)


@router.delete(
    "/messages/{uuid:message_id}/reactions/{emoji}",
    response=DONE,
    summary="Take a reaction back",
)
def take_back_reaction(request: HttpRequest, message_id: UUID, emoji: str) -> Any:
    """Take one's emoji off a message."""
    viewer = viewer_of(request)
    actions.take_back_reaction(person=viewer, message=queries.find_message(viewer, message_id), emoji=emoji)
    return Status(204, None)


@router.put("/messages/{uuid:message_id}/pin", response=DONE, summary="Pin a message")
def pin(request: HttpRequest, message_id: UUID) -> Any:
    """Keep it at hand for the whole room."""
    viewer = viewer_of(request)
    actions.pin_message(actor=viewer, message=queries.find_message(viewer, message_id))
    return Status(204, None)


@router.delete("/messages/{uuid:message_id}/pin", response=DONE, summary="Unpin a message")
def unpin(request: HttpRequest, message_id: UUID) -> Any:
    """Let it go back to its place."""
    viewer = viewer_of(request)
    actions.unpin_message(actor=viewer, message=queries.find_message(viewer, message_id))
    return Status(204, None)


@router.delete("/messages/{uuid:message_id}/preview", response=DONE, summary="Remove a link's preview")
def remove_preview(request: HttpRequest, message_id: UUID) -> Any:
    """As its author; the link stays in the text."""
    viewer = viewer_of(request)
    actions.remove_preview(actor=viewer, message=queries.find_message(viewer, message_id))
    return Status(204, None)


@router.post("/messages/{uuid:message_id}/reports", response=DONE, summary="Report a message")
def report(request: HttpRequest, message_id: UUID, payload: MessageReportIn) -> Any:
    """To the moderators, who get its words and nothing else of the conversation."""
    viewer = viewer_of(request)
    actions.report_message(
        reporter=viewer,
        message=queries.find_message(viewer, message_id),
        reason=payload.reason,
        note=payload.message,
    )
    return Status(204, None)


@router.get(
    "/messages/{uuid:message_id}/thread", response={200: MessagesOut, **PROBLEMS}, summary="A side thread"
)
def thread(request: HttpRequest, message_id: UUID) -> Any:
    """The message that began it, then the replies in their order."""
    viewer = viewer_of(request)
    message = queries.find_legible(viewer, message_id)
    root = queries.find_legible(viewer, message.thread_id) if message.thread_id else message
    return {"items": _rows(viewer, queries.thread_of(viewer, root))}


@router.post(
    "/messages/{uuid:message_id}/entries",
    response={201: EntryOut, **PROBLEMS},
    summary="Make an entry of what was said",
)
def make_entry(request: HttpRequest, message_id: UUID, payload: EntryOfMessagesIn) -> Any:
    """Of one message, or of several of the same conversation, in a space where I may post; linked both ways."""
    viewer = viewer_of(request)
    ids = dict.fromkeys([message_id, *payload.with_])
    messages = [queries.find_message(viewer, id) for id in ids]
    space = Space.objects.readable_by(viewer).filter(pk=payload.space).first()
    if space is None:
        raise Invalid({"space": [_("There is no such space, or you cannot read it.")]})
    entry = actions.make_entry(
        author=viewer,
        messages=messages,
        space=space,
        kind=payload.kind,
        title=payload.title,
        body=payload.body,
        id=payload.id,
    )
    return Status(201, entry_row(viewer, content.find_visible(viewer, entry.id)))
