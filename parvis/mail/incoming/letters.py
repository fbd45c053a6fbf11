"""A mail as it came, taken apart: its headers, what it says, what it brings. Bounded in time and memory.

The parser of Python is patient: headers by the ten thousand, parts within parts, character sets that take minutes.
What no person's mail has is refused before it is parsed (`Unreadable`).
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses

from parvis.mail.incoming.markup import TooDeep, text_of_html

HEADER_BYTES = 256 * 1024
HEADER_LINES = 1_500
MOST_BOUNDARIES = 60
MOST_PARTS = 400
TEXT_LENGTH = 400_000
MOST_RULES = 5_000
FILES = 40

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")
_BOUNDARY = re.compile(rb"boundary[ \t]{0,20}=", re.IGNORECASE)
_CONTENT_TYPE = re.compile(rb"^content-type:", re.IGNORECASE | re.MULTILINE)
# What may end a part.
_RULE = re.compile(rb"^--", re.MULTILINE)
# A mail within a mail nests without any boundary.
_NESTED = re.compile(rb"^content-type:[ \t]{0,20}message/", re.IGNORECASE | re.MULTILINE)
# Others are no alphabets, or take a time that grows with the square (punycode).
_CHARSETS = re.compile(
    r"utf-(?:7|8|8-sig|16|16-le|16-be|32)|ascii|latin_1|iso8859-\d{1,2}|cp\d{3,5}|koi8-[rut]|mac-\w+|tis-620"
    r"|big5\w*|gb\w+|euc_\w+|shift_jis\w*|iso2022_\w+|hz"
)
# Many programs say one and write the other: the second has all the letters of the first.
_WIDER = {"ascii": "cp1252", "latin_1": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030"}
# Signatures and keys that programs add: nobody wants them as files.
_MACHINERY = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
    "message/disposition-notification",
    "message/delivery-status",
    "text/rfc822-headers",
}


class Unreadable(Exception):
    """No mail of a person looks like this, or nothing can read it (`cause`)."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True)
class Enclosed:
    """A file that a mail brings; `content_id` where its text shows it."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class Letter:
    """What a mail says and brings, and its headers, decoded, in their order from the top."""

    headers: list[tuple[str, str]]
    media_type: str
    text: str
    # The HTML as text, when there is one: what of it remains after the cut tells which of its pictures are meant.
    text_of_html: str
    files: list[Enclosed]

    def header(self, name: str) -> str:
        """Return the topmost header of that name, empty without one."""
        return next(iter(self.all_of(name)), "")

    def all_of(self, name: str) -> list[str]:
        """Return all headers of that name, the topmost first."""
        return [value for known, value in self.headers if known.casefold() == name.casefold()]

    @property
    def senders(self) -> list[str]:
        """Every address that a From header names, in lower case."""
        return [address.casefold() for value in self.all_of("From") for address in addresses_in(value)]

    @property
    def subject(self) -> str:
        """Its subject, on one line."""
        return " ".join(self.header("Subject").split())

    @property
    def message_id(self) -> str:
        """Its Message-ID, empty without one."""
        return self.header("Message-ID").strip()


def addresses_in(value: str) -> list[str]:
    """Return the addresses of a header; one that cannot be read names nobody."""
    return [address for _name, address in getaddresses([value[:4_000]]) if "@" in address]


def read_letter(raw: bytes) -> Letter:
    """Take a mail apart; `Unreadable` for what no person's program writes."""
    check_shape(raw)
    message = message_from_bytes(raw, policy=compat32)
    parts = list(_leaves(message))
    if any(part.get_content_type() == "application/pgp-encrypted" for part in parts):
        raise Unreadable("encrypted")
    plain = [_text_of(part) for part in parts if _is_text(part, "text/plain")]
    marked = [_decoded_payload(part) for part in parts if _is_text(part, "text/html")]
    of_html = _said_in("\n".join(marked)[:TEXT_LENGTH])
    text = "\n\n".join(piece.strip("\n") for piece in plain if piece.strip())
    return Letter(
        headers=[(name, _readable(value)) for name, value in message.raw_items()],
        media_type=message.get_content_type(),
        text=(text or of_html)[:TEXT_LENGTH],
        text_of_html=of_html,
        files=list(_files_of(parts)),
    )


def read_headers(raw: bytes) -> Letter:
    """Read the headers alone, of a mail that is too large or too odd to be read."""
    end = _END_OF_HEADERS.search(raw, 0, HEADER_BYTES)
    message = message_from_bytes(raw[: end.start() if end else 0], policy=compat32)
    headers = [(name, _readable(value)) for name, value in message.raw_items()]
    return Letter(headers, message.get_content_type(), "", "", [])


def _said_in(html: str) -> str:
    try:
        return text_of_html(html) if html.strip() else ""
    except TooDeep:
        raise Unreadable("malformed") from None


