"""Problem details (RFC 9457), in the asker's language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from parvis.foundation.errors import DomainError, problem


def problem_response(request: HttpRequest, error: DomainError, **more: Any) -> HttpResponse:
    """Answer problem details."""
    response = JsonResponse({**problem(error, instance=request.path), **more}, status=error.status)
    response["Content-Type"] = "application/problem+json"
    for name, value in error.headers().items():
        response[name] = value
    return response
