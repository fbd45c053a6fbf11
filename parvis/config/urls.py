"""The root of all URLs: what the server itself answers, then the pages."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from parvis.config import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", health.metrics, name="metrics"),
]
if find_spec("parvis.web") is not None and find_spec("parvis.web.urls") is not None:
    urlpatterns.append(path("", include("parvis.web.urls")))

handler400 = "parvis.web.errors.bad_request"
handler403 = "parvis.web.errors.forbidden"
handler404 = "parvis.web.errors.not_found"
handler500 = "parvis.web.errors.failed"
