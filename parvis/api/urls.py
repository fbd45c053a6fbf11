"""The API's addresses. Each checks its caller itself; `openapi.json` is for everybody."""

from __future__ import annotations

from django.urls import URLPattern, include, path

from parvis.api import views
from parvis.api.v1 import api
from parvis.people.access import self_protected

_patterns, _app_name, _namespace = api.urls
for _pattern in _patterns:
    if isinstance(_pattern, URLPattern):
        self_protected(_pattern.callback)

urlpatterns = [
    path("api/v1/", include((_patterns, _app_name), namespace=_namespace)),
    path("account/tokens", views.tokens, name="tokens"),
    path("account/tokens/<uuid:token_id>/revocation", views.revoke, name="revoke_token"),
]
