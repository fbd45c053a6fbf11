"""Who calls, and whether the token's scopes allow it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.utils import check_csrf

from parvis.api import limits
from parvis.api.tokens import note_use
from parvis.foundation.errors import DomainError
from parvis.people.models import Person

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Unauthenticated(DomainError):
    """No valid token and no session."""

    code = "unauthenticated"
    status = 401
    default_message = _("Send a valid token: Authorization: Bearer parvis_…")

    def headers(self) -> dict[str, str]:
        """Name the way in (RFC 6750)."""
        return {"WWW-Authenticate": 'Bearer realm="Parvis"'}


class OutOfScope(DomainError):
    """The token is valid and not made for this: its owner is told so, nothing else is."""

    code = "out_of_scope"
    status = 403
    default_message = _("This token does not allow this: it needs another scope.")


class UnprovenOrigin(DomainError):
    """A browser's session, without the proof that the call comes from our own pages."""

    code = "unproven_origin"
    status = 403
    default_message = _("Calls with a session need the CSRF token: programs use a bearer token instead.")


def authenticate(request: HttpRequest) -> Person:
    """Return the calling person; raise what keeps the call out."""
    if (contradiction := getattr(request, "contradiction", None)) is not None:
        raise contradiction
    viewer: Person | None = request.viewer  # type: ignore[attr-defined]
    bearer = getattr(request, "bearer", None)
    if viewer is None:
        request.allowance = limits.charge_stranger(request.META.get("REMOTE_ADDR"))  # type: ignore[attr-defined]
        raise Unauthenticated
    request.allowance = limits.charge_caller(  # type: ignore[attr-defined]
        person_id=viewer.id, token_id=bearer.token_id if bearer is not None else None
    )
    if bearer is None:
        _check_origin_of_session(request)
        return viewer
    if ("read" if request.method in SAFE else "write") not in bearer.scopes:
        raise OutOfScope
    note_use(bearer)
    return viewer


def _check_origin_of_session(request: HttpRequest) -> None:
    """A browser's session writes only from our own pages."""
    if request.method not in SAFE and check_csrf(request, _any_view) is not None:
        raise UnprovenOrigin


def _any_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
    raise NotImplementedError("only its attributes are looked at")
