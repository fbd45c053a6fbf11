"""Conversations: mine, one, who takes part, my place in each."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja import Status as Answer
from pydantic import Field

from parvis.api.responses import DONE, PROBLEMS, Limit, viewer_of
from parvis.api.schemas.basics import Day
from parvis.api.schemas.chat import (
    MAX_SEQ,
    MessageIn,
    MessageOut,
    MessagePageOut,
    MessagesOut,
    MyStatus,
    MyStatusIn,
    PeopleIn,
    PlaceIn,
    RoomFilesOut,
    RoomIn,
    RoomMembersOut,
    RoomOut,
    RoomPageOut,
    RoomPatch,
    SeenByOut,
    SeqIn,
)
from parvis.chat import actions, queries, wire
from parvis.chat.actions import MessageDraft
from parvis.chat.actions.messages import post_once
from parvis.chat.models import Message, Room, Status
from parvis.content.actions import AttachmentDraft
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person
from parvis.people.queries import find_person
from parvis.spaces.models import Space
from parvis.spaces.queries import find_readable

router = Router(tags=["chat"])
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ)]
FirstDay = Annotated[Day, Field(description="The first messages of this day.")]


def _row(viewer: Person, room: Room) -> dict[str, Any]:
    return wire.room_rows(viewer, queries.with_places(viewer, [room]))[0]


def _again(viewer: Person, room: Room) -> dict[str, Any]:
    return _row(viewer, queries.find_room(viewer, room.id))


@router.get("/rooms", response={200: RoomPageOut, **PROBLEMS}, summary="My conversations")
def rooms(
    request: HttpRequest,
    limit: Limit = 50,
    cursor: str = "",
    space: UUID | None = None,
    archived: bool = False,
) -> Any:
    """The liveliest first, with what is unread; those that are archived; or the rooms of one space that I may read."""
    viewer = viewer_of(request)
    if space is not None:
        found = queries.rooms_in(viewer, find_readable(viewer, space))
        return {"items": wire.room_rows(viewer, found), "next": ""}
    page = queries.my_rooms(viewer, cursor=cursor, limit=limit, is_archived=archived)
    return {"items": wire.room_rows(viewer, page.rooms), "next": page.next}


@router.post("/rooms", response={201: RoomOut, **PROBLEMS}, summary="Begin a conversation")
def begin(request: HttpRequest, payload: RoomIn) -> Any:
    """Of two people (the one that exists, if they have begun one), of a group, or in a space."""
    viewer = viewer_of(request)
    return Answer(201, _again(viewer, _begun(viewer, payload)))


def _begun(viewer: Person, payload: RoomIn) -> Room:
    if payload.kind == "direct":
        if len(payload.people) != 1:
            raise Invalid({"people": [_("A direct conversation is begun with one person.")]})
        try:
            person = find_person(viewer, payload.people[0])
        except NotFound:
            raise Invalid({"people": [_("One of these people was not found.")]}) from None
        return actions.open_direct(viewer=viewer, person=person)
    if payload.kind == "group":
        return actions.create_group(creator=viewer, people=payload.people, name=payload.name)
    readable = Space.objects.readable_by(viewer)
    space = readable.filter(pk=payload.space).first() if payload.space else None
    if space is None:
        raise Invalid({"space": [_("There is no such space, or you cannot read it.")]})
    return actions.create_space_room(
        creator=viewer,
        space=space,
        name=payload.name,
        topic=payload.topic,
        is_private=payload.is_private,
        people=payload.people,
    )


@router.get("/rooms/{uuid:room_id}", response={200: RoomOut, **PROBLEMS}, summary="One conversation")
def show(request: HttpRequest, room_id: UUID) -> Any:
    """A conversation that I may read."""
    viewer = viewer_of(request)
    return _row(viewer, queries.find_room(viewer, room_id))


@router.patch("/rooms/{uuid:room_id}", response={200: RoomOut, **PROBLEMS}, summary="Change a conversation")
def change(request: HttpRequest, room_id: UUID, payload: RoomPatch) -> Any:
    """Its name, its topic, or whether it is archived."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    actions.change_room(
        actor=viewer, room=room, name=payload.name, topic=payload.topic, is_archived=payload.archived
    )
    return _again(viewer, room)


