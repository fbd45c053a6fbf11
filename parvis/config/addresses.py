"""What an address asks for, before anybody reads it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# No text of the database holds a null; what stands for it is what stands for any character that nobody can read.
_NULL, _UNREADABLE = "%00", "%EF%BF%BD"


class StorableQueryMiddleware:
    """Replaces nulls in the query, so that no page has to think of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Go on with a query that can be looked for."""
        query = request.META.get("QUERY_STRING", "")
        if _NULL in query:
            request.META["QUERY_STRING"] = query.replace(_NULL, _UNREADABLE)
        return self.get_response(request)
