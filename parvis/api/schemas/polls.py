"""Polls and votes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from parvis.api.schemas.basics import Input, Moment


class PollIn(Input):
    """What a post asks; its text is the question."""

    options: list[Annotated[str, Field(max_length=200)]] = Field(min_length=2, max_length=20)
    is_multiple: StrictBool = False
    is_anonymous: StrictBool = Field(
        default=False, description="Nobody can know who chose what; a vote is final."
    )
    shows_results: Literal["always", "voted", "closed"] = "always"
    closes_at: Moment | None = None


class VoteIn(Input):
    """What one chooses."""

    options: list[UUID] = Field(
        max_length=20, description="Ids of options; one alone unless several are allowed."
    )


class PollOptionOut(Schema):
    """One choice."""

    id: UUID
    text: str
    is_mine: bool
    votes: int | None = Field(description="Null while the caller may not see results.")


class PollOut(Schema):
    """A poll as the caller may see it."""

    id: UUID
    is_multiple: bool
    is_anonymous: bool
    shows_results: str
    closes_at: datetime | None
    is_open: bool
    voter_count: int
    has_voted: bool
    options: list[PollOptionOut]
