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
    "health/live": "a probe: says only that the process answers",
    "health/ready": "a probe: says only whether the database answers",
    "metrics": "checks its caller: loopback or a token",
    "account/sign-up": "for invited people and the organization's e-mail domains",
    "language": "chooses a language before sign-in",
    "setup": "the first visit, by a one-time link",
    "organizations": "names organizations only to whoever belongs to them",
    "manifest.webmanifest": "the name on the sign-in page, and icons",
    "join": "for e-mail domains: who joins has no login yet",
    "join/<str:key>": "who is invited has no login yet",
    "logo/<uuid:file_id>": "stands on the sign-in page",
    "feeds/<str:secret>.<str:format>": "checks its caller: the address itself is a person's secret",
    "mail/stop/<str:token>": "checks its caller: a signed token of a mail, which can only make mails fewer",
    "api/v1/": "the API's root: not found without a token",
    "api/v1/openapi.json": "the description of the API",
    "styleguide": "the design system: no data",
    "styleguide/screens/<slug:name>": "the design system: no data",
    "styleguide/echo": "the design system: no data",
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
    found = {
        route
        for route, pattern in _all_views()
        if access.is_open(pattern.callback)
        and not pattern.callback.__module__.startswith(access.SELF_PROTECTED)
        # The API's operations authenticate their caller: tests/api tries each without a token.
        and not pattern.callback.__module__.startswith("ninja.")
    }
    assert found == set(OPEN)


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
