"""Who may be reached when, and by which rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from parvis.foundation.errors import NotFound
from parvis.foundation.prepared import any_of
from parvis.foundation.tenancy import current_organization_id
from parvis.people.models import Organization, Person, Unit
from parvis.worktime import hours
from parvis.worktime.hours import DAY, Period, Schedule, Week
from parvis.worktime.models import Contract, Leave, OwnHours, Representative, UrgentCall, WorkingTimePolicy

Level = WorkingTimePolicy.Level
ALWAYS: Week = ((Period(0, DAY),),) * 7
# A night that began before it may still last; zones are at most 26 hours apart.
_LEAVE_MATTERS = timedelta(days=4)


@dataclass(frozen=True, kw_only=True)
class Applying:
    """What applies to somebody: their schedule, the policy that it comes from, and whether the week is their own."""

    schedule: Schedule
    policy: WorkingTimePolicy | None
    is_own: bool = False

    @property
    def is_always(self) -> bool:
        """Tell whether this person can be reached at any time."""
        return self.schedule.week == ALWAYS and not self.schedule.country and not self.schedule.leaves


# What other rooms ask


def leaves_at(people: Sequence[Person], at: datetime) -> dict[UUID, datetime]:
    """Return when something may reach each of these people: now if they work, else at their next start.

    Whoever has no working time at all is at `hours.NEVER`: it waits until a policy says otherwise.
    """
    starts: dict[Schedule, datetime] = {}
    found: dict[UUID, datetime] = {}
    for person_id, applying in applying_to(people, at=at).items():
        schedule = applying.schedule
        if schedule not in starts:
            starts[schedule] = at if applying.is_always else hours.next_start(schedule, at)
        found[person_id] = starts[schedule]
    return found


def is_off(person: Person, at: datetime | None = None) -> bool:
    """Tell whether somebody is outside their working time."""
    return returns_at(person, at) is not None


def returns_at(person: Person, at: datetime | None = None) -> datetime | None:
    """Return when somebody works again; None for whoever works now, `hours.NEVER` when that is not foreseen."""
    at = at or timezone.now()
    start = leaves_at([person], at)[person.id]
    return None if start == at else start


# What applies, and why: person > contract > unit > organization


def applies_to(person: Person, *, at: datetime | None = None) -> Applying:
    """Return what applies to somebody."""
    return applying_to([person], at=at or timezone.now())[person.id]


def applying_to(people: Sequence[Person], *, at: datetime) -> dict[UUID, Applying]:
    """Return what applies to each of these people, in a few queries however many they are."""
    ids = [person.id for person in people]
    policies = _Policies()
    contracts = dict(
        Contract.objects.filter(any_of("worktime_contract.person_id", ids)).values_list(
            "person_id", "policy_id"
        )
    )
    own = {row.person_id: row for row in OwnHours.objects.filter(any_of("worktime_ownhours.person_id", ids))}
    leaves = _leaves_of(ids, at)
    default_zone = Organization.objects.values_list("time_zone", flat=True).get(pk=current_organization_id())
    found = {}
    for person in people:
        policy = policies.of(person, contracts.get(person.id))
        week, is_own = _week(policy, own.get(person.id))
        schedule = Schedule(
            week=week,
            time_zone=person.time_zone or default_zone,
            country=policy.country if policy else "",
            region=policy.region if policy else "",
            leaves=leaves.get(person.id, ()),
        )
        found[person.id] = Applying(schedule=schedule, policy=policy, is_own=is_own)
    return found


def _leaves_of(ids: list[UUID], at: datetime) -> dict[UUID, tuple[hours.Leave, ...]]:
    found: dict[UUID, tuple[hours.Leave, ...]] = {}
    since = (at.astimezone(UTC) - _LEAVE_MATTERS).date()
    rows = Leave.objects.filter(any_of("worktime_leave.person_id", ids), last_day__gte=since)
    for person_id, first, last in rows.order_by("first_day").values_list(
        "person_id", "first_day", "last_day"
    ):
        found[person_id] = (*found.get(person_id, ()), hours.Leave(first, last))
    return found


def _week(policy: WorkingTimePolicy | None, own: OwnHours | None) -> tuple[Week, bool]:
    """Return the week that counts, and whether it is the person's own."""
    allowed = policy.hours if policy else ALWAYS
    rule = policy.own_hours if policy else WorkingTimePolicy.OwnHours.FREE
    if own is None or rule == WorkingTimePolicy.OwnHours.NO:
        return allowed, False
    if rule == WorkingTimePolicy.OwnHours.FREE:
        return own.hours, True
    both = hours.within(own.hours, allowed)
    # A policy that moved away from what was chosen counts alone: nobody becomes unreachable by that.
    return (both, True) if hours.minutes_of(both) else (allowed, False)


