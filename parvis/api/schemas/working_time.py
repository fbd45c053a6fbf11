"""When the caller may be reached."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field, StrictBool, StrictInt

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


class ContractsIn(Input):
    """Which contract many people are to have: everybody of a unit, or whoever a list names."""

    unit: UUID | None = Field(None, description="Everybody of it and of all below it.")
    policy: UUID | None = Field(
        None, description="With `unit`: the contract that they get; null takes theirs away. It must be said."
    )
    only_without: StrictBool = Field(False, description="With `unit`: only those who have no contract yet.")
    text: str = Field(
        "",
        max_length=2 * 1024 * 1024,
        description="A list as on the page, instead of `unit`: CSV with an e-mail address and the name of a contract a "
        "line; an empty one takes theirs away. A first line may name the columns.",
    )
    apply: StrictBool = Field(False, description="false: only say what would change.")


class PolicyBrief(Schema):
    """A contract."""

    id: UUID
    title: str


class ContractChangeOut(Schema):
    """Somebody's contract, before and after; null is none."""

    person: PersonOut
    before: PolicyBrief | None
    after: PolicyBrief | None


class UnusedLine(Schema):
    """A line of the list that cannot be used."""

    line: int
    text: str
    why: str


class ContractChanges(Schema):
    """What changes, or has changed."""

    is_applied: bool
    changes: list[ContractChangeOut]
    same: int = Field(description="How many have that contract already.")
    unused: list[UnusedLine] = Field(description="They change nothing; the others count.")


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
