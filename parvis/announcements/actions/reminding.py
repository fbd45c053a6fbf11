"""Climb the ladder: each step for each person once, within their working time, never to who is done or gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from django.utils import timezone

from parvis.announcements.actions.planning import plan_steps
from parvis.announcements.ladder import is_list_step
from parvis.announcements.models import Announcement, Recipient, Reminder
from parvis.announcements.reasons import LIST, REMINDER, list_subject_of, subject_of
from parvis.content.models import Entry
from parvis.foundation.jobs import enqueue, job
from parvis.notifications.actions import notify, remove_lines
from parvis.people.models import Person
from parvis.spaces.models import Space
from parvis.spaces.queries import hosts_of, readers_of
from parvis.worktime.queries import leaves_at

STEPS_AT_ONCE = 1_000


def take_due_steps() -> int:
    """Take the steps that are due in the bound organization; return how many people were looked at."""
    due = Recipient.objects.filter(next_step_at__lte=timezone.now()).select_related(
        "person__organization", "person__manager__organization", "announcement__entry__space"
    )
    locked = due.select_for_update(of=("self",), skip_locked=True).order_by("next_step_at", "id")
    rows = sorted(locked[:STEPS_AT_ONCE], key=attrgetter("announcement_id"))
    for _id, some in groupby(rows, key=attrgetter("announcement_id")):
        _take_steps(list(some))
    if len(rows) == STEPS_AT_ONCE:
        enqueue(go_on)
    return len(rows)


@job
def go_on() -> None:
    """Take the steps that one turn left."""
    take_due_steps()


def _take_steps(rows: list[Recipient]) -> None:
    announcement, now = rows[0].announcement, timezone.now()
    concerned = _still_concerned(announcement, rows)
    _put_off([row for row in rows if row not in concerned], dict.fromkeys(_ids(rows)))
    starts = leaves_at([row.person for row in concerned], now)
    here = [row for row in concerned if starts[row.person_id] <= now]
    _put_off([row for row in concerned if row not in here], starts)
    for step, some in groupby(sorted(here, key=attrgetter("steps_taken")), key=attrgetter("steps_taken")):
        take = _give_list if is_list_step(announcement, step + 1) else _remind
        take(announcement, list(some), step + 1)


def _still_concerned(announcement: Announcement, rows: list[Recipient]) -> list[Recipient]:
    stands = announcement.entry.state == Entry.State.PUBLISHED and announcement.is_open and announcement.asks
    if not stands:
        return []
    readers = set(readers_of(announcement.entry.space).filter(id__in=_ids(rows)).values_list("id", flat=True))
    return [
        row
        for row in rows
        if row.acknowledged_version < announcement.asked_version
        and row.removed_at is None
        and row.person_id in readers
    ]


def _put_off(rows: Sequence[Recipient], until: dict[UUID, datetime] | dict[UUID, None]) -> None:
    """Wait until then; None: for good, or until the sweeper of audiences thinks otherwise."""
    for row in rows:
        row.next_step_at = until[row.person_id]
    if rows:
        Recipient.objects.bulk_update(rows, ["next_step_at"], batch_size=1_000)


def _remind(announcement: Announcement, rows: list[Recipient], step: int) -> None:
    people = _ids(rows)
    # The line comes back as a new one, on top: there is never more than one of an announcement.
    remove_lines(subject=subject_of(announcement), person_ids=people)
    notify(
        recipients=people,
        subject=subject_of(announcement),
        reason=REMINDER,
        actor_id=announcement.entry.author_id,
        entry_id=announcement.entry_id,
    )
    _write_down(announcement, rows, step, {row.person_id: [row.person_id] for row in rows})


def _give_list(announcement: Announcement, rows: list[Recipient], step: int) -> None:
    """Tell managers or hosts that people are missing; each within their own working time, too."""
    now, space = timezone.now(), announcement.entry.space
    addressed = _addressees(announcement, rows)
    starts = leaves_at(_each_once(addressed.values()), now)
    ready: dict[UUID, list[UUID]] = {}
    later: dict[UUID, datetime] = {}
    for row in rows:
        people = addressed[row.person_id]
        if present := [person.id for person in people if starts[person.id] <= now]:
            ready[row.person_id] = present
        elif people:
            later[row.person_id] = min(starts[person.id] for person in people)
        else:
            ready[row.person_id] = []
    if told := {id for people in ready.values() for id in people}:
        _notify_of_list(announcement, told, space)
    _put_off([row for row in rows if row.person_id in later], later)
    _write_down(announcement, [row for row in rows if row.person_id in ready], step, ready)


def _addressees(announcement: Announcement, rows: list[Recipient]) -> dict[UUID, list[Person]]:
    space = announcement.entry.space
    hosts = list(hosts_of(space).select_related("organization"))
    if announcement.escalation != Announcement.Escalation.MANAGERS:
        return {row.person_id: hosts for row in rows}
    managers = {row.person_id: row.person.manager for row in rows}
    ids = {manager.id for manager in managers.values() if manager is not None}
    readers = set(readers_of(space).filter(id__in=ids).values_list("id", flat=True))
    return {
        id: [manager] if manager is not None and manager.id in readers else hosts
        for id, manager in managers.items()
    }


def _each_once(lists: Iterable[list[Person]]) -> list[Person]:
    return list({person.id: person for people in lists for person in people}.values())


def _notify_of_list(announcement: Announcement, people: set[UUID], space: Space) -> None:
    notify(
        recipients=list(people),
        subject=list_subject_of(announcement),
        reason=LIST,
        actor_id=None,
        space_id=space.id,
    )


def _write_down(
    announcement: Announcement, rows: list[Recipient], step: int, sent_to: dict[UUID, list[UUID]]
) -> None:
    kind = Reminder.Kind.LIST if is_list_step(announcement, step) else Reminder.Kind.REMINDER
    Reminder.objects.bulk_create(
        Reminder(
            announcement=announcement,
            person_id=row.person_id,
            version=announcement.asked_version,
            step=step,
            kind=kind,
            sent_to=sent_to[row.person_id],
        )
        for row in rows
    )
    Recipient.objects.filter(id__in=[row.id for row in rows]).update(steps_taken=step)
    for row in rows:
        row.steps_taken = step
    plan_steps(announcement, rows)


def _ids(rows: Iterable[Recipient]) -> list[UUID]:
    return [row.person_id for row in rows]
