"""Set policies and who has which contract; choose own hours, take leave; name who reads the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.events import record
from parvis.people.models import Person, Unit
from parvis.worktime import words
from parvis.worktime.events import (
    ContractChanged,
    PolicyRemoved,
    PolicySaved,
    RepresentativeNamed,
    WorkingTimeChanged,
)
from parvis.worktime.holidays import regions
from parvis.worktime.hours import Week, as_lists
from parvis.worktime.models import Contract, Leave, OwnHours, Representative, WorkingTimePolicy
from parvis.worktime.policy import can

Level = WorkingTimePolicy.Level
MOST_POLICIES = 500
MOST_QUOTA = 100
MOST_LEAVES = 60
LONGEST_LEAVE = timedelta(days=5 * 366)
# Windows and turns told by one event.
TOLD_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a policy says."""

    week: Week
    country: str = ""
    region: str = ""
    own_hours: str = WorkingTimePolicy.OwnHours.WITHIN
    urgent: str = WorkingTimePolicy.Urgent.NOBODY
    urgent_quota: int = 3


def set_policy(
    *, actor: Person, terms: Terms, unit: Unit | None = None, contract: str = ""
) -> WorkingTimePolicy:
    """Set the policy of the organization, of a unit, or of a contract of that name: there is one of each."""
    level = Level.UNIT if unit else Level.CONTRACT if contract else Level.ORGANIZATION
    found = WorkingTimePolicy.objects.filter(level=level, unit=unit, name__iexact=contract).first()
    if found is None and WorkingTimePolicy.objects.count() >= MOST_POLICIES:
        raise Invalid({"": [_("There are %(most)s policies. Remove one first.") % {"most": MOST_POLICIES}]})
    found = found or WorkingTimePolicy(level=level, unit=unit, name=contract)
    return change_policy(actor=actor, policy=found, terms=terms)


def change_policy(
    *, actor: Person, policy: WorkingTimePolicy, terms: Terms, name: str | None = None
) -> WorkingTimePolicy:
    """Set what a policy says; what waits looks again at once."""
    _check(actor, terms)
    policy.week, policy.country, policy.region = as_lists(terms.week), terms.country, terms.region
    policy.own_hours, policy.urgent, policy.urgent_quota = terms.own_hours, terms.urgent, terms.urgent_quota
    policy.changed_at = timezone.now()
    if name and policy.level == Level.CONTRACT:
        policy.name = name
    with transaction.atomic():
        with _named_once():
            policy.save()
        record(_saved(actor, policy, terms))
        record(WorkingTimeChanged(actor_id=actor.id, is_everybody=True))
    return policy


def _saved(actor: Person, policy: WorkingTimePolicy, terms: Terms) -> PolicySaved:
    return PolicySaved(
        actor_id=actor.id,
        policy_id=policy.id,
        title=policy.title,
        hours=words.sentence_of(terms.week),
        holidays=" ".join([terms.country, terms.region]).strip(),
        own_hours=terms.own_hours,
        urgent=terms.urgent,
        urgent_quota=terms.urgent_quota,
    )


def _check(actor: Person, terms: Terms) -> None:
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    words.check_week(terms.week)
    known = regions()
    if terms.country and terms.country not in known:
        raise Invalid({"country": [_("The holidays of this country are not known.")]})
    if terms.region and terms.region not in known.get(terms.country, ()):
        raise Invalid({"region": [_("Choose a region of the country, or none.")]})
    if terms.own_hours not in WorkingTimePolicy.OwnHours.values:
        raise Invalid({"own_hours": [_("Choose one of these.")]})
    if terms.urgent not in WorkingTimePolicy.Urgent.values:
        raise Invalid({"urgent": [_("Choose one of these.")]})
    if not 0 <= terms.urgent_quota <= MOST_QUOTA:
        raise Invalid({"urgent_quota": [_("Between 0 and %(most)s.") % {"most": MOST_QUOTA}]})


@contextmanager
def _named_once() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Invalid({"name": [_("There is a policy of this name, or for this unit, already.")]}) from error


