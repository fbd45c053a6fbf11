"""Feeds and their addresses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Input


class FeedIn(Input):
    """A feed to have an address of: a space's, a topic's, or with neither the organization's news."""

    space: UUID | None = None
    topic: Annotated[str, Field(max_length=64)] = ""


class FeedOut(Schema):
    """The private address of a feed; the addresses themselves are only told when it is made."""

    id: UUID
    name: str
    created_at: datetime
    last_used_on: date | None
    atom_url: str | None = None
    rss_url: str | None = None


class FeedList(Schema):
    """My feeds."""

    items: list[FeedOut]
