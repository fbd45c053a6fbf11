"""Liveness, readiness and metrics, for orchestrators and monitoring."""

from __future__ import annotations

import ipaddress
import secrets

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from parvis.people.access import public, self_protected


@public
def live(_request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked, so that a slow database does not get it killed."""
    return JsonResponse({"status": "ok"})


@public
def ready(_request: HttpRequest) -> JsonResponse:
    """The process can do its work: the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@self_protected
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics: for this machine, or for who holds the token; for others the page does not exist."""
    if not _may_read_metrics(request):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request: HttpRequest) -> bool:
    token = settings.PARVIS.metrics_token
    if token is not None:
        return secrets.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()
        )
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
