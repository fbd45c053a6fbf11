"""What goes in and out of chat, as the OpenAPI document describes it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field, StrictBool, StrictInt

from parvis.api.schemas.basics import Cursor, Input, Moment, Version

Level = Literal["all", "mentions", "nothing"]
# PostgreSQL's bigint; a place in a room.
MAX_SEQ = 2**63 - 1


class StatusOut(Schema):
    """What somebody says of themselves for a while."""

    emoji: str
    text: str
    until: AwareDatetime | None


class MyStatus(StatusOut):
    """The same, and how much others may know of the caller's presence."""

    undisturbed_until: AwareDatetime | None
    hides_presence: bool


class MyStatusIn(Input):
    """What the caller says of themselves from now on; what is left out is taken back."""

    emoji: str = Field(default="", max_length=64)
    text: str = Field(default="", max_length=200)
    until: Moment | None = None
    undisturbed_until: Moment | None = None
    hides_presence: StrictBool = False


class ChatPerson(Schema):
    """Somebody, as chat shows them."""

    id: UUID
    name: str
    avatar_url: str | None
    url: str
    status: StatusOut | None = None


class ChatSpace(Schema):
    """The space of a room."""

    id: UUID
    name: str
    url: str


class RoomRights(Schema):
    """What the caller may do in a room."""

    post: bool
    manage: bool
    leave: bool
    pin: bool
    add: bool
    join: bool


class LastMessage(Schema):
    """A line of the last message."""

    author: ChatPerson
    excerpt: str
    kind: Literal["text", "event"]


class RoomOut(Schema):
    """A conversation, as the caller sees it."""

    id: UUID
    kind: Literal["direct", "group", "space"]
    name: str
    topic: str
    space: ChatSpace | None
    is_private: bool
    is_archived: bool
    is_member: bool
    members_count: int
    members: list[ChatPerson] = Field(description="At most eight; none for a room that a whole space reads.")
    last_seq: int
    last_message_at: AwareDatetime
    last_message: LastMessage | None
    first_seq: int = Field(description="The first place that the caller sees.")
    read_seq: int
    unread_count: int = Field(description="Messages of others after `read_seq`; 100 stands for more.")
    mention_count: int
    shows_seen: bool = Field(description="Whether the members' cursors may be known.")
    level: Level
    muted_until: AwareDatetime | None
    is_favourite: bool
    can: RoomRights
    url: str
    draft: str | None


class RoomPageOut(Schema):
    """Some conversations."""

    items: list[RoomOut]
    next: Cursor


class RoomIn(Input):
    """A conversation to begin: `direct` with one person, `group` with several, `space` in a space."""

    kind: Literal["direct", "group", "space"]
    people: list[UUID] = Field(default=[], max_length=500)
    name: str = Field(default="", max_length=200)
    topic: str = Field(default="", max_length=1000)
    space: UUID | None = None
    is_private: StrictBool = False


class RoomPatch(Input):
    """What changes about a room."""

    name: str | None = Field(default=None, max_length=200)
    topic: str | None = Field(default=None, max_length=1000)
    archived: StrictBool | None = None


class RoomMemberOut(Schema):
    """Somebody who takes part."""

    person: ChatPerson
    is_host: bool
    joined_at: AwareDatetime


class RoomMembersOut(Schema):
    """Who takes part."""

    items: list[RoomMemberOut]
    next: Cursor


class SeenOut(Schema):
    """How far somebody has read."""

    person: ChatPerson
    read_seq: int


class SeenByOut(Schema):
    """How far the others have read; nobody where the organization does not show it, or they are many."""

    items: list[SeenOut]


class PeopleIn(Input):
    """Who is let in, and what they see of what was said before."""

    people: list[UUID] = Field(min_length=1, max_length=500)
    sees: Literal["from_now", "everything"] = "from_now"


class PlaceIn(Input):
    """How loud a room is for the caller, and what they are writing in it."""

    level: Level | None = None
    is_favourite: StrictBool | None = None
    muted_until: Moment | None = Field(default=None, description="null ends it")
    draft: str | None = Field(default=None, max_length=20_000)


class SeqIn(Input):
    """A place in a room."""

    seq: StrictInt = Field(ge=0, le=MAX_SEQ)


class MessageFileIn(Input):
    """An upload of the caller's."""

    id: UUID
    alternative_text: str = Field(default="", max_length=500)
    is_decorative: StrictBool = False


