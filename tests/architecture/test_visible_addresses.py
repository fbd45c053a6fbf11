"""Every address that answers a GET, asked by everybody, about everything: no text leaves for whom it is not.

The addresses come from the URL configuration itself, so that a new page, fragment or API operation joins by
being written. What is looked for are words that only one entry says.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from parvis.content.models import Bookmark, Entry
from parvis.content.queries import file_visible_to
from parvis.notifications.actions import notify
from parvis.search.index import index_all
from tests.architecture.oracle import may_read_entry, may_read_unpublished
from tests.world import World, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

VIEWERS = ("alice", "bob", "dan", "grace", "twin_bob")
# Pages about no organization's data, or that act on being opened.
LEFT_OUT = (
    "account/",
    "styleguide",
    "setup",
    "language",
    "join",
    "metrics",
    "health/",
    "api/v1/openapi.json",
)
STATES = ("deleted", "hidden", "staged", "draft", "scheduled")
QUERIES = {
    "search": "?q=walrus",
    "search/suggestions": "?q=walrus",
    "api/v1/search": "?q=walrus",
    "api/v1/feed": "?scope=all&limit=100",
}


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, route)
        else:
            yield route, pattern


def _addresses(world: World) -> list[list[str]]:
    """Return every route's addresses, with each known id in the place of an id."""
    subjects: dict[str, list[UUID]] = {
        "entries/": [entry.id for entry in world.entries.values()],
        "spaces/": [space.id for space in world.spaces.values()],
        "people/": [world.people[name].id for name in ("alice", "chloe", "grace")],
        "announcements/": [entry.id for entry in world.entries.values()],
    }
    found: dict[str, list[str]] = {}
    for route, pattern in _patterns(get_resolver()):
        converters = pattern.pattern.converters
        if route.startswith(LEFT_OUT) or len(converters) > 1:
            continue
        if not converters:
            found[route] = [route + QUERIES.get(route, "")]
            continue
        subject = next((ids for word, ids in subjects.items() if word in route), None)
        if subject is None:
            continue
        before, _open, rest = route.partition("<")
        found[route] = [f"{before}{one}{rest.partition('>')[2]}" for one in subject]
    return [found[route] for route in sorted(found)]


def answers_to(client: Client, routes: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Yield what each address answers, as text; one that knows no GET refuses it before it looks for any id."""
    for addresses in routes:
        for address in addresses:
            answer = client.get(f"/o/atelier/{address}")
            assert answer.status_code < 500, address
            yield address, answer.getvalue().decode(errors="replace")
            if answer.status_code == 405:
                break


def _marks(world: World) -> dict[str, str]:
    """Return, for each entry, words that only it says."""
    marks = {
        name: f"A walrus comment in {name.split()[0]}" for name in world.entries if name.endswith("comment")
    }
    marks |= {name: f"News of {name.split()[0]}" for name in world.entries if name.endswith("post")}
    marks |= {f"{state} post": f"A {state} walrus" for state in STATES}
    # Both organizations have a lounge; this one's title is said twice.
    return {name: mark for name, mark in marks.items() if name not in ("twin post", "lounge post")}


@pytest.fixture
def busy(world: World) -> World:
    """The world as if everybody had kept, and had been told of, everything while they could read it."""
    with world.bound():
        index_all()
        people = [
            person for person in world.people.values() if person.organization_id == world.organization.id
        ]
        for entry in Entry.objects.all():
            notify(
                recipients=[person.id for person in people],
                subject=f"thread:{entry.id}",
                reason="reply",
                actor_id=None,
                entry_id=entry.id,
            )
            for person in people:
                Bookmark.objects.get_or_create(person=person, entry=entry)
    return world


@pytest.mark.parametrize("name", VIEWERS)
def test_no_address_says_what_its_visitor_may_not_read(busy: World, name: str) -> None:
    marks, client = _marks(busy), Client(SERVER_NAME="localhost", raise_request_exception=False)
    scope = busy.bound_to_twin if name == "twin_bob" else busy.bound
    with scope():
        sign_in(client, busy.people[name])
    with busy.bound():
        viewer = busy.people[name] if name == "twin_bob" else getattr(busy, name)
        public = {key for key, entry in busy.entries.items() if may_read_entry(busy, viewer, entry)}
        drafts = {key for key, entry in busy.entries.items() if may_read_unpublished(busy, viewer, entry)}
    allowed = public | drafts
    seen: set[str] = set()
    for address, text in answers_to(client, _addresses(busy)):
        said = {key for key, mark in marks.items() if mark in text}
        assert said <= allowed, f"{address} tells {name} of {said - allowed}"
        seen |= said
    # The search for leaks looks where texts are: whoever may read something has met it on the way.
    assert seen - drafts == public & set(marks)


def test_a_file_is_readable_exactly_where_something_readable_attaches_it(world: World) -> None:
    from io import BytesIO

    from parvis.content import actions
    from parvis.content.actions import AttachmentDraft
    from parvis.foundation.files import store

    with world.bound():
        file = store(BytesIO(b"walrus"), name="walrus.txt", created_by_id=world.people["chloe"].id)
        actions.publish(
            author=world.chloe, space=world.cellar, body="x", attachments=[AttachmentDraft(file.id)]
        )
        readers = [
            name
            for name in ("alice", "bob", "chloe", "dan", "grace", "max")
            if file_visible_to(getattr(world, name), file.id)
        ]
    assert readers == ["chloe"]
    for name in ("alice", "bob", "chloe", "dan", "grace", "max", "twin_bob"):
        client = Client(SERVER_NAME="localhost")
        with (world.bound_to_twin if name == "twin_bob" else world.bound)():
            sign_in(client, world.people[name])
        status = client.get(f"/o/atelier/files/{file.id}").status_code
        assert (status == 200) == (name == "chloe"), name
