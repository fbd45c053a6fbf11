"""The announcements of the demo: a safety rule for two plants, a policy for two offices; most have acknowledged."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from parvis.announcements import actions
from parvis.announcements.actions import Wording
from parvis.announcements.actions.planning import plan_steps
from parvis.announcements.audience import Group, audience_of
from parvis.announcements.models import Acknowledgement, Announcement, Edition, Recipient, Reminder
from parvis.announcements.queries import question_of
from parvis.announcements.reasons import TO_ACKNOWLEDGE, subject_of
from parvis.content.models import Entry
from parvis.demo.newsroom import moment_before
from parvis.demo.reading import WORLD
from parvis.demo.walls import id_at
from parvis.notifications.models import Notification
from parvis.people.models import Person, Unit
from parvis.spaces.models import Space

FILE = WORLD / "announcements.toml"
CHANNELS = ("feed", "page", "inbox", "inbox", "mail")


def put_up(
    people: dict[str, Person], spaces: dict[str, Space], *, now: datetime, ringing: Collection[str]
) -> None:
    """Announce as the authors would have; those who sign in find it behind their bells."""
    administrator = next(person for person in people.values() if person.is_administrator)
    for notice in tomllib.loads(FILE.read_text(encoding="utf-8"))["announcement"]:
        author, moment = people[notice["author"]], moment_before(notice, now)
        actions.grant(actor=administrator, person=author)
        announcement = _write(notice, author, spaces["everyone"], moment, now=now)
        waiting = {people[key].id for key in notice["waits"]}
        rows = _hand_out(announcement, notice, waiting, moment, now=now)
        _remind(announcement, [row for row in rows if not row.acknowledged_version], now=now)
        reached = {row.person_id for row in rows if not row.acknowledged_version}
        _ring(announcement, [people[key] for key in ringing if people[key].id in reached], moment)


def _write(
    notice: dict[str, Any], author: Person, space: Space, moment: datetime, *, now: datetime
) -> Announcement:
    units = Unit.objects.filter(name__in=notice["units"]).order_by("name")
    entry = actions.begin_announcement(
        author=author,
        space=space,
        wording=Wording(
            title=notice["title"],
            body=notice["body"].strip(),
            is_for_the_space=False,
            groups=[Group(unit_id=unit.id) for unit in units],
            question_en=notice.get("question_en", ""),
            question_fr=notice.get("question_fr", ""),
            deadline=moment + timedelta(days=notice["deadline_days"]),
            ends_at=now + timedelta(days=90),
            reminder_days=notice["reminders"],
            escalation=notice["escalation"],
        ),
        id=id_at(moment),
    )
    dates = dict.fromkeys(("published_at", "activity_at", "created_at"), moment)
    Entry.objects.filter(pk=entry.pk).update(state=Entry.State.PUBLISHED, **dates)
    Announcement.objects.filter(entry=entry).update(asked_version=entry.version, asked_at=moment)
    entry.refresh_from_db()
    actions.keep_edition(entry, editor_id=author.id)
    Edition.objects.filter(announcement__entry=entry).update(published_at=moment)
    found: Announcement = Announcement.objects.select_related("entry__space", "entry__author").get(
        entry=entry
    )
    return found


def _hand_out(
    announcement: Announcement,
    notice: dict[str, Any],
    waiting: Collection[Any],
    moment: datetime,
    *,
    now: datetime,
) -> list[Recipient]:
    """Write down who got it, and who has said what when: the same people each time."""
    edition = Edition.objects.get(announcement=announcement)
    rows, said = [], []
    reached = audience_of(announcement).reached().select_related("unit", "organization")
    for person in reached.order_by("sort_name"):
        dice = zlib.crc32(person.full_name.encode())
        row = Recipient(
            announcement=announcement,
            person=person,
            unit_name=person.unit_name,
            added_at=moment,
            told_version=edition.version,
            told_at=moment,
        )
        at = moment + timedelta(minutes=9 + dice % 2800)
        if dice % 100 < notice["share"] and person.id not in waiting and at < now:
            row.acknowledged_version, row.acknowledged_at = edition.version, at
            row.channel = CHANNELS[dice % len(CHANNELS)]
            said.append(_said(announcement, edition, row))
        rows.append(row)
    Recipient.objects.bulk_create(rows)
    Acknowledgement.objects.bulk_create(said)
    return rows


def _said(announcement: Announcement, edition: Edition, row: Recipient) -> Acknowledgement:
    assert row.acknowledged_at is not None
    return Acknowledgement(
        announcement=announcement,
        person=row.person,
        version=edition.version,
        sha256=edition.sha256,
        question=question_of(announcement, row.person.language),
        channel=row.channel,
        acknowledged_at=row.acknowledged_at,
    )


def _remind(announcement: Announcement, rows: list[Recipient], *, now: datetime) -> None:
    """Let the first reminder have gone where its day has come."""
    plan_steps(announcement, rows)
    reminded = [row for row in rows if row.next_step_at is not None and row.next_step_at < now]
    Reminder.objects.bulk_create(
        Reminder(
            announcement=announcement,
            person=row.person,
            version=announcement.asked_version,
            step=1,
            kind=Reminder.Kind.REMINDER,
            sent_to=[row.person_id],
            sent_at=row.next_step_at or now,
        )
        for row in reminded
    )
    Recipient.objects.filter(id__in=[row.id for row in reminded]).update(steps_taken=1)
    for row in reminded:
        row.steps_taken = 1
    plan_steps(announcement, reminded)


def _ring(announcement: Announcement, people: list[Person], moment: datetime) -> None:
    Notification.objects.bulk_create(
        Notification(
            person=person,
            subject=subject_of(announcement),
            reason=TO_ACKNOWLEDGE,
            entry=announcement.entry,
            actor_ids=[announcement.entry.author_id],
            entry_ids=[announcement.entry_id],
            happened_at=moment,
        )
        for person in people
    )
