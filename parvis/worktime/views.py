"""My working time: what applies to me and why, my own hours, my leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parvis.people.models import Person
from parvis.people.views.answers import page, refusals_in, say, viewer_of
from parvis.worktime import actions, hours, queries, urgency, words
from parvis.worktime.forms import USUAL, LeaveForm, WeekForm
from parvis.worktime.holidays import holidays_after
from parvis.worktime.models import WorkingTimePolicy
from parvis.worktime.policy import can
from parvis.worktime.queries import Applying

HOLIDAYS_SHOWN = 3


@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Show what applies to the viewer; keep the hours that they choose."""
    viewer = viewer_of(request)
    applying = queries.applies_to(viewer)
    form = WeekForm(request.POST or None, week=_own_week(viewer, applying))
    if request.method == "POST":
        if request.POST.get("do") == "forget":
            actions.choose_own_hours(person=viewer, week=None)
            return redirect("worktime:mine")
        if form.is_valid():
            with refusals_in(form):
                actions.choose_own_hours(person=viewer, week=form.week())
                say(request, _("Your hours are saved."))
                return redirect("worktime:mine")
    return page(
        request, "worktime/mine.html", _context(viewer, applying) | {"leave_form": LeaveForm()}, form=form
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Note leave of the viewer."""
    viewer, form = viewer_of(request), LeaveForm(request.POST)
    if form.is_valid():
        first, last = form.cleaned_data["first_day"], form.cleaned_data["last_day"]
        with refusals_in(form):
            actions.take_leave(person=viewer, first_day=first, last_day=last or first)
            say(request, _("Your leave is noted: nothing reaches you on these days."))
            return redirect("worktime:mine")
    applying = queries.applies_to(viewer)
    context = _context(viewer, applying) | {"form": WeekForm(week=_own_week(viewer, applying))}
    answer = page(request, "worktime/mine.html", context | {"leave_form": form})
    answer.status_code = 422
    return answer


@require_POST
def cancel_leave(request: HttpRequest, id: UUID) -> HttpResponse:
    """Be there after all."""
    actions.cancel_leave(person=viewer_of(request), leave_id=id)
    return redirect("worktime:mine")


def _own_week(viewer: Person, applying: Applying) -> hours.Week:
    own = queries.own_hours_of(viewer)
    return own.hours if own else applying.policy.hours if applying.policy else USUAL


def _context(viewer: Person, applying: Applying) -> dict[str, Any]:
    schedule, now = applying.schedule, timezone.now()
    start, end = hours.next_start(schedule, now), hours.next_end(schedule, now)
    policy = applying.policy
    may_choose = policy is None or policy.own_hours != WorkingTimePolicy.OwnHours.NO
    coming = holidays_after(
        schedule.country, schedule.region, timezone.localdate(), language=get_language() or "en"
    )
    return {
        "viewer": viewer,
        "applying": applying,
        "policy": policy,
        "lines": words.lines_of(schedule.week),
        "time_zone": schedule.time_zone,
        "place": words.place_of(schedule.country, schedule.region) if schedule.country else "",
        "coming": coming[:HOLIDAYS_SHOWN],
        "is_off": start != now,
        "never": start == hours.NEVER,
        "returns": words.moment_of(start) if start != hours.NEVER else "",
        "ends": words.moment_of(end) if end and not applying.is_always else "",
        "may_choose": may_choose,
        "has_own": queries.own_hours_of(viewer) is not None,
        "policy_sentence": words.sentence_of(policy.hours) if policy else "",
        "leaves": queries.leave_of(viewer),
        "reads_report": can(viewer, "read_report", viewer.organization),
        "allowance": urgency.allowance_of(viewer),
    }
