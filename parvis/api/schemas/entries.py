"""Posts, articles, comments, and lists of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.articles import ArticleIn, ArticleOut
from parvis.api.schemas.basics import Cursor, Input, Version
from parvis.api.schemas.files import AttachmentIn, AttachmentOut
from parvis.api.schemas.people import PersonOut
from parvis.api.schemas.polls import PollIn
from parvis.api.schemas.spaces import SpaceBrief

UrgentReason = Annotated[
    str,
    Field(
        max_length=300,
        description="Why it may not wait for the working time of those whom it names: they read it. Where the "
        "caller's policy allows it; it counts towards their quota.",
    ),
]


class ReactionOut(Schema):
    """One emoji on an entry."""

    emoji: str = Field(description="A character, or `:name:` for one of the organization's own.")
    count: int
    is_mine: bool
    picture_url: str | None = Field(None, description="Of one of the organization's own.")


class LinkPreviewOut(Schema):
    """What the first link of a text leads to: a page elsewhere, or another entry that the caller may read."""

    url: str
    title: str
    text: str
    source: str = Field(description="The name of the site; of an entry: its author and space.")
    image_url: str | None
    is_own: bool = Field(description="It leads to an entry of this organization.")


class EntryOut(Schema):
    """A post, a comment …"""

    id: UUID
    kind: str
    space: SpaceBrief
    author: PersonOut
    thread_id: UUID | None
    reply_to_id: UUID | None
    state: Literal["published", "deleted"]
    title: str
    body: str = Field(description="Markdown, the source of truth.")
    body_html: str
    version: int
    reply_count: int
    reaction_count: int
    reactions: list[ReactionOut]
    attachments: list[AttachmentOut]
    is_bookmarked: bool
    article: ArticleOut | None = Field(None, description="Only for entries of the kind `article`.")
    preview: LinkPreviewOut | None = Field(None, description="Once the server has looked the link up.")
    has_poll: bool = Field(False, description="`GET /entries/{id}/poll` has it.")
    published_at: datetime
    edited_at: datetime | None
    activity_at: datetime
    pinned_at: datetime | None
    url: str


class EntryIn(Input):
    """An entry to publish; the same `id` twice is the same entry once."""

    id: UUID | None = None
    space: UUID
    kind: Annotated[str, Field(max_length=16)] = "post"
    title: Annotated[str, Field(max_length=200)] = ""
    body: Annotated[str, Field(max_length=100_000)] = ""
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] = []
    article: ArticleIn | None = Field(
        None, description="For the kind `article`: its cover, standfirst, tags."
    )
    poll: PollIn | None = None
    urgent_reason: UrgentReason = ""


class ReplyIn(Input):
    """A reply to publish."""

    id: UUID | None = None
    body: Annotated[str, Field(max_length=100_000)] = ""
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] = []
    urgent_reason: UrgentReason = ""


class EntryPatch(Input):
    """A change; `version` is the one that was read, and a newer one answers 409 with the current entry."""

    version: Version
    title: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=100_000)] | None = None
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] | None = Field(
        None, description="All of them anew, e.g. to describe an image; left out, they stay as they are."
    )
    article: ArticleIn | None = Field(
        None, description="Of an article, all that it has beside its text; left out, it stays as it is."
    )


class EntryList(Schema):
    """Some entries, of which there is no next page."""

    items: list[EntryOut]


class EntryPage(Schema):
    """Entries."""

    items: list[EntryOut]
    next: Cursor


class ThreadOut(Schema):
    """A thread: its root and its replies in the server's order."""

    root: EntryOut
    items: list[EntryOut]
    next: Cursor


class CrossPostIn(Input):
    """Where to bring an entry, and a word of one's own."""

    id: UUID | None = None
    space: UUID
    body: Annotated[str, Field(min_length=1, max_length=100_000)]
