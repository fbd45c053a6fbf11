"""What clients read and choose about mails."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Input


class DigestOut(Schema):
    """How often a digest comes, and when the next one."""

    rhythm: Literal["daily", "weekly", "never"]
    is_own_choice: bool
    due_at: datetime | None


class QuietOut(Schema):
    """A line of the inbox that no mail tells of."""

    id: UUID
    subject: str


class MailOut(Schema):
    """Mails to me."""

    address: str
    digest: DigestOut
    quiet: list[QuietOut]
    # Since when nothing is sent, because mails came back; and what the last answer was.
    stopped_at: datetime | None
    problem: str


class DigestIn(Input):
    """How often a digest is to come."""

    rhythm: Literal["daily", "weekly", "never"]


class MailsAvoidedOut(Schema):
    """What conversations spared, in totals of the organization."""

    since: datetime
    least: int = Field(
        description="As if each comment had been one mail, to whom it answers, less what was mailed."
    )
    most: int = Field(description="As if each had gone to all who had taken part, less what was mailed.")
    to_the_answered: int
    to_everybody: int
    sent: int = Field(description="Mails that Parvis sent in that time.")
    received: int = Field(description="Mails that it took in.")
