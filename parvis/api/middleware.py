"""Who calls the API with a token: binds the token's organization before the scope is opened."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from parvis.api.tokens import find_bearer
from parvis.foundation.errors import NotFound
from parvis.people.models import Organization

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class BearerMiddleware:
    """Reads `Authorization: Bearer …` under /api/; a token of another organization than the one addressed finds nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set `request.bearer`, and `request.organization` where nothing else named one."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if request.path_info.startswith("/api/") and scheme.lower() == "bearer":
            self._bind(request, secret.strip())
        return _with_limits(request, self.get_response(request))

    def _bind(self, request: HttpRequest, secret: str) -> None:
        bearer = find_bearer(secret)
        request.bearer = bearer  # type: ignore[attr-defined]
        if bearer is None:
            return
        addressed: Organization | None = request.organization  # type: ignore[attr-defined]
        if addressed is None:
            request.organization = Organization.objects.get(pk=bearer.organization_id)  # type: ignore[attr-defined]
        elif addressed.pk != bearer.organization_id:
            request.contradiction = NotFound()  # type: ignore[attr-defined]


def _with_limits(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Say what is left of the limit that the call counted against."""
    if (allowance := getattr(request, "allowance", None)) is not None:
        for name, value in allowance.headers().items():
            response[name] = value
    return response
