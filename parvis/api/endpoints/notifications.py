"""The inbox, and what one wants to hear of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from parvis.api.endpoints.entries import readable_space
from parvis.api.responses import DONE, PROBLEMS, Limit, administrator_of, unit_of, viewer_of
from parvis.api.rows import notification_row
from parvis.api.schemas.basics import Day
from parvis.api.schemas.notifications import (
    ChoiceIn,
    ChoiceList,
    DeviceList,
    KindChoices,
    NotificationLevel,
    NotificationOut,
    NotificationPage,
    Snooze,
    UsualIn,
)
from parvis.delivery import actions as delivery
from parvis.delivery.choices import Chosen, choices_of, usual_in
from parvis.notifications import actions, levels, queries, snoozing
from parvis.people.models import Person, Unit
from parvis.push import actions as push_actions
from parvis.push import queries as push
from parvis.push.models import Device
from parvis.spaces.queries import find_readable

router = Router(tags=["notifications"])


@router.get("/notifications", response={200: NotificationPage, **PROBLEMS}, summary="My inbox")
def inbox(
    request: HttpRequest,
    limit: Limit = 30,
    cursor: str = "",
    unread: bool = False,
    mentions: bool = False,
    later: bool = False,
) -> Any:
    """One line per conversation, newest first; `later` names those that are put off."""
    viewer = viewer_of(request)
    lines, following = queries.inbox(
        viewer, unread_only=unread, mentions_only=mentions, later_only=later, cursor=cursor, limit=limit
    )
    count = queries.unread_count(viewer)
    return {"items": [notification_row(line) for line in lines], "next": following, "unread": count}


@router.put("/notifications/read", response=DONE, summary="Mark all as read")
def read_all(request: HttpRequest, day: Day | None = None, space: UUID | None = None) -> Any:
    """Mark the inbox as read, in every window: all of it, what last changed on a day, or what is of a space."""
    viewer = viewer_of(request)
    found = readable_space(viewer, space) if space else None
    actions.mark_all_read(person=viewer, day=day, space_id=found.id if found else None)
    return Status(204, None)


@router.put(
    "/notifications/{uuid:notification_id}/read",
    response={200: NotificationOut, **PROBLEMS},
    summary="Mark one line as read",
)
def read(request: HttpRequest, notification_id: UUID) -> Any:
    """Mark one line as read, in every window."""
    return _marked(viewer_of(request), notification_id, actions.mark_read)


@router.delete(
    "/notifications/{uuid:notification_id}/read",
    response={200: NotificationOut, **PROBLEMS},
    summary="Mark one line as unread",
)
def unread(request: HttpRequest, notification_id: UUID) -> Any:
    """Let one line call for attention again."""
    return _marked(viewer_of(request), notification_id, actions.mark_unread)


def _marked(viewer: Person, notification_id: UUID, mark: Any) -> dict[str, Any]:
    line = queries.find_line(viewer, notification_id)
    mark(person=viewer, subject=line.notification.subject)
    return notification_row(queries.find_line(viewer, notification_id))


@router.put(
    "/notifications/{uuid:notification_id}/snooze",
    response={200: NotificationOut, **PROBLEMS},
    summary="Put one line off",
)
def snooze(request: HttpRequest, notification_id: UUID, payload: Snooze) -> Any:
    """Take a line out of the inbox until then, a year at most; it comes back by itself."""
    viewer = viewer_of(request)
    line = queries.find_line(viewer, notification_id).notification
    snoozing.check_moment(payload.until)
    snoozing.snooze(person=viewer, subject=line.subject, until=payload.until)
    return notification_row(queries.find_line(viewer, notification_id))


@router.delete(
    "/notifications/{uuid:notification_id}/snooze",
    response={200: NotificationOut, **PROBLEMS},
    summary="Bring one line back",
)
def bring_back(request: HttpRequest, notification_id: UUID) -> Any:
    """Let a line that was put off be in the inbox again."""
    return _marked(viewer_of(request), notification_id, snoozing.bring_back)


@router.get(
    "/notifications/choices", response={200: ChoiceList, **PROBLEMS}, summary="What leaves my inbox, and when"
)
def choices(request: HttpRequest) -> Any:
    """By channel and kind, with who decided: me, my unit, the organization, or nobody."""
    return _choices(viewer_of(request))


@router.put(
    "/notifications/choices", response={200: ChoiceList, **PROBLEMS}, summary="Choose what leaves my inbox"
)
def choose(request: HttpRequest, payload: ChoiceIn) -> Any:
    """Choose when one channel tells of one kind of event."""
    viewer = viewer_of(request)
    delivery.choose(person=viewer, channel=payload.channel, kind=payload.kind, when=payload.when or "")
    return _choices(viewer)


def _choices(viewer: Person) -> dict[str, Any]:
    return _choice_list(choices_of(viewer))


def _choice_list(found: Mapping[str, Mapping[str, Chosen]]) -> dict[str, Any]:
    return {
        "items": [
            {"channel": channel, "kind": str(kind), "when": str(chosen.when), "origin": chosen.origin}
            for channel, kinds in found.items()
            for kind, chosen in kinds.items()
        ]
    }


@router.get(
    "/notifications/usual", response={200: ChoiceList, **PROBLEMS}, summary="What usually leaves an inbox"
)
def usual(request: HttpRequest, unit: UUID | None = None) -> Any:
    """In a unit, or without one in the organization, for whoever has not chosen; for administrators."""
    administrator_of(request)
    return _choice_list(usual_in(_unit(unit)))


@router.put(
    "/notifications/usual", response={200: ChoiceList, **PROBLEMS}, summary="Decide what usually leaves"
)
def decide(request: HttpRequest, payload: UsualIn) -> Any:
    """For a unit and those below it, or for everybody: when one channel tells of one kind of event."""
    viewer, unit = administrator_of(request), _unit(payload.unit)
    delivery.choose_for(
        actor=viewer, unit=unit, channel=payload.channel, kind=payload.kind, when=payload.when or ""
    )
    return _choice_list(usual_in(unit))


def _unit(unit_id: UUID | None) -> Unit | None:
    return unit_of(unit_id) if unit_id else None


@router.get("/notifications/devices", response={200: DeviceList, **PROBLEMS}, summary="My devices")
def devices(request: HttpRequest) -> Any:
    """The browsers that may be called while Parvis is closed, the newest first."""
    return {"items": [_device_row(device) for device in push.devices_of(viewer_of(request))]}


@router.delete("/notifications/devices/{uuid:device_id}", response=DONE, summary="Forget a device")
def forget_device(request: HttpRequest, device_id: UUID) -> Any:
    """Call a browser no more."""
    push_actions.forget_device(person=viewer_of(request), device_id=device_id)
    return Status(204, None)


def _device_row(device: Device) -> dict[str, Any]:
    return {name: getattr(device, name) for name in ("id", "name", "created_at", "last_used_at")}


@router.get(
    "/notifications/kinds", response={200: KindChoices, **PROBLEMS}, summary="Which kinds of events I hear of"
)
def kinds(request: HttpRequest) -> Any:
    """What is on, by kind: my choices before the organization's defaults."""
    return levels.choices_of(viewer_of(request))


