"""Policies of working time, for administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parvis.foundation.errors import NotFound
from parvis.people.models import Person
from parvis.people.queries import directory, find_in_directory
from parvis.people.views.administration import administrator
from parvis.people.views.answers import page, refusals_in, say
from parvis.worktime import actions, queries, words
from parvis.worktime.forms import PolicyForm, region_choices
from parvis.worktime.holidays import holidays_after
from parvis.worktime.models import WorkingTimePolicy

Level = WorkingTimePolicy.Level
FOUND_PEOPLE = 8
PEOPLE_SHOWN = 200


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Show the policies, from the widest to the most specific."""
    viewer = administrator(request)
    found = [_described(policy) for policy in queries.policies()]
    context = {
        "viewer": viewer,
        "of_all": next((each for each in found if each["policy"].level == Level.ORGANIZATION), None),
        "of_units": [each for each in found if each["policy"].level == Level.UNIT],
        "contracts": [each for each in found if each["policy"].level == Level.CONTRACT],
    }
    return page(request, "worktime/policies.html", context)


def _described(policy: WorkingTimePolicy) -> dict[str, Any]:
    return {
        "policy": policy,
        "lines": words.lines_of(policy.hours),
        "has_hours": any(policy.hours),
        "holidays": words.place_of(policy.country, policy.region) if policy.country else "",
    }


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Set a policy for the organization, a unit or a contract."""
    administrator(request)
    level = request.GET.get("for", "")
    if level not in Level.values:
        raise NotFound
    return _edit(request, WorkingTimePolicy(level=level), is_new=True)


@require_http_methods(["GET", "POST"])
def policy(request: HttpRequest, id: UUID) -> HttpResponse:
    """Change a policy; of a contract, see who has it."""
    administrator(request)
    return _edit(request, queries.find_policy(id), is_new=False)


def _edit(request: HttpRequest, policy: WorkingTimePolicy, *, is_new: bool) -> HttpResponse:
    viewer = administrator(request)
    form = PolicyForm(request.POST or None, policy=policy, is_new=is_new)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            saved = _saved(viewer, policy, form, is_new=is_new)
            say(request, _("The working time of “%(title)s” is saved.") % {"title": saved.title})
            is_new_contract = is_new and saved.level == Level.CONTRACT
            return redirect("worktime:policy", saved.id) if is_new_contract else redirect("worktime:policies")
    context = {
        "viewer": viewer,
        "policy": policy,
        "is_new": is_new,
        **_holidays(str(form["country"].value() or ""), str(form["region"].value() or "")),
        **_people(request, viewer, policy, is_new=is_new),
    }
    return page(request, "worktime/policy.html", context, form=form)


def _saved(viewer: Person, policy: WorkingTimePolicy, form: PolicyForm, *, is_new: bool) -> WorkingTimePolicy:
    name = form.cleaned_data.get("name")
    if not is_new:
        return actions.change_policy(actor=viewer, policy=policy, terms=form.terms(), name=name)
    return actions.set_policy(actor=viewer, terms=form.terms(), unit=form.chosen_unit(), contract=name or "")


def _people(
    request: HttpRequest, viewer: Person, policy: WorkingTimePolicy, *, is_new: bool
) -> dict[str, Any]:
    if is_new or policy.level != Level.CONTRACT:
        return {"people": [], "found": [], "search": ""}
    search = request.GET.get("q", "").strip()[:80]
    having = queries.people_with(policy)
    ids = having.values("person_id")
    found = directory(viewer, search=search).exclude(pk__in=ids)[:FOUND_PEOPLE] if search else []
    return {
        "people": [contract.person for contract in having[:PEOPLE_SHOWN]],
        "people_count": having.count(),
        "found": found,
        "search": search,
    }


@require_GET
def holidays(request: HttpRequest) -> HttpResponse:
    """Show the regions of a country and its next public holidays, while a policy is written."""
    administrator(request)
    country, region = request.GET.get("country", "")[:2], request.GET.get("region", "")[:32]
    known = [value for value, _label in region_choices(country)]
    context = _holidays(country, region if region in known else "")
    return render(request, "worktime/_holidays.html", context)


def _holidays(country: str, region: str) -> dict[str, Any]:
    coming = holidays_after(country, region, timezone.localdate(), language=get_language() or "en")
    return {
        "region_errors": (),
        "region": region,
        "regions": region_choices(country),
        "coming": coming,
        "place": words.place_of(country, region) if country else "",
    }


@require_POST
def people(request: HttpRequest, id: UUID) -> HttpResponse:
    """Give somebody a contract, or take it from them."""
    viewer, found = administrator(request), queries.find_policy(id)
    person = find_in_directory(viewer, request.POST.get("person"))
    is_taken = request.POST.get("do") == "take"
    actions.assign_contract(actor=viewer, person=person, policy=None if is_taken else found)
    return redirect("worktime:policy", id)


@require_POST
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Remove a policy."""
    viewer, found = administrator(request), queries.find_policy(id)
    actions.remove_policy(actor=viewer, policy=found)
    say(request, _("The working time of “%(title)s” is removed.") % {"title": found.title})
    return redirect("worktime:policies")


@require_http_methods(["GET", "POST"])
def representatives(request: HttpRequest) -> HttpResponse:
    """Let administrators say who speaks for the staff, and reads the report."""
    viewer = administrator(request)
    if request.method == "POST":
        dismisses = request.POST.get("do") == "dismiss"
        act = actions.dismiss_representative if dismisses else actions.name_representative
        act(actor=viewer, person=find_in_directory(viewer, request.POST.get("person")))
        return redirect("worktime:representatives")
    search = request.GET.get("q", "").strip()[:80]
    named = list(queries.representatives())
    ids = [row.person_id for row in named]
    members = directory(viewer, search=search).filter(kind=Person.Kind.MEMBER, state=Person.State.ACTIVE)
    context = {"named": named, "found": members.exclude(pk__in=ids)[:FOUND_PEOPLE] if search else []}
    return page(request, "worktime/representatives.html", {**context, "search": search})
