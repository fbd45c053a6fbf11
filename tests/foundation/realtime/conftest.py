"""A small world for live tests: an organization, people with sessions, spaces, and a running gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from parvis.foundation.events import DomainEvent, record
from parvis.foundation.realtime import notifier
from parvis.foundation.tenancy import organization_scope
from parvis.people import live as people_live
from parvis.people.models import Identity, Organization, Person
from parvis.spaces.models import Membership, Space
from tests.foundation.realtime.server import Window, serving


@dataclass(frozen=True, kw_only=True)
class NoteLeft(DomainEvent):
    """Something was written in a space."""

    space_id: UUID
    thread_id: UUID
    number: int = 0

    def topics(self) -> list[str]:
        return [f"space:{self.space_id}", f"thread:{self.thread_id}"]

    def live_id(self) -> UUID:
        return self.thread_id


@dataclass(frozen=True, kw_only=True)
class Nudged(DomainEvent):
    """Something for one person."""

    person_id: UUID

    def topics(self) -> list[str]:
        return [f"person:{self.person_id}"]


@dataclass(frozen=True, kw_only=True)
class PlaceTaken(DomainEvent):
    """Somebody's access changed."""

    changes_access = True
    space_id: UUID
    person_id: UUID


class LiveWorld:
    """Alice and Bob are in the workshop (closed); the hall is open; Zoe is in another organization."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.organization = Organization.objects.create(slug="acme", name="Acme")
        self.elsewhere = Organization.objects.create(slug="zenith", name="Zenith")
        with organization_scope(self.organization):
            self.alice, self.bob = self._person("alice"), self._person("bob")
            self.hall = self._space("hall", Space.Privacy.OPEN)
            self.workshop = self._space("workshop", Space.Privacy.CLOSED)
            self.admit(self.alice, self.workshop)
            self.admit(self.bob, self.workshop)
        with organization_scope(self.elsewhere):
            self.zoe = self._person("zoe")

    def _person(self, name: str) -> Person:
        identity = Identity.objects.create_user(f"{name}@example.org")
        person: Person = Person.objects.create(identity=identity, full_name=name.title(), sort_name=name)
        return person

    def _space(self, name: str, privacy: str) -> Space:
        space: Space = Space.objects.create(kind=Space.Kind.NETWORK, name=name, privacy=privacy)
        return space

    def admit(self, person: Person, space: Space) -> None:
        Membership.objects.create(person=person, space=space)

    def session_of(self, person: Person) -> str:
        client = Client()
        assert person.identity is not None
        client.force_login(person.identity)
        return client.cookies["parvis_session"].value

    def window(
        self, person: Person, *, session_key: str | None = None, port: int | None = None, **options: Any
    ) -> Window:
        slug = "zenith" if person == self.zoe else "acme"
        port = port or self.port
        return Window(
            f"ws://127.0.0.1:{port}/o/{slug}/api/v1/live",
            session_key=session_key or self.session_of(person),
            origin=f"http://127.0.0.1:{port}",
            options=options,
        )

    def note(self, space: Space, *, number: int = 0) -> str:
        with organization_scope(space.organization_id):
            return record(NoteLeft(space_id=space.id, thread_id=uuid4(), number=number))

    def nudge(self, person: Person) -> str:
        with organization_scope(person.organization_id):
            return record(Nudged(person_id=person.id))

    def expel(self, person: Person, space: Space) -> str:
        with organization_scope(space.organization_id):
            Membership.objects.filter(person=person, space=space).delete()
            return record(PlaceTaken(space_id=space.id, person_id=person.id))


@pytest.fixture(scope="module")
def gateway_port(django_db_setup: None) -> Iterator[int]:
    """A gateway in this process, for all tests of a file."""
    with serving() as port:
        yield port
    notifier.stop()


@pytest.fixture
def live(transactional_db: None, gateway_port: int) -> LiveWorld:
    """The world with a gateway that serves it."""
    # The last test's organizations had the same addresses.
    people_live._organization_at.cache_clear()
    return LiveWorld(gateway_port)


@pytest.fixture
def open_window(live: LiveWorld) -> Iterator[Callable[..., Window]]:
    """Open windows that are closed at the end."""
    opened: list[Window] = []

    def open_one(person: Person, *topics: str, **options: str) -> Window:
        window = live.window(person, **options)  # type: ignore[arg-type]
        opened.append(window)
        if topics:
            window.subscribe(*topics)
        return window

    yield open_one
    for window in opened:
        window.close()