@router.get(
    "/notifications/kinds/usual",
    response={200: KindChoices, **PROBLEMS},
    summary="Which kinds are usually on",
)
def usual_kinds(request: HttpRequest) -> Any:
    """In the organization, for whoever has not chosen; for administrators."""
    administrator_of(request)
    return levels.on_by_default()


@router.patch(
    "/notifications/kinds/usual",
    response={200: KindChoices, **PROBLEMS},
    summary="Decide which kinds are usually on",
)
def decide_kinds(request: HttpRequest, payload: KindChoices) -> Any:
    """Change the kinds that are named; the others stay."""
    viewer = administrator_of(request)
    for kind, is_on in payload.dict(exclude_none=True).items():
        actions.set_default(actor=viewer, kind=kind, is_on=is_on)
    return levels.on_by_default()


@router.patch(
    "/notifications/kinds", response={200: KindChoices, **PROBLEMS}, summary="Choose kinds of events"
)
def choose_kinds(request: HttpRequest, payload: KindChoices) -> Any:
    """Change the kinds that are named; the others stay."""
    viewer = viewer_of(request)
    for kind, is_on in payload.dict(exclude_none=True).items():
        actions.choose_kind(person=viewer, kind=kind, is_on=is_on)
    return levels.choices_of(viewer)


@router.get(
    "/spaces/{uuid:space_id}/notification-level",
    response={200: NotificationLevel, **PROBLEMS},
    summary="How much I hear of a space",
)
def level(request: HttpRequest, space_id: UUID) -> Any:
    """The level that I chose, null for none."""
    viewer = viewer_of(request)
    space = find_readable(viewer, space_id)
    return {"level": levels.levels_of(viewer).get(space.id)}


@router.put(
    "/spaces/{uuid:space_id}/notification-level",
    response={200: NotificationLevel, **PROBLEMS},
    summary="Choose how much I hear of a space",
)
def choose_level(request: HttpRequest, space_id: UUID, payload: NotificationLevel) -> Any:
    """Choose a level for one space; null goes back to my choices by kind."""
    viewer = viewer_of(request)
    space = find_readable(viewer, space_id)
    actions.set_space_level(person=viewer, space=space, level=payload.level or "")
    return {"level": payload.level}
