"""Find title, description, site and picture in somebody's HTML: forward only, bounded, never a full parser.

A hostile page can cost no more than one walk over its beginning: each step finds the next tag of interest with
`str.find`-like searches, and the attributes of one tag are looked for within a bounded piece.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from parvis.foundation.richtext import excerpt

READ_BYTES = 512 * 1024
TAG_LENGTH = 4_000
TITLE_LENGTH, DESCRIPTION_LENGTH, SITE_LENGTH = 200, 300, 80

TAG = re.compile(
    r"<(?:(!--)|(title|meta|base|script|style|svg|template|noscript|body)(?=[\s/>]))", re.IGNORECASE
)
ATTRIBUTE = re.compile(
    r"""[\s/]+([a-z:.-]{1,40})[\s]{0,20}=[\s]{0,20}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
DECLARED = re.compile(
    rb"""<meta[^>]{0,200}charset\s{0,5}=\s{0,5}["']?\s{0,5}([a-z0-9_:-]{2,30})""", re.IGNORECASE
)
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# The labels that browsers know (WHATWG), less the rare: never what Python's codecs would also take (utf-7, idna …).
CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-1": "cp1252",
    "latin1": "cp1252", "iso-8859-15": "iso-8859-15", "iso-8859-2": "iso-8859-2", "iso-8859-5": "iso-8859-5",
    "iso-8859-7": "iso-8859-7", "iso-8859-9": "cp1254", "utf-16": "utf-16", "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be", "koi8-r": "koi8-r", "koi8-u": "koi8-u", "gbk": "gb18030", "gb2312": "gb18030",
    "gb18030": "gb18030", "big5": "big5", "euc-jp": "euc-jp", "shift_jis": "cp932", "iso-2022-jp": "iso2022-jp",
    "euc-kr": "cp949", "macintosh": "mac-roman", **{f"windows-125{n}": f"cp125{n}" for n in range(9)},
}  # fmt: skip


@dataclass(frozen=True)
class Described:
    """What a page says of itself; empty where it says nothing."""

    title: str = ""
    description: str = ""
    site_name: str = ""
    image_url: str = ""


def decoded(body: bytes, content_type: str) -> str:
    """Return the text of a page: by its mark, its header, its own declaration, else UTF-8 or Windows's Latin."""
    if body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-8-sig" if body[0] == 0xEF else "utf-16", errors="replace")
    said = re.search(r"charset=[\"']?([\w:-]{2,30})", content_type, re.IGNORECASE)
    declared = DECLARED.search(body[:4096])
    label = said[1] if said else declared[1].decode() if declared else ""
    charset = CHARSETS.get(label.lower())
    if charset:
        return body.decode(charset, errors="replace")
    try:
        # A page that was cut may end within a character: not the last word for this decoder.
        return codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")


def described(text: str, url: str) -> Described:
    """Return what a page says of itself: OpenGraph first, then what every page has."""
    found = _found_in(text)
    base = urljoin(url, found.get("base", ""))
    image = found.get("og:image:secure_url") or found.get("og:image") or found.get("twitter:image") or ""
    return Described(
        title=_line(found, TITLE_LENGTH, "og:title", "twitter:title", "title"),
        description=_line(found, DESCRIPTION_LENGTH, "og:description", "twitter:description", "description"),
        site_name=_line(found, SITE_LENGTH, "og:site_name", "application-name") or host_of(url),
        image_url=_joined(base, image),
    )


def host_of(url: str) -> str:
    """Return the host as people know it; in ASCII, so that no look-alike letter deceives."""
    try:
        host = (urlsplit(url).hostname or "").encode("idna").decode()
    except (UnicodeError, ValueError):
        return ""
    return host.removeprefix("www.")[:SITE_LENGTH]


def _joined(base: str, address: str) -> str:
    try:
        joined = urljoin(base, address.strip()) if address.strip() else ""
    except ValueError:
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""


def _found_in(text: str) -> dict[str, str]:
    """Walk over the head: the first of each name counts, as for browsers."""
    found: dict[str, str] = {}
    position = 0
    lower = text.lower() if len(text.lower()) == len(text) else text
    while tag := TAG.search(text, position):
        name, position = (tag[2] or "").lower(), tag.end()
        if tag[1]:
            position = _after(lower, "-->", position)
        elif name == "title":
            start, position = position, _after(lower, "</title", position)
            inside = text[start : min(position, start + TAG_LENGTH)].partition(">")[2].partition("</")[0]
            found.setdefault("title", html.unescape(inside))
        elif name == "body":
            break
        elif name in {"meta", "base"}:
            position += _take(found, name, text[position : position + TAG_LENGTH])
        else:
            position = _after(lower, f"</{name}", position)
    return found


def _after(text: str, end: str, position: int) -> int:
    found = text.find(end, position)
    return found + len(end) if found >= 0 else len(text)


def _take(found: dict[str, str], tag: str, piece: str) -> int:
    """Take what a tag says; return how far it was read, so that nothing is read twice."""
    attributes: dict[str, str] = {}
    position = 0
    while match := ATTRIBUTE.match(piece, position):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        attributes.setdefault(match[1].lower(), html.unescape(value))
        position = match.end()
    if tag == "base":
        found.setdefault("base", attributes.get("href", ""))
        return position
    key = (attributes.get("property") or attributes.get("name") or "").strip().lower()
    if key and attributes.get("content", "").strip():
        found.setdefault(key, attributes["content"])
    return position


def _line(found: dict[str, str], length: int, *names: str) -> str:
    """Return the first of these that says something, on one line, without what nobody sees."""
    for name in names:
        text = "".join(
            char if unicodedata.category(char) not in INVISIBLE else " " for char in found.get(name, "")
        )
        if line := " ".join(text.split()):
            return excerpt(line, length)
    return ""
