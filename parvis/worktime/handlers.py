"""What else moves somebody's working time: their unit, their time zone, the chart."""

from __future__ import annotations

from parvis.foundation.events import DomainEvent, on, record
from parvis.people.events import OrganizationChanged, ProfileChanged, UnitChanged
from parvis.worktime.actions import tell_changed
from parvis.worktime.events import WorkingTimeChanged


@on(OrganizationChanged, UnitChanged)
def look_again_for_everybody(event: DomainEvent) -> None:
    """Another time zone, or another place in the chart: a policy may apply to others now."""
    record(WorkingTimeChanged(actor_id=event.actor_id, is_everybody=True))


@on(ProfileChanged)
def look_again_for_one(event: ProfileChanged) -> None:
    """A unit or a time zone may be another one."""
    tell_changed([event.person_id], actor_id=event.actor_id)
