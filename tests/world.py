"""The world that tests live in: a readable cast, its spaces, and a second organization with look-alike data.

Atelier, the first organization: Alice (administrator and host of most spaces), Bob and Chloé (members),
Dan (a member who joined nothing), Grace (a guest, invited to the project only), Max (a moderator),
Sam (suspended), Lea (left), Ute (imported, has not joined). Jumeau, the second one, has an Alice and a Bob too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.foundation.tenancy import organization_scope
from parvis.people import actions as people
from parvis.people.models import Identity, Organization, Person
from parvis.spaces import actions as spaces
from parvis.spaces.models import Membership, Space
from parvis.spaces.queries import everyone_space

PASSWORD = "a-long-enough-password"


@dataclass
class World:
    """Everybody and everything by name: `world.bob`, `world.lounge`, `world.entries["…"]`."""

    organization: Organization
    twin: Organization
    people: dict[str, Person] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person | Space:
        for cast in (self.__dict__.get("people", {}), self.__dict__.get("spaces", {})):
            if name in cast:
                # Every access is a fresh object, as in a request: nothing is remembered from the last one.
                return type(cast[name]).objects.select_related().get(pk=cast[name].pk)
        raise AttributeError(name)

    @contextmanager
    def bound(self) -> Iterator[World]:
        """Work inside the first organization."""
        with organization_scope(self.organization):
            yield self

    @contextmanager
    def bound_to_twin(self) -> Iterator[World]:
        """Work inside the second organization."""
        with organization_scope(self.twin):
            yield self

    def space_of(self, entry: Entry) -> Space:
        """Return the space of an entry."""
        return next(space for space in self.spaces.values() if space.id == entry.space_id)


def join(name: str, *, email: str | None = None, **fields: object) -> Person:
    """Add an active person who can sign in with `PASSWORD`."""
    address = email or f"{name.lower().split()[0].replace('é', 'e')}@atelier.example"
    identity = people.find_or_create_identity(email=address, password=PASSWORD)
    return people.join_organization(identity=identity, full_name=name, **fields)


def make_world() -> World:
    """Build the world; call it outside any organization scope."""
    atelier, alice = people.create_organization(
        slug="atelier",
        name="Atelier",
        administrator_email="alice@atelier.example",
        administrator_name="Alice Martin",
        password=PASSWORD,
    )
    twin, _twin_alice = people.create_organization(
        slug="jumeau",
        name="Jumeau",
        administrator_email="alice@jumeau.example",
        administrator_name="Alice Martin",
        password=PASSWORD,
    )
    world = World(organization=atelier, twin=twin)
    with world.bound():
        _fill_people(world, alice)
        _fill_spaces(world)
        _fill_entries(world)
        people.suspend_person(actor=alice, person=world.people["sam"])
        people.remove_person(actor=alice, person=world.people["lea"])
    with world.bound_to_twin():
        _fill_twin(world)
    return world


def _fill_people(world: World, alice: Person) -> None:
    world.people |= {
        "alice": alice,
        "bob": join("Bob Dupont", job_title="Maintenance technician", location="Lyon", skills=["Pumps"]),
        "chloe": join("Chloé Élan", job_title="Quality engineer", location="Lyon", language="fr"),
        "dan": join("Dan Field", location="Manchester"),
        "max": join("Max Arbiter"),
        "sam": join("Sam Paused"),
        "lea": join("Léa Gone"),
        "grace": join("Grace Guest", email="grace@partner.example", kind=Person.Kind.GUEST),
        "ute": people.add_person(full_name="Ute Imported", email="ute@atelier.example"),
    }
    people.set_role(actor=alice, person=world.people["max"], is_administrator=False, is_moderator=True)


def _fill_spaces(world: World) -> None:
    alice = world.people["alice"]
    world.spaces["everyone"] = everyone_space()
    world.spaces["lounge"] = spaces.create_space(creator=alice, kind=Space.Kind.NETWORK, name="Lounge")
    world.spaces["project"] = spaces.create_space(
        creator=alice,
        kind=Space.Kind.COLLABORATIVE,
        name="Quieter pumps",
        privacy=Space.Privacy.CLOSED,
        objective="Bring the pump under 40 dB",
        problem="Customers return one pump in twenty for its noise.",
        sponsor=alice,
        measure="Returns for noise per month",
        ends_on=date(2027, 6, 30),
    )
    world.spaces["cellar"] = spaces.create_space(
        creator=world.people["chloe"], kind=Space.Kind.NETWORK, name="Cellar", privacy=Space.Privacy.SECRET
    )
    world.spaces["bulletin"] = spaces.create_space(
        creator=alice, kind=Space.Kind.NETWORK, name="Bulletin", posting=Space.Posting.HOSTS
    )
    world.spaces["attic"] = spaces.create_space(
        creator=alice, kind=Space.Kind.NETWORK, name="Attic", privacy=Space.Privacy.CLOSED
    )
    world.spaces["crates"] = spaces.create_space(creator=alice, kind=Space.Kind.NETWORK, name="Crates")
    for space, names in {
        "crates": "bob chloe",
        "lounge": "bob chloe sam lea",
        "project": "bob grace sam lea",
        "bulletin": "bob",
    }.items():
        for name in names.split():
            spaces.admit(person=world.people[name], space=world.spaces[space])
    Membership.objects.filter(space=world.spaces["lounge"], person=world.people["chloe"]).update(role="host")


def _fill_entries(world: World) -> None:
    for name, space in world.spaces.items():
        # Chloé founded the cellar; Alice, the administrator, is not in it and reads nothing there.
        author = world.people["chloe" if name == "cellar" else "alice"]
        post = content.publish(
            author=author, space=space, title=f"News of {name}", body=f"Hello *{name}*, #walrus!"
        )
        comment = content.reply(author=author, to=post, body=f"A walrus comment in {name}")
        world.entries |= {f"{name} post": post, f"{name} comment": comment}
    chloe, bob, alice = (world.people[name] for name in ("chloe", "bob", "alice"))
    lounge = world.spaces["lounge"]
    deleted = content.publish(author=chloe, space=lounge, body="A deleted walrus")
    content.reply(author=chloe, to=deleted, body="A comment on a deleted walrus")
    content.delete_entry(actor=chloe, entry=deleted)
    hidden = content.publish(author=bob, space=lounge, body="A hidden walrus")
    content.hide_entry(actor=alice, entry=hidden)
    staged = content.publish(author=bob, space=lounge, body="A staged walrus")
    Entry.objects.filter(pk=staged.pk).update(state=Entry.State.STAGED)
    draft = content.save_draft(author=bob, space=lounge, body="A draft walrus")
    scheduled = content.save_draft(author=bob, space=lounge, body="A scheduled walrus")
    content.schedule(actor=bob, entry=scheduled, at=timezone.now() + timedelta(days=30))
    world.entries |= {"deleted post": deleted, "hidden post": hidden, "staged post": staged}
    world.entries |= {"draft post": draft, "scheduled post": scheduled}
    spaces.archive_space(actor=alice, space=world.spaces["attic"])
    # An import is on its way: nobody knows of it yet, not even who will be in it.
    Space.objects.filter(pk=world.spaces["crates"].pk).update(state=Space.State.STAGED)


def _fill_twin(world: World) -> None:
    bob = join("Bob Dupont", email="bob@jumeau.example")
    lounge = spaces.create_space(creator=bob, kind=Space.Kind.NETWORK, name="Lounge")
    world.people["twin_bob"] = bob
    world.spaces["twin_lounge"] = lounge
    world.entries["twin post"] = content.publish(
        author=bob, space=lounge, title="News of lounge", body="Hello walrus"
    )


def sign_in(client: object, person: Person) -> None:
    """Sign a Django test client in as somebody of the world."""
    client.force_login(
        Identity.objects.get(pk=person.identity_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )  # type: ignore[attr-defined]


def ids(things: object) -> set[UUID]:
    """Return the ids of rows."""
    return {thing.id for thing in things}  # type: ignore[attr-defined]
