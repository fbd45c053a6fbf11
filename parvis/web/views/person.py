"""What a profile shows of the layers above people: what somebody wrote, the spaces in common."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from parvis.content import queries as content
from parvis.content.faces import permalink, space_face
from parvis.foundation.errors import NotFound
from parvis.foundation.richtext import excerpt
from parvis.people.models import Person
from parvis.people.queries import visible_people
from parvis.spaces.queries import spaces_in_common

ENTRIES_SHOWN, EXCERPT_LENGTH = 8, 220


def written_by(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show somebody's newest entries, as far as the viewer may read them (fragment)."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    entries = content.written_by(viewer, _visible(viewer, id), limit=ENTRIES_SHOWN * 2)
    shown = [
        {
            "url": permalink(entry),
            "title": entry.title,
            "text": excerpt(entry.body_text, EXCERPT_LENGTH),
            "space": entry.space.name,
            "published_at": entry.published_at,
            "is_comment": not entry.is_root,
        }
        for entry in entries
        if not entry.is_deleted
    ]
    return render(request, "web/written_by.html", {"entries": shown[:ENTRIES_SHOWN]})


def in_common(request: HttpRequest, id: UUID) -> HttpResponse:
    """Show the spaces that the viewer shares with somebody (fragment)."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    spaces = spaces_in_common(viewer, _visible(viewer, id))
    return render(request, "web/in_common.html", {"spaces": [space_face(space) for space in spaces[:12]]})


def _visible(viewer: Person, id: UUID) -> Person:
    person = visible_people(viewer).filter(pk=id).first()
    if person is None:
        raise NotFound
    return person
