"""What an article has beside its text."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Input
from parvis.api.schemas.people import PersonBrief


class ArticleIn(Input):
    """What an article has beside its title and text."""

    standfirst: Annotated[str, Field(max_length=400)] = ""
    tags: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=10)] = []
    cover: UUID | None = Field(None, description="A picture of my own uploads (`POST /files`).")
    cover_alternative: Annotated[str, Field(max_length=500)] = ""
    coauthors: Annotated[list[UUID], Field(max_length=10)] = []


class ArticleOut(Schema):
    """What an article has beside its title and text."""

    standfirst: str
    tags: list[str]
    coauthors: list[PersonBrief]
    cover_url: str
    cover_alternative: str
    reading_minutes: int
