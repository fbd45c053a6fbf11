"""What rooms do when people come to spaces and leave them; what is said is found at once, what is gone no more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from parvis.chat.actions.rooms import follow_space, leave_space
from parvis.chat.events import MessageDeleted, MessageEdited, MessagePosted, MessageRestored
from parvis.chat.index import forget_messages, index_messages, index_missing
from parvis.chat.models import Message, MessageReaction
from parvis.content.actions.marks import rename_reactions_to
from parvis.content.events import ImportPublished
from parvis.emoji.events import EmojiRenamed
from parvis.foundation.events import on
from parvis.spaces.events import MemberJoined, MemberLeft
from parvis.worktime.report import written_in


@on(MemberJoined, immediately=True)
def enter_open_rooms(event: MemberJoined) -> None:
    """Who joins a space is in its open rooms."""
    follow_space(person_id=event.person_id, space_id=event.space_id)


@on(MemberLeft, immediately=True)
def leave_rooms(event: MemberLeft) -> None:
    """Who is no longer in a space is in none of its rooms."""
    leave_space(person_id=event.person_id, space_id=event.space_id)


@on(MessagePosted, MessageEdited, MessageRestored, immediately=True)
def index_message(event: MessagePosted | MessageEdited | MessageRestored) -> None:
    """Whoever said it finds it at once."""
    index_messages([event.message_id])


@on(MessageDeleted, immediately=True)
def forget_message(event: MessageDeleted) -> None:
    """What is deleted or hidden is not found any more."""
    forget_messages([event.message_id])


@on(ImportPublished)
def index_import(event: ImportPublished) -> None:
    """Index what an import said, or forget what its undoing took away."""
    index_missing()


@on(EmojiRenamed)
def rename_reactions(event: EmojiRenamed) -> None:
    """Let reactions of the former name be the same as those of the new one."""
    rename_reactions_to(MessageReaction, "message", former_name=event.former_name, name=event.name)


@written_in
def messages_said(first: datetime, end: datetime) -> Iterable[tuple[UUID, datetime]]:
    """Say who wrote when, for totals about working time."""
    said = Message.objects.filter(created_at__gte=first, created_at__lt=end, state=Message.State.PUBLISHED)
    return said.order_by().values_list("author_id", "created_at").iterator(chunk_size=5_000)
