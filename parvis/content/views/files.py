"""Bring files, and get them back: readable exactly where something readable shows them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from parvis.content import queries
from parvis.content.actions.files import bring_file
from parvis.content.views.answers import viewer_of
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Invalid
from parvis.foundation.files import IMAGE_SIZES, derive_image
from parvis.foundation.files.responses import file_response, picture_response
from parvis.foundation.models import StoredFile


def upload(request: HttpRequest) -> HttpResponse:
    """Store one file for a text that is being written; nobody else can read it until the text is published."""
    received = request.FILES.get("file")
    if received is None:
        raise Invalid({"file": [_("Choose a file.")]})
    file = bring_file(person=viewer_of(request), source=received, name=received.name or "")
    return JsonResponse(_described(file), status=201)


def _described(file: StoredFile) -> dict[str, Any]:
    address = reverse("content:file", args=[file.id])
    is_image = file.is_picture
    return {
        "id": str(file.id),
        "name": file.name,
        "size": file.size_bytes,
        "media_type": file.media_type,
        "url": address,
        "is_image": is_image,
        "thumbnail_url": f"{address}?size=320" if is_image else None,
    }


def download(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with a file's bytes, or with a smaller picture made from it (`?size=`)."""
    file = queries.find_readable_file(viewer_of(request), id)
    size = request.GET.get("size", "")
    if size in IMAGE_SIZES and (picture := derive_image(file, size)) is not None:
        return picture_response(request, picture)
    return file_response(request, file, inline=True)
