"""Suggestions as a page of their own, on top of the spaces to discover, and as a card in the feed of a phone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from parvis.people.models import Person
from parvis.suggestions import actions
from parvis.suggestions.faces import space_lines, suggestion_context

ON_A_PAGE = 12


@require_GET
def everything(request: HttpRequest) -> HttpResponse:
    """Show who to follow and where to go."""
    viewer = _viewer(request)
    return render(request, "suggestions/all.html", suggestion_context(viewer, limit=ON_A_PAGE))


@require_GET
def spaces(request: HttpRequest) -> HttpResponse:
    """Show the first suggested spaces above those that one can discover."""
    return _kept(
        render(request, "suggestions/spaces.html", {"spaces": space_lines(_viewer(request), limit=3)})
    )


@require_GET
def near(request: HttpRequest) -> HttpResponse:
    """Show a few suggestions above the feed, where there is no room beside it and somebody opened the line."""
    return _kept(render(request, "suggestions/near.html", suggestion_context(_viewer(request), limit=3)))


@require_POST
def dismiss(request: HttpRequest, kind: str, subject_id: UUID) -> HttpResponse:
    """Wave a suggestion away; htmx takes it off the page."""
    actions.dismiss(person=_viewer(request), kind=kind, subject_id=subject_id)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse("")
    return redirect("suggestions:all")


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, max-age=60"
    return response


def _viewer(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer
