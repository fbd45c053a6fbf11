"""The page on which somebody asks for silence for a while, and ends it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.content.models import Entry
from parvis.foundation.errors import Invalid, NotFound
from parvis.notifications import pausing, queries, snoozing
from parvis.notifications.sentences import thread_name
from parvis.notifications.views import first_day_to_come, viewer_of
from parvis.people.models import Person
from parvis.worktime.words import moment_of

EVERYTHING, THREAD, SPACE = "everything", "thread", "space"


@require_http_methods(["GET", "POST"])
def pauses(request: HttpRequest) -> HttpResponse:
    """Show what is silent, and make something so until a moment; `line` offers its conversation and its space."""
    viewer = viewer_of(request)
    entry = _entry_of(viewer, request.GET.get("line", ""))
    context: dict[str, Any] = {"errors": {}, "until": "", "day": ""}
    context["what"] = THREAD if entry is not None else EVERYTHING
    if request.method == "POST":
        try:
            _pause(viewer, entry, request.POST)
        except Invalid as error:
            context |= {
                "errors": error.errors,
                "what": request.POST.get("what"),
                "until": request.POST.get("until"),
                "day": request.POST.get("day", ""),
            }
        else:
            messages.success(request, _("It is silent."))
            return redirect("notifications:pauses")
    context |= {
        "targets": _targets(entry),
        "moments": [(name, label, moment_of(at)) for name, label, at in snoozing.moments_for(viewer)],
        "first_day": first_day_to_come(),
        "pauses": [(one, _name_of(one), moment_of(one.until)) for one in pausing.pauses_of(viewer)],
    }
    status = 422 if context["errors"] else 200
    return render(request, "notifications/pauses.html", context, status=status)


@require_POST
def end(request: HttpRequest, pause_id: UUID) -> HttpResponse:
    """Hear again."""
    pausing.end_pause(person=viewer_of(request), pause_id=pause_id)
    messages.success(request, _("You hear of it again."))
    return redirect("notifications:pauses")


def _entry_of(viewer: Person, line_id: str) -> Entry | None:
    """Return what a line of the inbox is about."""
    try:
        return queries.find_line(viewer, UUID(line_id)).notification.entry if line_id else None
    except ValueError:
        raise NotFound from None


def _pause(viewer: Person, entry: Entry | None, wanted: Any) -> None:
    until = snoozing.moment_named(viewer, wanted.get("until", ""), wanted.get("day", ""))
    what = wanted.get("what", "")
    if what not in dict(_targets(entry)):
        raise Invalid({"what": [_("Choose what is to be silent.")]})
    pausing.pause(
        person=viewer,
        until=until,
        thread=entry if what == THREAD else None,
        space=entry.space if entry is not None and what == SPACE else None,
    )


def _targets(entry: Entry | None) -> list[tuple[str, str]]:
    everything = (EVERYTHING, _("Everything: nothing leaves the inbox"))
    if entry is None:
        return [everything]
    root = entry.thread or entry
    return [
        (THREAD, _("This conversation: %(title)s") % {"title": thread_name(root)}),
        (SPACE, _("The space %(space)s") % {"space": entry.space.name}),
        everything,
    ]


def _name_of(pause: Any) -> str:
    if pause.thread is not None:
        return thread_name(pause.thread)
    return pause.space.name if pause.space is not None else _("Everything")
