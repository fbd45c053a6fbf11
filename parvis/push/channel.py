"""Devices as a channel of `delivery`: one message for all that waits, for as long as it may be delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from parvis.delivery.channels import Carry, Channel, TryLater, one_by_one, register
from parvis.delivery.models import Choice
from parvis.foundation.tenancy import current_organization_id
from parvis.notifications.queries import InboxLine
from parvis.people.models import Person
from parvis.push import queries
from parvis.push.messages import A_DAY, message_of
from parvis.push.models import Device
from parvis.push.sending import Message, Outcome, send_to_all
from parvis.worktime import hours
from parvis.worktime.queries import applies_to

Kind, When = Choice.Kind, Choice.When
AT_FIRST: dict[str, str] = {
    Kind.DIRECT: When.NOW,
    Kind.MENTION: When.NOW,
    Kind.REPLY: When.NOW,
    Kind.ANNOUNCEMENT: When.NOW,
    Kind.SPACE: When.NOW,
    Kind.NOTICE: When.NOW,
}


def write(person: Person, lines: list[InboxLine]) -> Carry | None:
    """Return what calls the devices of somebody who still has one."""
    devices = queries.devices_of(person)
    if not devices:
        return None
    is_urgent = any(line.notification.is_urgent for line in lines)
    lasts = A_DAY if is_urgent else time_left(person, timezone.now())
    message = message_of(person, lines, lasts=lasts, is_urgent=is_urgent)
    return partial(_carry, current_organization_id(), devices, message)


def time_left(person: Person, at: datetime) -> timedelta:
    """Return how long a message may wait for a device that is switched off: not beyond the working day."""
    applying = applies_to(person, at=at)
    if applying.is_always:
        return A_DAY
    end = hours.next_end(applying.schedule, at)
    return min(end - at, A_DAY) if end is not None else timedelta()


def _carry(organization_id: UUID, devices: Sequence[Device], message: Message) -> None:
    answers = send_to_all(organization_id, devices, message)
    later = [answer for answer in answers if answer.outcome is Outcome.LATER]
    if answers and len(later) == len(answers):
        pauses = [answer.retry_after for answer in later if answer.retry_after is not None]
        raise TryLater("no push service took it", after=min(pauses, default=None))


register(
    Channel(
        name="push",
        label=_("On my devices"),
        delay=timedelta(),
        reaches=queries.with_devices,
        write=one_by_one(write),
        at_first=AT_FIRST,
        has_digest=False,
    )
)
