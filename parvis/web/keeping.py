"""Tell the service worker whose page this is, and whether a device may keep it for reading without a connection."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

VIEWER, KEEP, NOBODY = "Parvis-Viewer", "Parvis-Keep", "nobody"
# What is read; never what is administered, nor forms, nor anything about one's account.
_KEPT_ROOMS = {"web", "topics", "articles"}
_KEPT_PAGES = {
    "content:thread",
    "notifications:inbox",
    "people:directory",
    "people:profile",
    "spaces:show",
    "spaces:about",
    "spaces:members",
    "spaces:discover",
}


class KeptPagesMiddleware:
    """Marks the pages of people who are signed in (frontend/worker)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the two headers; fragments are no pages."""
        response = self.get_response(request)
        if request.headers.get("HX-Request") or not _is_page(response):
            return response
        viewer = getattr(request, "viewer", None)
        if viewer is not None:
            response[VIEWER] = str(viewer.id)
            if request.method == "GET" and _may_be_kept(request):
                response[KEEP] = "yes"
        elif not request.user.is_authenticated:
            response[VIEWER] = NOBODY
        return response


def _is_page(response: HttpResponseBase) -> bool:
    return str(response.headers.get("Content-Type", "")).startswith("text/html")


def _may_be_kept(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and (found.app_name in _KEPT_ROOMS or found.view_name in _KEPT_PAGES)
