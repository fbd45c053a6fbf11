"""Files, whole or in parts. The parts speak tus 1.0 (https://tus.io/protocols/resumable-upload).

An operation here sees no byte of a file: it answers with a grant, and the server in front takes the bytes
(parvis/config/server/received_files.py), says where the upload then stands, and finishes it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import File, Router, Status
from ninja.files import UploadedFile

from parvis.api.description import header
from parvis.api.responses import DONE, PROBLEMS, viewer_of
from parvis.api.rows import absolute, file_row
from parvis.api.schemas.basics import Problem
from parvis.api.schemas.files import FileOut, UploadOut
from parvis.content import queries
from parvis.content.actions.files import announce_file, bounds_of, bring_file
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Conflict, DomainError, Invalid
from parvis.foundation.files.receiving import ALGORITHMS, GRANT_HEADER, Checksum, Grant, read_checksum
from parvis.foundation.files.responses import file_response
from parvis.foundation.files.uploads import abandon_upload, find_upload, offset_of, prolong
from parvis.foundation.models import Upload
from parvis.foundation.tenancy import current_organization_id

router = Router(tags=["files"])

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
PART_TYPE = "application/offset+octet-stream"
TUS_PROBLEMS = PROBLEMS | dict.fromkeys((408, 412, 415, 423, 460, 507), Problem)
NAME_BYTES = 2000

_BYTES = {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}
_SPEAKS = header("Tus-Resumable", {"type": "string", "enum": [VERSION]}, "The version of tus.")
_MAY_SPEAK = header(
    "Tus-Resumable",
    _SPEAKS["schema"],
    "The version of tus. Without it the address answers as to GET, without the body.",
    required=False,
)
_LENGTH = header("Upload-Length", _BYTES, "How long the file is, in bytes.")
_METADATA = header(
    "Upload-Metadata",
    {"type": "string"},
    "Pairs of a key and its value in Base64, parted by commas: `filename`, `sha256`.",
    required=False,
)
_OFFSET = header("Upload-Offset", _BYTES, "Where the part begins.")
_CHECKSUM = header(
    "Upload-Checksum",
    {"type": "string"},
    "`sha256` or `sha1`, a space, the digest in Base64.",
    required=False,
)
_PART = {"content": {PART_TYPE: {"schema": {"type": "string", "format": "binary"}}}}
SPEAKING: dict[str, Any] = {"parameters": [_SPEAKS]}
BEGINNING = {
    "parameters": [_SPEAKS, _LENGTH, _METADATA, _CHECKSUM],
    "requestBody": {**_PART, "required": False},
}
BRINGING = {"parameters": [_SPEAKS, _OFFSET, _CHECKSUM], "requestBody": {**_PART, "required": True}}


class OtherVersion(DomainError):
    """The sender speaks another tus than ours."""

    code = "tus_version"
    status = 412
    default_message = _("Send the header Tus-Resumable: 1.0.0")

    def headers(self) -> dict[str, str]:
        """Say which version is spoken here."""
        return {"Tus-Version": VERSION}


class OtherType(DomainError):
    """A part must say that it is one."""

    code = "media_type"
    status = 415
    default_message = _("Send the header Content-Type: application/offset+octet-stream")


def _speaks_tus(operation: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(operation)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.headers.get("Tus-Resumable") != VERSION:
            raise OtherVersion
        return operation(request, *args, **kwargs)

    return checked


@router.post("/files", response={201: FileOut, **PROBLEMS}, summary="Upload a file in one piece")
def upload(request: HttpRequest, file: UploadedFile = File(...)) -> Any:  # noqa: B008 - how ninja declares it
    """Store a file to attach; nobody else can read it until something that they may read attaches it."""
    stored = bring_file(person=viewer_of(request), source=file, name=file.name or "")
    return Status(201, file_row(stored))


@router.get("/files/{uuid:file_id}", response={200: FileOut, **PROBLEMS}, summary="What a file is")
def show_file(request: HttpRequest, file_id: UUID) -> Any:
    """A file of mine, or one that something readable attaches."""
    return file_row(queries.find_readable_file(viewer_of(request), file_id))


@router.get(
    "/files/{uuid:file_id}/content",
    response={200: None, 206: None, **PROBLEMS},
    summary="The bytes of a file",
)
def file_content(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The bytes, to be saved; `Range` asks for a part."""
    return file_response(request, queries.find_readable_file(viewer_of(request), file_id), inline=False)


@router.api_operation(["OPTIONS"], "/uploads", response=DONE, summary="What uploads in parts can do")
def upload_abilities(request: HttpRequest) -> HttpResponse:
    """Answer tus' own headers: version, extensions, largest file, checksums."""
    return _empty(
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(bounds_of(viewer_of(request))["limit_bytes"]),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        },
    )


