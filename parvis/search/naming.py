"""People and spaces by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from parvis.content.faces import PersonFace, SpaceFace, person_face, space_face
from parvis.foundation.addresses import reverse
from parvis.people.models import Person
from parvis.people.queries import IN_DIRECTORY, directory
from parvis.search.index import Named
from parvis.search.sources import Index, Shown, Source, register
from parvis.spaces.models import Space


def _people() -> Iterable[UUID]:
    return Person.objects.filter(state__in=IN_DIRECTORY).values_list("id", flat=True)


def _named_people(ids: Collection[UUID]) -> Iterable[Named]:
    for person in Person.objects.filter(id__in=ids, state__in=IN_DIRECTORY).select_related("unit"):
        unit = person.unit.name if person.unit is not None else ""
        text = " · ".join([person.job_title, unit, person.location, *person.skills])
        yield Named(person.id, person.full_name, text)


def _visible_people(viewer: Person, ids: Collection[UUID]) -> Mapping[UUID, Person]:
    return directory(viewer).select_related("unit", "picture").in_bulk(list(ids))


def _spaces() -> Iterable[UUID]:
    return Space.objects.exclude(state=Space.State.STAGED).values_list("id", flat=True)


def _named_spaces(ids: Collection[UUID]) -> Iterable[Named]:
    for space in Space.objects.filter(id__in=ids).exclude(state=Space.State.STAGED):
        yield Named(space.id, space.name, " · ".join([space.objective, space.description, space.problem]))


def _visible_spaces(viewer: Person, ids: Collection[UUID]) -> Mapping[UUID, Space]:
    return Space.objects.listed_for(viewer).in_bulk(list(ids))


def _show_person(person: Person) -> Shown:
    face: PersonFace = person_face(person)
    return Shown(person.id, face.url or "", person.full_name, person.job_title)


def _show_space(space: Space) -> Shown:
    face: SpaceFace = space_face(space)
    return Shown(space.id, face.url or reverse("spaces:discover"), space.name, space.objective)


PEOPLE = register(
    Source(
        kind="person",
        segment="people",
        label=_("People"),
        symbol="user",
        index=Index(ids=_people, named=_named_people, visible=_visible_people),
        show=_show_person,
        template="search/person.html",
    )
)
SPACES = register(
    Source(
        kind="space",
        segment="spaces",
        label=_("Spaces"),
        symbol="layout-grid",
        index=Index(ids=_spaces, named=_named_spaces, visible=_visible_spaces),
        show=_show_space,
        template="search/space.html",
    )
)

# What a template gets besides the thing itself.
FACES: dict[str, Any] = {"person": person_face, "space": space_face}
