"""What a sender is told while they write: when those whom they name will hear of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from parvis.foundation.ids import parse_id
from parvis.people.models import Person
from parvis.people.queries import visible_people
from parvis.people.views.answers import viewer_of
from parvis.worktime import hours, words
from parvis.worktime.models import REASON_LENGTH
from parvis.worktime.queries import applies_to, leaves_at
from parvis.worktime.urgency import allowance_of

PEOPLE_ASKED, LINES_SHOWN, NAMES_SHOWN = 20, 3, 3


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """Answer until when the viewer is off, so that their open windows stay calm, and in how long that changes."""
    at = timezone.now()
    applying = applies_to(viewer_of(request), at=at)
    until = at if applying.is_always else hours.next_start(applying.schedule, at)
    if until == at:
        end = None if applying.is_always else hours.next_end(applying.schedule, at)
        return JsonResponse({"until": None, "text": "", "changes_in": _seconds(at, end)})
    moment = words.moment_of(until) if until != hours.NEVER else ""
    told = _("You are outside your working time. What waits arrives %(moment)s.") % {"moment": moment}
    text = told if moment else _("You are outside your working time.")
    return JsonResponse({"until": until.isoformat(), "text": text, "changes_in": _seconds(at, until)})


def _seconds(at: datetime, change: datetime | None) -> int | None:
    """A span, not a moment: the clock of a browser may go wrong."""
    if change is None or change == hours.NEVER:
        return None
    return math.ceil((change - at).total_seconds())


@require_GET
def arrivals(request: HttpRequest) -> HttpResponse:
    """Say when the people whom a text names will hear of it."""
    return arrivals_answer(request, viewer_of(request))


def arrivals_answer(request: HttpRequest, viewer: Person, *, also: Sequence[UUID] = ()) -> HttpResponse:
    """Answer with a calm line for each moment: the time alone, and of people whom the viewer may see."""
    asked = [id for text in request.GET.getlist("person")[:PEOPLE_ASKED] if (id := parse_id(text))]
    later = _later(viewer, [*also, *asked])
    context = {
        "lines": [_line(people, at) for at, people in later[:LINES_SHOWN]],
        "more": len(later) - LINES_SHOWN,
        "allowance": allowance_of(viewer) if later else None,
        "longest": REASON_LENGTH,
        "urgent_reason": "",
        "whom_it_calls": "",
    }
    return render(request, "worktime/arrivals.html", context)


def _later(viewer: Person, ids: Sequence[UUID]) -> list[tuple[datetime, list[Person]]]:
    """Return who is outside their working time now, by when they come back."""
    now = timezone.now()
    active = visible_people(viewer).filter(id__in=ids, state=Person.State.ACTIVE).exclude(pk=viewer.pk)
    people = list(active.order_by("sort_name", "id"))
    found: dict[datetime, list[Person]] = {}
    if people:
        starts = leaves_at(people, now)
        for person in people:
            if starts[person.id] > now:
                found.setdefault(starts[person.id], []).append(person)
    return sorted(found.items(), key=lambda item: item[0])


def _line(people: list[Person], at: datetime) -> str:
    told = {"who": _names(people), "moment": words.moment_of(at) if at != hours.NEVER else ""}
    if at == hours.NEVER:
        return (
            ngettext("%(who)s finds it in their inbox.", "%(who)s find it in their inbox.", len(people))
            % told
        )
    return ngettext("%(who)s hears of it %(moment)s.", "%(who)s hear of it %(moment)s.", len(people)) % told


def _names(people: list[Person]) -> str:
    named = [person.full_name for person in people[:NAMES_SHOWN]]
    if more := len(people) - len(named):
        others = ngettext("%(count)s other person", "%(count)s other people", more) % {"count": more}
        return _("%(first)s and %(last)s") % {"first": ", ".join(named), "last": others}
    if len(named) == 1:
        return named[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(named[:-1]), "last": named[-1]}
