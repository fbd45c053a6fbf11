"""Suggest whom to mention."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from parvis.content import queries
from parvis.content.faces import person_face
from parvis.content.views.answers import viewer_of
from parvis.foundation.ids import parse_id
from parvis.foundation.richtext import mention_source
from parvis.spaces.models import Space


def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer with people who can read the space and whose name has a part that begins like this."""
    viewer = viewer_of(request)
    space = _space(request)
    found = queries.mentionable_in(space, request.GET.get("q", "")) if space is not None else []
    people = [(person, person_face(person)) for person in found if person.id != viewer.id]
    return JsonResponse(
        [
            {
                "id": str(person.id),
                "name": person.full_name,
                "detail": person.job_title or (_("Guest") if person.is_guest else ""),
                "picture_url": face.picture_url,
                "insert": mention_source("person", person.id, person.full_name),
            }
            for person, face in people
        ],
        safe=False,
    )


def _space(request: HttpRequest) -> Space | None:
    space_id = parse_id(request.GET.get("space"))
    return Space.objects.readable_by(viewer_of(request)).filter(pk=space_id).first() if space_id else None
