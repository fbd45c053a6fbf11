"""The picture of a preview, and taking a preview away."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from parvis.content.queries import find_visible
from parvis.content.views.answers import back_to, viewer_of, wants_fragment
from parvis.foundation.files.responses import file_response
from parvis.previews import actions, queries


def image(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with the picture of a page, to whoever may read something that shows it."""
    return file_response(request, queries.image_for(viewer_of(request), id), inline=True)


def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Take an entry's preview away."""
    viewer = viewer_of(request)
    entry = find_visible(viewer, id)
    actions.remove_preview(actor=viewer, entry=entry)
    # Nothing takes its place.
    return HttpResponse() if wants_fragment(request) else back_to(request, entry)