@router.get("/rooms/{uuid:room_id}/files", response={200: RoomFilesOut, **PROBLEMS}, summary="Its files")
def files(request: HttpRequest, room_id: UUID, limit: Limit = 50) -> Any:
    """What its messages show, as far as I may read them; the latest first."""
    viewer = viewer_of(request)
    found = queries.files_in(viewer, queries.find_room(viewer, room_id), limit=limit)
    return {"items": [wire.file_row(wire.prefix_of(viewer), file) for file in found]}


@router.get(
    "/rooms/{uuid:room_id}/members", response={200: RoomMembersOut, **PROBLEMS}, summary="Who takes part"
)
def members(request: HttpRequest, room_id: UUID, limit: Limit = 50, cursor: str = "") -> Any:
    """In the order in which they came; `cursor` goes on after the last."""
    viewer = viewer_of(request)
    page = queries.members_page(queries.find_room(viewer, room_id), cursor=cursor, limit=limit)
    prefix = wire.prefix_of(viewer)
    items = [
        {
            "person": wire.person_row(prefix, place.person),
            "is_host": place.is_host,
            "joined_at": place.joined_at,
        }
        for place in page.places
    ]
    return {"items": items, "next": page.next}


@router.post("/rooms/{uuid:room_id}/members", response={200: RoomOut, **PROBLEMS}, summary="Let people in")
def add(request: HttpRequest, room_id: UUID, payload: PeopleIn) -> Any:
    """They see what is said from now on, or everything. Oneself alone: join an open room."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    if payload.people == [viewer.id]:
        actions.join_room(person=viewer, room=room)
    else:
        everything = payload.sees == "everything"
        actions.add_people(actor=viewer, room=room, people=payload.people, sees_everything=everything)
    return _again(viewer, room)


@router.delete("/rooms/{uuid:room_id}/members/me", response=DONE, summary="Leave a conversation")
def leave(request: HttpRequest, room_id: UUID) -> Any:
    """No longer take part."""
    viewer = viewer_of(request)
    actions.leave_room(person=viewer, room=queries.find_room(viewer, room_id))
    return Answer(204, None)


@router.delete(
    "/rooms/{uuid:room_id}/members/{uuid:person_id}",
    response=DONE,
    summary="Remove somebody",
)
def remove(request: HttpRequest, room_id: UUID, person_id: UUID) -> Any:
    """Take somebody out; oneself leaves."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    if person_id == viewer.id:
        actions.leave_room(person=viewer, room=room)
    else:
        actions.remove_person(actor=viewer, room=room, person=queries.find_member(room, person_id))
    return Answer(204, None)


