"""What calls for somebody's attention waits for its channels."""

from __future__ import annotations

from parvis.delivery.channels import all_channels
from parvis.delivery.choices import carrying, kind_of
from parvis.delivery.planning import look_again, plan
from parvis.foundation.events import on
from parvis.notifications.events import InboxChanged
from parvis.people.models import Person
from parvis.worktime.events import WorkingTimeChanged


@on(InboxChanged, immediately=True, when=lambda event: bool(event.reason))
def plan_turns(event: InboxChanged) -> None:
    """Let each channel that carries such news look at these inboxes, after its delay."""
    for channel in all_channels():
        people = channel.reaches(Person.objects.filter(id__in=event.person_ids, state=Person.State.ACTIVE))
        wanting = carrying(people, channel, kind_of(event.reason), is_urgent=event.is_urgent)
        plan(channel, list(wanting.values_list("id", flat=True)), is_urgent=event.is_urgent)


@on(WorkingTimeChanged, immediately=True)
def ask_about_hours_again(event: WorkingTimeChanged) -> None:
    """Whoever is held until their day begins may be reached at another time now."""
    look_again(None if event.is_everybody else event.person_ids)
