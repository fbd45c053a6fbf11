"""The report for staff representatives, on a page and as a sheet."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parvis.foundation.errors import NotFound
from parvis.foundation.sheets import csv_answer
from parvis.foundation.ui.formats import viewer_locale
from parvis.people.views.answers import page, viewer_of
from parvis.worktime import report as figures
from parvis.worktime.policy import can

FIGURES = ("people", "written_outside", "urgent_calls", "held_back")


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Show a month that is over, by group of five or more."""
    months = _months_for(request)
    month = _chosen(request, months)
    rows = figures.figures_of(month) if month else []
    context = {
        "months": [(each.isoformat()[:7], _name(each)) for each in months],
        "month": month.isoformat()[:7] if month else "",
        "month_name": _name(month) if month else "",
        "headers": _headers(),
        "rows": [[row.group, *(getattr(row, name) for name in FIGURES)] for row in rows],
        "totals": [sum(getattr(row, name) for row in rows) for name in FIGURES],
    }
    return page(request, "worktime/report.html", context)


@require_GET
def sheet(request: HttpRequest) -> HttpResponse:
    """Give the same figures as a sheet."""
    month = _chosen(request, _months_for(request))
    if month is None:
        raise NotFound
    rows = [[row.group, *(str(getattr(row, name)) for name in FIGURES)] for row in figures.figures_of(month)]
    return csv_answer(f"working-time-{month.isoformat()[:7]}.csv", _headers(), rows)


def _months_for(request: HttpRequest) -> list[date]:
    viewer = viewer_of(request)
    if not can(viewer, "read_report", viewer.organization):
        raise NotFound
    return figures.months()


def _chosen(request: HttpRequest, months: list[date]) -> date | None:
    asked = request.GET.get("month", "")
    return next((month for month in months if month.isoformat()[:7] == asked), months[0] if months else None)


def _headers() -> list[str]:
    return [_("Group"), _("People"), _("Written outside hours"), _("Urgent calls"), _("Held back")]


def _name(month: date) -> str:
    return format_date(month, "LLLL y", locale=viewer_locale())
