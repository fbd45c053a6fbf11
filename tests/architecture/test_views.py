"""Every view is private unless it says otherwise, in a list that one can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from parvis.people import access
from tests.world import World

# What anybody may open, and why.
OPEN = {
    "health": "probes and metrics; metrics check their caller",
    "set_language": "chooses a language before sign-in",
    "styleguide": "the design system: no data",
    "openapi": "the description of the API",
    "setup": "the first visit, by a one-time link",
    "invitation": "who is invited has no login yet",
    "join": "who joins has no login yet",
    "organization": "the doorway: names nothing that its visitor may not know",
}


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern, route)
        else:
            yield route, pattern


def _all_views() -> list[tuple[str, Any]]:
    return [(route, pattern) for route, pattern in _patterns(get_resolver())]


def test_open_views_are_listed() -> None:
    for route, pattern in _all_views():
        view = pattern.callback
        if not access.is_open(view) or view.__module__.startswith(access.SELF_PROTECTED):
            continue
        if route.startswith("api/v1/"):
            continue  # each operation authenticates its caller: tests/api
        name = f"{route} {pattern.name} {view.__module__}"
        assert any(word in name for word in OPEN), f"{name} is open and not listed"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/", "/all", "/bookmarks", "/spaces", "/notifications", "/search", "/moderation"]
)
def test_a_stranger_is_sent_to_the_sign_in_page(world: World, client: Client, path: str) -> None:
    answer = client.get(f"/o/atelier{path}")
    assert answer.status_code == 302
    assert "/sign-in" in answer["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sam", "lea", "twin_bob"])
def test_a_login_without_a_place_here_sees_nothing(world: World, client: Client, name: str) -> None:
    from tests.world import sign_in

    person = world.people[name]
    scope = world.bound_to_twin if name == "twin_bob" else world.bound
    with scope():
        sign_in(client, person)
    for path in ("/", "/spaces", "/search?q=walrus", f"/entries/{world.entries['lounge post'].id}"):
        answer = client.get(f"/o/atelier{path}")
        assert answer.status_code in (302, 404)
        assert b"walrus" not in answer.content
