"""The inbox and its levels."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import StrictBool

from parvis.api.schemas.basics import Cursor, Input
from parvis.api.schemas.people import PersonOut


class NotificationOut(Schema):
    """One line of the inbox."""

    id: UUID
    reason: str
    # The reason in words, in the asker's language.
    why: str
    subject: str
    entry_id: UUID | None
    space_id: UUID | None
    actors: list[PersonOut]
    # How many events the line tells of that the asker can still read.
    count: int
    unread_count: int
    happened_at: datetime
    read_at: datetime | None


class NotificationPage(Schema):
    """The inbox."""

    items: list[NotificationOut]
    next: Cursor
    unread: int


class KindChoices(Input):
    """Which kinds of events are told."""

    mention: StrictBool | None = None
    reply: StrictBool | None = None
    post: StrictBool | None = None
    reaction: StrictBool | None = None
    space: StrictBool | None = None


class NotificationLevel(Input):
    """How much is told of one space."""

    level: Literal["everything", "posts", "replies", "nothing"] | None
