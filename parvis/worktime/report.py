"""The report for staff representatives: totals of a month that is over, by groups of five or more.

Groups do not overlap, and what is too small becomes part of the unit above: no difference of two groups is a few
people. A month is counted once, when it is over, and kept: nobody learns of somebody by looking again after they moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from parvis.foundation.tenancy import current_organization_id
from parvis.people.models import Organization, Person, Unit
from parvis.worktime import hours
from parvis.worktime.models import GroupFigures, HeldTally, UrgentCall
from parvis.worktime.queries import applying_to

SMALLEST_GROUP = 5
HOLD = """
    INSERT INTO worktime_heldtally AS t (id, organization_id, month, unit_id, count)
    SELECT gen_random_uuid(), %s, %s, held.unit_id, held.count
    FROM unnest(%s::uuid[], %s::int[]) AS held (unit_id, count)
    ON CONFLICT (organization_id, month, unit_id) DO UPDATE SET count = t.count + excluded.count
"""

# Who wrote when, of what a feature keeps: registered by the rooms above.
Source = Callable[[datetime, datetime], Iterable[tuple[UUID, datetime]]]
_sources: list[Source] = []
# What stands for people without a unit, or of units that are too small.
REST = None


def written_in(source: Source) -> Source:
    """Register who wrote when, between two instants."""
    _sources.append(source)
    return source


def count_held(held: Iterable[tuple[Person, int]]) -> None:
    """Count what waits until people's days begin, for their units."""
    by_unit: Counter[UUID | None] = Counter()
    for person, count in held:
        by_unit[person.unit_id] += count
    if by_unit:
        # In one order, so that two at once do not wait for each other.
        units = sorted(by_unit, key=str)
        month = timezone.now().date().replace(day=1)
        counts = [by_unit[unit] for unit in units]
        with connection.cursor() as cursor:
            cursor.execute(HOLD, [current_organization_id(), month, units, counts])


def close_month(month: date) -> None:
    """Count a month that is over, once."""
    if GroupFigures.objects.filter(month=month).exists():
        return
    organization = Organization.objects.get(pk=current_organization_id())
    first, end = _bounds(month, ZoneInfo(organization.time_zone))
    if end > timezone.now():
        return
    people = list(Person.objects.filter(kind=Person.Kind.MEMBER, state=Person.State.ACTIVE))
    groups = groups_of({person.id: person.unit_id for person in people}, _parents())
    with transaction.atomic(), override(organization.default_language):
        GroupFigures.objects.bulk_create(_figures(month, first, end, people, groups))


def _bounds(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    following = (month + timedelta(days=32)).replace(day=1)
    first, end = (datetime.combine(day, time(), tzinfo=zone) for day in (month, following))
    return first, end


def groups_of(
    unit_of: dict[UUID, UUID | None], parents: dict[UUID, UUID | None]
) -> dict[UUID | None, set[UUID]]:
    """Return groups of five or more that do not overlap, by their unit; none where there are fewer in all."""
    groups: dict[UUID | None, set[UUID]] = {}
    for person_id, unit_id in unit_of.items():
        groups.setdefault(unit_id, set()).add(person_id)
    # The lowest first, so that what is merged is large enough for its own turn, or goes on upwards.
    for unit_id in sorted(parents, key=lambda id: -_depth(id, parents)):
        if len(groups.get(unit_id, ())) < SMALLEST_GROUP:
            members = groups.pop(unit_id, set())
            if members:
                groups.setdefault(parents[unit_id], set()).update(members)
    rest = groups.get(REST, set())
    if 0 < len(rest) < SMALLEST_GROUP:
        del groups[REST]
        if groups:
            smallest = min(groups, key=lambda id: (len(groups[id]), str(id)))
            groups.setdefault(REST, rest).update(groups.pop(smallest))
    return groups


def _depth(unit_id: UUID | None, parents: dict[UUID, UUID | None]) -> int:
    depth = 0
    while unit_id is not None:
        unit_id, depth = parents.get(unit_id), depth + 1
    return depth


def _parents() -> dict[UUID, UUID | None]:
    return dict(Unit.objects.values_list("id", "parent_id"))


def _figures(
    month: date, first: datetime, end: datetime, people: list[Person], groups: dict[UUID | None, set[UUID]]
) -> list[GroupFigures]:
    outside = _written_outside(first, end, people)
    calls = UrgentCall.objects.filter(marked_at__gte=first, marked_at__lt=end).values("sender_id")
    urgent = dict(calls.annotate(count=Count("id")).values_list("sender_id", "count"))
    held = _held(month, groups)
    names = dict(Unit.objects.values_list("id", "name"))
    # A unit may be called like that.
    rest = _("Others") if _("Others") not in names.values() else f"({_('Others')})"
    return [
        GroupFigures(
            month=month,
            group=names[unit_id] if unit_id else rest,
            people=len(members),
            written_outside=sum(outside.get(id, 0) for id in members),
            urgent_calls=sum(urgent.get(id, 0) for id in members),
            held_back=held.get(unit_id, 0),
        )
        for unit_id, members in groups.items()
    ]


def _written_outside(first: datetime, end: datetime, people: list[Person]) -> dict[UUID, int]:
    """Return how much each wrote outside their hours, as these stand when the month is counted."""
    schedules = {id: applying.schedule for id, applying in applying_to(people, at=first).items()}
    counts: dict[UUID, int] = {}
    for source in _sources:
        for author_id, at in source(first, end):
            schedule = schedules.get(author_id)
            if schedule is not None and not hours.is_open(schedule, at):
                counts[author_id] = counts.get(author_id, 0) + 1
    return counts


def _held(month: date, groups: dict[UUID | None, set[UUID]]) -> dict[UUID | None, int]:
    """Return what was held back, by the group that a unit's people are counted in."""
    parents, found = _parents(), dict[UUID | None, int]()
    for unit_id, count in HeldTally.objects.filter(month=month).values_list("unit_id", "count"):
        while unit_id is not None and unit_id not in groups:
            unit_id = parents.get(unit_id)
        found[unit_id] = found.get(unit_id, 0) + count
    return found


def months() -> list[date]:
    """Return the months that were counted, the latest first."""
    found = GroupFigures.objects.values_list("month", flat=True).distinct().order_by("-month")
    return list(found[:24])


def figures_of(month: date) -> list[GroupFigures]:
    """Return the groups of a month, the largest first."""
    return list(GroupFigures.objects.filter(month=month).order_by("-people", "group"))
