"""One's devices: allow, try, forget; what a window needs to clear what was read; what messages may say."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import get_script_prefix
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.foundation.errors import NotFound
from parvis.foundation.jobs import enqueue
from parvis.notifications.queries import unread_count, unread_ids
from parvis.people import policy as people
from parvis.people.models import Person
from parvis.push import actions, queries
from parvis.push.keys import public_key
from parvis.push.messages import WAITING_TOLD
from parvis.push.models import Wording
from parvis.push.trying import try_device
from parvis.worktime.queries import is_off


@never_cache
@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest) -> HttpResponse:
    """List one's devices; a browser that posts its keys becomes one of them."""
    viewer = _viewer(request)
    if request.method == "POST":
        return _allow(request, viewer)
    mine = queries.devices_of(viewer)
    context = {
        "devices": mine,
        "here": request.session.session_key,
        "may_decide": people.can(viewer, "administer", viewer.organization),
        "says": queries.wording(),
        "choices": Wording.Says.choices,
    }
    template = "push/list.html" if request.htmx else "push/devices.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _allow(request: HttpRequest, viewer: Person) -> HttpResponse:
    device = actions.allow_device(
        person=viewer,
        endpoint=request.POST.get("endpoint", ""),
        p256dh=request.POST.get("p256dh", ""),
        auth=request.POST.get("auth", ""),
        session_key=request.session.session_key or "",
        user_agent=request.headers.get("User-Agent", ""),
        prefix=get_script_prefix().rstrip("/"),
        is_by_itself=bool(request.POST.get("again")),
    )
    return JsonResponse({"id": str(device.id)})


@require_GET
def key(request: HttpRequest) -> HttpResponse:
    """Return the public key that a browser subscribes with."""
    return JsonResponse({"key": public_key()})


@never_cache
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Return which lines wait, for the window that takes away what was read elsewhere."""
    viewer = _viewer(request)
    lines = [str(id) for id in unread_ids(viewer, most=WAITING_TOLD)]
    # Outside working time no badge calls, on no device.
    unread = 0 if is_off(viewer) else unread_count(viewer)
    return JsonResponse({"unread": unread, "waiting": lines})


@require_POST
def trial(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Send a message that says nothing, to see whether it arrives."""
    device = queries.find_device(_viewer(request), device_id)
    enqueue(try_device, device_id=device.id)
    messages.success(request, _("A test is on its way to %(device)s.") % {"device": device.name})
    return redirect("push:devices")


@require_POST
def forget(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Call a device no more."""
    actions.forget_device(person=_viewer(request), device_id=device_id)
    messages.success(request, _("This device is left alone from now on."))
    return redirect("push:devices")


@require_POST
def wording(request: HttpRequest) -> HttpResponse:
    """Decide what messages say, for everybody."""
    viewer = _viewer(request)
    if not people.can(viewer, "administer", viewer.organization):
        raise NotFound
    actions.decide_wording(actor=viewer, says=request.POST.get("says", ""))
    messages.success(request, _("Saved."))
    return redirect("push:devices")


def _viewer(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer
