"""Reads about people, with names a user would use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Func, Q, QuerySet
from django.db.models.functions import Substr, Upper

from parvis.foundation.errors import NotFound
from parvis.foundation.ids import parse_id
from parvis.foundation.prepared import prepared
from parvis.foundation.tenancy import identity_scope
from parvis.people.models import Invitation, Organization, Person, PersonFollow, Unit, sort_key
from parvis.people.policy import can

# Who is looked up by others: those who take part, and those who were imported or asked and may come.
IN_DIRECTORY = (Person.State.ACTIVE, Person.State.UNCLAIMED)


# What a guest may know of others is said by the layer that knows whom guests meet: (guest) -> condition on people.
MeetingRule = Callable[[Person], Q]
_meeting_rules: list[MeetingRule] = []


def guests_meet(rule: MeetingRule) -> MeetingRule:
    """Register where a guest meets people, e.g. in shared spaces; a guest sees nobody else."""
    _meeting_rules.append(rule)
    return rule


def visible_people(viewer: Person | None) -> QuerySet[Person]:
    """Return the people whose profile the viewer may open: the one rule about persons.

    Members see everybody but those still being imported; who left keeps a name beside what they wrote. Guests
    see themselves and the people they share a space with.
    """
    people = Person.objects.exclude(state=Person.State.STAGED)
    if viewer is None or not viewer.is_active:
        return people.none()
    if not viewer.is_guest:
        return people
    met = Q(pk=viewer.pk)
    for rule in _meeting_rules:
        met |= rule(viewer)
    return people.filter(met)


def find_person(viewer: Person | None, person_id: UUID) -> Person:
    """Return somebody whose profile the viewer may open; `NotFound`, whether absent or not theirs to see."""
    people = visible_people(viewer).select_related("unit", "manager", "organization")
    person: Person | None = people.filter(pk=person_id).first()
    if person is None:
        raise NotFound
    return person


def directory(
    viewer: Person, *, search: str = "", unit: UUID | None = None, location: str = "", skill: str = ""
) -> QuerySet[Person]:
    """Return the people that the viewer may look up, by name. A guest has no directory."""
    if not can(viewer, "see_directory", viewer.organization):
        return Person.objects.none()
    people = visible_people(viewer).filter(state__in=IN_DIRECTORY)
    for word in search.split()[:6]:
        people = people.filter(_says(word))
    if unit is not None:
        people = people.filter(unit_id__in=units_below(unit))
    if location:
        people = people.filter(location__iexact=location)
    if skill:
        people = people.filter(skills__icontains=skill)
    return people.select_related("unit").order_by("sort_name", "id")


def find_in_directory(viewer: Person, given: str | None) -> Person:
    """Return who was chosen by id; `NotFound` for everybody whom the viewer may not look up."""
    person_id = parse_id(given)
    person = directory(viewer).filter(pk=person_id).first() if person_id else None
    if person is None:
        raise NotFound
    return person


def _says(word: str) -> Q:
    units = Unit.objects.filter(name__icontains=word).values("id")
    return (
        Q(sort_name__contains=sort_key(word))
        | Q(job_title__icontains=word)
        | Q(unit_id__in=units)
        | Q(location__icontains=word)
        | Q(skills__icontains=word)
        | Q(email__istartswith=word)
    )


@dataclass(frozen=True)
class DirectoryPage:
    """Some people in the order of names, and the id to go on after, None at the end."""

    people: list[Person]
    next_after: UUID | None


def directory_page(
    people: QuerySet[Person], *, after: UUID | None = None, letter: str = "", size: int = 48
) -> DirectoryPage:
    """Return one page of a directory: the cursor is a person, so that arrivals neither repeat nor skip anybody."""
    place = people.filter(pk=after).values_list("sort_name", "id").first() if after is not None else None
    if place is None and after is not None:
        # The person has left the list meanwhile: their name is still a place in it.
        place = Person.objects.filter(pk=after).values_list("sort_name", "id").first()
    if place is not None:
        people = people.filter(Q(sort_name__gt=place[0]) | Q(sort_name=place[0], id__gt=place[1]))
    elif letter:
        people = people.filter(sort_name__gte=sort_key(letter))
    found = list(people[: size + 1])
    return DirectoryPage(found[:size], found[size - 1].id if len(found) > size else None)


def initial_letters(viewer: Person) -> list[str]:
    """Return the letters that names of the directory begin with."""
    initials = (
        directory(viewer).order_by().values_list(Upper(Substr("sort_name", 1, 1)), flat=True).distinct()
    )
    return sorted(letter for letter in initials if letter.isalpha())


def locations(viewer: Person) -> list[str]:
    """Return the places where people of the directory work."""
    return sorted(
        directory(viewer).exclude(location="").order_by().values_list("location", flat=True).distinct()
    )


def common_skills(viewer: Person, *, limit: int = 24) -> list[str]:
    """Return the skills that most people of the directory name."""
    skills = directory(viewer).order_by().annotate(skill=Func("skills", function="unnest")).values("skill")
    counted = skills.annotate(count=Count("id")).order_by("-count", "skill")[:limit]
    return [row["skill"] for row in counted]


@dataclass(frozen=True)
class UnitInTree:
    """A unit with its depth in the tree."""

    id: UUID
    name: str
    depth: int


def unit_tree() -> list[UnitInTree]:
    """Return all units, each after the one it belongs to."""
    below: dict[UUID | None, list[Unit]] = {}
    for unit in Unit.objects.order_by("name", "id"):
        below.setdefault(unit.parent_id, []).append(unit)
    tree: list[UnitInTree] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        tree.append(UnitInTree(unit.id, unit.name, depth))
        waiting.extend((child, depth + 1) for child in reversed(below.get(unit.id, [])))
    return tree


@dataclass(frozen=True)
class UnitWithPeople:
    """A unit in the tree, with how many people of the directory are in it and in all that is below it."""

    unit: UnitInTree
    own_count: int
    total_count: int


def units_with_people() -> list[UnitWithPeople]:
    """Return the whole tree with the number of people in each unit."""
    people = Person.objects.filter(state__in=IN_DIRECTORY, unit__isnull=False).order_by()
    own = dict(people.values_list("unit_id").annotate(count=Count("id")))
    totals: dict[UUID, int] = {}
    above: list[UnitInTree] = []
    tree = unit_tree()
    for unit in tree:
        del above[unit.depth :]
        above.append(unit)
        for each in above:
            totals[each.id] = totals.get(each.id, 0) + own.get(unit.id, 0)
    return [UnitWithPeople(unit, own.get(unit.id, 0), totals[unit.id]) for unit in tree]


def reports_of(viewer: Person, person: Person) -> QuerySet[Person]:
    """Return those who report to somebody, as far as the viewer may see them."""
    return visible_people(viewer).filter(manager=person, state__in=IN_DIRECTORY).order_by("sort_name", "id")


def person_named(viewer: Person, text: str) -> list[Person]:
    """Return whom a typed text can mean: an address alone or in brackets, else a whole name."""
    text = text.strip()
    bracketed = re.search(r"\(([^()]+@[^()]+)\)$", text)
    people = directory(viewer)
    if "@" in text:
        return list(people.filter(email__iexact=bracketed[1] if bracketed else text)[:2])
    return list(people.filter(sort_name=sort_key(text))[:5])


def invitations_for(viewer: Person) -> QuerySet[Invitation]:
    """Return the invitations that the viewer manages, newest first."""
    invitations = Invitation.objects.select_related("invited_by", "person").order_by("-created_at", "id")
    return invitations if viewer.is_administrator else invitations.filter(invited_by=viewer)


def people_to_manage(*, search: str = "", state: str = "") -> QuerySet[Person]:
    """Return everybody for an administrator, in any state but staged, by name."""
    people = Person.objects.exclude(state=Person.State.STAGED).select_related("unit")
    if state == "guest":
        people = people.filter(kind=Person.Kind.GUEST)
    elif state == "roles":
        people = people.filter(Q(is_administrator=True) | Q(is_moderator=True))
    elif state:
        people = people.filter(state=state)
    for word in search.split()[:6]:
        people = people.filter(Q(sort_name__contains=sort_key(word)) | Q(email__icontains=word))
    return people.order_by("sort_name", "id")


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
    return _active_of.first(identity_id)


@prepared
def _active_of(identity_id: UUID) -> QuerySet[Person]:
    people = Person.objects.select_related("organization")
    return people.filter(identity_id=identity_id, state=Person.State.ACTIVE)


def active_person(person_id: UUID) -> Person | None:
    """Return an active person of the bound organization by id."""
    return _active.first(person_id)


@prepared
def _active(person_id: UUID) -> QuerySet[Person]:
    return Person.objects.select_related("organization").filter(pk=person_id, state=Person.State.ACTIVE)


def follows(viewer: Person, person: Person) -> bool:
    """Tell whether the viewer follows somebody."""
    return PersonFollow.objects.filter(follower=viewer, followed=person).exists()


def followed_ids(viewer: Person, people: Iterable[Person]) -> set[UUID]:
    """Return which of these people the viewer follows."""
    followed = PersonFollow.objects.filter(follower=viewer, followed__in=[person.id for person in people])
    return set(followed.values_list("followed_id", flat=True))


def people_counts() -> dict[str, int]:
    """Return how many people are in each state, guests among the active counted apart."""
    counts = (
        Person.objects.exclude(state=Person.State.STAGED).values_list("state").annotate(count=Count("id"))
    )
    guests = Person.objects.filter(state=Person.State.ACTIVE, kind=Person.Kind.GUEST).count()
    return dict.fromkeys(Person.State.values, 0) | dict(counts) | {"guest": guests}


def organizations_by(*, slug: str, host_name: str) -> tuple[Organization | None, Organization | None]:
    """Return the organization of a path prefix, and that of a host name: every request asks for both at once."""
    found = _addressed(slug, host_name)
    named = next((organization for organization in found if organization.slug == slug), None)
    return named, next((organization for organization in found if organization.host_name == host_name), None)


@prepared
def _addressed(slug: str, host_name: str) -> QuerySet[Organization]:
    return Organization.objects.filter(Q(slug=slug) | Q(host_name=host_name))


def organization_by(*, slug: str | None = None, host_name: str | None = None) -> Organization | None:
    """Return the organization of a path prefix or of a host name."""
    if slug is not None:
        return Organization.objects.filter(slug=slug).first()
    return Organization.objects.filter(host_name=host_name).first()


def organization_ids_of(identity_id: UUID) -> list[UUID]:
    """Return the organizations in which a login is an active person today, whichever is bound."""
    with identity_scope(identity_id):
        return list(_organization_ids_of(identity_id))


@prepared
def _organization_ids_of(identity_id: UUID) -> QuerySet[Any, UUID]:
    # The one read across organizations: row-level security lets an identity see its own persons.
    persons = Person._base_manager.filter(identity_id=identity_id, state=Person.State.ACTIVE)
    return persons.values_list("organization_id", flat=True)


def organizations_of(identity_id: UUID) -> list[Organization]:
    """Return the organizations that a login opens, by name."""
    return list(Organization.objects.filter(id__in=organization_ids_of(identity_id)).order_by("name", "id"))


def the_only_organization() -> Organization | None:
    """Return the organization of an installation that has one."""
    found = list(Organization.objects.order_by("created_at")[:2])
    return found[0] if len(found) == 1 else None
