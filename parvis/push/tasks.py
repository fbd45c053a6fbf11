"""Devices whose session has ended are silent at once, and forgotten within a day."""

from __future__ import annotations

from parvis.foundation.jobs import every
from parvis.push.models import Device
from parvis.push.queries import living

AT_ONCE = 1_000


@every(days=1)
def forget_silent_devices() -> None:
    """Forget the devices that nobody may be called on any more."""
    ids = list(Device.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        some = list(Device.objects.filter(id__in=ids[start : start + AT_ONCE]))
        alive = {device.id for device in living(some)}
        Device.objects.filter(id__in=[device.id for device in some if device.id not in alive]).delete()
