"""What each channel carries, and when: one's own choice, else the nearest unit's, the organization's, the usual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from parvis.delivery.channels import Channel, all_channels
from parvis.delivery.models import Choice
from parvis.foundation.prepared import any_of, prepared
from parvis.notifications.reasons import find_reason
from parvis.people.models import Person, Unit

Kind, When = Choice.Kind, Choice.When
Units = dict[UUID | None, Unit]


@dataclass(frozen=True)
class Chosen:
    """When a kind leaves, and who decided so: "person", "unit", "organization", or "" for the usual."""

    when: str
    origin: str = ""
    unit: Unit | None = None


def kind_of(reason: str) -> str:
    """Return the kind that a reason to notify is for channels."""
    found = find_reason(reason)
    return found.delivered_as or found.kind or Kind.NOTICE


def choices_of(person: Person) -> dict[str, dict[str, Chosen]]:
    """Return when each kind leaves for somebody, by channel and kind, with who decided."""
    return _decided(_concerning(person.id), person.unit_id)


def choices_of_all(people: Sequence[Person]) -> dict[UUID, dict[str, dict[str, Chosen]]]:
    """Return the same for several people, in two statements at most."""
    rows: dict[UUID | None, list[Choice]] = defaultdict(list)
    for row in _concerning_any([person.id for person in people]):
        rows[row.person_id].append(row)
    shared = rows[None]
    units = _units_in(shared)
    # Whoever chose nothing has what is usual in their unit.
    usual = {
        unit_id: _decided(shared, unit_id, units=units)
        for unit_id in {person.unit_id for person in people if person.id not in rows}
    }
    return {
        person.id: _decided(shared + rows[person.id], person.unit_id, units=units)
        if person.id in rows
        else usual[person.unit_id]
        for person in people
    }


def usual_for(person: Person) -> dict[str, dict[str, Chosen]]:
    """Return the same for somebody who has chosen nothing."""
    return _usual(person.unit_id)


def usual_above(unit: Unit | None) -> dict[str, dict[str, Chosen]]:
    """Return what holds in a unit, or without one in the organization, that decides nothing itself."""
    if unit is None:
        return _decided([], None)
    return _decided(list(Choice.objects.filter(person=None).exclude(unit=unit)), unit.id)


def usual_in(unit: Unit | None) -> dict[str, dict[str, Chosen]]:
    """Return what holds in a unit, or without one in the organization, for whoever has chosen nothing."""
    return _usual(unit.id if unit else None)


def _usual(unit_id: UUID | None) -> dict[str, dict[str, Chosen]]:
    return _decided(list(Choice.objects.filter(person=None)), unit_id)


def decided_by(*, person: Person | None = None, unit: Unit | None = None) -> dict[tuple[str, str], str]:
    """Return what a person, a unit, or without either the organization decided, by channel and kind."""
    rows = Choice.objects.filter(person=person, unit=unit).values_list("channel", "kind", "when")
    return {(channel, kind): when for channel, kind, when in rows}


def _decided(
    rows: list[Choice], unit_id: UUID | None, *, units: Units | None = None
) -> dict[str, dict[str, Chosen]]:
    found = {
        channel.name: {kind: Chosen(channel.usual(kind)) for kind in Kind.values}
        for channel in all_channels()
    }
    units = _units_in(rows) if units is None else units
    chain = [unit.id for unit in _chain(unit_id, units)]
    for row in _nearest_last(rows, chain):
        if row.channel in found:
            origin = "person" if row.person_id else "unit" if row.unit_id else "organization"
            found[row.channel][row.kind] = Chosen(row.when, origin, units.get(row.unit_id))
    return found


def _units_in(rows: list[Choice]) -> Units:
    """Return all units, where one of them decides something."""
    return _units() if any(row.unit_id for row in rows) else {}


@prepared
def _concerning_any(person_ids: list[UUID]) -> QuerySet[Choice]:
    return Choice.objects.filter(any_of("delivery_choice.person_id", person_ids) | Q(person=None))


@prepared
def _concerning(person_id: UUID) -> QuerySet[Choice]:
    return Choice.objects.filter(Q(person_id=person_id) | Q(person=None))


def _nearest_last(rows: list[Choice], chain: list[UUID]) -> list[Choice]:
    """The organization's first, then units from the farthest, then one's own: later ones win."""

    def distance(row: Choice) -> int:
        if row.person_id:
            return -1
        return chain.index(row.unit_id) if row.unit_id else len(chain)

    concerned = [row for row in rows if not row.unit_id or row.unit_id in chain]
    return sorted(concerned, key=distance, reverse=True)


def _units() -> Units:
    return {unit.id: unit for unit in Unit.objects.all()}


def _chain(unit_id: UUID | None, units: Units) -> list[Unit]:
    """Return a unit and those above it, the nearest first."""
    chain: list[Unit] = []
    while unit_id in units and units[unit_id] not in chain:
        chain.append(units[unit_id])
        unit_id = units[unit_id].parent_id
    return chain


def carrying(people: QuerySet[Person], channel: Channel, kind: str, *, is_urgent: bool) -> QuerySet[Person]:
    """Return those of these people whom a channel tells of a kind at once; what is urgent waits for no digest."""
    rows = Choice.objects.filter(channel=channel.name, kind=kind)
    own = rows.filter(person__isnull=False)
    shared = {row.unit_id: is_now(row.when, is_urgent=is_urgent) for row in rows.filter(person__isnull=True)}
    usual = shared.pop(None, is_now(channel.usual(kind), is_urgent=is_urgent))
    chose_now = own.filter(when__in=[when for when in When.values if is_now(when, is_urgent=is_urgent)])
    others = _of_units(shared, usual) if shared else Q() if usual else Q(pk__in=[])
    return people.filter(
        Q(id__in=chose_now.values("person_id")) | (others & ~Q(id__in=own.values("person_id")))
    )


def is_now(when: str, *, is_urgent: bool) -> bool:
    """Tell whether something leaves at once."""
    return when == When.NOW or (is_urgent and when == When.DIGEST)


def _of_units(shared: dict[UUID, bool], usual: bool) -> Q:
    """Return the condition that somebody's unit, by itself or from above, says at once."""
    decided = dict(_by_unit(shared))
    now = Q(unit__in=[unit for unit, is_on in decided.items() if is_on])
    undecided = Q(unit__isnull=True) | ~Q(unit__in=list(decided))
    return now | undecided if usual else now


def _by_unit(shared: dict[UUID, bool]) -> Iterator[tuple[UUID, bool]]:
    units = _units()
    for unit in units.values():
        nearest = next((above.id for above in _chain(unit.id, units) if above.id in shared), None)
        if nearest is not None:
            yield unit.id, shared[nearest]
