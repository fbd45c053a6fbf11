"""My working time: what applies to me, and my leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.schemas.working_time import LeaveIn, LeaveOut, OwnHoursIn, WorkingTimeOut
from parvis.foundation import throttle
from parvis.people.models import Person
from parvis.worktime import actions, hours, queries
from parvis.worktime.urgency import allowance_of

router = Router(tags=["working time"])


@router.get("/working-time", response={200: WorkingTimeOut, **PROBLEMS}, summary="My working time")
def mine(request: HttpRequest) -> Any:
    """The hours that apply to the caller, their leave, and when they are back."""
    return _row(viewer_of(request))


@router.put("/working-time/hours", response={200: WorkingTimeOut, **PROBLEMS}, summary="Choose my hours")
def choose_hours(request: HttpRequest, payload: OwnHoursIn) -> Any:
    """Keep a week of the caller's own: as far as their policy lets it, it counts at once."""
    viewer = viewer_of(request)
    actions.choose_own_hours(person=viewer, week=hours.week_from(payload.week))
    return _row(viewer)


@router.delete("/working-time/hours", response={200: WorkingTimeOut, **PROBLEMS}, summary="Forget my hours")
def forget_hours(request: HttpRequest) -> Any:
    """Go back to the hours of the policy."""
    viewer = viewer_of(request)
    actions.choose_own_hours(person=viewer, week=None)
    return _row(viewer)


def _row(viewer: Person) -> dict[str, Any]:
    applying, back = queries.applies_to(viewer), queries.returns_at(viewer)
    return {
        "is_off": back is not None,
        "returns_at": None if back == hours.NEVER else back,
        "policy": applying.policy.title if applying.policy else None,
        "is_own": applying.is_own,
        "week": hours.as_lists(applying.schedule.week),
        "time_zone": applying.schedule.time_zone,
        "country": applying.schedule.country,
        "region": applying.schedule.region,
        "leave": queries.leave_of(viewer),
        "urgent": allowance_of(viewer),
    }


@router.post("/working-time/leave", response={201: LeaveOut, **PROBLEMS}, summary="Note leave")
def take_leave(request: HttpRequest, payload: LeaveIn) -> Any:
    """Nothing reaches the caller on these days; nobody is told why."""
    viewer = viewer_of(request)
    throttle.check("write", viewer.organization_id, viewer.id, rate=throttle.POST)
    return Status(
        201, actions.take_leave(person=viewer, first_day=payload.first_day, last_day=payload.last_day)
    )


@router.delete("/working-time/leave/{uuid:leave_id}", response=DONE, summary="Cancel leave")
def cancel_leave(request: HttpRequest, leave_id: UUID) -> Any:
    """Be there after all."""
    actions.cancel_leave(person=viewer_of(request), leave_id=leave_id)
    return Status(204, None)
