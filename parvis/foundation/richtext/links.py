"""Which addresses a text may lead to, and which of them are ours."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)
OWN_FILE = re.compile(r"(/o/[a-z0-9-]{1,63})?/files/[^?#]+")
BARE_LINK = re.compile(
    r"(?<![\w.@/+\-])(?:www\.[^\s<>\"`\\]{4,2000}|[\w.+\-]{1,64}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,8})",
    re.IGNORECASE,
)
CLOSING = {")": "(", "]": "[", "}": "{"}


def is_own_path(href: str) -> bool:
    """A path of this site; ``//host`` and ``/\\host`` are other sites to a browser."""
    return href.startswith("/") and not href.lower().startswith(("//", "/\\", "/%5c"))


def is_allowed_href(href: str) -> bool:
    scheme = SCHEME.match(href)
    return scheme[1].lower() in SCHEMES if scheme else is_own_path(href)


def is_own_file(href: str) -> bool:
    """An image that this installation serves: showing another one tells its host who reads what."""
    return ".." not in href and OWN_FILE.fullmatch(href) is not None


def is_own(href: str, own_hosts: Collection[str]) -> bool:
    if is_own_path(href):
        return True
    try:
        return urlsplit(href).netloc.lower() in own_hosts
    except ValueError:
        return False


def bare_href(address: str) -> str:
    return f"https://{address}" if address[:4].lower() == "www." else f"mailto:{address}"


def trimmed_url(url: str) -> str:
    """Leave out the sentence's punctuation and a bracket that the address did not open."""
    spare = {closing: url.count(closing) - url.count(opening) for closing, opening in CLOSING.items()}
    end = len(url)
    while end and (url[end - 1] in ".,;:!?'\"*_~…»”’" or spare.get(url[end - 1], 0) > 0):
        if url[end - 1] in spare:
            spare[url[end - 1]] -= 1
        end -= 1
    return url[:end]
