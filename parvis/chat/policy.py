"""Who may do what in a room, and with a message. Seeing is `readable_by` and `visible_to`, never a rule here."""

from __future__ import annotations

from parvis.chat.models import Message, Room, RoomMembership
from parvis.foundation.policy import PolicyTable
from parvis.people.models import Person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space

ROOMS = PolicyTable("chat rooms")
MESSAGES = PolicyTable("chat messages")


def can(viewer: Person | None, action: str, room: Room) -> bool:
    """Return whether the viewer, who can read the room, may do this in it."""
    return viewer is not None and viewer.is_active and ROOMS.can(viewer, action, room)


def can_with(viewer: Person | None, action: str, message: Message) -> bool:
    """Return whether the viewer, who can read the message, may do this with it."""
    return viewer is not None and viewer.is_active and MESSAGES.can(viewer, action, message)


def may_open_rooms(viewer: Person, space: Space) -> bool:
    """Return whether the viewer may make a room in the space: its hosts."""
    return viewer.is_active and space.is_active and spaces_policy.can(viewer, "manage", space)


# A cursor that moves is told to all in the room: not where they are many.
SEEN_BY_AT_MOST = 50


def shows_seen_by(viewer: Person, room: Room) -> bool:
    """Return whether those in a room may know how far the others have read."""
    return viewer.organization.shows_seen_by and room.member_count <= SEEN_BY_AT_MOST


def membership_of(viewer: Person, room: Room) -> RoomMembership | None:
    """Return the viewer's place in a room; remembered on the room until `forget_place`."""
    places: dict[object, RoomMembership | None] = room.__dict__.setdefault("_places", {})
    if viewer.id not in places:
        places[viewer.id] = RoomMembership.objects.filter(room=room, person=viewer).first()
    return places[viewer.id]


def remember_place(room: Room, person_id: object, membership: RoomMembership | None) -> None:
    """Keep a place that a query brought along, so that `membership_of` need not ask."""
    room.__dict__.setdefault("_places", {})[person_id] = membership


def forget_place(room: Room) -> None:
    """Drop what `membership_of` remembered."""
    room.__dict__.pop("_places", None)


def _takes_part(viewer: Person, room: Room) -> bool:
    """In an open room of a space its members do, wherever they stand; elsewhere who was added."""
    if room.is_open and room.space is not None:
        return spaces_policy.is_member(viewer, room.space)
    return membership_of(viewer, room) is not None


def _is_lively(room: Room) -> bool:
    return room.archived_at is None and (room.space is None or room.space.is_active)


def _answers_for(viewer: Person, room: Room) -> bool:
    if room.space is not None and spaces_policy.is_host(viewer, room.space):
        return True
    membership = membership_of(viewer, room)
    return membership is not None and membership.is_host


@ROOMS.rule("post")
def _post(viewer: Person, room: Room) -> bool:
    return _is_lively(room) and _takes_part(viewer, room)


@ROOMS.rule("join")
def _join(viewer: Person, room: Room) -> bool:
    """An open room is joined by the members of its space."""
    return _is_lively(room) and room.is_open and _takes_part(viewer, room)


@ROOMS.rule("add_people")
def _add_people(viewer: Person, room: Room) -> bool:
    """Who takes part in a group adds others, but for guests; in a private room of a space, who answers for it."""
    if not _is_lively(room) or room.kind == Room.Kind.DIRECT or viewer.is_guest:
        return False
    return _answers_for(viewer, room) if room.is_private and room.space_id else _takes_part(viewer, room)


@ROOMS.rule("manage")
def _manage(viewer: Person, room: Room) -> bool:
    """Who answers for it changes its name, topic and people; in a group without a name that is everybody's."""
    if room.kind == Room.Kind.DIRECT:
        return False
    return _answers_for(viewer, room)


@ROOMS.rule("leave")
def _leave(viewer: Person, room: Room) -> bool:
    return room.kind != Room.Kind.DIRECT and membership_of(viewer, room) is not None


@ROOMS.rule("pin")
def _pin_in(viewer: Person, room: Room) -> bool:
    """Between people everybody pins; in a room of a space, who answers for it."""
    if room.kind == Room.Kind.SPACE:
        return _is_lively(room) and _answers_for(viewer, room)
    return _is_lively(room) and _takes_part(viewer, room)


@ROOMS.rule("react")
def _react_in(viewer: Person, room: Room) -> bool:
    return _is_lively(room) and _takes_part(viewer, room)


@MESSAGES.rule("edit")
def _edit(viewer: Person, message: Message) -> bool:
    """Only its author changes what a message says."""
    is_theirs = message.author_id == viewer.id and message.kind == Message.Kind.TEXT
    return is_theirs and not message.is_gone and can(viewer, "post", message.room)


@MESSAGES.rule("delete")
def _delete(viewer: Person, message: Message) -> bool:
    """The author; in rooms of spaces and in groups also who answers for them."""
    may = message.author_id == viewer.id or can(viewer, "manage", message.room)
    return may and message.kind == Message.Kind.TEXT and not message.is_gone


@MESSAGES.rule("react")
def _react(viewer: Person, message: Message) -> bool:
    return not message.is_gone and message.kind == Message.Kind.TEXT and can(viewer, "react", message.room)


@MESSAGES.rule("pin")
def _pin(viewer: Person, message: Message) -> bool:
    return not message.is_gone and message.kind == Message.Kind.TEXT and can(viewer, "pin", message.room)


@MESSAGES.rule("remove_preview")
def _remove_preview(viewer: Person, message: Message) -> bool:
    """It is part of what the author says."""
    return message.author_id == viewer.id and not message.is_gone


@MESSAGES.rule("view_history")
def _view_history(viewer: Person, message: Message) -> bool:
    """Its author, and who answers for the room."""
    is_theirs = message.author_id == viewer.id or can(viewer, "manage", message.room)
    return is_theirs and not message.is_gone


@MESSAGES.rule("report")
def _report(viewer: Person, message: Message) -> bool:
    return message.author_id != viewer.id and not message.is_gone and message.kind == Message.Kind.TEXT
