"""What people and programs get to see when something cannot be done: a page, a toast, or problem details.

What does not exist and what the viewer may not see give the very same answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from parvis.foundation.errors import DomainError, NotFound, TooLarge, problem
from parvis.foundation.tenancy import bound_organization_id
from parvis.people.middleware import language_for

logger = logging.getLogger(__name__)

PAGE, PROBLEM, JSON = "text/html", "application/problem+json", "application/json"


class BadRequest(DomainError):
    """The request itself makes no sense: a browser of ours does not send such."""

    code = "bad_request"
    status = 400
    default_message = _("This request could not be understood.")


class PageExpired(DomainError):
    """The form's secret does not match: an old page, or cookies that are turned off."""

    code = "page_expired"
    status = 403
    default_message = _(
        "This page was open for too long, or your browser refuses cookies. Go back and try again."
    )


class NotAllowed(DomainError):
    """Refused before any rule was asked."""

    code = "not_allowed"
    status = 403
    default_message = _("This is not possible from here.")


class ServerFailed(DomainError):
    """A fault of ours."""

    code = "failed"
    status = 500
    default_message = _(
        "Something went wrong on our side. Nothing was changed; please try again in a moment."
    )


class DomainErrorsMiddleware:
    """Answers the domain errors that a view raises, and takes back whatever the request changed before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a domain error; anything else is a fault and goes its way."""
        if not isinstance(exception, DomainError):
            return None
        response = answer(request, exception)
        # Only the transaction of the bound organization is this request's to take back.
        if bound_organization_id() is not None and connection.in_atomic_block:
            transaction.set_rollback(True)
        return response


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return what fits who asks: problem details for programs, a toast for htmx, a page for people."""
    response: HttpResponse
    if _wants_json(request):
        response = JsonResponse(problem(error, instance=request.path), status=error.status)
        response["Content-Type"] = PROBLEM
    elif getattr(request, "htmx", False):
        response = render(request, "web/error_toast.html", {"error": error}, status=error.status)
        # The place that was to be swapped stays as it is: nothing typed is lost.
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
    else:
        response = render(request, "web/error.html", _page_context(request, error), status=error.status)
    for name, value in error.headers().items():
        response[name] = value
    return response


def _wants_json(request: HttpRequest) -> bool:
    if request.path_info.startswith("/api/"):
        return True
    return request.get_preferred_type([PAGE, JSON, PROBLEM]) in {JSON, PROBLEM}


def _page_context(request: HttpRequest, error: DomainError) -> dict[str, object]:
    viewer = getattr(request, "viewer", None)
    layout = "layouts/plain.html" if viewer is None else "layouts/app.html"
    return {"layout": layout, "error": error}


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 (`handler404`)."""
    return _answer_anywhere(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400, or 413 where too much was sent (`handler400`)."""
    error: DomainError = TooLarge() if isinstance(exception, RequestDataTooBig) else BadRequest()
    return _answer_anywhere(request, error)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 (`handler403`)."""
    return _answer_anywhere(request, NotAllowed())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose secret does not match (`CSRF_FAILURE_VIEW`)."""
    return _answer_anywhere(request, PageExpired())


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 (`handler500`): without the database, and without templates should they be what failed."""
    error = ServerFailed()
    try:
        with translation.override(language_for(request)):
            if _wants_json(request):
                return JsonResponse(problem(error, instance=request.path), status=500, content_type=PROBLEM)
            html = render_to_string(
                "web/error.html", {"layout": "layouts/plain.html", "error": error}, request
            )
            return HttpResponse(html, status=500)
    except Exception:
        logger.exception("The error page itself failed")
        return HttpResponse(
            ServerFailed.default_message, status=500, content_type="text/plain; charset=utf-8"
        )


def _answer_anywhere(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer also before, or outside, the middleware that binds organization, viewer and language."""
    for name in ("organization", "viewer"):
        if not hasattr(request, name):
            setattr(request, name, None)
    with translation.override(language_for(request)):
        return answer(request, error)
