"""Every address of the installation, taken from the URL configuration: what is new is attacked by being written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.world import World, sign_in

PREFIX = "/o/atelier/"
# What ends the session of who tries, or is not the organization's.
ENDS = ("account/sign-out", "settings/leaving", "account/sessions", "spaces/<uuid:space_id>/departure")
PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


# What stands in the place of an id, by the word before it, or by a parameter that is named after its use.
WORDS = {
    "addresses": "feed", "announcements": "announcement", "articles": "article", "conversations": "quiet",
    "emoji": "emoji", "entries": "entry", "files": "file", "invitations": "invitation", "leave": "leave",
    "people": "person", "previews": "page", "saved": "search", "scheduled": "draft", "spaces": "space",
    "subject": "person", "thread": "entry", "units": "unit", "working-time": "policy",
}  # fmt: skip


@dataclass(frozen=True)
class Targets:
    """What stands in the place of ids; `others` for what has no name in the world."""

    entry: UUID
    space: UUID
    person: UUID
    others: Mapping[str, UUID] = field(default_factory=dict)

    def of(self, word: str, name: str) -> UUID:
        """Return the id that a parameter wants, by its name or by the word before it."""
        return self.known(word, name) or uuid4()

    def known(self, word: str, name: str) -> UUID | None:
        """Return it only if it is one of these."""
        wanted = word if name == "id" else name.removesuffix("_id")
        wanted = WORDS.get(wanted, wanted)
        return getattr(self, wanted, None) or self.others.get(wanted)


def targets(
    world: World, *, entry: str, space: str, person: str, others: Mapping[str, UUID] | None = None
) -> Targets:
    """Return targets by their names in the world."""
    return Targets(world.entries[entry].id, world.spaces[space].id, world.people[person].id, others or {})


def routes() -> list[str]:
    """Return every route, as the URL configuration writes it."""
    return sorted(
        {route for route in _walk(get_resolver()) if not route.startswith(ENDS) and "(?P" not in route}
    )


def filled(route: str, targets: Targets) -> str:
    """Return the address of a route about these targets."""

    def value(match: re.Match[str]) -> str:
        plain = {"int": "1", "slug": "home", "str": "👍", None: "👍"}
        return plain.get(match["kind"]) or str(targets.of(_word_before(match), match["name"]))

    return PREFIX + PARAMETER.sub(value, route)


def ids_of(route: str) -> list[tuple[str, str]]:
    """Return the ids that a route takes: the word before each, and its name."""
    return [
        (_word_before(match), match["name"])
        for match in PARAMETER.finditer(route)
        if (match["kind"] or "").startswith("uuid")
    ]


def _word_before(match: re.Match[str]) -> str:
    return match.string[: match.start()].rstrip("/").rpartition("/")[2]


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
