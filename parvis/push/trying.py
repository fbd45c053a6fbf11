"""A message by which somebody sees that a device can be called."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation

from parvis.foundation.jobs import long_job
from parvis.foundation.tenancy import organization_scope
from parvis.push.messages import trial_of
from parvis.push.models import Device
from parvis.push.queries import living
from parvis.push.sending import send_to_all


@long_job
def try_device(organization_id: str, device_id: str) -> None:
    """Call one device, once: whoever asked is looking at it."""
    with organization_scope(UUID(organization_id)):
        found = Device.objects.select_related("person__organization").filter(pk=device_id)
        devices = living(list(found))
        if not devices:
            return
        with translation.override(devices[0].person.language or None):
            message = trial_of(devices[0].person)
    send_to_all(UUID(organization_id), devices, message)
