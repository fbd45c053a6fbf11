"""Whatever happens, in whatever order, on whatever night: nothing leaves outside working time, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from parvis.delivery.channels import Channel, one_by_one, register, unregister
from parvis.delivery.models import Choice, Turn
from parvis.delivery.tasks import ask_for_due_turns
from parvis.foundation.jobs import run_pending_jobs
from parvis.notifications.actions import mark_all_read, notify
from parvis.notifications.models import Notification
from parvis.notifications.queries import InboxLine
from parvis.people.actions import update_profile
from parvis.people.models import Person
from parvis.worktime import actions
from parvis.worktime.actions import Terms
from parvis.worktime.hours import Period, Week
from parvis.worktime.models import Leave, WorkingTimePolicy
from parvis.worktime.queries import is_off
from tests.world import World

pytestmark = pytest.mark.django_db

NAMES = ("bob", "chloe")
OFFICE: Week = ((Period(510, 1080),),) * 5 + ((), ())
NIGHT: Week = ((Period(22 * 60, 30 * 60),),) * 7
SMALL_HOURS: Week = ((Period(90, 150), Period(170, 200)),) * 7
NOTHING: Week = ((),) * 7
WEEKS = st.sampled_from([OFFICE, NIGHT, SMALL_HOURS, NOTHING])
PEOPLE = st.sampled_from(NAMES)
# Evenings before clocks change, in Europe and in America, and a long holiday.
STARTS = st.sampled_from(["2026-03-28T17:00", "2026-10-24T17:00", "2026-11-01T04:00", "2026-12-24T16:30"])
STEPS = st.one_of(
    st.tuples(st.just("notify"), PEOPLE, st.booleans()),
    st.tuples(st.just("notify"), PEOPLE, st.just(False)),
    st.tuples(st.just("pass"), st.integers(5, 1200), st.none()),
    st.tuples(st.just("pass"), st.integers(30, 600), st.none()),
    st.tuples(st.just("policy"), WEEKS, st.sampled_from(["", "FR"])),
    st.tuples(st.just("unpolicy"), st.none(), st.none()),
    st.tuples(st.just("own"), PEOPLE, WEEKS),
    st.tuples(st.just("leave"), PEOPLE, st.integers(0, 5)),
    st.tuples(st.just("return"), PEOPLE, st.none()),
    st.tuples(st.just("zone"), PEOPLE, st.sampled_from(["America/Havana", "Asia/Kolkata", "Europe/Paris"])),
    st.tuples(st.just("read"), PEOPLE, st.none()),
)


class Recorder:
    """A channel that notes what left when, and whether its reader was off at that moment."""

    def __init__(self) -> None:
        self.told: dict[tuple[UUID, str], list[datetime]] = {}
        self.outside: list[str] = []

    def write(self, person: Person, lines: list[InboxLine]) -> Callable[[], None]:
        rows = [line.notification for line in lines]
        if is_off(person) and not all(row.is_urgent for row in rows):
            self.outside.append(f"{person.full_name} at {timezone.now()}")

        def carry() -> None:
            for row in rows:
                self.told.setdefault((row.person_id, row.subject), []).append(row.happened_at)

        return carry


@contextmanager
def recording() -> Iterator[Recorder]:
    """Register the channel, and undo all that happens meanwhile."""
    kept = Recorder()
    register(
        Channel(
            name="recorder",
            label="Recorder",
            delay=timedelta(),
            reaches=lambda people: people,
            write=one_by_one(kept.write),
            at_first={Choice.Kind.MENTION: Choice.When.NOW},
        )
    )
    try:
        with transaction.atomic():
            yield kept
            transaction.set_rollback(True)
    finally:
        unregister("recorder")


class Story:
    """What happens to a few people, and the sweeper that comes by."""

    def __init__(self, world: World, clock: time_machine.Traveller) -> None:
        self.world, self.clock, self.number = world, clock, 0

    def do(self, deed: str, what: object, how: object) -> None:
        with self.world.bound():
            getattr(self, f"_{deed}")(what, how)
        self.sweep()

    def sweep(self) -> None:
        with self.world.bound():
            ask_for_due_turns()
        run_pending_jobs()

    def _notify(self, name: str, is_urgent: bool) -> None:
        self.number += 1
        notify(
            recipients=[self.world.people[name].id],
            subject=f"story:{self.number % 5}",
            reason=Notification.Reason.MENTION,
            actor_id=self.world.people["alice"].id,
            is_urgent=is_urgent,
        )

    def _pass(self, minutes: int, _how: None) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    def _policy(self, week: Week, country: str) -> None:
        terms = Terms(week=week, country=country, own_hours=WorkingTimePolicy.OwnHours.FREE)
        actions.set_policy(actor=self.world.alice, terms=terms)

    def _unpolicy(self, _what: None, _how: None) -> None:
        for policy in WorkingTimePolicy.objects.all():
            actions.remove_policy(actor=self.world.alice, policy=policy)

    def _own(self, name: str, week: Week) -> None:
        actions.choose_own_hours(person=self.world.people[name], week=week)

    def _leave(self, name: str, days: int) -> None:
        first = timezone.now().date() + timedelta(days=days % 2)
        person = self.world.people[name]
        actions.take_leave(person=person, first_day=first, last_day=first + timedelta(days=days))

    def _return(self, name: str, _how: None) -> None:
        person = self.world.people[name]
        for leave in Leave.objects.filter(person=person):
            actions.cancel_leave(person=person, leave_id=leave.id)

    def _zone(self, name: str, zone: str) -> None:
        person = getattr(self.world, name)
        update_profile(actor=person, person=person, time_zone=zone)

    def _read(self, name: str, _how: None) -> None:
        mark_all_read(person=self.world.people[name])

    def settle(self) -> None:
        """Everybody gets hours again, leave ends, days go by."""
        for name in NAMES:
            self.do("own", name, None)
            self.do("return", name, None)
        self.do("policy", OFFICE, "")
        for _quarter in range(16):
            self.do("pass", 360, None)


@settings(
    max_examples=8,
    # Without shrinking: a story that fails is short, and making it shorter takes minutes.
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(STARTS, st.lists(STEPS, min_size=6, max_size=18))
def test_nothing_leaves_outside_working_time_and_nothing_is_lost(
    world: World, start: str, steps: list[tuple[str, object, object]]
) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    with time_machine.travel(at, tick=False) as clock, recording() as kept:
        run_pending_jobs()
        story = Story(world, clock)
        for step in steps:
            story.do(*step)
        story.settle()
        assert kept.outside == []
        with world.bound():
            people = [world.people[name].id for name in NAMES]
            unread = Notification.objects.filter(
                person__in=people, read_at=None, subject__startswith="story:"
            )
            for row in unread:
                assert row.happened_at in kept.told.get((row.person_id, row.subject), []), "lost"
            assert not Turn.objects.filter(person__in=people, channel="recorder").exists()
        for (_person, subject), times in kept.told.items():
            assert len(times) == len(set(times)), f"{subject} was told twice"


def test_what_waited_for_a_policy_without_hours_leaves_when_it_has_some(world: World) -> None:
    friday = datetime(2026, 11, 20, 9, tzinfo=UTC)
    with time_machine.travel(friday, tick=False) as clock, recording() as kept:
        run_pending_jobs()
        story = Story(world, clock)
        story.do("policy", NOTHING, "")
        for _line in range(3):
            story.do("notify", "bob", False)
            story.do("pass", 60 * 24, None)
        assert kept.told == {}
        story.do("policy", NIGHT, "")
        story.do("pass", 60 * 13, None)
        assert {subject for _person, subject in kept.told} == {"story:1", "story:2", "story:3"}
        assert kept.outside == [] and date(2026, 11, 23) == timezone.now().date()
