"""Pages travel compressed: a feed is some 190 kB of text that repeats itself, a second on a slow phone's line.

Behind a proxy that compresses nothing is done twice: it passes on what is compressed already.
"""

from __future__ import annotations

import secrets
import struct
import zlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# Below it nothing is won. The quickest level: each further one costs more time than its bytes take to travel.
FEWEST_BYTES, LEVEL = 1000, 1
# The length of a page must not tell what is in it (BREACH): a name of random length stands in front of it.
MOST_PADDING = 100

_HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\x04\xff"


class CompressionMiddleware:
    """Compresses pages and fragments for browsers that take gzip."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Compress the answer, if it is a text worth it."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _is_worth_it(response):
            patch_vary_headers(response, ("Accept-Encoding",))
            if _takes_gzip(request.headers.get("Accept-Encoding", "")):
                response.content = compressed(response.content)
                response["Content-Encoding"] = "gzip"
                response["Content-Length"] = str(len(response.content))
        return response


def compressed(content: bytes) -> bytes:
    """Return a gzip file of the content, a little longer each time by chance."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"x" * secrets.randbelow(MOST_PADDING) + b"\0"
    tail = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((_HEAD, name, packer.compress(content), packer.flush(), tail))


def _is_worth_it(response: HttpResponse) -> bool:
    return (
        len(response.content) >= FEWEST_BYTES
        and response.headers.get("Content-Type", "").startswith("text/html")
        and not response.has_header("Content-Encoding")
    )


def _takes_gzip(accepted: str) -> bool:
    offers = [part.replace(" ", "") for part in accepted.lower().split(",")]
    return any(offer.split(";")[0] == "gzip" and not offer.endswith(";q=0") for offer in offers)
