"""Parvis on one's own screen: the manifest, what is shared to it from elsewhere, and the page without a connection."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from parvis.foundation.addresses import reverse
from parvis.people.access import public
from parvis.people.models import Organization

PAPER, INK_GREEN = "#f8f5ef", "#0b5f4d"
SHARED_FIELDS = ("title", "text", "url")


@public
def manifest(request: HttpRequest) -> HttpResponse:
    """Describe the app to a device that installs it (W3C Web Application Manifest)."""
    answer = JsonResponse(_description(request), content_type="application/manifest+json")
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Vary"] = "Accept-Language, Cookie"
    return answer


def _description(request: HttpRequest) -> dict[str, Any]:
    organization: Organization | None = request.organization  # type: ignore[attr-defined]
    home = reverse("web:home")
    name = organization.name if organization else "Parvis"
    return {
        "id": home,
        "name": name,
        "short_name": name[:30],
        "description": _("What your colleagues write, ask and decide."),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["business", "social", "productivity"],
        "icons": [
            _icon("icon-192.png", "192x192", "any"),
            _icon("icon-512.png", "512x512", "any"),
            _icon("icon-maskable-512.png", "512x512", "maskable"),
        ],
        "shortcuts": [
            {"name": _("New post"), "url": reverse("content:publish")},
            {"name": _("Inbox"), "url": reverse("web:inbox")},
        ],
        "share_target": {
            "action": reverse("web:share"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                **{field: field for field in SHARED_FIELDS},
                "files": [{"name": "files", "accept": ["*/*"]}],
            },
        },
    }


def _icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": static(f"brand/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}


@csrf_exempt
def share(request: HttpRequest) -> HttpResponse:
    """Open the composer with what another app shared; nothing is published by it.

    The device posts here without knowing our pages, so there is no secret to check. Normally the service worker
    takes the request, with its files; this answers where there is none yet.
    """
    given = {field: request.POST.get(field, "").strip() for field in SHARED_FIELDS}
    parts = list(dict.fromkeys(part for part in (given["text"], given["url"]) if part))
    asked = {"title": given["title"], "body": "\n\n".join(parts)}
    return redirect(f"{reverse('content:publish')}?{urlencode({k: v for k, v in asked.items() if v})}")


def offline(request: HttpRequest) -> HttpResponse:
    """Say that there is no connection, and list what can be read without; devices keep this page."""
    return render(request, "web/offline.html")
