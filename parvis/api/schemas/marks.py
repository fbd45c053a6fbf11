"""Marks on entries, what an entry said before, and telling the moderators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from parvis.api.schemas.basics import Input
from parvis.api.schemas.people import PersonOut

ReportMessage = Annotated[str, Field(max_length=1000)]


class ReactorOut(Schema):
    """Who reacted, and how."""

    person: PersonOut
    emoji: str
    created_at: datetime


class ReactorList(Schema):
    """Reactions, the oldest first."""

    items: list[ReactorOut]


class VersionOut(Schema):
    """What an entry said before an edit."""

    version: int
    title: str
    body: str
    written_at: datetime
    editor: PersonOut | None


class VersionList(Schema):
    """Earlier versions, the newest first; what the entry says now is not among them."""

    items: list[VersionOut]


class ReportIn(Input):
    """What is wrong with an entry or a space, and anything that the moderators should know."""

    reason: Literal["spam", "offensive", "private", "unlawful", "other"]
    message: ReportMessage = ""


class PersonReportIn(Input):
    """What somebody does, and anything that the moderators should know."""

    reason: Literal["spam", "offensive", "private", "unlawful", "harassment", "pretending", "other"]
    message: ReportMessage = ""