@router.patch("/rooms/{uuid:room_id}/membership", response={200: RoomOut, **PROBLEMS}, summary="My place")
def change_place(request: HttpRequest, room_id: UUID, payload: PlaceIn) -> Any:
    """How loud it is, whether it is a favourite, until when it is mute, what I am writing."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    says_mute = "muted_until" in payload.model_fields_set
    actions.change_place(
        person=viewer,
        room=room,
        level=payload.level,
        is_favourite=payload.is_favourite,
        muted_until=payload.muted_until,
        is_muted=(payload.muted_until is not None and payload.muted_until > timezone.now())
        if says_mute
        else None,
        draft=payload.draft,
    )
    return _again(viewer, room)


@router.put("/rooms/{uuid:room_id}/read", response=DONE, summary="Mark as read")
def read(request: HttpRequest, room_id: UUID, payload: SeqIn) -> Any:
    """Up to a place, in every window; never backwards."""
    viewer = viewer_of(request)
    actions.mark_read(person=viewer, room=queries.find_room(viewer, room_id), seq=payload.seq)
    return Answer(204, None)


@router.get(
    "/rooms/{uuid:room_id}/seen", response={200: SeenByOut, **PROBLEMS}, summary="Who has read how far"
)
def seen(request: HttpRequest, room_id: UUID) -> Any:
    """The others, where the organization shows it; live frames `chat.seen` tell of what follows."""
    viewer = viewer_of(request)
    prefix = wire.prefix_of(viewer)
    places = queries.seen_in(viewer, queries.find_room(viewer, room_id))
    return {
        "items": [
            {"person": wire.person_row(prefix, place.person), "read_seq": place.read_seq} for place in places
        ]
    }


@router.post("/rooms/{uuid:room_id}/unread", response=DONE, summary="Mark as unread")
def unread(request: HttpRequest, room_id: UUID, payload: SeqIn) -> Any:
    """From a place on."""
    viewer = viewer_of(request)
    actions.mark_unread(person=viewer, room=queries.find_room(viewer, room_id), seq=payload.seq)
    return Answer(204, None)


@router.get("/rooms/{uuid:room_id}/messages", response={200: MessagePageOut, **PROBLEMS}, summary="Messages")
def messages(
    request: HttpRequest,
    room_id: UUID,
    limit: Limit = 50,
    before: Seq | None = None,
    after: Seq | None = None,
    around: Seq | None = None,
    at: FirstDay | None = None,
) -> Any:
    """In their order: the newest, or those before, after or around a place. Side threads are read apart."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    page = queries.messages_of(viewer, room, before=before, after=after, around=around, at=at, limit=limit)
    return wire.page_row(viewer, page)


@router.post(
    "/rooms/{uuid:room_id}/messages",
    response={200: MessageOut, 201: MessageOut, **PROBLEMS},
    summary="Say something",
)
def post(request: HttpRequest, room_id: UUID, payload: MessageIn) -> Any:
    """201 with the message; 200 with the same one when its `id` was here before."""
    viewer = viewer_of(request)
    room = queries.find_room(viewer, room_id)
    message, is_new = post_once(author=viewer, room=room, id=payload.id, draft=_draft(payload))
    return Answer(201 if is_new else 200, _shown(viewer, message))


def _draft(payload: MessageIn) -> MessageDraft:
    return MessageDraft(
        body=payload.body,
        reply_to=payload.reply_to,
        thread=payload.thread,
        entry=payload.entry,
        urgent_reason=payload.urgent_reason.strip(),
        files=[
            AttachmentDraft(
                file_id=item.id, alternative_text=item.alternative_text, is_decorative=item.is_decorative
            )
            for item in payload.files
        ],
    )


def _shown(viewer: Person, message: Message) -> dict[str, Any]:
    return wire.answer_row(wire.prefix_of(viewer), message, viewer)


@router.get("/rooms/{uuid:room_id}/pins", response={200: MessagesOut, **PROBLEMS}, summary="Pinned messages")
def pins(request: HttpRequest, room_id: UUID) -> Any:
    """The latest pin first."""
    viewer = viewer_of(request)
    pinned = queries.pinned_in(viewer, queries.find_room(viewer, room_id))
    return {"items": wire.message_rows(wire.prefix_of(viewer), pinned, viewer)}


@router.get("/me/status", response={200: MyStatus, **PROBLEMS}, summary="What I say of myself")
def status(request: HttpRequest) -> Any:
    """For a while, with how much others may know of my presence."""
    viewer = viewer_of(request)
    return Status.objects.filter(person=viewer).first() or Status(person=viewer)


@router.put("/me/status", response={200: MyStatus, **PROBLEMS}, summary="Say something of myself")
def set_status(request: HttpRequest, payload: MyStatusIn) -> Any:
    """Until it ends; `undisturbed_until` asks not to be disturbed, `hides_presence` shows me as offline."""
    return actions.set_status(person=viewer_of(request), **payload.dict())
