"""When the caller may be reached."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field, StrictInt

from parvis.api.schemas.basics import Cursor, Day, Input
from parvis.api.schemas.people import PersonOut

OwnHours = Literal["no", "within", "free"]
Urgent = Literal["nobody", "managers", "everybody"]
# Until the end of the next day.
Minute = Annotated[StrictInt, Field(ge=0, le=2 * 24 * 60)]
PeriodIn = Annotated[list[Minute], Field(min_length=2, max_length=2)]
WeekIn = Annotated[
    list[Annotated[list[PeriodIn], Field(max_length=24)]],
    Field(
        min_length=7,
        max_length=7,
        description="From Monday on: periods of a day, in minutes since its midnight; the end may lie in the next day.",
    ),
]


class LeaveOut(Schema):
    """Days on which the caller is not there, both included."""

    id: UUID
    first_day: date
    last_day: date


class AllowanceOut(Schema):
    """How often the caller may still reach others outside their hours this month."""

    quota: int
    left: int


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
    urgent: AllowanceOut | None = Field(None, description="null where the caller may mark nothing as urgent.")


class LeaveIn(Input):
    """From one day to another."""

    first_day: Day
    last_day: Day


class OwnHoursIn(Input):
    """The week that the caller wants; how far it counts, their policy says."""

    week: WeekIn


class PolicyOut(Schema):
    """When people may be reached: those of the organization, of a unit and all below it, or with a contract."""

    id: UUID
    level: Literal["organization", "unit", "contract"]
    title: str
    unit_id: UUID | None
    week: list[list[list[int]]]
    country: str
    region: str
    own_hours: OwnHours
    urgent: Urgent
    urgent_quota: int
    people: int = Field(description="How many have the contract; 0 for a policy that is none.")


class PolicyList(Schema):
    """All policies, from the widest to the most specific."""

    items: list[PolicyOut]


class TermsIn(Input):
    """What a policy says."""

    week: WeekIn
    country: str = Field(
        "", max_length=2, description="Whose public holidays are free, e.g. FR; empty: none."
    )
    region: str = Field("", max_length=32, description="A part of the country with holidays of its own.")
    own_hours: OwnHours = "within"
    urgent: Urgent = "nobody"
    urgent_quota: StrictInt = Field(3, ge=0, le=100)


class PolicyIn(TermsIn):
    """A policy: of a unit, of a contract of this name, or with neither of the organization."""

    unit: UUID | None = None
    contract: str = Field("", max_length=80)


class PolicyPut(TermsIn):
    """A policy anew; a contract may be renamed."""

    name: str = Field("", max_length=80, description="Of a contract; empty: as it was.")


class HolderPage(Schema):
    """Who has a contract."""

    items: list[PersonOut]
    next: Cursor


class RepresentativeList(Schema):
    """Who speaks for the staff, and reads the report."""

    items: list[PersonOut]


class GroupOut(Schema):
    """A group of five or more."""

    group: str
    people: int
    written_outside: int
    urgent_calls: int
    held_back: int


class ReportOut(Schema):
    """Totals of a month that is over; groups do not overlap, and nobody can be told from them."""

    months: list[str] = Field(description="Those that were counted, the latest first: 2026-10.")
    month: str | None
    groups: list[GroupOut]
