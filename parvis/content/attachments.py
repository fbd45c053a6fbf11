"""What is shown of attached files: pictures in fitting sizes, players, and documents to take along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from parvis.content.models import Attachment
from parvis.foundation.addresses import reverse
from parvis.foundation.files.images import widths_of
from parvis.foundation.files.media_types import is_playable, is_served_inline
from parvis.foundation.models import StoredFile


class Listed(Protocol):
    """What a composer lists: an attachment, or a file of a draft."""

    file: StoredFile
    file_id: UUID
    name: str
    alternative_text: str
    is_decorative: bool
    poster_id: UUID | None
    captions_id: UUID | None


# A word of the media type, the icon and the family for it, the first that fits.
FAMILIES = (
    ("image", "image", "picture"),
    ("video", "film", "film"),
    ("audio", "music", "sound"),
    ("spreadsheet", "table", "sheet"),
    ("excel", "table", "sheet"),
    ("csv", "table", "sheet"),
    ("presentation", "presentation", "slides"),
    ("powerpoint", "presentation", "slides"),
    ("zip", "file-archive", "archive"),
    ("compressed", "file-archive", "archive"),
    ("tar", "file-archive", "archive"),
    ("pdf", "file-text", "pdf"),
    ("word", "file-text", "text"),
    ("opendocument.text", "file-text", "text"),
    ("text", "file-text", "text"),
    ("calendar", "calendar", "text"),
)
# The width at which a picture stands in a feed; a browser that knows srcset chooses better.
USUAL_WIDTH = 640


def attachment_faces(attachments: Iterable[Attachment]) -> dict[str, list[dict[str, Any]]]:
    """Return them by the way in which they are shown, as components/attachments.html expects them."""
    faces: dict[str, list[dict[str, Any]]] = {"images": [], "films": [], "sounds": [], "files": []}
    for attachment in attachments:
        media_type = attachment.file.media_type
        if attachment.file.is_picture:
            faces["images"].append(_image(attachment))
        elif is_playable(media_type):
            faces["films" if media_type.startswith("video/") else "sounds"].append(_recording(attachment))
        else:
            faces["files"].append(_document(attachment))
    return faces


def composer_face(attachment: Listed) -> dict[str, Any]:
    """Return an attachment as a composer lists it."""
    file = attachment.file
    picture_id = attachment.file_id if file.is_picture else attachment.poster_id
    return {
        "id": attachment.file_id,
        "name": attachment.name,
        "alternative_text": attachment.alternative_text,
        "is_decorative": attachment.is_decorative,
        "is_image": file.is_picture,
        "is_film": file.media_type.startswith("video/"),
        "poster_id": attachment.poster_id,
        "captions_id": attachment.captions_id,
        "symbol": family_of(file.media_type)[0],
        "thumbnail_url": _address(picture_id, size=320) if picture_id else None,
    }


def family_of(media_type: str) -> tuple[str, str]:
    """Return the icon and the family of a media type."""
    for word, symbol, family in FAMILIES:
        if word in media_type:
            return symbol, family
    return "file", "other"


def _image(attachment: Attachment) -> dict[str, Any]:
    file = attachment.file
    widths = widths_of(file)
    chosen = ", ".join(
        f"{_address(file.id, size=width)} {min(width, file.width or width)}w" for width in widths
    )
    return {
        "id": file.id,
        "url": _address(file.id),
        "thumbnail_url": _address(file.id, size=min(USUAL_WIDTH, widths[-1])),
        "large_url": _address(file.id, size=widths[-1]),
        "srcset": chosen,
        "alternative_text": attachment.alternative_text,
        "is_decorative": attachment.is_decorative,
        "name": attachment.name,
        "width": file.width,
        "height": file.height,
    }


def _recording(attachment: Attachment) -> dict[str, Any]:
    file = attachment.file
    return {
        "id": file.id,
        "url": _address(file.id),
        "name": attachment.name,
        "media_type": file.media_type,
        "size": file.size_bytes,
        "width": file.width,
        "height": file.height,
        "duration": clock(file.duration_ms),
        "description": attachment.alternative_text,
        "poster_url": _address(attachment.poster_id, size=1280) if attachment.poster_id else None,
        "captions_url": _address(attachment.captions_id) if attachment.captions_id else None,
    }


def _document(attachment: Attachment) -> dict[str, Any]:
    symbol, family = family_of(attachment.file.media_type)
    return {
        "id": attachment.file_id,
        "name": attachment.name,
        "url": _address(attachment.file_id),
        "size": attachment.file.size_bytes,
        "symbol": symbol,
        "type": family,
        "is_saved": not is_served_inline(attachment.file.media_type),
    }


def clock(duration_ms: int | None) -> str:
    """Return a duration as players write it: 1:05, 1:00:00; nothing for an unknown one."""
    if duration_ms is None:
        return ""
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _address(file_id: UUID, *, size: int | None = None) -> str:
    address: str = reverse("content:file", args=[file_id])
    return f"{address}?size={size}" if size else address
