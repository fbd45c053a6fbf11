"""Drafts, and posts that wait for their hour."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.articles import ArticleIn
from parvis.api.schemas.basics import Input, Moment, Version
from parvis.api.schemas.entries import UrgentReason
from parvis.api.schemas.files import AttachmentIn, AttachmentOut
from parvis.api.schemas.polls import PollIn
from parvis.api.schemas.spaces import SpaceBrief

CALLS_WITH_AN_HOUR = (
    "Of a post with a `publish_at`: why it may not wait for the working time of those whom it names. It counts "
    "towards the caller's quota now; empty changes nothing."
)


class DraftIn(Input):
    """A text to keep for later; with `publish_at` it publishes itself. The same `id` twice is the same draft once."""

    id: UUID | None = None
    kind: Literal["post", "article"] = "post"
    space: UUID
    title: Annotated[str, Field(max_length=200)] = ""
    body: Annotated[str, Field(max_length=100_000)] = ""
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] = []
    poll: PollIn | None = Field(None, description="Of a post.")
    article: ArticleIn | None = Field(None, description="Of an article: its cover, standfirst, tags.")
    publish_at: Moment | None = None
    urgent_reason: UrgentReason = Field("", description=CALLS_WITH_AN_HOUR)


class DraftPatch(Input):
    """What changes of a draft; with `version`, only if nobody changed it since."""

    version: Version | None = None
    space: UUID | None = None
    title: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=100_000)] | None = None
    attachments: Annotated[list[AttachmentIn], Field(max_length=20)] | None = None
    poll: PollIn | None = None
    article: ArticleIn | None = None
    publish_at: Moment | None = None
    urgent_reason: UrgentReason = Field("", description=CALLS_WITH_AN_HOUR)


class PublicationIn(Input):
    """How a draft is published."""

    urgent_reason: UrgentReason = ""


class DraftOut(Schema):
    """A text that nobody sees yet, but for an article the hosts of its space."""

    id: UUID
    kind: Literal["post", "article"]
    state: Literal["draft", "scheduled"]
    space: SpaceBrief
    title: str
    body: str
    body_html: str
    version: int
    attachments: list[AttachmentOut]
    poll: PollIn | None
    article: ArticleIn | None
    publish_at: datetime | None
    urgent_reason: str = Field("", description="Why it will not wait for working time; empty: it will.")
    created_at: datetime
    url: str


class DraftList(Schema):
    """What waits for its hour, then what waits for its author."""

    items: list[DraftOut]
