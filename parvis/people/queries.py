"""Reads about people, with names a user would use."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.people.models import Organization, Person, PersonFollow, Unit, sort_key


def directory(
    viewer: Person, *, search: str = "", unit: UUID | None = None, location: str = "", skill: str = ""
) -> QuerySet[Person]:
    """Return the people that the viewer may look up, by name. A guest has no directory."""
    if viewer.is_guest:
        return Person.objects.none()
    people = Person.objects.filter(state__in=[Person.State.ACTIVE, Person.State.UNCLAIMED])
    if search := search.strip():
        plain = sort_key(search)
        people = people.filter(
            Q(sort_name__contains=plain)
            | Q(job_title__icontains=search)
            | Q(unit__name__icontains=search)
            | Q(location__icontains=search)
            | Q(skills__icontains=search)
        )
    if unit is not None:
        people = people.filter(unit_id__in=units_below(unit))
    if location:
        people = people.filter(location=location)
    if skill:
        people = people.filter(skills__contains=[skill])
    return people.select_related("unit", "manager").order_by("sort_name", "id")


def units_below(unit_id: UUID) -> set[UUID]:
    """Return the ids of a unit and of all units within it."""
    children: dict[UUID | None, list[UUID]] = {}
    for id, parent_id in Unit.objects.values_list("id", "parent_id"):
        children.setdefault(parent_id, []).append(id)
    found: set[UUID] = set()
    waiting = [unit_id]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting.extend(children.get(current, []))
    return found


def person_of(identity_id: UUID | None) -> Person | None:
    """Return the active person of a login in the bound organization."""
    if identity_id is None:
        return None
    found: Person | None = (
        Person.objects.select_related("organization")
        .filter(identity_id=identity_id, state=Person.State.ACTIVE)
        .first()
    )
    return found


def active_person(person_id: UUID) -> Person | None:
    """Return an active person of the bound organization by id."""
    people = Person.objects.select_related("organization")
    found: Person | None = people.filter(pk=person_id, state=Person.State.ACTIVE).first()
    return found


def follows(viewer: Person, person: Person) -> bool:
    """Tell whether the viewer follows somebody."""
    return PersonFollow.objects.filter(follower=viewer, followed=person).exists()


def organization_by(*, slug: str | None = None, host_name: str | None = None) -> Organization | None:
    """Return the organization of a path prefix or of a host name."""
    if slug is not None:
        return Organization.objects.filter(slug=slug).first()
    return Organization.objects.filter(host_name=host_name).first()
