"""The directory: find people by name, what they do, where and in which unit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from parvis.foundation.errors import NotFound
from parvis.foundation.ids import parse_id
from parvis.people.faces import menu_of
from parvis.people.forms.profile import shown_name
from parvis.people.models import Person
from parvis.people.policy import can
from parvis.people.queries import (
    common_skills,
    directory_page,
    followed_ids,
    initial_letters,
    locations,
    unit_tree,
)
from parvis.people.queries import directory as people_of_directory
from parvis.people.views.answers import viewer_of


def directory(request: HttpRequest) -> HttpResponse:
    """List people; typing and paging fetch the same list as a fragment."""
    viewer = viewer_of(request)
    if not can(viewer, "see_directory", viewer.organization):
        raise NotFound
    asked = _asked(request)
    found = people_of_directory(
        viewer,
        search=asked["q"],
        unit=parse_id(asked["unit"]),
        location=asked["location"],
        skill=asked["skill"],
    )
    shown = directory_page(found, after=parse_id(request.GET.get("after")), letter=asked["letter"])
    context: dict[str, Any] = {
        "people": shown.people,
        "followed": followed_ids(viewer, shown.people),
        "asked": asked,
        "is_filtered": any(asked[name] for name in ("q", "unit", "location", "skill")),
        "more_url": _more_url(asked, shown.next_after),
        "viewer": viewer,
        "menu_of": menu_of,
    }
    if request.GET.get("after") and getattr(request, "htmx", False):
        response = render(request, "people/directory_more.html", context)
    elif getattr(request, "htmx", False):
        response = render(request, "people/directory_results.html", context | {"total": found.count()})
    else:
        response = render(
            request, "people/directory.html", context | _facets(viewer) | {"total": found.count()}
        )
    if not request.GET.get("after"):
        # The address that typing leaves behind names only what was asked for.
        kept = {name: text for name, text in asked.items() if text}
        response["HX-Replace-Url"] = f"{request.path}?{urlencode(kept)}" if kept else request.path
    patch_vary_headers(response, ["HX-Request"])
    return response


def suggestions(request: HttpRequest) -> HttpResponse:
    """Offer a few people while a name is typed, e.g. that of a manager."""
    viewer = viewer_of(request)
    text = request.GET.get("q") or request.GET.get("manager") or ""
    found = people_of_directory(viewer, search=text[:120])[:8] if len(text.strip()) > 1 else []
    return render(request, "people/suggestions.html", {"names": [shown_name(person) for person in found]})


def _asked(request: HttpRequest) -> dict[str, str]:
    asked = {
        name: request.GET.get(name, "")[:120].strip() for name in ("q", "unit", "location", "skill", "letter")
    }
    asked["unit"] = str(parse_id(asked["unit"]) or "")
    asked["letter"] = asked["letter"][:1].upper()
    asked["view"] = "list" if request.GET.get("view") == "list" else ""
    return asked


def _more_url(asked: dict[str, str], after: UUID | None) -> str:
    if after is None:
        return ""
    return "?" + urlencode(
        {name: text for name, text in asked.items() if text and name != "letter"} | {"after": str(after)}
    )


def _facets(viewer: Person) -> dict[str, Any]:
    return {
        "choices": lambda values: [(value, value) for value in values],
        "units": [(str(unit.id), "\u2003" * unit.depth + unit.name) for unit in unit_tree()],
        "locations": locations(viewer),
        "skills": common_skills(viewer),
        "letters": initial_letters(viewer),
    }
