"""Announcements, acknowledgements, and who has given one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from parvis.api.schemas.basics import Cursor, Input, Moment, Version
from parvis.api.schemas.entries import EntryOut
from parvis.api.schemas.files import AttachmentIn
from parvis.api.schemas.people import PersonOut


class AudienceGroupIn(Input):
    """Some people by what the directory says of them: all that is given must hold."""

    unit: UUID | None = Field(default=None, description="With all units below it.")
    location: str = Field(default="", max_length=120)
    job_title: str = Field(default="", max_length=120, description="A part of it.")
    skill: str = Field(default="", max_length=60, description="A part of it.")
    kind: Literal["", "member", "guest"] = ""


class AnnouncementIn(Input):
    """An announcement that is published at once."""

    id: UUID | None = Field(default=None, description="Your own UUIDv7: a retry publishes nothing twice.")
    space: UUID
    title: str = Field(max_length=200)
    body: str = Field(default="", description="Markdown.", max_length=200_000)
    attachments: list[AttachmentIn] = Field(default=[], max_length=20)
    audience: list[AudienceGroupIn] = Field(
        default=[],
        max_length=20,
        description="Whoever one of the groups means; empty: everybody in the space.",
    )
    asks: StrictBool = Field(default=True, description="Whether it is to be acknowledged.")
    question_en: str = Field(default="", max_length=200)
    question_fr: str = Field(default="", max_length=200)
    deadline: Moment | None = None
    ends_at: Moment | None = Field(
        default=None, description="Until then newcomers get it; 90 days if absent."
    )
    reminder_days: list[Annotated[StrictInt, Field(ge=1, le=60)]] = Field(
        default=[], max_length=5, description="After how many working days, ascending."
    )
    escalation: Literal["nobody", "managers", "hosts"] = "nobody"
    urgent_reason: str = Field(
        default="",
        max_length=300,
        description="Why it may not wait for their working time: they read it. Where the caller's policy allows it.",
    )


class AcknowledgementIn(Input):
    """Which version of the text has been read."""

    version: Version = Field(description="The entry's `version` as it was read.")


class AcknowledgementOut(Schema):
    """An acknowledgement as it is kept."""

    version: int
    sha256: str = Field(description="Of the text and its files, as they were.")
    question: str
    channel: str
    acknowledged_at: datetime


class ProgressOut(Schema):
    """How many of how many."""

    acknowledged: int
    total: int


class AnnouncementOut(Schema):
    """What stands beside an announcement's entry."""

    entry: EntryOut
    asks: bool
    question: str
    deadline: datetime | None
    ends_at: datetime
    asked_version: int
    is_for_me: bool
    acknowledgement: AcknowledgementOut | None = Field(description="Mine of what is asked now.")
    progress: ProgressOut | None = Field(description="Null for whoever may not follow it.")


class AnnouncementList(Schema):
    """What waits for me, the nearest deadline first."""

    items: list[AnnouncementOut]


class RecipientOut(Schema):
    """Somebody who was asked."""

    person: PersonOut
    unit: str
    has_acknowledged: bool
    version: int
    channel: str
    acknowledged_at: datetime | None
    told_at: datetime | None
    reminders: int


class RecipientPage(Schema):
    """Some of those who were asked, by name."""

    items: list[RecipientOut]
    next: Cursor