class _Policies:
    """All policies of the organization, which are few, and the units that they apply to."""

    def __init__(self) -> None:
        policies: list[WorkingTimePolicy] = list(WorkingTimePolicy.objects.select_related("unit"))
        self._by_id = {policy.id: policy for policy in policies}
        self._of_units = {policy.unit_id: policy for policy in policies if policy.level == Level.UNIT}
        self._of_all = next((policy for policy in policies if policy.level == Level.ORGANIZATION), None)
        self._parents = dict(Unit.objects.values_list("id", "parent_id")) if self._of_units else {}

    def of(self, person: Person, contract_id: UUID | None) -> WorkingTimePolicy | None:
        """Return the most specific policy."""
        if contract_id in self._by_id:
            return self._by_id[contract_id]
        return self.of_unit(person.unit_id)

    def of_unit(self, unit_id: UUID | None) -> WorkingTimePolicy | None:
        """Return the policy of the nearest unit upwards, else that of all."""
        while unit_id is not None:
            if unit_id in self._of_units:
                return self._of_units[unit_id]
            unit_id = self._parents.get(unit_id)
        return self._of_all


def without_leave(applying: Applying) -> Schedule:
    """Return the rhythm alone: what may be told of somebody's usual week."""
    return replace(applying.schedule, leaves=())


# What pages show


def policies() -> list[WorkingTimePolicy]:
    """Return all policies: of the organization, of units, of contracts."""
    found = WorkingTimePolicy.objects.select_related("unit").annotate(people=Count("contracts"))
    order = {Level.ORGANIZATION: 0, Level.UNIT: 1, Level.CONTRACT: 2}
    return sorted(found, key=lambda policy: (order[Level(policy.level)], policy.title.casefold()))


def find_policy(policy_id: UUID) -> WorkingTimePolicy:
    """Return one policy."""
    found: WorkingTimePolicy | None = (
        WorkingTimePolicy.objects.select_related("unit").filter(pk=policy_id).first()
    )
    if found is None:
        raise NotFound
    return found


def people_with(policy: WorkingTimePolicy) -> QuerySet[Contract]:
    """Return who has a contract, by name."""
    found: QuerySet[Contract] = Contract.objects.filter(policy=policy).select_related("person")
    return found.order_by("person__sort_name", "person_id")


def own_hours_of(person: Person) -> OwnHours | None:
    """Return the week that somebody chose."""
    found: OwnHours | None = OwnHours.objects.filter(person=person).first()
    return found


def leave_of(person: Person) -> list[Leave]:
    """Return the leave of somebody that is not over, the next first."""
    today = timezone.now().astimezone(UTC).date() - timedelta(days=1)
    return list(Leave.objects.filter(person=person, last_day__gte=today).order_by("first_day"))


def representatives() -> QuerySet[Representative]:
    """Return who reads the report, by name."""
    found: QuerySet[Representative] = Representative.objects.select_related("person")
    return found.order_by("person__sort_name", "person_id")


def urgent_reasons(subjects: Sequence[str], about: Sequence[UUID]) -> dict[str | UUID, str]:
    """Return why the latest call under each of these subjects, or about each of these entries, is urgent."""
    calls = UrgentCall.objects.filter(Q(subject__in=subjects) | Q(about_id__in=about))
    rows = calls.order_by("marked_at", "id").values_list("subject", "about_id", "reason")
    return {key: reason for subject, about_id, reason in rows for key in (subject, about_id)}
