"""A page knows from which moment on its windows must listen: before its first query, or something is missed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from parvis.foundation.realtime.gateway import page_position


class LivePositionMiddleware:
    """Sets `request.live_position`, which the layout prints, before anything of the page is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Take the position for whole pages; fragments and the API need none."""
        is_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        is_page = is_page and "HX-Request" not in request.headers
        request.live_position = page_position() if is_page else ""  # type: ignore[attr-defined]
        return self.get_response(request)
