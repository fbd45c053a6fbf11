"""Text out of bytes whose charset is told wrongly, or not at all."""

from __future__ import annotations

import codecs
import re
from email.header import decode_header
from email.message import Message

from parvis.imports.markdown import clean

# What senders claim by default and often is not so; every byte is some letter to them.
_CLAIMED_BY_DEFAULT = {"ascii", "iso8859-1", "cp1252", "latin-1"}
# Not charsets of mail, and costly to decode.
_REFUSED = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_ENCODED_WORDS = re.compile(r"(\?=)\s+(=\?)")


def decoded(data: bytes, declared: str | None) -> str:
    """Return the text; UTF-8 that is claimed to be something older reads as what it is."""
    name = _known(declared)
    if name in _CLAIMED_BY_DEFAULT or name is None:
        return _first(data, "utf-8", "cp1252")
    return _first(data, name, "utf-8", "cp1252")


def _known(declared: str | None) -> str | None:
    if not declared:
        return None
    try:
        name = codecs.lookup(declared.strip().strip("\"'").lower()).name
    except (LookupError, ValueError):
        return None
    return None if name in _REFUSED else name


def _first(data: bytes, *names: str) -> str:
    for name in names:
        try:
            return clean(data.decode(name))
        except (UnicodeError, LookupError, ValueError):
            continue
    return clean(data.decode(names[0], errors="replace"))


def header(message: Message, name: str, limit: int = 4000) -> str:
    """Return a header as text on one line, whatever its encoding."""
    # Raw, for the parser would lose bytes that are not ASCII.
    values = (value for key, value in message.raw_items() if key.lower() == name.lower())
    return header_text(str(next(values, ""))[:limit])


def header_text(value: str) -> str:
    """Return the text of a header's value: encoded words, or bare bytes of some charset."""
    try:
        parts = decode_header(_ENCODED_WORDS.sub(r"\1\2", value))
    except (ValueError, UnicodeError):
        parts = [(value, None)]
    return " ".join("".join(_part(data, charset) for data, charset in parts).split())


def _part(data: bytes | str, charset: str | None) -> str:
    if isinstance(data, bytes):
        return decoded(data, charset)
    # Bytes that are not ASCII come from the parser as surrogates.
    return decoded(data.encode("utf-8", "surrogateescape"), None)
