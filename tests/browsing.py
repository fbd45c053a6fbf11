"""Somebody of the cast with a browser: Django's test client below the organization's path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from parvis.people.models import Person
from tests.world import World, sign_in

HTMX = {"HX-Request": "true"}


@dataclass
class Visitor:
    """Asks for pages of one organization; `fragment=True` asks as a script that replaces part of a page."""

    client: Client
    slug: str
    person: Person | None = None

    def get(self, path: str, *, fragment: bool = False, **headers: str) -> HttpResponse:
        """Ask for a page."""
        return self.client.get(self._path(path), headers=_headers(fragment, headers))

    def post(
        self, path: str, data: dict[str, Any] | None = None, *, fragment: bool = False, **headers: str
    ) -> HttpResponse:
        """Send a form."""
        return self.client.post(self._path(path), data or {}, headers=_headers(fragment, headers))

    def send(self, method: str, path: str, *, fragment: bool = False, **headers: str) -> HttpResponse:
        """Use any other verb."""
        return self.client.generic(method, self._path(path), headers=_headers(fragment, headers))

    def _path(self, path: str) -> str:
        return path if path.startswith("/o/") else f"/o/{self.slug}{path}"


def _headers(fragment: bool, headers: dict[str, str]) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {**(HTMX if fragment else {}), **named}


def visit(world: World, name: str, client: Client) -> Visitor:
    """Sign somebody of the cast in; "stranger" is nobody; "twin_bob" belongs to the other organization."""
    if name == "stranger":
        return Visitor(client, world.organization.slug)
    person = world.people[name]
    sign_in(client, person)
    return Visitor(client, world.organization.slug, person)


def text_of(response: HttpResponse) -> str:
    """Return the answer as text."""
    return response.content.decode()
