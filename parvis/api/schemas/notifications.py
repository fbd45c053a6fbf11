"""The inbox and its levels."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool

from parvis.api.schemas.basics import Cursor, Input, Moment
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
    # Out of the inbox, its count and every channel until then; null for what is in it.
    snoozed_until: datetime | None
    # It did not wait for working time, and why.
    is_urgent: bool = False
    urgent_reason: str = ""


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


class Snooze(Input):
    """Until when a line is put off."""

    until: Moment


class ChoiceOut(Schema):
    """When a channel tells of a kind of event, and who decided so."""

    channel: str
    kind: str
    when: str
    # "person", "unit", "organization", or "" for what is usual in Parvis.
    origin: str


class ChoiceList(Schema):
    """What each channel carries."""

    items: list[ChoiceOut]


class ChoiceIn(Input):
    """One choice; null goes back to what is usual."""

    channel: str = Field(max_length=20)
    kind: str = Field(max_length=20)
    when: Literal["now", "digest", "never"] | None


class UsualIn(ChoiceIn):
    """What is usual in a unit and those below it, or without one for everybody; null decides nothing."""

    unit: UUID | None = None


class PauseIn(Input):
    """What is silent until then: a conversation, by any of its entries, a space, or with neither everything."""

    until: Moment
    entry: UUID | None = None
    space: UUID | None = None


class PauseOut(Schema):
    """Silence for a while."""

    id: UUID
    thread_id: UUID | None
    space_id: UUID | None
    until: datetime


class PauseList(Schema):
    """What is silent, what ends first before."""

    items: list[PauseOut]


class DeviceOut(Schema):
    """A browser that may be called while Parvis is closed."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


class DeviceList(Schema):
    """My devices."""

    items: list[DeviceOut]
