"""Suggestions as templates show them."""

from __future__ import annotations

from typing import Any

from parvis.content.faces import person_face
from parvis.foundation.addresses import reverse, url_or_none
from parvis.people.models import Person
from parvis.spaces.faces import doors
from parvis.suggestions import queries


def suggestion_context(viewer: Person, *, limit: int = queries.FEW) -> dict[str, Any]:
    """Return what templates show of the viewer's suggestions."""
    return {"spaces": space_lines(viewer, limit=limit), "people": person_lines(viewer, limit=limit)}


def space_lines(viewer: Person, *, limit: int) -> list[dict[str, Any]]:
    """Return suggested spaces with their doors."""
    return [
        {
            "space": suggested.space,
            "url": reverse("spaces:show", args=[suggested.space.id]),
            "reason": suggested.reason,
            "can": doors(viewer, suggested.space, has_requested=False, is_invited=False),
            "dismiss_url": reverse("suggestions:dismiss", args=["space", suggested.space.id]),
        }
        for suggested in queries.suggested_spaces(viewer, limit=limit)
    ]


def person_lines(viewer: Person, *, limit: int) -> list[dict[str, Any]]:
    """Return suggested people with the way to follow them."""
    return [
        {
            "person": person_face(suggested.person),
            "unit": suggested.person.unit.name if suggested.person.unit else "",
            "reason": suggested.reason,
            "follow_url": url_or_none("people:following", suggested.person.id),
            "dismiss_url": reverse("suggestions:dismiss", args=["person", suggested.person.id]),
        }
        for suggested in queries.suggested_people(viewer, limit=limit)
    ]
