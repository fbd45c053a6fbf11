"""The URLs of all pages: home and what belongs to nobody else here, each app's below its own word."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from parvis.web import shell

# Each app names its whole paths. One without pages, or not built yet, is left out.
ROOMS = (
    "parvis.people.urls",
    "parvis.spaces.urls",
    "parvis.content.urls",
    "parvis.notifications.urls",
    "parvis.search.urls",
    "parvis.moderation.urls",
    "parvis.imports.urls",
    "parvis.api.urls",
    "parvis.foundation.ui.urls",
)


def _rooms() -> list[URLPattern | URLResolver]:
    return [
        path("", include(module))
        for module in ROOMS
        if find_spec(module.rpartition(".")[0]) is not None and find_spec(module) is not None
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("parvis.web.home_urls")),
    path("account/", include("allauth.account.urls")),
    path("account/", include("allauth.usersessions.urls")),
    path("language", shell.choose_language, name="set_language"),
    *_rooms(),
]