class MessageIn(Input):
    """What is said. Send your own `id` (UUIDv7) and retry without fear: it is said once."""

    id: UUID | None = None
    body: str = Field(default="", max_length=20_000, description="Markdown")
    reply_to: UUID | None = None
    thread: UUID | None = None
    files: list[MessageFileIn] = Field(default=[], max_length=20)
    entry: UUID | None = Field(default=None, description="A post that is shown to the room.")
    urgent_reason: str = Field(
        default="",
        max_length=300,
        description="Why it may not wait for working time: those it is for read it. Where your policy allows it; it counts.",
    )


class MessagePatch(Input):
    """A changed text, and the version that was changed."""

    body: str = Field(max_length=20_000)
    version: Version


class QuoteOut(Schema):
    """What a message answers; of what was said before the caller came, nothing (`is_readable`: false)."""

    id: UUID | None
    seq: int | None
    author: ChatPerson | None
    excerpt: str
    is_readable: bool | None = Field(description="null in live frames: GET the message to know.")


class SideThreadOut(Schema):
    """The side thread that a message began."""

    id: UUID
    replies: int
    last_at: AwareDatetime | None


class MessageReactionOut(Schema):
    """One emoji on a message."""

    emoji: str
    count: int
    mine: bool
    people: list[str]
    person_ids: list[UUID]


class MessageFileOut(Schema):
    """A file of a message."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None
    duration_ms: int | None
    url: str
    thumbnail_url: str | None
    alternative_text: str
    is_decorative: bool
    poster_url: str | None
    captions_url: str | None


class MessageLinkOut(Schema):
    """An entry that a message became, or shows; without id and title when the caller may not read it."""

    kind: Literal["entry"]
    link: Literal["became", "shows"]
    id: UUID | None
    url: str | None
    title: str | None
    author: ChatPerson | None = None
    entry_kind: str | None = None
    is_readable: bool


class MessagePreviewOut(Schema):
    """What the first link leads to."""

    url: str
    title: str
    text: str
    source: str
    image_url: str | None


class MessageOut(Schema):
    """One message; of one that is gone, its place."""

    id: UUID
    room: UUID
    seq: int
    kind: Literal["text", "event"]
    author: ChatPerson
    body: str
    html: str
    event: dict[str, Any] | None
    created_at: AwareDatetime
    edited_at: AwareDatetime | None
    deleted_at: AwareDatetime | None
    is_hidden: bool = Field(description="By the moderators, until they decide otherwise.")
    version: int
    quote: QuoteOut | None
    thread: SideThreadOut | None
    thread_id: UUID | None
    urgent_reason: str = Field("", description="Why it did not wait for working time; empty: it did.")
    reactions: list[MessageReactionOut]
    attachments: list[MessageFileOut]
    is_pinned: bool
    mention_ids: list[UUID]
    mentions_me: bool
    links: list[MessageLinkOut]
    preview: MessagePreviewOut | None
    url: str


class MessagePageOut(Schema):
    """Messages in their order."""

    messages: list[MessageOut]
    first_seq: int
    last_seq: int
    has_before: bool
    has_after: bool


class RoomFileOut(MessageFileOut):
    """A file of a conversation, and the message that shows it."""

    message: UUID
    seq: int
    author: ChatPerson
    created_at: AwareDatetime


class RoomFilesOut(Schema):
    """Files of a conversation."""

    items: list[RoomFileOut]


class MessagesOut(Schema):
    """Messages that were found."""

    items: list[MessageOut]


class EntryOfMessagesIn(Input):
    """Which entry a message, or a selection, becomes."""

    space: UUID
    kind: str = Field(default="post", max_length=16)
    title: str = Field(default="", max_length=200)
    body: str = Field(default="", max_length=100_000)
    id: UUID | None = None
    # The other messages of a selection.
    with_: list[UUID] = Field(default=[], alias="with", max_length=100)


class MessageReportIn(Input):
    """What is wrong with a message."""

    reason: Literal["spam", "offensive", "private", "unlawful", "harassment", "pretending", "other"]
    message: str = Field(default="", max_length=1000)


class SwitchItem(Schema):
    """Somewhere to go."""

    kind: Literal["room", "person", "space", "page"]
    id: str
    title: str
    subtitle: str
    url: str
    avatar_url: str | None
