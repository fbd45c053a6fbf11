"""When the caller may be reached."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from parvis.api.schemas.basics import Input


class LeaveOut(Schema):
    """Days on which the caller is not there, both included."""

    id: UUID
    first_day: date
    last_day: date


class WorkingTimeOut(Schema):
    """What applies to the caller, and why."""

    is_off: bool
    returns_at: AwareDatetime | None = Field(
        description="null in working time, and where no hours are foreseen."
    )
    policy: str | None = Field(description="The contract, the unit or the organization whose hours apply.")
    is_own: bool = Field(description="Whether the hours are the caller's own.")
    week: list[list[list[int]]] = Field(
        description="From Monday on: periods of a day, in minutes since its midnight; the end may lie in the next day."
    )
    time_zone: str
    country: str
    region: str
    leave: list[LeaveOut]


class LeaveIn(Input):
    """From one day to another."""

    first_day: date
    last_day: date
