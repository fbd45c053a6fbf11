"""Reporting, the moderators' queue, and what they wrote to somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.content import policy as content_policy
from parvis.content.models import Entry
from parvis.content.queries import find_visible
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import Invalid, NotFound
from parvis.moderation import actions, queries
from parvis.moderation.elsewhere import elsewhere_of
from parvis.moderation.forms import DecisionForm, ReportForm
from parvis.moderation.models import Report
from parvis.moderation.policy import verdicts
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.people.queries import find_person
from parvis.spaces import policy as spaces_policy
from parvis.spaces.models import Space
from parvis.spaces.queries import find_listed


@dataclass(frozen=True)
class Subject:
    """What is about to be reported, as its form shows it; `send` does it."""

    heading: str
    excerpt: str
    url: str
    is_reportable: bool
    send: Callable[..., Report]
    is_person: bool = False


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Ask what is wrong with an entry, and tell the moderators."""
    viewer = _viewer(request)
    entry = find_visible(viewer, entry_id)
    subject = Subject(
        heading=entry.author.full_name,
        excerpt=f"{entry.title} {entry.body_text}".strip(),
        url=reverse("content:thread", args=[entry.root_id]),
        is_reportable=content_policy.can(viewer, "report", entry),
        send=lambda **typed: actions.report_entry(reporter=viewer, entry=entry, **typed),
    )
    return _report(request, subject)


@require_http_methods(["GET", "POST"])
def report_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask what somebody does, and tell the moderators."""
    viewer = _viewer(request)
    person = find_person(viewer, person_id)
    subject = Subject(
        heading=person.full_name,
        excerpt=person.job_title,
        url=person.url,
        is_reportable=people_policy.can(viewer, "report", person),
        send=lambda **typed: actions.report_person(reporter=viewer, person=person, **typed),
        is_person=True,
    )
    return _report(request, subject)


@require_http_methods(["GET", "POST"])
def report_space(request: HttpRequest, space_id: UUID) -> HttpResponse:
    """Ask what is wrong with a space, and tell the moderators."""
    viewer = _viewer(request)
    space = find_listed(viewer, space_id)
    subject = Subject(
        heading=space.name,
        excerpt=space.objective or space.description,
        url=reverse("spaces:show", args=[space.id]),
        is_reportable=spaces_policy.can(viewer, "report", space),
        send=lambda **typed: actions.report_space(reporter=viewer, space=space, **typed),
    )
    return _report(request, subject)


def _report(request: HttpRequest, subject: Subject) -> HttpResponse:
    if not subject.is_reportable:
        raise NotFound
    form = ReportForm(request.POST or None, is_about_person=subject.is_person)
    if request.method == "POST" and form.is_valid():
        subject.send(**form.cleaned_data)
        messages.success(
            request, _("Thank you. The moderators have been told; nobody else knows that it was you.")
        )
        return redirect(subject.url)
    status = 422 if request.method == "POST" else 200
    return render(request, "moderation/report.html", {"form": form, "subject": subject}, status=status)


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show the reports that wait for a decision, or those decided."""
    _moderators_only(request)
    return _queue(request, is_open=request.GET.get("show") != "decided")


def _queue(
    request: HttpRequest,
    *,
    is_open: bool,
    refused: DecisionForm | None = None,
    refused_id: UUID | None = None,
) -> HttpResponse:
    viewer = _viewer(request)
    rows = list(queries.reports(viewer, is_open=is_open)[:100])
    addresses = _addresses(viewer, rows)
    items = [
        {"report": row, "url": addresses.get(row.id, ""), "verdicts": verdicts(viewer, row)} for row in rows
    ]
    context: dict[str, Any] = {
        "items": items,
        "is_open": is_open,
        "refused": refused,
        "refused_id": refused_id,
    }
    return render(request, "moderation/queue.html", context, status=422 if refused else 200)


def _addresses(viewer: Person, rows: list[Report]) -> dict[UUID, str]:
    """A link only where the moderator may read the thing anyway: moderating opens no space."""
    entries = Entry.objects.visible_to(viewer).filter(id__in=[row.entry_id for row in rows])
    spaces = Space.objects.listed_for(viewer).filter(id__in=[row.space_id for row in rows])
    readable = {*entries.values_list("id", flat=True), *spaces.values_list("id", flat=True)}
    elsewhere = {row.id: elsewhere_of(row).address(viewer, row) for row in rows if row.said}
    return elsewhere | {
        row.id: _address(row)
        for row in rows
        if not row.said and (row.person_id is not None or (row.entry_id or row.space_id) in readable)
    }


def _address(row: Report) -> str:
    if row.person is not None:
        return row.person.url
    if row.entry is None:
        return reverse("spaces:about", args=[row.space_id])
    thread = reverse("content:thread", args=[row.entry.root_id])
    return thread if row.entry.is_root else f"{thread}#entry-{row.entry_id}"


@require_POST
def decision(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Decide about a report; what cannot be decided leaves everything typed in its place."""
    _moderators_only(request)
    viewer, row = _viewer(request), get_object_or_404(Report, pk=report_id)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            actions.decide(moderator=viewer, report=row, **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your decision holds."))
            return redirect("moderation:queue")
    return _queue(request, is_open=row.is_open, refused=form, refused_id=row.id)


@require_GET
def notice(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Show somebody what the moderators wrote to them."""
    found = queries.find_notice(_viewer(request), report_id)
    return render(request, "moderation/notice.html", {"notice": found})


def _viewer(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    return viewer


def _moderators_only(request: HttpRequest) -> None:
    viewer = _viewer(request)
    if not people_policy.can(viewer, "moderate", viewer.organization):
        raise NotFound
