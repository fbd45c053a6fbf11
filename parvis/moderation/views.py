"""Reporting an entry, and the moderators' queue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.content.models import Entry
from parvis.content.queries import find_visible
from parvis.foundation.errors import NotFound
from parvis.moderation import actions, queries
from parvis.moderation.forms import ReportForm
from parvis.moderation.models import Report
from parvis.people import policy as people_policy


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Ask what is wrong with an entry, and tell the moderators."""
    entry = find_visible(request.viewer, entry_id)  # type: ignore[attr-defined]
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.report_entry(reporter=request.viewer, entry=entry, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(
            request, _("Thank you. The moderators have been told; nobody else knows that it was you.")
        )
        return redirect("content:thread", entry.root_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "moderation/report.html", {"form": form, "entry": entry}, status=status)


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show the reports that wait for a decision, or those decided."""
    _moderators_only(request)
    is_open = request.GET.get("show") != "decided"
    rows = list(queries.reports(is_open=is_open)[:100])
    readable = _readable_entries(request, rows)
    items = [{"report": row, "url": _address(row) if row.entry_id in readable else ""} for row in rows]
    return render(request, "moderation/queue.html", {"items": items, "is_open": is_open})


def _readable_entries(request: HttpRequest, rows: list[Report]) -> set[UUID]:
    """A link only where the moderator may read the entry anyway: moderating opens no space."""
    visible = Entry.objects.visible_to(request.viewer).filter(id__in=[row.entry_id for row in rows])  # type: ignore[attr-defined]
    return set(visible.values_list("id", flat=True))


def _address(row: Report) -> str:
    thread = reverse("content:thread", args=[row.entry.root_id])
    return thread if row.entry.is_root else f"{thread}#entry-{row.entry_id}"


@require_POST
def decision(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Decide about a report: leave in place, hide, or give back what was hidden."""
    _moderators_only(request)
    row = get_object_or_404(Report.objects.select_related("entry", "entry__space"), pk=report_id)
    verdict, note = request.POST.get("verdict"), request.POST.get("note", "")
    if verdict == "give_back":
        actions.give_back(moderator=request.viewer, report=row, note=note)  # type: ignore[attr-defined]
    else:
        actions.decide(moderator=request.viewer, report=row, hides=verdict == "hide", note=note)  # type: ignore[attr-defined]
    messages.success(request, _("Your decision holds."))
    return redirect("moderation:queue")


def _moderators_only(request: HttpRequest) -> None:
    viewer = request.viewer  # type: ignore[attr-defined]
    if not people_policy.can(viewer, "moderate", viewer.organization):
        raise NotFound
