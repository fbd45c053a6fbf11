"""The inbox page, its badge, and what marks lines as read."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from parvis.notifications import actions, queries
from parvis.notifications.models import Notification
from parvis.notifications.reasons import find_reason
from parvis.notifications.sentences import days_of, item_of
from parvis.people.models import Person

# The places of the layout that show the count.
BADGES = ("unread-sidebar", "unread-bar")
SHOWN = ("all", "unread", "mentions")


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what calls for attention; htmx gets the next lines alone."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    cursor = request.GET.get("cursor", "")
    lines, following = queries.inbox(
        viewer_of(request), unread_only=show == "unread", mentions_only=show == "mentions", cursor=cursor
    )
    days = list(days_of(lines, after=request.GET.get("after", "")))
    context: dict[str, Any] = {
        "days": days,
        "show": show,
        "next_url": _next_url(following, show, days[-1].date.isoformat()) if following else "",
    }
    template = "notifications/lines.html" if cursor and request.htmx else "notifications/inbox.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def _next_url(cursor: str, show: str, after: str) -> str:
    asked = {"cursor": cursor, "after": after, **({"show": show} if show != "all" else {})}
    return f"{reverse('notifications:inbox')}?{urlencode(asked)}"


@require_GET
def badge(request: HttpRequest) -> HttpResponse:
    """Show how many lines are unread: the fragment that every window refreshes."""
    asked = request.GET.get("id", "")
    context = {
        "id": asked if asked in BADGES else BADGES[0],
        "unread": queries.unread_count(viewer_of(request)),
    }
    return render(request, "notifications/badge.html", context)


@require_GET
def open_line(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Go to what a line is about, which marks it as read."""
    viewer = viewer_of(request)
    line = queries.find_line(viewer, notification_id).notification
    actions.mark_read(person=viewer, subject=line.subject)
    return redirect(_address(line))


def _address(line: Notification) -> str:
    Reason = Notification.Reason
    if line.entry is not None:
        thread = reverse("content:thread", args=[line.entry.root_id])
        return thread if line.entry.is_root else f"{thread}#entry-{line.entry_id}"
    if (address := find_reason(line.reason).address) is not None:
        return address(line)
    if line.reason == Reason.REPORT:
        return reverse("moderation:queue")
    if line.reason == Reason.NOTICE:
        return reverse("moderation:notice", args=[line.subject.partition(":")[2]])
    if line.reason == Reason.JOIN_REQUEST:
        return reverse("spaces:requests", args=[line.space_id])
    return reverse("spaces:show", args=[line.space_id])


@require_POST
def reading(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Mark one line as read, or as unread again (`unread=1`); htmx gets the line as it stands then."""
    viewer = viewer_of(request)
    line = queries.find_line(viewer, notification_id).notification
    mark = actions.mark_unread if request.POST.get("unread") else actions.mark_read
    mark(person=viewer, subject=line.subject)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("notifications:inbox")
    item = item_of(queries.find_line(viewer, notification_id))
    return render(request, "notifications/line.html", {"item": item})


@require_POST
def read_thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Mark a thread as read: its page says so when it has been seen."""
    actions.mark_read(person=viewer_of(request), subject=f"thread:{thread_id}")
    return HttpResponse(status=204)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(person=viewer_of(request))
    return redirect("notifications:inbox")


def viewer_of(request: HttpRequest) -> Person:
    """Return who asks."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer
