"""Who calls the API with a token: binds the token's organization before the scope is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from parvis.api.etags import with_etag
from parvis.api.problems import problem_response
from parvis.api.tokens import find_bearer
from parvis.foundation.errors import DomainError, NotFound
from parvis.people.middleware import language_for
from parvis.people.models import Organization

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class NotAllowedHere(DomainError):
    """The address exists, and does not know this method."""

    code = "method_not_allowed"
    status = 405
    default_message = _("This address does not know that method.")

    def __init__(self, allowed: str) -> None:
        self.allowed = allowed
        super().__init__()

    def headers(self) -> dict[str, str]:
        """Name the methods that it knows."""
        return {"Allow": self.allowed}


class BearerMiddleware:
    """Reads `Authorization: Bearer …` under /api/; a token of another organization than the one addressed finds nothing."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Set `request.bearer`, and `request.organization` where nothing else named one."""
        if not request.path_info.startswith("/api/"):
            return self.get_response(request)
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            self._bind(request, secret.strip())
        with _head_as_get(request):
            return _completed(request, self.get_response(request))

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


@contextmanager
def _head_as_get(request: HttpRequest) -> Iterator[None]:
    """Answer HEAD as GET: operations know reading by that name only, and the server leaves the body out.

    In the protocol of uploads HEAD is an operation of its own.
    """
    asked = request.method
    request.method = "GET" if asked == "HEAD" and "Tus-Resumable" not in request.headers else asked
    try:
        yield
    finally:
        request.method = asked


def _completed(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tag the answer, and say what is left of the limit that the call counted against."""
    if response.status_code == 405:
        with translation.override(language_for(request)):
            response = problem_response(request, NotAllowedHere(response["Allow"]))
    response = with_etag(request, response)
    if (allowance := getattr(request, "allowance", None)) is not None:
        for name, value in allowance.headers().items():
            response[name] = value
    return response
