"""Entity tags: who has read an answer before is told that it is still true, or that it is not.

A tag is the fingerprint of the answer's bytes. A resource with a version begins with it, `"3-…"`: a change under
`If-Match` compares the version alone, so that a reaction that arrived in the meantime does not refuse an edit.
"""

from __future__ import annotations

import base64
import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import gettext_lazy as _

from parvis.content.models import Entry
from parvis.foundation.errors import Conflict

# What a 304 says too (RFC 9110, 15.4.5).
KEPT_HEADERS = ("ETag", "Cache-Control", "Vary", "Content-Location", "Expires")


class ChangedSince(Conflict):
    """The thing is no longer the one of `If-Match`."""

    code = "changed_since"
    status = 412
    default_message = _("This has changed since you read it.")


def etag_of(content: bytes, *, version: int | None = None) -> str:
    """Return the tag of an answer's bytes."""
    fingerprint = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:15]).decode()
    return f'"{fingerprint}"' if version is None else f'"{version}-{fingerprint}"'


def is_known(if_none_match: str, etag: str) -> bool:
    """Whether who asks has this very answer already."""
    tags = parse_etags(if_none_match) if if_none_match else []
    return tags == ["*"] or _strong(etag) in map(_strong, tags)


def note_version(request: HttpRequest, version: int) -> None:
    """Let the answer's tag begin with the version of what it shows."""
    request.shown_version = version  # type: ignore[attr-defined]


def require_match(request: HttpRequest, entry: Entry) -> None:
    """Raise `ChangedSince`, with what stands now, when `If-Match` names other versions only."""
    wanted = request.headers.get("If-Match", "")
    tags = parse_etags(wanted) if wanted else ["*"]
    if "*" not in tags and str(entry.version) not in {_version(tag) for tag in tags}:
        raise ChangedSince(current=entry)


def with_etag(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag what was read or written; answer 304 to who has it already."""
    version: int | None = getattr(request, "shown_version", None)
    is_read = request.method == "GET" and response.status_code == 200
    if not isinstance(response, HttpResponse) or not (
        is_read or (version is not None and response.status_code in {200, 201})
    ):
        return response
    etag = etag_of(response.content, version=version)
    response["ETag"] = etag
    if is_read and is_known(request.headers.get("If-None-Match", ""), etag):
        return _not_modified(response)
    return response


def _not_modified(response: HttpResponse) -> HttpResponse:
    unchanged = HttpResponseNotModified()
    for name in KEPT_HEADERS:
        if response.has_header(name):
            unchanged[name] = response[name]
    return unchanged


def _strong(tag: str) -> str:
    # A proxy that compresses weakens the tag; it still names this very answer.
    return tag.removeprefix("W/")


def _version(tag: str) -> str:
    return _strong(tag).strip('"').partition("-")[0]
