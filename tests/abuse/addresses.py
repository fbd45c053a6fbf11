"""Every address of the installation, taken from the URL configuration: what is new is attacked by being written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.world import World, sign_in

PREFIX = "/o/atelier/"
# What ends the session of who tries, or is not the organization's.
ENDS = ("account/sign-out", "settings/leaving", "account/sessions", "spaces/<uuid:space_id>/departure")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


@dataclass(frozen=True)
class Targets:
    """What stands in the place of ids."""

    entry: UUID
    space: UUID
    person: UUID

    def of(self, word: str, name: str) -> UUID:
        """Return the id that a parameter wants, by its name or by the word before it."""
        wanted = (
            name.removesuffix("_id")
            if name != "id"
            else {"entries": "entry", "spaces": "space"}.get(word, word)
        )
        wanted = {"people": "person", "thread": "entry"}.get(wanted, wanted)
        id: UUID = getattr(self, wanted, None) or uuid4()
        return id


def targets(world: World, *, entry: str, space: str, person: str) -> Targets:
    """Return targets by their names in the world."""
    return Targets(world.entries[entry].id, world.spaces[space].id, world.people[person].id)


def routes() -> list[str]:
    """Return every route, as the URL configuration writes it."""
    return sorted(
        {route for route in _walk(get_resolver()) if not route.startswith(ENDS) and "(?P" not in route}
    )


def filled(route: str, targets: Targets) -> str:
    """Return the address of a route about these targets."""

    def value(match: re.Match[str]) -> str:
        word = route[: match.start()].rstrip("/").rpartition("/")[2]
        plain = {"int": "1", "slug": "home", "str": "👍", None: "👍"}
        return plain.get(match["kind"]) or str(targets.of(word, match["name"]))

    return PREFIX + PARAMETER.sub(value, route)


def browser(world: World, name: str | None, **options: Any) -> Client:
    """Return the browser of somebody, without a form's secret to know."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=True, **options)
    if name == "twin_bob":
        with world.bound_to_twin():
            sign_in(client, world.people[name])
    elif name is not None:
        with world.bound():
            sign_in(client, world.people[name])
    return client


def _walk(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route
