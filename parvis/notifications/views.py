"""The inbox page, its badge, and what marks lines as read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.foundation.addresses import reverse
from parvis.foundation.errors import NotFound
from parvis.foundation.ids import parse_id
from parvis.notifications import actions, queries, snoozing
from parvis.notifications.models import Notification
from parvis.notifications.opening import note_opened
from parvis.notifications.reasons import find_reason
from parvis.notifications.sentences import days_of, items_of
from parvis.people.models import Person
from parvis.spaces.queries import find_readable
from parvis.worktime.words import moment_of

# The places of the layout that show the count.
BADGES = ("unread-sidebar", "unread-bar")
SHOWN = ("all", "unread", "mentions", "later")


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what calls for attention; htmx gets the next lines alone."""
    show = request.GET.get("show", "all")
    show = show if show in SHOWN else "all"
    cursor = request.GET.get("cursor", "")
    lines, following = queries.inbox(
        viewer_of(request),
        unread_only=show == "unread",
        mentions_only=show == "mentions",
        later_only=show == "later",
        cursor=cursor,
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
    [item] = items_of([queries.find_line(viewer, notification_id)])
    return render(request, "notifications/line.html", {"item": item})


@require_POST
def read_thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Mark a thread as read: its page says so when it has been seen."""
    viewer = viewer_of(request)
    actions.mark_read(person=viewer, subject=f"thread:{thread_id}")
    note_opened(person=viewer, thread_id=thread_id)
    return HttpResponse(status=204)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read, or with `day` or `space` what is of it; it can be taken back."""
    viewer, day, space = viewer_of(request), _day_of(request), request.POST.get("space", "")
    found = find_readable(viewer, parse_id(space)) if space else None
    at = actions.mark_all_read(person=viewer, day=day, space_id=found.id if found else None)
    undo_url = f"{reverse('notifications:unread_all')}?{urlencode({'at': at.isoformat()})}"
    said = _("Everything is marked as read.")
    if found is not None:
        said = _("Everything of %(space)s is marked as read.") % {"space": found.name}
    elif day is not None:
        said = _("Everything of that day is marked as read.")
    return _done(request, said, undo_url)


def _day_of(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(typed) if (typed := request.POST.get("day", "")) else None
    except ValueError:
        raise NotFound from None


@require_POST
def unread_all(request: HttpRequest) -> HttpResponse:
    """Take back that everything was marked as read."""
    at = parse_datetime(request.GET.get("at", "")[:40])
    if at is None or timezone.is_naive(at):
        raise NotFound
    actions.unmark_all_read(person=viewer_of(request), at=at)
    return redirect("notifications:inbox")


@require_http_methods(["GET", "POST"])
def later(request: HttpRequest, notification_id: UUID) -> HttpResponse:
    """Choose when a line comes back; `until=now` brings it back at once."""
    viewer = viewer_of(request)
    line = queries.find_line(viewer, notification_id).notification
    if request.method == "GET":
        return _moments(request, viewer, line)
    here = reverse("notifications:later", args=[line.id])
    if request.GET.get("until") == "now" or request.POST.get("until") == "now":
        snoozing.bring_back(person=viewer, subject=line.subject)
        return _done(request, _("It is in your inbox again."), "")
    until = snoozing.moment_named(viewer, request.POST.get("until", ""), request.POST.get("day", ""))
    snoozing.snooze(person=viewer, subject=line.subject, until=until)
    said = _("It comes back %(moment)s.") % {"moment": moment_of(until)}
    return _done(request, said, f"{here}?until=now")


def _moments(request: HttpRequest, viewer: Person, line: Notification) -> HttpResponse:
    moments = snoozing.moments_for(viewer)
    context = {
        "notification": line,
        "moments": moments,
        "moment_words": {name: moment_of(at) for name, _label, at in moments},
        "first_day": first_day_to_come(),
    }
    template = "notifications/later.html" if request.htmx else "notifications/later_page.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def first_day_to_come() -> str:
    """Return tomorrow, as a field for days takes it."""
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def _done(request: HttpRequest, said: str, undo_url: str) -> HttpResponse:
    """Say what was done, with a way back for a while; the page follows by itself."""
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "notifications/done.html", {"said": said, "undo_url": undo_url})
    messages.success(request, said)
    return redirect("notifications:inbox")


def viewer_of(request: HttpRequest) -> Person:
    """Return who asks."""
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer
