"""What spaces do when people arrive."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from parvis.foundation.events import on
from parvis.people.events import PersonAccessEnded, PersonJoined
from parvis.people.models import Person
from parvis.spaces.actions import admit, create_everyone_space, expel
from parvis.spaces.models import Membership, Space


@on(PersonJoined, immediately=True)
def admit_to_everyone(event: PersonJoined) -> None:
    """Put a new member into the space of the whole organization; its first administrator hosts it."""
    person = Person.objects.select_related("organization").get(pk=event.person_id)
    if person.is_guest:
        return
    space = Space.objects.filter(is_everyone=True).first()
    if space is None:
        with override(person.organization.default_language):
            space = create_everyone_space(name=_("Everyone"))
    role = Membership.Role.HOST if person.is_administrator else Membership.Role.MEMBER
    admit(person=person, space=space, role=role)


@on(PersonAccessEnded, immediately=True)
def take_out_of_all_spaces(event: PersonAccessEnded) -> None:
    """Who has left is in no space any more; who is suspended keeps their places."""
    if event.state == Person.State.LEFT:
        expel(person=Person.objects.get(pk=event.person_id))