def check_shape(raw: bytes) -> None:
    """Refuse what would keep a parser busy."""
    end = _END_OF_HEADERS.search(raw, 0, HEADER_BYTES)
    head_ends = end.start() if end else len(raw)
    if head_ends >= HEADER_BYTES or raw.count(b"\n", 0, head_ends) > HEADER_LINES:
        raise Unreadable("malformed")
    counts = (
        (_RULE, MOST_RULES),
        (_BOUNDARY, MOST_BOUNDARIES),
        (_NESTED, MOST_BOUNDARIES),
        (_CONTENT_TYPE, MOST_PARTS),
    )
    for pattern, most in counts:
        if sum(1 for _found in pattern.finditer(raw)) > most:
            raise Unreadable("malformed")


def _leaves(part: Message) -> Iterator[Message]:
    """Give the parts that hold something; a mail within the mail is one of them, whole."""
    payload = part.get_payload()
    if part.get_content_maintype() == "multipart" and isinstance(payload, list):
        for child in payload:
            if isinstance(child, Message):
                yield from _leaves(child)
    else:
        yield part


def _is_text(part: Message, media_type: str) -> bool:
    return part.get_content_type() == media_type and not _is_file(part)


def _is_file(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _text_of(part: Message) -> str:
    text = _decoded_payload(part)
    if str(part.get_param("format") or "").casefold() == "flowed":
        text = unflowed(text, joins_words=str(part.get_param("delsp") or "").casefold() == "yes")
    return text


def unflowed(text: str, *, joins_words: bool) -> str:
    """Join the lines that a sender broke for transport (RFC 3676), each level of quotation for itself."""
    joined: list[tuple[int, str]] = []
    is_open = False
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        is_flowed = words.endswith(" ") and words != "-- "
        if is_flowed and joins_words:
            words = words[:-1]
        if is_open and joined[-1][0] == depth and words != "-- ":
            joined[-1] = (depth, joined[-1][1] + words)
        else:
            joined.append((depth, words))
        is_open = is_flowed
    return "\n".join(f"{'>' * depth} {words}" if depth else words for depth, words in joined)


def _files_of(parts: list[Message]) -> Iterator[Enclosed]:
    kept = 0
    for part in parts:
        media_type = part.get_content_type()
        is_shown = media_type in {"text/plain", "text/html"} and not _is_file(part)
        if is_shown or media_type in _MACHINERY or kept == FILES:
            continue
        content = _payload(part)
        if content:
            kept += 1
            content_id = str(part.get("Content-ID") or "").strip().strip("<>")
            yield Enclosed(_file_name(part) or _usual_name(media_type), media_type, content, content_id)


def _payload(part: Message) -> bytes:
    if part.get_content_maintype() == "message":
        inner = part.get_payload()
        return inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _decoded_payload(part: Message) -> str:
    try:
        charset = part.get_content_charset() or ""
    except (LookupError, ValueError):
        charset = ""
    text = decoded(_payload(part)[: TEXT_LENGTH * 4], charset)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(content: bytes, charset: str) -> str:
    """Return bytes as text, whatever alphabet they claim or have."""
    for name in (_known_charset(charset), "utf-8"):
        try:
            if name:
                return content.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def _known_charset(charset: str) -> str:
    try:
        name = codecs.lookup(charset.strip("\"' ")).name
    except (LookupError, ValueError):
        return ""
    if not _CHARSETS.fullmatch(name):
        return ""
    # ASCII that is not: UTF-8 is the better guess, and says so when it is not either.
    return "" if name == "ascii" else _WIDER.get(name, name)


def _readable(value: object) -> str:
    """Return a header with its encoded words decoded, on one line, without what could begin another."""
    raw = str(value).encode("utf-8", "surrogateescape")
    text = decoded(raw, "utf-8")[:20_000]
    if "=?" in text:
        text = _without_encoded_words(text)
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text).strip()


def _without_encoded_words(text: str) -> str:
    try:
        pieces = decode_header(text)
    except (ValueError, binascii.Error, LookupError):
        return text
    return "".join(
        piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in pieces
    )


def _file_name(part: Message) -> str:
    try:
        name = part.get_filename() or ""
    except (LookupError, ValueError, TypeError):
        return ""
    return _readable(name).replace("/", "_").replace("\\", "_")[:200]


def _usual_name(media_type: str) -> str:
    endings = {
        "message/rfc822": "mail.eml",
        "text/calendar": "invitation.ics",
        "application/pdf": "document.pdf",
    }
    kind, _slash, subtype = media_type.partition("/")
    plain = re.sub(r"[^a-z0-9]", "", subtype.removeprefix("x-"))[:8]
    return endings.get(media_type, f"{'picture' if kind == 'image' else 'file'}.{plain or 'bin'}")
