"""The search page; its results are also what the box shows while one types."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from parvis.content.faces import person_face, space_face
from parvis.content.models import Entry
from parvis.foundation.richtext import excerpt
from parvis.search import queries
from parvis.spaces.models import Space

KINDS = ("", "entries", "people", "spaces")


@require_GET
def results(request: HttpRequest) -> HttpResponse:
    """Show what matches; htmx gets the list alone."""
    text = request.GET.get("q", "").replace("\x00", "")[:200]
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    space = _space(request)
    found = queries.search(request.viewer, text, kind=kind, space=space)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "text": text,
        "kind": kind,
        "kinds": KINDS,
        "space": space,
        "found": found,
        "people": [person_face(person) for person in found.people],
        "spaces": [space_face(space) for space in found.spaces],
        "hits": [_hit(entry) for entry in found.entries],
    }
    template = "search/results.html" if request.htmx else "search/page.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _space(request: HttpRequest) -> Space | None:
    """A space that cannot be read narrows nothing, as if it had not been named."""
    try:
        space_id = UUID(request.GET.get("space", ""))
    except ValueError:
        return None
    return Space.objects.readable_by(request.viewer).filter(pk=space_id).first()  # type: ignore[attr-defined]


def _hit(entry: Entry) -> dict[str, Any]:
    thread = reverse("content:thread", args=[entry.root_id])
    root = entry if entry.is_root else entry.thread
    title = entry.title or (root.title if root is not None else "") or excerpt(entry.body_text, 70)
    return {
        "url": thread if entry.is_root else f"{thread}#entry-{entry.id}",
        "title": title,
        "text": excerpt(entry.body_text, 220),
        "entry": entry,
    }
