"""One whole message: its body as Markdown, and its attachments."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from parvis.imports.faults import ArchiveFault, Reason
from parvis.imports.markdown import clean
from parvis.imports.mbox import html, quotes
from parvis.imports.mbox.charsets import decoded, header_text

BODY_CHARACTERS = 100_000
HTML_CHARACTERS = 1_000_000
PARTS = 500
DEPTH = 40
# Says nothing to a reader: a signature of the message made by a program.
_UNREAD = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file of a message. `position` finds it again when its bytes are wanted."""

    position: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a message holds."""

    body: str
    is_cut: bool
    attached: tuple[Attached, ...]


def parse(data: bytes, path: str, offset: int) -> Message:
    """Return the parsed message; nesting without end is a fault."""
    try:
        return message_from_bytes(data, policy=compat32)
    except RecursionError as error:
        raise ArchiveFault(path, Reason.TOO_DEEP, offset=offset) from error


def read(message: Message, path: str, offset: int) -> Read:
    """Return the body as Markdown, and what is attached."""
    texts: list[str] = []
    attached: list[Attached] = []
    shown = set(_shown(message))
    for position, part in enumerate(_leaves(message, path, offset)):
        if id(part) in shown:
            texts.append(_written(part))
        elif not _is_other_form(part, message) and part.get_content_type() not in _UNREAD:
            attached.append(_attached(position, part))
    body = "\n\n".join(text for text in texts if text)
    is_cut = len(body) > BODY_CHARACTERS
    return Read(
        body=body[:BODY_CHARACTERS] + "…" if is_cut else body, is_cut=is_cut, attached=tuple(attached)
    )


def content(message: Message, position: int, path: str, offset: int) -> bytes:
    """Return the bytes of one attachment."""
    for number, part in enumerate(_leaves(message, path, offset)):
        if number == position:
            return _bytes(part)
    return b""


def _leaves(message: Message, path: str, offset: int, depth: int = 0) -> Iterator[Message]:
    """Yield the parts that hold something; a message within the message counts as one file."""
    if depth > DEPTH:
        raise ArchiveFault(path, Reason.TOO_DEEP, offset=offset)
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in _parts(message):
            yield from _leaves(part, path, offset, depth + 1)
    else:
        yield message


def _parts(message: Message) -> list[Message]:
    # Asked only of what has parts: of a text, get_payload() would decode with any codec that it names.
    payload = message.get_payload()
    return (
        [part for part in payload[:PARTS] if isinstance(part, Message)] if isinstance(payload, list) else []
    )


def _shown(message: Message) -> Iterator[int]:
    """Yield the parts that make the body: of several forms of one text, the plain one if it says something."""
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        parts = _parts(message)
        if message.get_content_subtype() == "alternative":
            found = [list(_shown(part)) for part in sorted(parts, key=_preference)]
            yield from next((shown for shown in found if shown), [])
        elif message.get_content_subtype() == "related":
            yield from _shown(parts[0]) if parts else ()
        else:
            for part in parts:
                yield from _shown(part)
    elif _is_text(message):
        yield id(message)


def _preference(part: Message) -> int:
    if part.get_content_type() == "text/plain":
        return 0 if _bytes(part).strip() else 3
    return 1 if part.get_content_maintype() in {"multipart", "text"} else 2


def _is_text(part: Message) -> bool:
    readable = part.get_content_type() in {"text/plain", "text/html", "text/enriched"}
    return readable and part.get_content_disposition() != "attachment" and not part.get_filename()


def _is_other_form(part: Message, message: Message) -> bool:
    """Tell whether this is the form of the text that was not chosen; a calendar invitation is a file."""
    return (part is not message and _is_text(part)) or (part is message and not _bytes(part).strip())


def _bytes(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = None
    if isinstance(payload, bytes):
        return payload
    if part.is_multipart():  # a message within the message
        return b"\r\n\r\n".join(_flat(item) for item in _parts(part))
    return b""


def _flat(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=compat32.clone(max_line_length=0))
    except (ValueError, LookupError, KeyError, RecursionError, UnicodeError):
        return b""


def _written(part: Message) -> str:
    text = decoded(_bytes(part), _parameter(part, "charset"))
    if part.get_content_type() == "text/plain":
        text = text[: 4 * BODY_CHARACTERS]
        flowed = _parameter(part, "format").lower() == "flowed"
        return quotes.to_markdown(
            text, is_flowed=flowed, deletes_space=_parameter(part, "delsp").lower() == "yes"
        )
    return html.to_markdown(text[:HTML_CHARACTERS])


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except (ValueError, TypeError, UnicodeError):
        return ""
    if isinstance(value, tuple):
        value = value[2]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _attached(position: int, part: Message) -> Attached:
    media_type = part.get_content_type()
    extension = ".eml" if media_type == "message/rfc822" else mimetypes.guess_extension(media_type) or ".bin"
    try:
        name = header_text(part.get_filename() or "")
    except (ValueError, UnicodeError, TypeError, LookupError):
        name = ""
    name = clean(name).replace("\\", "/").rsplit("/", 1)[-1].strip(". \t\n")
    return Attached(
        position=position,
        name=name[:255] or f"{position + 1}{extension}",
        media_type=media_type,
        size=len(_bytes(part)),
    )
