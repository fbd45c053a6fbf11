"""The URLs of all pages: home and what belongs to nobody else here, each app's below its own word."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from parvis.delivery import choosing
from parvis.notifications import urls as notifications
from parvis.spaces import urls as spaces
from parvis.web import shell
from parvis.web.views import space

# Each app names its whole paths. One without pages, or not built yet, is left out.
ROOMS = (
    "parvis.people.urls",
    "parvis.emoji.urls",
    "parvis.worktime.urls",
    "parvis.content.urls",
    "parvis.search.urls",
    "parvis.moderation.urls",
    "parvis.polls.urls",
    "parvis.previews.urls",
    "parvis.drafts.urls",
    "parvis.webhooks.urls",
    "parvis.topics.urls",
    "parvis.articles.urls",
    "parvis.syndication.urls",
    "parvis.citations.urls",
    "parvis.suggestions.urls",
    "parvis.chat.urls",
    "parvis.announcements.urls",
    "parvis.mail.urls",
    "parvis.push.urls",
    "parvis.imports.urls",
    "parvis.foundation.ui.urls",
)


# Asked most: a path is compared with one pattern after the other.
FIRST = ("parvis.api.urls",)


def _rooms(modules: Sequence[str]) -> list[URLPattern | URLResolver]:
    return [
        path("", include(module))
        for module in modules
        if find_spec(module.rpartition(".")[0]) is not None and find_spec(module) is not None
    ]


# A space's wall is where spaces and content meet; its name stands among those of spaces.
SPACE_WALL = [path("spaces/<uuid:space_id>", space.wall, name="show")]

# What calls somebody, and by which way: the inbox and what leaves it meet under the inbox's name.
NOTIFICATION_SETTINGS = [
    path("notifications/settings", choosing.settings, name="settings"),
    path("notifications/settings/choices", choosing.keep, name="choices"),
    path("notifications/settings/organization", choosing.usual, name="defaults"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_rooms(FIRST),
    path("", include("parvis.web.home_urls")),
    path("account/", include("parvis.people.account_urls")),
    path("language", shell.choose_language, name="set_language"),
    path("", include(([*spaces.urlpatterns, *SPACE_WALL], spaces.app_name))),
    path("", include(([*notifications.urlpatterns, *NOTIFICATION_SETTINGS], notifications.app_name))),
    *_rooms(ROOMS),
]
