"""The first lock: each request is bound to its organization and viewer, inside one transaction."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.handlers.exception import response_for_exception
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, set_script_prefix
from django.utils import timezone, translation
from django.utils.http import urlencode

from parvis.foundation.tenancy import organization_scope
from parvis.people import access
from parvis.people.models import Organization, Person
from parvis.people.queries import active_person, organization_by, organizations_by, person_of

PREFIX = re.compile(r"^/o/(?P<slug>[a-z0-9-]{1,63})(?P<rest>/.*|$)")
SESSION_NOTED_SECONDS = 300
API = re.compile(r"^/(api|scim|dav)/")
# Home asks the same few statements again and again: planning them each time cost PostgreSQL as much as answering.
PLANNED_ONCE = re.compile(r"^/(all)?$")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class OrganizationPathMiddleware:
    """Takes the organization from the path prefix `/o/SLUG/`, else from the host name, else from the API's header.

    It comes first: what follows, URL resolving and reversing included, sees the path without the prefix.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Bind `request.organization`, None where no organization is meant; 404 for one that does not exist."""
        match = PREFIX.match(request.path_info)
        host_name = request.get_host().partition(":")[0].lower()
        named, by_host = organizations_by(slug=match["slug"] if match else "", host_name=host_name)
        # An organization's own host serves no other one.
        if match and (named is None or (by_host is not None and named != by_host)):
            return self._not_found(request)
        if match and not match["rest"]:
            return redirect(f"{request.path}/")
        _set_prefix(request, match)
        request.organization = named or by_host or _named_in_header(request)  # type: ignore[attr-defined]
        request.viewer = None  # type: ignore[attr-defined]
        return self.get_response(request)

    def _not_found(self, request: HttpRequest) -> HttpResponseBase:
        request.organization = request.viewer = None  # type: ignore[attr-defined]
        return response_for_exception(request, Http404())


def _set_prefix(request: HttpRequest, match: re.Match[str] | None) -> None:
    """Say where this request's addresses begin; always, since a thread remembers it from one request to the next."""
    script_name = request.META.get("SCRIPT_NAME", "").rstrip("/")
    if match is None:
        set_script_prefix(f"{script_name}/")
        return
    request.path_info = request.META["PATH_INFO"] = match["rest"]
    set_script_prefix(f"{script_name}/o/{match['slug']}/")


def _named_in_header(request: HttpRequest) -> Organization | None:
    slug = request.headers.get("X-Parvis-Organization")
    return organization_by(slug=slug) if slug and API.match(request.path_info) else None


class OrganizationMiddleware:
    """Opens the organization's scope, finds the viewer, and lets nobody else through to a private view."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer inside one transaction, rolled back when the answer is a server error."""
        organization: Organization | None = request.organization  # type: ignore[attr-defined]
        if organization is None:
            with translation.override(language_for(request)):
                return self.get_response(request)
        plans = {"plan_cache_mode": "force_generic_plan"} if PLANNED_ONCE.match(request.path_info) else {}
        with organization_scope(organization, **plans):
            viewer = _viewer_of(request)
            request.viewer = viewer  # type: ignore[attr-defined]
            with (
                translation.override(language_for(request)),
                timezone.override(zone_for(viewer, organization)),
            ):
                response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Send a stranger to the sign-in page, and a signed-in non-member to the organizations that are theirs."""
        if access.is_open(view) or request.viewer is not None:  # type: ignore[attr-defined]
            return None
        is_for_identities = getattr(view, "is_for_identities", False)
        if request.organization is None and not is_for_identities:  # type: ignore[attr-defined]
            # Only an organization has private pages: which one is meant?
            return redirect(
                f"{reverse('people:organizations')}?{urlencode({'next': request.get_full_path()})}"
            )
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse(settings.LOGIN_URL))
        if is_for_identities:
            return None
        return redirect(reverse("people:organizations"))


def _viewer_of(request: HttpRequest) -> Person | None:
    """Return who asks: a program by its token, which then alone counts, or somebody by their session."""
    if hasattr(request, "bearer"):
        return active_person(request.bearer.person_id) if request.bearer is not None else None
    _note_session(request)
    return person_of(request.user.pk) if request.user.is_authenticated else None


def _note_session(request: HttpRequest) -> None:
    """Keep the list of sessions true enough: a session in use is noted every few minutes, not at each request."""
    key = request.session.session_key
    if (
        key
        and request.user.is_authenticated
        and cache.add(f"session-seen:{key}", True, SESSION_NOTED_SECONDS)
    ):
        # As its manager does, in one statement where only the time is new.
        agent = request.META.get("HTTP_USER_AGENT", "")[
            : UserSession._meta.get_field("user_agent").max_length
        ]
        known = UserSession.objects.filter(
            session_key=key, user=request.user, ip=get_adapter().get_client_ip(request), user_agent=agent
        )
        if not known.update(last_seen_at=timezone.now()):
            UserSession.objects.create_from_request(request)


def language_for(request: HttpRequest) -> str:
    """Return the viewer's language; before sign-in the chosen one, else the browser's, else the organization's."""
    viewer: Person | None = request.viewer  # type: ignore[attr-defined]
    organization: Organization | None = request.organization  # type: ignore[attr-defined]
    offered = set(dict(settings.LANGUAGES))
    if viewer is not None and viewer.language in offered:
        return viewer.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in offered:
        return chosen
    if request.headers.get("Accept-Language"):
        return translation.get_language_from_request(request)
    return organization.default_language if organization is not None else settings.LANGUAGE_CODE


def zone_for(viewer: Person | None, organization: Organization) -> zoneinfo.ZoneInfo:
    """Return the viewer's time zone, else the organization's, else UTC where neither is known to this machine."""
    for name in (viewer.time_zone if viewer is not None else "", organization.time_zone, "UTC"):
        try:
            return zoneinfo.ZoneInfo(name)
        except (ValueError, zoneinfo.ZoneInfoNotFoundError):
            continue
    raise LookupError("no time zone data on this machine")
