"""Faces and logos, cut to the size at which they are shown."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from parvis.foundation.errors import NotFound
from parvis.foundation.files import derive_image
from parvis.foundation.files.responses import picture_response
from parvis.foundation.models import StoredFile
from parvis.people.access import public
from parvis.people.queries import visible_people
from parvis.people.views.answers import viewer_of

SIZES = {"s": "avatar-small", "m": "avatar", "l": "avatar-large"}


def picture(request: HttpRequest, id: UUID, file_id: UUID) -> HttpResponse:
    """Answer with somebody's picture, to those who may open their profile."""
    person = (
        visible_people(viewer_of(request)).filter(pk=id, picture_id=file_id).select_related("picture").first()
    )
    if person is None or person.picture is None:
        raise NotFound
    return _picture(request, person.picture, SIZES.get(request.GET.get("size", ""), "avatar"))


@public
def logo(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Answer with the organization's logo, which its sign-in page shows to everybody."""
    organization = request.organization  # type: ignore[attr-defined]
    if organization is None or organization.logo_id != file_id:
        raise NotFound
    return _picture(request, organization.logo, "avatar-large")


def _picture(request: HttpRequest, file: StoredFile, size: str) -> HttpResponse:
    derived = derive_image(file, size)
    if derived is None:
        raise NotFound
    return picture_response(request, derived)
