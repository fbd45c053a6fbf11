"""Whom something may reach when: policies, contracts, own hours, leave; and what may not wait."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from parvis.foundation.errors import Forbidden, Invalid
from parvis.foundation.models import AuditRecord
from parvis.people.actions import set_unit
from parvis.people.models import Organization, Person
from parvis.worktime import actions, hours, urgency, words
from parvis.worktime.actions import Terms
from parvis.worktime.hours import NEVER, Period, Week
from parvis.worktime.models import UrgentCall, WorkingTimePolicy
from parvis.worktime.queries import ALWAYS, applies_to, is_off, leaves_at, returns_at
from tests.world import World

pytestmark = pytest.mark.django_db

OFFICE: Week = ((Period(510, 1080),),) * 5 + ((), ())
NIGHT: Week = ((Period(22 * 60, 30 * 60),),) * 7
NOTHING: Week = ((),) * 7
EVENING = datetime(2026, 11, 20, 18, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


def office(**more: object) -> Terms:
    return Terms(**{"week": OFFICE, "country": "FR", **more})  # type: ignore[arg-type]


def test_without_a_policy_everybody_can_be_reached_at_any_time(world: World) -> None:
    with world.bound():
        assert not is_off(world.bob, EVENING)
        assert returns_at(world.bob, EVENING) is None
        assert applies_to(world.bob).is_always


def test_the_most_specific_policy_wins(world: World) -> None:
    with world.bound():
        alice = world.alice
        plant = set_unit(actor=alice, name="Plant")
        line = set_unit(actor=alice, name="Line 3", parent=plant)
        Person.objects.filter(pk=world.bob.pk).update(unit=line)
        actions.set_policy(actor=alice, terms=office())
        assert returns_at(world.bob, EVENING) == MONDAY
        early: Week = ((Period(300, 780),),) * 7
        actions.set_policy(actor=alice, terms=office(week=early), unit=plant)
        assert applies_to(world.bob).policy == WorkingTimePolicy.objects.get(unit=plant)
        assert returns_at(world.bob, EVENING) == datetime(2026, 11, 21, 4, tzinfo=UTC)
        night = actions.set_policy(actor=alice, terms=office(week=NIGHT), contract="Night shift")
        actions.assign_contract(actor=alice, person=world.bob, policy=night)
        assert returns_at(world.bob, EVENING) == datetime(2026, 11, 20, 21, tzinfo=UTC)
        actions.choose_own_hours(person=world.bob, week=((Period(23 * 60, 25 * 60),),) * 7)
        assert returns_at(world.bob, EVENING) == datetime(2026, 11, 20, 22, tzinfo=UTC)
        # Chloé belongs to no unit.
        assert returns_at(world.chloe, EVENING) == MONDAY
        actions.remove_policy(actor=alice, policy=night)
        assert applies_to(world.bob).policy == WorkingTimePolicy.objects.get(unit=plant)


def test_own_hours_count_as_far_as_the_policy_lets_them(world: World) -> None:
    with world.bound():
        own: Week = ((Period(600, 1200),),) * 6 + ((),)
        actions.choose_own_hours(person=world.bob, week=own)
        assert applies_to(world.bob).schedule.week == own
        within = actions.set_policy(actor=world.alice, terms=office())
        assert applies_to(world.bob).schedule.week == hours.within(own, OFFICE)
        actions.change_policy(actor=world.alice, policy=within, terms=office(own_hours="no"))
        assert applies_to(world.bob).schedule.week == OFFICE
        actions.change_policy(actor=world.alice, policy=within, terms=office(week=NIGHT))
        actions.choose_own_hours(person=world.bob, week=((Period(720, 780),),) * 7)
        assert applies_to(world.bob).schedule.week == NIGHT, "nothing in common: the policy alone counts"


def test_leave_time_zone_and_no_hours_at_all(world: World) -> None:
    with world.bound():
        actions.set_policy(actor=world.alice, terms=office())
        actions.take_leave(person=world.bob, first_day=date(2026, 11, 20), last_day=date(2026, 11, 29))
        Person.objects.filter(pk=world.dan.pk).update(time_zone="America/New_York")
        nobody = actions.set_policy(actor=world.alice, terms=Terms(week=NOTHING), contract="Sabbatical")
        actions.assign_contract(actor=world.alice, person=world.max, policy=nobody)
        people = [world.bob, world.chloe, world.dan, world.max]
        assert list(leaves_at(people, EVENING).values()) == [
            MONDAY + timedelta(weeks=1),
            MONDAY,
            EVENING,
            NEVER,
        ]


def test_ten_thousand_people_take_as_many_queries_as_one(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with world.bound():
        actions.set_policy(actor=world.alice, terms=office())
        people = list(Person.objects.all())
        with django_assert_num_queries(5):
            found = leaves_at(people, EVENING)
        assert set(found) == {person.id for person in people}


def test_only_administrators_set_policies_and_an_edit_is_in_the_trail(world: World) -> None:
    with world.bound():
        with pytest.raises(Forbidden):
            actions.set_policy(actor=world.bob, terms=office())
        overlapping: Week = ((Period(0, 1500),),) * 7
        for terms in (office(week=overlapping), office(country="XX"), office(region="Bretagne")):
            with pytest.raises(Invalid):
                actions.set_policy(actor=world.alice, terms=terms)
        actions.set_policy(actor=world.alice, terms=office())
        actions.set_policy(actor=world.alice, terms=office(urgent="managers"))
        assert WorkingTimePolicy.objects.count() == 1
        assert AuditRecord.objects.filter(action="worktime.policy_saved").count() == 2


def test_leave_is_not_in_the_trail(world: World) -> None:
    with world.bound():
        before = AuditRecord.objects.count()
        leave = actions.take_leave(person=world.bob, first_day=date(2026, 12, 1), last_day=date(2026, 12, 2))
        actions.cancel_leave(person=world.alice, leave_id=leave.id)
        assert applies_to(world.bob, at=EVENING).schedule.leaves, "nobody cancels somebody else's leave"
        actions.cancel_leave(person=world.bob, leave_id=leave.id)
        assert applies_to(world.bob).is_always
        assert AuditRecord.objects.count() == before


def test_what_is_urgent_says_why_and_counts(world: World) -> None:
    with world.bound():
        policy = actions.set_policy(actor=world.alice, terms=office())
        with pytest.raises(Invalid, match="lets you mark nothing"):
            urgency.mark_urgent(sender=world.bob, about_id=uuid4(), reason="The pump hall is flooding")
        terms = office(urgent="managers", urgent_quota=2)
        actions.change_policy(actor=world.alice, policy=policy, terms=terms)
        with pytest.raises(Invalid, match="lets you mark nothing"):
            urgency.mark_urgent(sender=world.bob, about_id=uuid4(), reason="The pump hall is flooding")
        Person.objects.filter(pk=world.chloe.pk).update(manager=world.bob)
        with pytest.raises(Invalid, match="few words"):
            urgency.mark_urgent(sender=world.bob, about_id=uuid4(), reason="  now  ")
        flood = uuid4()
        for _turn in range(2):
            urgency.mark_urgent(sender=world.bob, about_id=flood, reason="The pump hall is flooding")
        assert urgency.is_urgent(flood) and not urgency.is_urgent(uuid4())
        assert urgency.allowance_of(world.bob) == urgency.Allowance(quota=2, left=1)
        urgency.mark_urgent(sender=world.bob, about_id=uuid4(), reason="The pump hall still is")
        with pytest.raises(Invalid, match="this month"):
            urgency.mark_urgent(sender=world.bob, about_id=uuid4(), reason="The pump hall again and again")
        assert AuditRecord.objects.filter(action="worktime.marked_urgent").count() == 2
        UrgentCall.objects.update(marked_at=EVENING)
        with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC), tick=False):
            assert urgency.allowance_of(world.bob) == urgency.Allowance(quota=2, left=2)


def test_nobody_calls_for_what_somebody_else_wrote(world: World) -> None:
    with world.bound():
        actions.set_policy(actor=world.alice, terms=office(urgent="everybody"))
        about = uuid4()
        urgency.mark_urgent(sender=world.bob, about_id=about, reason="The pump hall is flooding")
        with pytest.raises(Forbidden):
            urgency.mark_urgent(sender=world.chloe, about_id=about, reason="The pump hall is flooding")


def test_the_organizations_time_zone_is_that_of_whoever_chose_none(world: World) -> None:
    Organization.objects.filter(pk=world.organization.pk).update(time_zone="Asia/Tokyo")
    with world.bound():
        actions.set_policy(actor=world.alice, terms=office())
        assert returns_at(world.bob, EVENING) == datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("8:30-12:00, 13:30-18:00", "08:30–12:00, 13:30–18:00"),
        ("13h30 à 18h et 8h-12h", "08:00–12:00, 13:30–18:00"),
        ("22:00 – 6:00", "22:00–06:00"),
        ("0-24", "00:00–24:00"),
        ("8am to 5:30 pm", "08:00–17:30"),
        ("", ""),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, read: str) -> None:
    assert words.write_day(words.read_day(typed)) == read


@pytest.mark.parametrize("typed", ["morning", "8:75-9", "25-26", "8-12-14", "13am-14"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match=typed[:4]):
        words.read_day(typed)


def test_a_week_is_said_in_few_lines() -> None:
    assert words.lines_of(OFFICE) == [("Monday to Friday", "08:30–18:00"), ("Saturday and Sunday", "")]
    assert words.sentence_of(ALWAYS) == "Monday to Sunday 00:00–24:00"
