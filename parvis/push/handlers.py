"""Who left is called no more."""

from __future__ import annotations

from parvis.foundation.events import on
from parvis.people.events import PersonAccessEnded
from parvis.push.actions import forget_devices_of


@on(PersonAccessEnded, immediately=True)
def forget_their_devices(event: PersonAccessEnded) -> None:
    """Forget their devices with their access, in the same transaction."""
    forget_devices_of(event.person_id)
