"""Topics."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field


class TopicOut(Schema):
    """A topic, as far as the caller may read."""

    name: str = Field(description="As it was first written where the caller may read.")
    key: str = Field(description="Without case and accents.")
    thread_count: int
    is_followed: bool
    url: str


class TopicList(Schema):
    """Topics, the most used first."""

    items: list[TopicOut]
