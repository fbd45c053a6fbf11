"""Build the organization chart: add, rename, move, merge and remove units, as an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.events import record
from parvis.people.events import UnitChanged
from parvis.people.models import Person, Unit
from parvis.people.policy import can
from parvis.people.queries import units_below


def set_unit(*, actor: Person, name: str, parent: Unit | None = None) -> Unit:
    """Return the unit of that name, creating it when an administrator first uses it."""
    with _changing_units(actor):
        found: Unit | None = Unit.objects.filter(name__iexact=name.strip()).first()
        if found is not None:
            return found
        unit: Unit = Unit.objects.create(name=name.strip(), parent=parent)
        _record(actor, unit, "added")
    return unit


def change_unit(*, actor: Person, unit: Unit, name: str, parent: Unit | None) -> Unit:
    """Rename a unit, or move it with all that is below it; never into itself."""
    with _changing_units(actor):
        if Unit.objects.filter(name__iexact=name.strip()).exclude(pk=unit.pk).exists():
            raise Invalid({"name": [_("Another unit has this name: merge the two instead.")]})
        _not_within(unit, parent, "parent")
        # What stands now, not what the page knew.
        before = Unit.objects.get(pk=unit.pk)
        unit.name, unit.parent = name.strip(), parent
        unit.save(update_fields=["name", "parent"])
        if before.name != unit.name:
            _record(actor, unit, "renamed", before.name)
        if before.parent_id != unit.parent_id:
            _record(actor, unit, "moved", parent.name if parent is not None else "")
    return unit


def merge_unit(*, actor: Person, unit: Unit, into: Unit) -> None:
    """Put everybody and everything of a unit into another one, and remove it."""
    with _changing_units(actor):
        _not_within(unit, into, "into")
        _empty_into(unit, into)
        _record(actor, unit, "merged", into.name)


def remove_unit(*, actor: Person, unit: Unit) -> None:
    """Remove a unit: its people and the units below it belong to the one above from now on."""
    with _changing_units(actor):
        above = Unit.objects.select_related("parent").get(pk=unit.pk).parent
        _empty_into(unit, above)
        _record(actor, unit, "removed", above.name if above is not None else "")


@contextmanager
def _changing_units(actor: Person) -> Iterator[None]:
    """Lock the whole chart, which is small: two moves at once could otherwise close a circle."""
    if not can(actor, "administer", actor.organization):
        raise Forbidden
    with transaction.atomic():
        list(Unit.objects.order_by("id").select_for_update(of=("self",)).values_list("id", flat=True))
        yield


def _not_within(unit: Unit, target: Unit | None, field: str) -> None:
    if not Unit.objects.filter(pk=unit.pk).exists():
        raise NotFound
    if target is None:
        return
    if not Unit.objects.filter(pk=target.pk).exists():
        raise Invalid({field: [_("This unit is gone: somebody removed it meanwhile.")]})
    if target.pk in units_below(unit.pk):
        raise Invalid({field: [_("A unit cannot be part of itself, nor of a unit below it.")]})


def _empty_into(unit: Unit, target: Unit | None) -> None:
    Person.objects.filter(unit=unit).update(unit=target)
    Unit.objects.filter(parent=unit).update(parent=target)
    Unit.objects.filter(pk=unit.pk).delete()


def _record(actor: Person, unit: Unit, change: str, other: str = "") -> None:
    record(UnitChanged(actor_id=actor.id, unit_id=unit.id, name=unit.name, change=change, other=other))
