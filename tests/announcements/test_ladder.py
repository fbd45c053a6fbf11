"""The ladder of reminders: each step once, within working time, never to who is done or gone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from parvis.announcements import actions
from parvis.announcements.ladder import ladder_in_words
from parvis.announcements.models import Announcement, Recipient, Reminder
from parvis.foundation.jobs import run_pending_jobs
from parvis.people.models import Person
from parvis.spaces.models import Membership
from parvis.worktime import actions as worktime
from parvis.worktime.actions import Terms
from parvis.worktime.hours import Period, Week
from tests.announcements.test_announcements import announce, reasons_of, say
from tests.world import World

pytestmark = pytest.mark.django_db

OFFICE: Week = ((Period(510, 1080),),) * 5 + ((), ())
# A Friday, in Paris, where Atelier is.
FRIDAY = "2026-11-20T10:00+01:00"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def begin(world: World, moment: str, **more: object) -> Announcement:
    """Announce in the lounge at that moment, where everybody works in an office."""
    with time_machine.travel(at(moment), tick=False):
        worktime.set_policy(actor=world.alice, terms=Terms(week=OFFICE))
        return announce(world.alice, world.lounge, **{"reminder_days": [2, 5], **more})


def sweep(moment: str, *, times: int = 2) -> list[str]:
    """Sweep at that moment, more than once; return who was reminded then."""
    before = set(Reminder.objects.values_list("id", flat=True))
    with time_machine.travel(at(moment), tick=False):
        for _time in range(times):
            actions.take_due_steps()
            run_pending_jobs()
    sent = Reminder.objects.exclude(id__in=before).order_by("person__sort_name")
    return [f"{one.person.full_name.split()[0]} {one.kind} {one.step}" for one in sent]


def due(announcement: Announcement, name: str) -> datetime | None:
    row: Recipient = Recipient.objects.get(announcement=announcement, person__full_name__startswith=name)
    return row.next_step_at


def test_reminders_come_after_working_days_at_the_start_of_the_persons_day(world: World) -> None:
    with world.bound():
        announcement = begin(world, FRIDAY)
        # Saturday and Sunday do not count: Monday is the first day, Tuesday the second.
        assert due(announcement, "Bob") == at("2026-11-24T08:30+01:00")
        assert sweep("2026-11-24T08:29+01:00") == []
        assert sweep("2026-11-24T08:30+01:00") == ["Bob reminder 1", "Chloé reminder 1"]
        assert reasons_of(world.bob) == ["ack_reminder"]
        assert sweep("2026-11-26T17:59+01:00") == []
        assert sweep("2026-11-27T09:00+01:00") == ["Bob reminder 2", "Chloé reminder 2"]
        assert sweep("2027-01-15T09:00+01:00") == []


def test_a_turn_that_was_missed_is_made_up_within_working_time(world: World) -> None:
    with world.bound():
        begin(world, FRIDAY)
        # The machine was off for a day and comes back at night.
        assert sweep("2026-11-25T22:00+01:00") == []
        assert sweep("2026-11-26T08:30+01:00") == ["Bob reminder 1", "Chloé reminder 1"]
        # The next one is due, too, but never on the same day.
        assert sweep("2026-11-26T17:00+01:00") == []
        assert sweep("2026-11-27T08:30+01:00") == ["Bob reminder 2", "Chloé reminder 2"]


def test_who_acknowledged_left_or_cannot_read_it_is_not_reminded(world: World) -> None:
    with world.bound():
        announcement = begin(world, FRIDAY)
        say(world.bob, announcement)
        Membership.objects.filter(space=world.lounge, person=world.chloe).delete()
        Person.objects.filter(pk=world.people["chloe"].pk).update(state=Person.State.LEFT)
        assert sweep("2026-11-24T08:30+01:00") == []


def test_leave_moves_a_reminder_and_the_days_of_leave_do_not_count(world: World) -> None:
    with world.bound():
        with time_machine.travel(at(FRIDAY), tick=False):
            worktime.take_leave(person=world.bob, first_day=date(2026, 11, 23), last_day=date(2026, 11, 25))
        announcement = begin(world, FRIDAY)
        assert due(announcement, "Bob") == at("2026-11-27T08:30+01:00")
        assert due(announcement, "Chloé") == at("2026-11-24T08:30+01:00")


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        # Clocks go back on Sunday 25 October 2026, and forward on Sunday 28 March 2027.
        ("2026-10-23T17:00+02:00", "2026-10-27T08:30+01:00"),
        ("2027-03-26T17:00+01:00", "2027-03-30T08:30+02:00"),
    ],
)
def test_half_past_eight_stays_half_past_eight_when_clocks_change(
    world: World, moment: str, first: str
) -> None:
    with world.bound():
        announcement = begin(world, moment)
        assert due(announcement, "Bob") == at(first)
        assert sweep((at(first) - timedelta(minutes=1)).isoformat()) == []
        assert sweep(first) == ["Bob reminder 1", "Chloé reminder 1"]


def test_a_worker_killed_before_its_commit_reminds_once_in_the_end(world: World) -> None:
    class Killed(Exception):
        pass

    def die() -> None:
        with transaction.atomic():
            actions.take_due_steps()
            raise Killed

    with world.bound():
        begin(world, FRIDAY)
        with time_machine.travel(at("2026-11-24T08:30+01:00"), tick=False), pytest.raises(Killed):
            die()
        assert reasons_of(world.bob) == ["to_acknowledge"]
        assert sweep("2026-11-24T08:40+01:00") == ["Bob reminder 1", "Chloé reminder 1"]


def test_the_list_goes_to_the_manager_who_can_read_it_else_to_the_hosts(world: World) -> None:
    with world.bound():
        Person.objects.filter(pk=world.people["bob"].pk).update(manager=world.people["dan"])
        announcement = begin(world, FRIDAY, reminder_days=[2], escalation="managers")
        assert len(ladder_in_words(announcement)) == 3
        sweep("2026-11-24T08:30+01:00")
        assert sweep("2026-11-26T08:30+01:00") == ["Bob list 2", "Chloé list 2"]
        assert reasons_of(world.dan) == ["ack_list"]
        lists = {one.person.full_name: one.sent_to for one in Reminder.objects.filter(kind="list")}
        assert lists["Bob Dupont"] == [world.dan.id]
        assert set(lists["Chloé Élan"]) == {world.alice.id, world.chloe.id}
        assert sweep("2026-12-10T08:30+01:00") == []


def test_an_announcement_that_is_gone_or_over_reminds_nobody(world: World) -> None:
    with world.bound():
        announcement = begin(world, FRIDAY)
        Announcement.objects.filter(pk=announcement.pk).update(ends_at=at("2026-11-23T08:00+01:00"))
        assert sweep("2026-11-24T08:30+01:00") == []
