"""The organization's own emoji."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Input


class EmojiOut(Schema):
    """One of the organization's own emoji; write `:name:`."""

    id: UUID
    name: str
    picture_url: str
    still_url: str | None = Field(description="Of a moving one: what stands for it without motion.")
    added_at: datetime


class EmojiList(Schema):
    """The emoji that can be chosen, by name."""

    items: list[EmojiOut]


class EmojiName(Input):
    """What an emoji is to be called."""

    name: Annotated[str, Field(min_length=1, max_length=34)]
