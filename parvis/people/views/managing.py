"""Managing people as an administrator: roles, and whose access ends."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parvis.foundation.errors import Invalid, NotFound
from parvis.foundation.ids import parse_id
from parvis.people import actions
from parvis.people.forms.administration import AccessForm, RoleForm
from parvis.people.models import Person
from parvis.people.queries import directory_page, people_counts, people_to_manage
from parvis.people.views.administration import administrator
from parvis.people.views.answers import say

STATES = ("active", "unclaimed", "suspended", "left", "guest", "roles")


def people(request: HttpRequest) -> HttpResponse:
    """List everybody, in whatever state."""
    viewer = administrator(request)
    search = request.GET.get("q", "")[:120].strip()
    state = request.GET.get("state", "") if request.GET.get("state") in STATES else ""
    shown = directory_page(
        people_to_manage(search=search, state=state), after=parse_id(request.GET.get("after")), size=50
    )
    more = {"q": search, "state": state, "after": shown.next_after} if shown.next_after else {}
    context = {
        "viewer": viewer,
        "people": shown.people,
        "search": search,
        "state": state,
        "counts": people_counts(),
        "more_url": "?" + urlencode({name: str(value) for name, value in more.items() if value})
        if more
        else "",
    }
    is_more = getattr(request, "htmx", False) and request.GET.get("after")
    return render(
        request, "people/manage_people_more.html" if is_more else "people/manage_people.html", context
    )


def person(request: HttpRequest, id: UUID, refusal: str = "") -> HttpResponse:
    """Show what an administrator may do with somebody."""
    viewer = administrator(request)
    found = _person(id)
    context = {"viewer": viewer, "person": found, "is_oneself": found.id == viewer.id, "refusal": refusal}
    return render(request, "people/manage_person.html", context, status=422 if refusal else 200)


@require_POST
def role(request: HttpRequest, id: UUID) -> HttpResponse:
    """Make somebody administrator or moderator, or no longer."""
    viewer = administrator(request)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            actions.set_role(actor=viewer, person=_person(id), **form.cleaned_data)
        except Invalid as refused:
            return person(request, id, refusal=str(refused))
        say(request, _("The roles are saved."))
    return redirect("people:manage_person", id=id)


@require_POST
def access(request: HttpRequest, id: UUID) -> HttpResponse:
    """Suspend, remove or reinstate somebody: it holds at once."""
    viewer = administrator(request)
    form = AccessForm(request.POST)
    if form.is_valid():
        found = _person(id)
        try:
            _change(viewer, found, form.cleaned_data["change"])
        except Invalid as refused:
            return person(request, id, refusal=str(refused))
        say(request, _("Done: it holds at once."))
    return redirect("people:manage_person", id=id)


def _change(viewer: Person, person: Person, change: str) -> None:
    if change == "suspend":
        actions.suspend_person(actor=viewer, person=person)
    elif change == "remove":
        actions.remove_person(actor=viewer, person=person)
    else:
        actions.reinstate_person(actor=viewer, person=person)


def _person(id: UUID) -> Person:
    found = people_to_manage().select_related("organization").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found
