"""Spaces and their members."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from parvis.api.schemas.basics import Cursor, Day, Input
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
    ends_on: Day | None = None


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


class SpacePatch(Input):
    """What changes of a space; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    description: Annotated[str, Field(max_length=4000)] | None = None
    privacy: Literal["open", "closed", "secret"] | None = None
    posting: Literal["members", "hosts"] | None = None
    objective: Annotated[str, Field(max_length=300)] | None = None
    problem: Annotated[str, Field(max_length=2000)] | None = None
    measure: Annotated[str, Field(max_length=300)] | None = None
    sponsor_id: UUID | None = None
    ends_on: Day | None = None


class RoleIn(Input):
    """What somebody is to be in a space."""

    role: Literal["member", "host"]


class JoinRequestIn(Input):
    """A word to the hosts."""

    message: Annotated[str, Field(max_length=500)] = ""


class JoinRequestOut(Schema):
    """Somebody waits at the door."""

    id: UUID
    person: PersonOut
    message: str
    created_at: datetime


class JoinRequestList(Schema):
    """The oldest first."""

    items: list[JoinRequestOut]


class AnswerIn(Input):
    """Whether somebody is let in."""

    is_accepted: StrictBool


class InvitationIn(Input):
    """Whom to ask in."""

    person_id: UUID


class InvitationOut(Schema):
    """A space that the caller was asked to join."""

    space: SpaceOut
    invited_by: PersonOut | None
    created_at: datetime


class InvitationList(Schema):
    """The latest first."""

    items: list[InvitationOut]
