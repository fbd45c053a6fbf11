"""Contracts of many people at once: shown before anything changes, bad lines explained, nothing typed lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from parvis.foundation.ids import parse_id
from parvis.people.models import Person
from parvis.people.people_list import MOST_BYTES, decoded
from parvis.people.queries import unit_tree
from parvis.people.views.administration import administrator
from parvis.people.views.answers import page, say
from parvis.worktime import actions, queries
from parvis.worktime.contract_lists import Plan, plan_of_list, plan_of_unit
from parvis.worktime.models import WorkingTimePolicy

CHANGES_SHOWN, FAULTS_SHOWN = 200, 100
NO_CONTRACT = "none"


@require_http_methods(["GET", "POST"])
def contracts(request: HttpRequest) -> HttpResponse:
    """Show what a unit or a list changes, and change it when that is confirmed."""
    viewer = administrator(request)
    known = [one for one in queries.policies() if one.level == WorkingTimePolicy.Level.CONTRACT]
    units = unit_tree()
    context: dict[str, Any] = {
        "units": [
            ("", _("Choose…")),
            *((str(one.id), "\u2003" * one.depth + one.name) for one in units),
        ],
        "contracts": [
            ("", _("Choose…")),
            *((str(one.id), one.name) for one in known),
            (NO_CONTRACT, _("None: their unit or the organization decides")),
        ],
        "typed": {name: request.POST.get(name, "") for name in ("way", "unit", "contract", "only_without")},
        "text": "",
        "plan": None,
    }
    if request.method != "POST":
        return page(request, "worktime/contracts.html", context)
    context["text"], fault = _text_of(request)
    plan = (
        Plan(fault=fault)
        if fault
        else _plan(viewer, request, context["text"], known, {one.id for one in units})
    )
    if request.POST.get("do") == "apply" and not plan.fault:
        count = actions.assign_contracts(
            actor=viewer, wanted=[(change.person, change.after) for change in plan.changes]
        )
        told = ngettext(
            "%(num)s person has another contract.", "%(num)s people have another contract.", count
        )
        say(request, told % {"num": count})
        if not plan.faults:
            return redirect("worktime:policies")
        # What could not be used waits to be corrected.
        context["text"], plan = plan.rest, Plan(faults=plan.faults)
    context |= {
        "plan": plan,
        "shown": plan.changes[:CHANGES_SHOWN],
        "more": max(len(plan.changes) - CHANGES_SHOWN, 0),
        "faults": plan.faults[:FAULTS_SHOWN],
    }
    answer = page(request, "worktime/contracts.html", context)
    answer.status_code = 422 if plan.fault else 200
    return answer


def _text_of(request: HttpRequest) -> tuple[str, str]:
    """Return the list that was uploaded or typed, and what is wrong with the file."""
    typed: str = request.POST.get("text", "")
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return typed, ""
    if (file.size or 0) > MOST_BYTES:
        return typed, _("This file is too large for a list of people.")
    return decoded(file.read()), ""


def _plan(
    viewer: Person, request: HttpRequest, text: str, known: list[WorkingTimePolicy], unit_ids: set[UUID]
) -> Plan:
    if request.POST.get("way") == "list":
        return plan_of_list(viewer, text)
    unit_id, wanted = parse_id(request.POST.get("unit")), request.POST.get("contract", "")
    contract = next((one for one in known if str(one.id) == wanted), None)
    if unit_id is None or unit_id not in unit_ids:
        return Plan(fault=_("Choose a unit."))
    if contract is None and wanted != NO_CONTRACT:
        return Plan(fault=_("Choose one of the contracts."))
    return plan_of_unit(viewer, unit_id, contract, only_without="only_without" in request.POST)
