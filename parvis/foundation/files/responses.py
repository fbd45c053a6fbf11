"""Answers that carry a file: Django decides and names it, the server in front sends the bytes.

`X-Parvis-File` names a path on this machine, percent-encoded; the ASGI layer (parvis/config) takes it out of
the answer and streams the file, ranges included, without holding one of Django's threads.
"""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header, parse_etags

from parvis.foundation.errors import NotFound
from parvis.foundation.files.images import Picture
from parvis.foundation.files.media_types import is_served_inline
from parvis.foundation.files.storage import key_of, storage
from parvis.foundation.models import StoredFile

FILE_HEADER = "X-Parvis-File"
# In an S3 store: the size and the key, fetched by the same layer.
OBJECT_HEADER = "X-Parvis-Object"
# Content under an id never changes. A day bounds how long a browser may show it to somebody who lost access.
CACHING = "private, max-age=86400, immutable"
# Even a file that a browser takes for a page can run nothing and reach nothing.
CLOSED_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
# The sandbox stops the PDF viewers of browsers; PDF scripts run apart from the site anyway.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


def file_response(request: HttpRequest, file: StoredFile, *, inline: bool) -> HttpResponse:
    """Answer with a stored file: shown in place when asked for and harmless, else offered for saving."""
    key = key_of(file.organization_id, file.sha256)
    path = storage().local_path(key)
    if path is not None and not path.exists():
        raise NotFound
    place = (FILE_HEADER, quote(str(path))) if path else (OBJECT_HEADER, f"{file.size_bytes} {key}")
    is_inline = inline and is_served_inline(file.media_type)
    response = _response(
        request, place, etag=file.sha256, media_type=file.media_type, size_bytes=file.size_bytes
    )
    response["Content-Disposition"] = content_disposition_header(not is_inline, file.name) or "inline"
    if not is_inline:
        # A saved file is kept by the reader, not by the browser.
        response["Cache-Control"] = "private, no-cache"
    return response


def picture_response(request: HttpRequest, picture: Picture) -> HttpResponse:
    """Answer with a smaller picture made by `derive_image`."""
    size = picture.path.stat().st_size
    place = (FILE_HEADER, quote(str(picture.path)))
    response = _response(request, place, etag=picture.etag, media_type=picture.media_type, size_bytes=size)
    response["Content-Disposition"] = "inline"
    return response


def _response(
    request: HttpRequest, place: tuple[str, str], *, etag: str, media_type: str, size_bytes: int
) -> HttpResponse:
    quoted = f'"{etag}"'
    asked_for = parse_etags(request.headers.get("If-None-Match", ""))
    if quoted in asked_for or f"W/{quoted}" in asked_for:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(content_type=_content_type(media_type))
        response["Content-Length"] = str(size_bytes)
        name, value = place
        response[name] = value
    response["ETag"] = quoted
    response["Cache-Control"] = CACHING
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = PDF_POLICY if media_type == "application/pdf" else CLOSED_POLICY
    return response


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
