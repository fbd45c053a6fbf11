"""Working time as administrators decide it, and the report for staff representatives."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from parvis.api.responses import (
    DONE,
    PROBLEMS,
    Limit,
    administrator_of,
    read_name_cursor,
    unit_of,
    viewer_of,
    write_name_cursor,
)
from parvis.api.rows import person_row
from parvis.api.schemas.working_time import (
    ContractChanges,
    ContractsIn,
    HolderPage,
    PolicyIn,
    PolicyList,
    PolicyOut,
    PolicyPut,
    ReportOut,
    RepresentativeList,
    TermsIn,
)
from parvis.foundation.errors import Invalid, NotFound
from parvis.people.models import Person
from parvis.people.queries import directory
from parvis.worktime import actions, hours, queries, report
from parvis.worktime.contract_lists import Change, Plan, Policy, plan_of_list, plan_of_unit
from parvis.worktime.models import Contract, WorkingTimePolicy
from parvis.worktime.policy import can

router = Router(tags=["working time"])
TERMS = ("country", "region", "own_hours", "urgent", "urgent_quota")


@router.get("/working-time/policies", response={200: PolicyList, **PROBLEMS}, summary="Working time policies")
def policies(request: HttpRequest) -> Any:
    """All of them, from the widest to the most specific; for administrators."""
    administrator_of(request)
    return {"items": [_row(policy) for policy in queries.policies()]}


@router.post("/working-time/policies", response={200: PolicyOut, **PROBLEMS}, summary="Set a policy")
def set_policy(request: HttpRequest, payload: PolicyIn) -> Any:
    """Of the organization, a unit or a contract: there is one of each, which is changed where it exists."""
    viewer = administrator_of(request)
    name = " ".join(payload.contract.split())
    if payload.unit and name:
        raise Invalid({"contract": [_("A policy is of a unit or a contract, not both.")]})
    saved = actions.set_policy(
        actor=viewer,
        terms=_terms(payload),
        unit=unit_of(payload.unit) if payload.unit else None,
        contract=name,
    )
    return _again(saved)


@router.get(
    "/working-time/policies/{uuid:policy_id}", response={200: PolicyOut, **PROBLEMS}, summary="A policy"
)
def policy(request: HttpRequest, policy_id: UUID) -> Any:
    """What one policy says; for administrators."""
    administrator_of(request)
    return _row(queries.find_policy(policy_id))


@router.put(
    "/working-time/policies/{uuid:policy_id}",
    response={200: PolicyOut, **PROBLEMS},
    summary="Change a policy",
)
def change_policy(request: HttpRequest, policy_id: UUID, payload: PolicyPut) -> Any:
    """What waits for the hours of its people looks again at once; the audit trail keeps what it says."""
    viewer = administrator_of(request)
    found = queries.find_policy(policy_id)
    name = " ".join(payload.name.split())
    return _again(actions.change_policy(actor=viewer, policy=found, terms=_terms(payload), name=name))


@router.delete("/working-time/policies/{uuid:policy_id}", response=DONE, summary="Remove a policy")
def remove_policy(request: HttpRequest, policy_id: UUID) -> Any:
    """What is less specific applies to its people from now on."""
    viewer = administrator_of(request)
    actions.remove_policy(actor=viewer, policy=queries.find_policy(policy_id))
    return Status(204, None)


@router.get(
    "/working-time/policies/{uuid:policy_id}/people",
    response={200: HolderPage, **PROBLEMS},
    summary="Who has a contract",
)
def people(request: HttpRequest, policy_id: UUID, limit: Limit = 50, cursor: str = "") -> Any:
    """By name; nobody has a policy that is no contract: it applies by itself."""
    administrator_of(request)
    having = queries.people_with(queries.find_policy(policy_id))
    if cursor:
        name, id = read_name_cursor(cursor)
        having = having.filter(Q(person__sort_name__gt=name) | Q(person__sort_name=name, person_id__gt=id))
    found = [contract.person for contract in having[: limit + 1]]
    last = found[limit - 1] if len(found) > limit else None
    following = write_name_cursor(last.sort_name, last.id) if last is not None else ""
    return {"items": [person_row(person) for person in found[:limit]], "next": following}


@router.put(
    "/working-time/policies/{uuid:policy_id}/people/{uuid:person_id}",
    response=DONE,
    summary="Give somebody a contract",
)
def assign(request: HttpRequest, policy_id: UUID, person_id: UUID) -> Any:
    """Instead of the one that they have."""
    viewer = administrator_of(request)
    person, found = _person(viewer, person_id), queries.find_policy(policy_id)
    actions.assign_contract(actor=viewer, person=person, policy=found)
    return Status(204, None)


@router.delete(
    "/working-time/policies/{uuid:policy_id}/people/{uuid:person_id}",
    response=DONE,
    summary="Take a contract from somebody",
)
def take(request: HttpRequest, policy_id: UUID, person_id: UUID) -> Any:
    """The working time of their unit or of the organization applies."""
    viewer = administrator_of(request)
    person = _person(viewer, person_id)
    if not Contract.objects.filter(policy=policy_id, person=person).exists():
        raise NotFound
    actions.assign_contract(actor=viewer, person=person, policy=None)
    return Status(204, None)


@router.post(
    "/working-time/contracts",
    response={200: ContractChanges, **PROBLEMS},
    summary="Give many people a contract",
)
def assign_many(request: HttpRequest, payload: ContractsIn) -> Any:
    """By a unit or a list, as on the page. Without `apply` nothing changes: the answer says what would, and which lines cannot be used. For administrators."""
    viewer = administrator_of(request)
    plan = _plan(viewer, payload)
    if plan.fault:
        raise Invalid({"text" if payload.text else "unit": [plan.fault]})
    if payload.apply:
        wanted = [(change.person, change.after) for change in plan.changes]
        actions.assign_contracts(actor=viewer, wanted=wanted)
    return {
        "is_applied": payload.apply,
        "changes": [_change_row(change) for change in plan.changes],
        "same": plan.same,
        "unused": [{"line": line.number, "text": line.text, "why": line.why} for line in plan.faults],
    }


@router.get(
    "/working-time/representatives",
    response={200: RepresentativeList, **PROBLEMS},
    summary="Who speaks for the staff",
)
def representatives(request: HttpRequest) -> Any:
    """They read the report; for administrators."""
    administrator_of(request)
    return {"items": [person_row(row.person) for row in queries.representatives()]}


@router.put(
    "/working-time/representatives/{uuid:person_id}",
    response=DONE,
    summary="Name somebody who speaks for the staff",
)
def name_representative(request: HttpRequest, person_id: UUID) -> Any:
    """An active member of the organization."""
    viewer = administrator_of(request)
    actions.name_representative(actor=viewer, person=_person(viewer, person_id))
    return Status(204, None)


@router.delete(
    "/working-time/representatives/{uuid:person_id}",
    response=DONE,
    summary="Somebody no longer speaks for the staff",
)
def dismiss_representative(request: HttpRequest, person_id: UUID) -> Any:
    """They no longer read the report."""
    viewer = administrator_of(request)
    actions.dismiss_representative(actor=viewer, person=_person(viewer, person_id))
    return Status(204, None)


@router.get("/working-time/report", response={200: ReportOut, **PROBLEMS}, summary="The right to disconnect")
def show_report(request: HttpRequest, month: str = Query("", pattern="^([0-9]{4}-[0-9]{2})?$")) -> Any:
    """Totals of one month that is over; for staff representatives and administrators."""
    viewer = viewer_of(request)
    if not can(viewer, "read_report", viewer.organization):
        raise NotFound
    months = {each.isoformat()[:7]: each for each in report.months()}
    chosen = month or next(iter(months), None)
    if month and month not in months:
        raise NotFound
    rows = report.figures_of(months[chosen]) if chosen else []
    return {"months": list(months), "month": chosen, "groups": rows}


def _terms(payload: TermsIn) -> actions.Terms:
    said = {name: getattr(payload, name) for name in TERMS}
    return actions.Terms(week=hours.week_from(payload.week), **said)


def _plan(viewer: Person, payload: ContractsIn) -> Plan:
    if (payload.unit is None) == (not payload.text):
        raise Invalid({"unit": [_("Send a unit or a list: one of them.")]})
    if payload.unit is None:
        return plan_of_list(viewer, payload.text)
    unit = unit_of(payload.unit)
    return plan_of_unit(viewer, unit.id, _contract(payload), only_without=payload.only_without)


def _contract(payload: ContractsIn) -> Policy:
    """Return the contract of a body; that there is to be none has to be said."""
    if payload.policy is None and "policy" in payload.model_fields_set:
        return None
    contracts = WorkingTimePolicy.objects.filter(level=WorkingTimePolicy.Level.CONTRACT)
    found: Policy = contracts.filter(pk=payload.policy).first()
    if found is None:
        raise Invalid({"policy": [_("Choose one of the contracts.")]})
    return found


def _change_row(change: Change) -> dict[str, Any]:
    return {"person": person_row(change.person), "before": change.before, "after": change.after}


def _again(policy: WorkingTimePolicy) -> dict[str, Any]:
    return _row(queries.find_policy(policy.id))


def _row(policy: WorkingTimePolicy) -> dict[str, Any]:
    return {
        **{name: getattr(policy, name) for name in ("id", "level", "title", "unit_id", "week", *TERMS)},
        "people": queries.people_with(policy).count() if policy.level == "contract" else 0,
    }


def _person(viewer: Person, person_id: UUID) -> Person:
    found: Person | None = directory(viewer).filter(pk=person_id).first()
    if found is None:
        raise NotFound
    return found
