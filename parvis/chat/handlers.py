"""What rooms do when people come to spaces and leave them."""

from __future__ import annotations

from parvis.chat.actions.rooms import follow_space, leave_space
from parvis.foundation.events import on
from parvis.spaces.events import MemberJoined, MemberLeft


@on(MemberJoined, immediately=True)
def enter_open_rooms(event: MemberJoined) -> None:
    """Who joins a space is in its open rooms."""
    follow_space(person_id=event.person_id, space_id=event.space_id)


@on(MemberLeft, immediately=True)
def leave_rooms(event: MemberLeft) -> None:
    """Who is no longer in a space is in none of its rooms."""
    leave_space(person_id=event.person_id, space_id=event.space_id)
