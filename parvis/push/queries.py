"""Reads: which devices may be called for somebody now."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from parvis.foundation.errors import NotFound
from parvis.foundation.realtime import audience
from parvis.people.models import Person
from parvis.push.models import Device, Wording


def devices_of(person: Person) -> list[Device]:
    """Return the devices that may be called for somebody: allowed in a session that still lives."""
    rows = Device.objects.filter(person=person, is_off=False).order_by("-created_at", "-id")
    return living(list(rows))


def living(devices: Sequence[Device]) -> list[Device]:
    """Return those whose session lives, whose password is the same and whose person is active."""
    if not devices:
        return []
    welcome = audience.still_welcome([_hearer(device) for device in devices])
    return [device for device in devices if _hearer(device) in welcome]


def find_device(person: Person, device_id: UUID) -> Device:
    """Return one of somebody's own devices."""
    device: Device | None = Device.objects.filter(person=person, pk=device_id).first()
    if device is None:
        raise NotFound
    return device


def with_devices(people: QuerySet[Person]) -> QuerySet[Person]:
    """Return those of these people who let us call a device."""
    return people.filter(id__in=Device.objects.filter(is_off=False).values("person_id"))


def wording() -> str:
    """Return how much messages say in the bound organization."""
    chosen = Wording.objects.values_list("says", flat=True).first()
    return chosen or Wording.Says.SENTENCE


def _hearer(device: Device) -> audience.Hearer:
    assert device.organization_id is not None
    return audience.Hearer(
        organization_id=device.organization_id,
        person_id=device.person_id,
        session_key=device.session_key,
        mark=device.mark,
    )
