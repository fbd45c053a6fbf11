"""The built front end and the other static files of our apps, sent past Django."""

from __future__ import annotations

import mimetypes
import pathlib
import re

from parvis.config.server.files import send_file
from parvis.config.server.types import Application, Headers, Receive, Scope, Send, answer, header
from parvis.foundation.folders import PACKAGE

PREFIX = "/static/"
# A service worker obeys the policy of its own script.
_POLICY = b"default-src 'none'; connect-src 'self'; img-src 'self'; style-src 'self'; frame-ancestors 'none'"
_HASHED = re.compile(r"-[\w-]{8,}\.\w+$")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml",
          ".webmanifest": "application/manifest+json"}  # fmt: skip
_TEXT = ("text/", "application/json", "application/manifest", "image/svg")


class StaticFiles:
    """Answers what lies below `/static/`; names with a hash are kept by browsers for a year."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._folders = sorted(PACKAGE.glob("*/static")) + sorted(PACKAGE.glob("foundation/*/static"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._application(scope, receive, send)
            return
        path = self._find(scope["path"].removeprefix(PREFIX))
        if path is None or scope["method"] not in {"GET", "HEAD"}:
            await answer(send, 404, "This file is not here.\n")
            return
        sent, headers = _chosen(path, header(scope["headers"], b"accept-encoding") or "")
        await send_file(scope, send, str(sent), status=200, headers=headers)

    def _find(self, name: str) -> pathlib.Path | None:
        for folder in self._folders:
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()) and path.is_file():
                return path
        return None


def _chosen(path: pathlib.Path, accepted: str) -> tuple[pathlib.Path, Headers]:
    """Return the file to send, compressed beforehand where the browser takes it, and its headers."""
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith(_TEXT) else ""
    kept = b"public, max-age=31536000, immutable" if _HASHED.search(path.name) else b"public, no-cache"
    headers: Headers = [
        (b"content-type", f"{kind}{charset}".encode()),
        (b"cache-control", kept),
        (b"content-security-policy", _POLICY),
    ]
    if path.name == "service-worker.js":
        # Its address is below /static/, its work is on all pages of this host.
        headers.append((b"service-worker-allowed", b"/"))
    if not kind.startswith(_TEXT):
        return path, headers
    headers.append((b"vary", b"Accept-Encoding"))
    offered = {part.split(";")[0].strip() for part in accepted.split(",")}
    for suffix, encoding in ((".br", "br"), (".gz", "gzip")):
        compressed = path.with_name(path.name + suffix)
        if encoding in offered and compressed.exists():
            return compressed, [*headers, (b"content-encoding", encoding.encode())]
    return path, headers
