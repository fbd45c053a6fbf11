"""Imports in the browser: what runs, what came, what was left out and why, and a way back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parvis.foundation.errors import NotFound
from parvis.foundation.jobs import enqueue
from parvis.imports import actions, queries, report, tasks
from parvis.imports.models import ImportRun
from parvis.people import policy as people_policy

RUNS_PER_PAGE = 20


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Show running and past imports; the list refreshes itself while one is at work."""
    _administrators_only(request)
    page = Paginator(queries.runs(), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    runs = [_described(run) for run in page]
    template = "imports/runs.html" if request.htmx else "imports/list.html"  # type: ignore[attr-defined]
    is_moving = any(item["run"].is_at_work for item in runs)
    return render(request, template, {"runs": runs, "page": page, "is_moving": is_moving})


@require_GET
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Show what one import brought and left out."""
    _administrators_only(request)
    run = queries.find_run(number)
    template = "imports/run.html" if request.htmx else "imports/show.html"  # type: ignore[attr-defined]
    return render(request, template, _described(run))


@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take an import away again: out of sight at once, removed by a worker."""
    _administrators_only(request)
    run = queries.find_run(number)
    actions.begin_undoing(actor=request.viewer, run=run)  # type: ignore[attr-defined]
    enqueue(tasks.remove_undone, run_id=str(run.id))
    messages.success(request, _("What this import brought is out of sight; it is being removed."))
    return redirect("imports:show", number)


def _described(run: ImportRun) -> dict[str, Any]:
    return {
        "run": run,
        "came": report.what_came(run.counts),
        "sentence": report.what_came_in_a_sentence(run.counts),
        "known": report.already_here(run.counts),
        "fault": report.what_went_wrong(run),
        "kept": report.kept_line(run.kept),
        "left_out": report.left_out_rows(report.left_out_of(run)),
    }


def _administrators_only(request: HttpRequest) -> None:
    viewer = request.viewer  # type: ignore[attr-defined]
    if not people_policy.can(viewer, "administer", viewer.organization):
        raise NotFound
