"""Pages on which people say what they hear of and by which way, and administrators what is usual."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.delivery import grid
from parvis.foundation.addresses import reverse
from parvis.foundation.errors import NotFound
from parvis.notifications import levels
from parvis.notifications.choosing import level_choices
from parvis.notifications.views import viewer_of
from parvis.people import policy as people_policy
from parvis.people.models import Person, Unit
from parvis.spaces.queries import my_spaces


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Show all that somebody chose: by kind and way, and by space."""
    viewer = viewer_of(request)
    chosen = levels.levels_of(viewer)
    context = {
        "columns": grid.columns(),
        "rows": grid.rows_of(viewer),
        "spaces": [(space, chosen.get(space.id, "")) for space in my_spaces(viewer)],
        "level_choices": level_choices(levels.choices_of(viewer)),
        "may_decide": _may_decide(viewer),
    }
    return render(request, "delivery/settings.html", context)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the choices of the table."""
    grid.keep_own(viewer_of(request), request.POST)
    messages.success(request, _("Saved."))
    return redirect("notifications:settings")


@require_http_methods(["GET", "POST"])
def usual(request: HttpRequest) -> HttpResponse:
    """Decide, as an administrator, what is usual for everybody or in a unit and those below it."""
    viewer = viewer_of(request)
    if not _may_decide(viewer):
        raise NotFound
    unit = _unit(request.GET.get("unit", ""))
    if request.method == "POST":
        grid.keep_for(viewer, unit, request.POST)
        messages.success(request, _("Saved."))
        here = reverse("notifications:defaults")
        return redirect(f"{here}?unit={unit.id}" if unit else here)
    context = {
        "unit": unit,
        "units": [("", _("Everybody")), *Unit.objects.order_by("name").values_list("id", "name")],
        "columns": grid.columns()[1 if unit else 0 :],
        "rows": grid.rows_for(unit),
    }
    return render(request, "delivery/usual.html", context)


def _unit(asked: str) -> Unit | None:
    if not asked:
        return None
    try:
        found: Unit | None = Unit.objects.filter(pk=UUID(asked)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotFound
    return found


def _may_decide(viewer: Person) -> bool:
    return people_policy.can(viewer, "administer", viewer.organization)
