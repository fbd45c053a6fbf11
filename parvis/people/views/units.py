"""The organization chart, for administrators."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.foundation.errors import NotFound
from parvis.people.actions import change_unit, merge_unit, remove_unit, set_unit
from parvis.people.forms.administration import MergeForm, UnitForm
from parvis.people.models import Person, Unit
from parvis.people.queries import units_with_people
from parvis.people.views.administration import administrator
from parvis.people.views.answers import page, refusals_in, say


def units(request: HttpRequest) -> HttpResponse:
    """Show the units with their people, and add one."""
    viewer = administrator(request)
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            set_unit(actor=viewer, **form.cleaned_data)
            say(request, _("The unit is added."))
            return redirect("people:units")
    return page(request, "people/units.html", {"viewer": viewer, "units": units_with_people()}, form=form)


def unit(request: HttpRequest, id: UUID) -> HttpResponse:
    """Rename a unit or move it."""
    viewer, found = administrator(request), _unit(id)
    form = UnitForm(request.POST or None, unit=found)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            change_unit(actor=viewer, unit=found, **form.cleaned_data)
            say(request, _("The unit is saved."))
            return redirect("people:units")
    return _answer(request, viewer, id, form, MergeForm(unit=found))


@require_POST
def merge(request: HttpRequest, id: UUID) -> HttpResponse:
    """Put a unit into another one."""
    viewer, found = administrator(request), _unit(id)
    form = MergeForm(request.POST, unit=found)
    if form.is_valid():
        with refusals_in(form):
            into = form.cleaned_data["into"]
            merge_unit(actor=viewer, unit=found, into=into)
            say(request, _("%(unit)s is now part of %(into)s.") % {"unit": found.name, "into": into.name})
            return redirect("people:units")
    return _answer(request, viewer, id, UnitForm(unit=found), form)


@require_POST
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Remove a unit; nobody is lost with it."""
    viewer, found = administrator(request), _unit(id)
    remove_unit(actor=viewer, unit=found)
    say(request, _("%(unit)s is removed.") % {"unit": found.name})
    return redirect("people:units")


def _answer(
    request: HttpRequest, viewer: Person, id: UUID, form: UnitForm, merge_form: MergeForm
) -> HttpResponse:
    tree = units_with_people()
    context = {
        "viewer": viewer,
        # As it stands, whatever was typed.
        "unit": _unit(id),
        "in_chart": next(row for row in tree if row.unit.id == id),
        "form": form,
        "has_others": len(tree) > 1,
    }
    is_refused = form.errors or merge_form.errors
    return render(
        request, "people/unit.html", context | {"merge_form": merge_form}, status=422 if is_refused else 200
    )


def _unit(id: UUID) -> Unit:
    found: Unit | None = Unit.objects.select_related("parent").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found
