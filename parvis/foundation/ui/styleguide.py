"""Pages that show the design system with invented content; they read no data and are open to everybody."""

from types import SimpleNamespace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from parvis.foundation.ui import specimens

SCREENS = ("home", "space", "post", "directory", "inbox", "discover", "empty", "sign-in", "settings")
ERROR_SCREENS = ("not-found",)


def components(request: HttpRequest) -> HttpResponse:
    """Show every component, in the theme that the viewer chose."""
    return _page(request, "styleguide/components.html", {"screens": SCREENS + ERROR_SCREENS})


def screen(request: HttpRequest, name: str) -> HttpResponse:
    """Show a whole screen as a member would see it."""
    if name not in SCREENS + ERROR_SCREENS:
        raise Http404
    return _page(request, f"styleguide/screens/{name}.html", {})


def echo(request: HttpRequest) -> HttpResponse:
    """Answer what the specimens' forms send, so that they can be tried."""
    return HttpResponse(status=204)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    language = request.GET.get("language")
    if language in ("en", "fr"):
        translation.activate(language)
    world = specimens.world(translation.get_language() or "en")
    visitor = SimpleNamespace(COOKIES=request.COOKIES, organization=world.organization, viewer=world.viewer)
    shell = {
        "sidebar_spaces": lambda: world.spaces[:7],
        "unread_notifications": lambda: 3,
        "organizations": lambda: world.organizations,
    }
    theme = request.GET.get("theme")
    if theme in ("light", "dark"):
        visitor.COOKIES = {**request.COOKIES, "parvis_theme": theme}
    return render(request, template, {**context, **shell, "world": world, "visitor": visitor})


# Nobody signs in to look at components; people.access reads this mark and stands above foundation.
for _view in (components, screen, echo):
    setattr(_view, "is_public", True)  # noqa: B010 - a mark, not an attribute of the class
