"""The inbox page, its badge, and what marks lines as read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from parvis.notifications import actions, queries
from parvis.notifications.models import Notification
from parvis.notifications.sentences import item_of
from parvis.people.models import Person

# The places of the layout that show the count.
BADGES = ("unread-sidebar", "unread-bar")


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what calls for attention; htmx gets the next lines alone."""
    unread_only = request.GET.get("show") == "unread"
    cursor = request.GET.get("cursor", "")
    lines, following = queries.inbox(request.viewer, unread_only=unread_only, cursor=cursor)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "items": [item_of(line) for line in lines],
        "unread_only": unread_only,
        "next_url": _next_url(following, unread_only),
    }
    template = "notifications/lines.html" if cursor and request.htmx else "notifications/inbox.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _next_url(cursor: str, unread_only: bool) -> str:
    if not cursor:
        return ""
    return f"{reverse('notifications:inbox')}?cursor={cursor}{'&show=unread' if unread_only else ''}"


@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    """Show how many lines are unread: the fragment that every window refreshes."""
    asked = request.GET.get("id", "")
    context = {
        "id": asked if asked in BADGES else BADGES[0],
        "unread": queries.unread_count(request.viewer),  # type: ignore[attr-defined]
    }
    return render(request, "notifications/badge.html", context)


@require_GET
def open_line(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Go to what a line is about, which marks it as read."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    line = get_object_or_404(Notification.objects.select_related("entry"), pk=notification_id, person=viewer)
    actions.mark_read(person=viewer, subject=line.subject)
    return redirect(_address(line))


def _address(line: Notification) -> str:
    Reason = Notification.Reason
    if line.entry is not None:
        thread = reverse("content:thread", args=[line.entry.root_id])
        return thread if line.entry.is_root else f"{thread}#entry-{line.entry_id}"
    if line.reason == Reason.REPORT:
        return reverse("moderation:queue")
    if line.reason == Reason.NOTICE:
        return reverse("moderation:notice", args=[line.subject.partition(":")[2]])
    if line.reason == Reason.JOIN_REQUEST:
        return reverse("spaces:requests", args=[line.space_id])
    return reverse("spaces:show", args=[line.space_id])


@require_POST
def read_thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Mark a thread as read: its page says so when it has been seen."""
    actions.mark_read(person=request.viewer, subject=f"thread:{thread_id}")  # type: ignore[attr-defined]
    return HttpResponse(status=204)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(person=request.viewer)  # type: ignore[attr-defined]
    return redirect("notifications:inbox")
