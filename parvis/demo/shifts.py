"""When the people of the demo work: offices, three shifts of a plant, two offices abroad, and somebody on leave."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Count

from parvis.people.models import Person, Unit
from parvis.worktime import actions
from parvis.worktime.actions import Terms
from parvis.worktime.hours import Week
from parvis.worktime.models import HeldTally, WorkingTimePolicy
from parvis.worktime.report import close_month
from parvis.worktime.words import read_day

ADMINISTRATOR = "alexis.roman"
# Whoever speaks for the staff.
REPRESENTATIVE = "dominique.faure"
SHIFTS = {
    "Équipe du matin": ("05:00-13:00", ["lucie.berthet", "fatou.ndiaye", "sofiane.meziane"]),
    "Équipe d'après-midi": ("13:00-21:00", ["thierry.pons", "gerard.malosse"]),
    "Équipe de nuit": ("21:00-05:00", ["jordan.petit"]),
}
ABROAD = {
    "Hivernel Canada": ("09:00-12:00, 13:00-17:30", "CA", "QC"),
    "Hivernel UK": ("09:00-17:30", "GB", "ENG"),
}
ON_LEAVE = "bruno.vacher"


def clock_in(people: Mapping[str, Person], *, now: datetime) -> None:
    """Set the policies, give contracts, and let somebody be away for a week."""
    administrator = people[ADMINISTRATOR]
    managers = WorkingTimePolicy.Urgent.MANAGERS
    office = Terms(week=_weekdays("08:30-18:00"), country="FR", urgent=managers)
    actions.set_policy(actor=administrator, terms=office)
    for unit, (hours, country, region) in ABROAD.items():
        terms = Terms(week=_weekdays(hours), country=country, region=region, urgent=managers)
        actions.set_policy(actor=administrator, terms=terms, unit=Unit.objects.get(name=unit))
    for name, (hours, workers) in SHIFTS.items():
        terms = Terms(week=_weekdays(hours), country="FR", own_hours=WorkingTimePolicy.OwnHours.NO)
        policy = actions.set_policy(actor=administrator, terms=terms, contract=name)
        for worker in workers:
            actions.assign_contract(actor=administrator, person=people[worker], policy=policy)
    monday = (now - timedelta(days=now.weekday())).date()
    actions.take_leave(person=people[ON_LEAVE], first_day=monday, last_day=monday + timedelta(days=11))
    actions.name_representative(actor=administrator, person=people[REPRESENTATIVE])


def count_last_month(*, now: datetime) -> None:
    """Close the month before, in which something had waited for every unit, so that there is a report."""
    month = (now.date().replace(day=1) - timedelta(days=1)).replace(day=1)
    for unit in Unit.objects.annotate(size=Count("people")).filter(size__gt=0):
        waited = unit.size * (2 + zlib.crc32(unit.name.encode()) % 9)
        HeldTally.objects.create(month=month, unit_id=unit.id, count=waited)
    close_month(month)


def _weekdays(hours: str) -> Week:
    return (*(read_day(hours),) * 5, (), ())
