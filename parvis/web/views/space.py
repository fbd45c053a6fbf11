"""A space's wall: where spaces and content meet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from parvis.content import queries as content
from parvis.content.composers import post_composer
from parvis.content.queries import Page
from parvis.content.streaming import stream_context, stream_response, wants_stream_only
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.queries import find_listed, first_members_of, known_readable
from parvis.spaces.views import header
from parvis.web.queries import joined_spaces


def wall(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Show a space's posts, pinned ones first; whoever may know of it but not read it sees what it is about."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    space = known_readable(viewer, space_id)
    if space is None:
        return redirect("spaces:about", find_listed(viewer, space_id).id)

    def ask(cursor: str, limit: int) -> Page:
        return content.space_stream(space, cursor=cursor, limit=limit, glancer=viewer)

    joined_spaces(viewer)  # the sidebar's, whose roles the page asks for all over
    context = stream_context(
        request,
        ask,
        topics=[f"space:{space.id}"],
        show_space=False,
        pinned=content.pinned_in(space, glancer=viewer),
    )
    if wants_stream_only(request):
        return stream_response(request, context)
    return render(request, "web/space.html", {**context, **_around(request, viewer, space)})


def _around(request: HttpRequest, viewer: Person, space: Space) -> dict[str, Any]:
    return {
        **header(request, space, "wall"),
        "composer": post_composer(viewer, [space], chosen=space.id),
        "some_members": [membership.person for membership in first_members_of(space)],
    }