def remove_policy(*, actor: Person, policy: WorkingTimePolicy) -> None:
    """Remove a policy: what is less specific applies to its people from now on."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    with transaction.atomic():
        record(PolicyRemoved(actor_id=actor.id, policy_id=policy.id, title=policy.title))
        policy.delete()
        record(WorkingTimeChanged(actor_id=actor.id, is_everybody=True))


def assign_contract(*, actor: Person, person: Person, policy: WorkingTimePolicy | None) -> None:
    """Let somebody's working time follow a contract, or none."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    if policy is not None and policy.level != Level.CONTRACT:
        raise Invalid({"contract": [_("Choose one of the contracts.")]})
    with transaction.atomic():
        if policy is None:
            is_changed = bool(Contract.objects.filter(person=person).delete()[0])
        else:
            is_changed = not Contract.objects.filter(person=person, policy=policy).exists()
            Contract.objects.update_or_create(person=person, defaults={"policy": policy})
        if is_changed:
            name = policy.name if policy else ""
            record(ContractChanged(actor_id=actor.id, person_id=person.id, contract=name))
            tell_changed([person.id], actor_id=actor.id)


def assign_contracts(*, actor: Person, wanted: Sequence[tuple[Person, WorkingTimePolicy | None]]) -> int:
    """Let many people's working time follow these contracts, or none; return how many changed: all, or nothing."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    if any(policy is not None and policy.level != Level.CONTRACT for _person, policy in wanted):
        raise Invalid({"contract": [_("Choose one of the contracts.")]})
    with transaction.atomic():
        having = Contract.objects.select_for_update().filter(person__in=[person.id for person, _to in wanted])
        before = dict(having.values_list("person_id", "policy_id"))
        changed = [
            (person, policy) for person, policy in wanted if before.get(person.id) != (policy and policy.id)
        ]
        ids = [person.id for person, _policy in changed]
        Contract.objects.filter(person__in=ids).delete()
        Contract.objects.bulk_create(
            Contract(person=person, policy=policy) for person, policy in changed if policy is not None
        )
        for person, policy in changed:
            name = policy.name if policy else ""
            record(ContractChanged(actor_id=actor.id, person_id=person.id, contract=name))
        tell_changed(ids, actor_id=actor.id)
    return len(changed)


def choose_own_hours(*, person: Person, week: Week | None) -> None:
    """Keep the week that somebody chose, or none: how far it counts, the policy says when it is read."""
    with transaction.atomic():
        if week is None:
            OwnHours.objects.filter(person=person).delete()
        else:
            words.check_week(week)
            OwnHours.objects.update_or_create(person=person, defaults={"week": as_lists(week)})
        tell_changed([person.id], actor_id=person.id)


def take_leave(*, person: Person, first_day: date, last_day: date) -> Leave:
    """Note that somebody is not there from one day to another, both included."""
    if last_day < first_day:
        raise Invalid({"last_day": [_("The last day cannot come before the first.")]})
    if last_day - first_day > LONGEST_LEAVE or last_day.year > timezone.now().year + 10:
        raise Invalid({"last_day": [_("Choose at most five years.")]})
    if Leave.objects.filter(person=person, last_day__gte=timezone.now().date()).count() >= MOST_LEAVES:
        raise Invalid({"": [_("There is too much leave ahead. Remove some first.")]})
    with transaction.atomic():
        leave: Leave = Leave.objects.create(person=person, first_day=first_day, last_day=last_day)
        tell_changed([person.id], actor_id=person.id)
    return leave


def cancel_leave(*, person: Person, leave_id: UUID) -> None:
    """Be there after all."""
    with transaction.atomic():
        if Leave.objects.filter(person=person, pk=leave_id).delete()[0]:
            tell_changed([person.id], actor_id=person.id)


def tell_changed(person_ids: Sequence[UUID], *, actor_id: UUID | None) -> None:
    """Let what waits for these people look again."""
    for start in range(0, len(person_ids), TOLD_AT_ONCE):
        some = tuple(person_ids[start : start + TOLD_AT_ONCE])
        record(WorkingTimeChanged(actor_id=actor_id, person_ids=some))


def name_representative(*, actor: Person, person: Person) -> None:
    """Let somebody who speaks for the staff read the report."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    if not person.is_active or person.is_guest:
        raise Invalid({"person": [_("Only active members of the organization speak for its staff.")]})
    with transaction.atomic():
        _row, is_new = Representative.objects.get_or_create(person=person, defaults={"named_by": actor})
        if is_new:
            record(RepresentativeNamed(actor_id=actor.id, person_id=person.id, is_named=True))


def dismiss_representative(*, actor: Person, person: Person) -> None:
    """No longer let somebody read the report."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    with transaction.atomic():
        if Representative.objects.filter(person=person).delete()[0]:
            record(RepresentativeNamed(actor_id=actor.id, person_id=person.id, is_named=False))
