"""What a file is, judged by its bytes: neither its name nor the sender's claim counts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import BinaryIO

import puremagic

UNKNOWN = "application/octet-stream"
HEAD_BYTES = 8192

# Formats that browsers show, so that a wrong guess would matter; puremagic knows the rest.
SIGNATURES: tuple[tuple[re.Pattern[bytes], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), media_type)
    for pattern, media_type in (
        (rb"\x89PNG\r\n\x1a\n", "image/png"),
        (rb"\xff\xd8\xff", "image/jpeg"),
        (rb"GIF8[79]a", "image/gif"),
        (rb"RIFF....WEBP", "image/webp"),
        (rb"....ftypavi[fs]", "image/avif"),
        (rb"%PDF-", "application/pdf"),
        (rb"....ftyp(qt  )", "video/quicktime"),
        (rb"....ftypM4[AB] ", "audio/mp4"),
        (rb"....ftyp(isom|iso\d|mp4\d|avc1|M4V |dash|MSNV)", "video/mp4"),
        (rb"\x1aE\xdf\xa3.{0,120}webm", "video/webm"),
        (rb"OggS.{24,26}\x01?(OpusHead|vorbis|\x7fFLAC)", "audio/ogg"),
        (rb"ID3|\xff[\xfb\xf3\xf2]", "audio/mpeg"),
        (rb"RIFF....WAVE", "audio/wav"),
        (rb"fLaC", "audio/flac"),
    )
)
INLINE = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
        *("video/mp4", "video/webm", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/wav", "audio/flac"),
        *("application/pdf", "text/plain", "text/vtt"),
    }
)
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})

# What a browser may take for a page when the bytes begin so, whatever stands before.
# Atomic groups, so that a thousand comments are read once and not in every combination.
MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<!--.*?-->|<\?.*?\?>|<!DOCTYPE(?!\s+html)[^>\[]*(?>\[.*?\])?\s*>)*+"
    rb"<(!doctype\s+html|html|head|body|script|iframe|svg|[a-z][a-z0-9]*:svg)\b",
    re.IGNORECASE | re.DOTALL,
)
CAPTIONS = re.compile(rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|$)")
XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<\?xml\b", re.IGNORECASE)
# Text is text; among these a name may say which.
TEXT_BY_EXTENSION = {
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".ics": "text/calendar",
    ".vcf": "text/vcard",
    ".json": "application/json",
    ".eml": "message/rfc822",
}
OFFICE = "application/vnd.openxmlformats-officedocument"
OFFICE_BY_FOLDER = {
    "word/": f"{OFFICE}.wordprocessingml.document",
    "xl/": f"{OFFICE}.spreadsheetml.sheet",
    "ppt/": f"{OFFICE}.presentationml.presentation",
}


def is_playable(media_type: str) -> bool:
    """Whether browsers play it; what they do not is offered for saving."""
    return media_type in INLINE and media_type.startswith(("video/", "audio/"))


def is_served_inline(media_type: str) -> bool:
    """Whether a browser may show it in place; pages and drawings with scripts may not."""
    return media_type in INLINE


def judged_media_type(file: BinaryIO, name: str = "") -> str:
    """Return the media type that the bytes show; `name` only tells one kind of text from another."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    for pattern, media_type in SIGNATURES:
        if pattern.match(head):
            return media_type
    if markup := MARKUP.match(head):
        return "image/svg+xml" if markup[1].lower().endswith(b"svg") else "text/html"
    if head.startswith(b"PK\x03\x04"):
        return _archive(file)
    if CAPTIONS.match(head):
        return "text/vtt"
    if _is_text(head):
        return "application/xml" if XML.match(head) else TEXT_BY_EXTENSION.get(_extension(name), "text/plain")
    return _by_puremagic(head)


def _archive(file: BinaryIO) -> str:
    """Office files are archives. Only the table of contents is read, never a member but `mimetype`."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:2000]
            if names and names[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
                declared = archive.read("mimetype").decode("ascii", "replace").strip()
                if re.fullmatch(r"application/(vnd\.oasis\.opendocument\.[a-z\-]+|epub\+zip)", declared):
                    return declared
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return "application/zip"
    if "[Content_Types].xml" not in names:
        return "application/zip"
    found = (
        kind for folder, kind in OFFICE_BY_FOLDER.items() if any(name.startswith(folder) for name in names)
    )
    return next(found, "application/zip")


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    # The head may end within a character.
    for end in range(len(head), max(len(head) - 4, -1), -1):
        try:
            head[:end].decode()
        except UnicodeDecodeError:
            continue
        return True
    return False


def _by_puremagic(head: bytes) -> str:
    try:
        guessed = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    # It may call something a page or one of the shown formats on thin evidence; those were judged above.
    is_safe = re.fullmatch(r"[a-z0-9.+\-]+/[a-z0-9.+\-]+", guessed) and not re.search(
        "html|svg|script", guessed
    )
    return guessed if is_safe and guessed not in INLINE else UNKNOWN


def _extension(name: str) -> str:
    return Path(name).suffix.lower()
