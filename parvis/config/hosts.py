"""Which host names are answered: those of the settings, and those that organizations declare."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host

from parvis.people.models import Organization

LOOPBACK = ("localhost", ".localhost", "127.0.0.1", "[::1]")
_FRESH_SECONDS = 10.0


class HostMiddleware:
    """Refuse a request for a host that is not ours: links in mails are built from it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        base = urlsplit(settings.BASE_URL).hostname or ""
        self._allowed = [*LOOPBACK, base, settings.PARVIS.host, *settings.PARVIS.allowed_hosts]
        self._declared: frozenset[str] = frozenset()
        self._declared_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, or raise what Django turns into a 400."""
        host, _port = split_domain_port(request.get_host())
        # The server's own pages are asked for by address, e.g. by a load balancer.
        if not self.is_ours(host) and not request.path_info.startswith("/health/"):
            raise DisallowedHost(f"{host!r} is not a host of this installation")
        return self.get_response(request)

    def is_ours(self, host: str) -> bool:
        """Tell whether this installation answers under a host name."""
        return validate_host(host, self._allowed) or host in self._declared_hosts()

    def _declared_hosts(self) -> frozenset[str]:
        if time.monotonic() - self._declared_at > _FRESH_SECONDS:
            names = Organization.objects.exclude(host_name=None).values_list("host_name", flat=True)
            self._declared = frozenset(name.lower() for name in names if name)
            self._declared_at = time.monotonic()
        return self._declared
