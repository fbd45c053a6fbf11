"""Imports in the browser: bring an archive in, see what runs, what came, what was left out and why; a way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.foundation import throttle
from parvis.foundation.errors import DomainError, Invalid, NotFound
from parvis.foundation.files import store
from parvis.foundation.jobs import enqueue
from parvis.imports import actions, queries, report, tasks
from parvis.imports.forms import ArchiveForm
from parvis.imports.models import ImportRun
from parvis.people import policy as people_policy
from parvis.people.models import Organization, Person

RUNS_PER_PAGE = 20
MEBIBYTE = 1024 * 1024


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show running and past imports; the list refreshes itself while one is at work."""
    _administrator(request)
    page = Paginator(queries.runs(), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    runs = [_described(run) for run in page]
    template = "imports/runs.html" if request.htmx else "imports/list.html"  # type: ignore[attr-defined]
    is_moving = any(item["run"].is_at_work for item in runs)
    return render(request, template, {"runs": runs, "page": page, "is_moving": is_moving})


def start(request: HttpRequest) -> HttpResponse:
    """Take an archive in; a worker looks through it before anything is written."""
    viewer = _administrator(request)
    form = ArchiveForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("imports:show", _begun(viewer, form).number)
        except DomainError as refusal:
            form.add_error("archive", str(refusal))
    limit = _upload_limit(viewer.organization) // MEBIBYTE
    status = 422 if form.is_bound else 200
    return render(request, "imports/start.html", {"form": form, "limit": limit}, status=status)


def _begun(viewer: Person, form: ArchiveForm) -> ImportRun:
    throttle.check("upload", viewer.organization_id, viewer.id, rate=throttle.UPLOAD)
    received = form.cleaned_data["archive"]
    archive = store(
        received,
        name=received.name,
        created_by_id=viewer.id,
        limit_bytes=_upload_limit(viewer.organization),
        quota_bytes=viewer.organization.storage_limit_bytes,
    )
    run = actions.begin_import(
        actor=viewer, source=form.cleaned_data["source"], archive=archive, options=form.options()
    )
    enqueue(tasks.look_through, run_id=run.id)
    return run


def _upload_limit(organization: Organization) -> int:
    return min(organization.upload_limit_bytes, settings.PARVIS.upload_limit_mb * MEBIBYTE)


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Show where one import stands: what it would bring, what it brought, what it left out."""
    _administrator(request)
    run = queries.find_run(number)
    template = "imports/run.html" if request.htmx else "imports/show.html"  # type: ignore[attr-defined]
    return render(request, template, _described(run) | {"to_remove": queries.left_to_remove(run)})


@require_POST
def bring_in(request: HttpRequest, number: int) -> HttpResponse:
    """Let a worker bring in what was looked through."""
    fields = [(name.removeprefix("goes:"), name) for name in request.POST if name.startswith("goes:")]
    chat = [channel for channel, name in fields if request.POST[name] == "chat"]
    run = _decide(request, number, partial(actions.begin_bringing_in, chat=chat))
    if run is not None:
        enqueue(tasks.bring_in, run_id=run.id)
    return redirect("imports:show", number)


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Let what an import brought be seen."""
    if _decide(request, number, actions.publish_run):
        messages.success(request, _("Published: everybody sees what they could see where it comes from."))
    return redirect("imports:show", number)


@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Stop an import that is being read."""
    _decide(request, number, actions.stop_run)
    return redirect("imports:show", number)


@require_POST
def discard_archive(request: HttpRequest, number: int) -> HttpResponse:
    """Forget an archive of which nothing was written."""
    if _decide(request, number, actions.discard_run) is None:
        return redirect("imports:show", number)
    messages.success(request, _("The archive was discarded; nothing of it was written."))
    return redirect("imports:index")


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import away again; a worker removes it."""
    run = _decide(request, number, actions.begin_undoing)
    if run is not None:
        enqueue(tasks.remove_undone, run_id=run.id)
        messages.success(request, _("What this import brought is being removed."))
    return redirect("imports:show", number)


def _decide(request: HttpRequest, number: int, decision: Callable[..., None]) -> ImportRun | None:
    """Carry out a decision; None, with the reason on the page, when it comes too late."""
    viewer = _administrator(request)
    run = queries.find_run(number)
    try:
        decision(actor=viewer, run=run)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return None
    return run


def _described(run: ImportRun) -> dict[str, Any]:
    left_out = run.plan.get("left_out", []) if run.state == ImportRun.State.CHECKED else run.left_out
    return {
        "run": run,
        "came": report.what_came(run.counts),
        "sentence": report.what_came_in_a_sentence(run.counts),
        "known": report.already_here(run.counts or run.plan.get("counts", {})),
        "fault": report.what_went_wrong(run),
        "kept_since": report.kept_line(run.kept),
        "left_out": report.left_out_rows(report.left_out_from(left_out)),
        "would_come": report.what_would_come(run.plan, run.source),
        "has_choice": report.goes_where_chosen(run.source),
        "planned_spaces": report.planned_spaces(run.plan),
    }


def _administrator(request: HttpRequest) -> Person:
    viewer: Person = request.viewer  # type: ignore[attr-defined]
    if not people_policy.can(viewer, "administer", viewer.organization):
        raise NotFound
    return viewer