@router.post(
    "/uploads",
    response={201: None, **TUS_PROBLEMS},
    summary="Begin an upload in parts",
    openapi_extra=BEGINNING,
)
@_speaks_tus
def begin_upload(request: HttpRequest) -> HttpResponse:
    """Announce a file: `Upload-Length`, and `Upload-Metadata` with `filename` and, if known, the whole's `sha256` in hex.

    `Location` says where its parts go. The first part may come along, as `application/offset+octet-stream`.
    """
    name, sha256 = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = announce_file(
        person=viewer_of(request), name=name, size_bytes=_number(request, "Upload-Length"), sha256=sha256
    )
    headers = {"Location": absolute(reverse("api:show_upload", args=[upload.id])), "Upload-Offset": "0"}
    response = _empty(201, headers | _state(upload))
    if request.content_type == PART_TYPE or upload.size_bytes == 0:
        del response["Upload-Offset"]
        return _granted(request, response, upload, offset=0)
    return response


@router.api_operation(
    ["HEAD"],
    "/uploads/{uuid:upload_id}",
    response={200: None, **TUS_PROBLEMS},
    summary="Where an upload stands",
    openapi_extra={"parameters": [_MAY_SPEAK]},
)
@_speaks_tus
def upload_state(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Answer `Upload-Offset`: go on from there."""
    upload = find_upload(upload_id, created_by_id=viewer_of(request).id)
    return _empty(200, _state(upload) | {"Upload-Offset": str(offset_of(upload))})


@router.get(
    "/uploads/{uuid:upload_id}", response={200: UploadOut, **PROBLEMS}, summary="An upload and its file"
)
def show_upload(request: HttpRequest, upload_id: UUID) -> Any:
    """An upload of mine; `file` is what it became, to be attached by its id."""
    upload = find_upload(upload_id, created_by_id=viewer_of(request).id)
    return {
        "id": upload.id,
        "name": upload.name,
        "size_bytes": upload.size_bytes,
        "offset_bytes": offset_of(upload),
        "expires_at": upload.expires_at,
        "file": file_row(upload.file) if upload.file is not None else None,
    }


@router.patch(
    "/uploads/{uuid:upload_id}",
    response={204: None, **TUS_PROBLEMS},
    summary="Bring a part",
    openapi_extra=BRINGING,
)
@_speaks_tus
def bring_part(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Add bytes at `Upload-Offset`; `Upload-Checksum` (sha256 or sha1, in Base64) has them checked."""
    upload = find_upload(upload_id, created_by_id=viewer_of(request).id)
    if request.content_type != PART_TYPE:
        raise OtherType
    offset = offset_of(upload)
    if _number(request, "Upload-Offset") != offset:
        raise Conflict(_("The upload stands elsewhere: ask for its offset and go on from there."))
    prolong(upload)
    response = _empty(204, _state(upload))
    if upload.file is not None:
        response["Upload-Offset"] = str(offset)
        return response
    return _granted(request, response, upload, offset=offset)


@router.delete(
    "/uploads/{uuid:upload_id}",
    response={204: None, **TUS_PROBLEMS},
    summary="Give up an upload",
    openapi_extra=SPEAKING,
)
@_speaks_tus
def give_up_upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Remove what came of it. A file that it has become stays."""
    abandon_upload(find_upload(upload_id, created_by_id=viewer_of(request).id))
    return _empty(204, {})


def _granted(request: HttpRequest, response: HttpResponse, upload: Upload, *, offset: int) -> HttpResponse:
    checksum: Checksum | None = read_checksum(request.headers.get("Upload-Checksum", ""))
    response[GRANT_HEADER] = Grant(
        organization_id=current_organization_id(),
        upload_id=upload.id,
        offset=offset,
        size_bytes=upload.size_bytes,
        language=get_language() or "en",
        checksum=checksum,
    ).written()
    return response


def _state(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Length": str(upload.size_bytes),
        "Upload-Expires": http_date(upload.expires_at.timestamp()),
        "Cache-Control": "no-store",
    }


def _empty(status: int, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(status=status, headers=headers, content_type="text/plain")


def _number(request: HttpRequest, name: str) -> int:
    text = request.headers.get(name, "")
    if not re.fullmatch(r"\d{1,15}", text):
        raise Invalid({name: [_("This is needed.")]})
    return int(text)


def _metadata(text: str) -> tuple[str, str]:
    """Return the name and the digest that tus' metadata give: pairs of a key and its value in Base64."""
    pairs = dict(pair.strip().partition(" ")[::2] for pair in text.split(",") if pair.strip())
    try:
        values = {key: base64.b64decode(value, validate=True).decode() for key, value in pairs.items()}
    except ValueError:
        raise Invalid({"Upload-Metadata": [_("This cannot be read: write each value in Base64.")]}) from None
    sha256 = values.get("sha256", "").lower()
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise Invalid({"Upload-Metadata": ["sha256"]})
    return values.get("filename", values.get("name", ""))[:NAME_BYTES], sha256
