"""Spaces and their members."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Cursor, Input
from parvis.api.schemas.people import PersonOut


class SpaceBrief(Schema):
    """A space, as a byline shows it."""

    id: UUID
    name: str
    kind: Literal["network", "collaborative"]


class SpaceOut(SpaceBrief):
    """A space."""

    privacy: Literal["open", "closed", "secret"]
    posting: Literal["members", "hosts"]
    state: Literal["active", "archived"]
    description: str
    objective: str
    problem: str
    measure: str
    sponsor_id: UUID | None
    ends_on: date | None
    member_count: int
    is_everyone: bool
    role: Literal["member", "host"] | None = Field(description="The caller's role; null for no member.")
    created_at: datetime
    url: str


class SpaceIn(Input):
    """A space to create. A collaborative space needs objective, problem, measure, sponsor_id and ends_on."""

    kind: Literal["network", "collaborative"]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    description: Annotated[str, Field(max_length=4000)] = ""
    privacy: Literal["open", "closed", "secret"] = "open"
    posting: Literal["members", "hosts"] = "members"
    objective: Annotated[str, Field(max_length=300)] = ""
    problem: Annotated[str, Field(max_length=2000)] = ""
    measure: Annotated[str, Field(max_length=300)] = ""
    sponsor_id: UUID | None = None
    ends_on: date | None = None


class MemberOut(Schema):
    """Somebody in a space."""

    person: PersonOut
    role: Literal["member", "host"]
    joined_at: datetime


class SpacePage(Schema):
    """Spaces."""

    items: list[SpaceOut]
    next: Cursor


class MemberPage(Schema):
    """Members."""

    items: list[MemberOut]
    next: Cursor
