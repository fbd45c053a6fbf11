"""Tell an audience: who is in it is written down, each is told once of each text that is asked about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from parvis.announcements.actions.planning import plan_steps
from parvis.announcements.audience import audience_of, nobody
from parvis.announcements.events import ProgressChanged
from parvis.announcements.models import NAME, Announcement, Edition, Recipient
from parvis.announcements.queries import current_recipients, fingerprint_of, has_acknowledged
from parvis.announcements.reasons import ANNOUNCED, TO_ACKNOWLEDGE, subject_of
from parvis.content import actions as content
from parvis.content.models import Entry
from parvis.foundation.audit import audit
from parvis.foundation.errors import Invalid
from parvis.foundation.events import record
from parvis.foundation.jobs import enqueue, job
from parvis.notifications.actions import notify, remove_lines
from parvis.people.models import Person
from parvis.spaces.queries import hosts_of, readers_of
from parvis.worktime import urgency

# What one transaction writes: live listeners wait for the oldest one.
PEOPLE_AT_ONCE = 1_000
# Hosts whose windows follow along.
FOLLOWERS_TOLD = 50
USUAL_LIFE = timedelta(days=90)


def open_announcement(entry: Entry, *, actor_id: UUID | None) -> None:
    """Begin with an announcement that has just been published; `Invalid` when it would be for nobody."""
    announcement, is_new = Announcement.objects.select_related("entry__space", "entry__author").get_or_create(
        entry=entry, defaults={"ends_at": timezone.now() + USUAL_LIFE}
    )
    if is_new:
        content.show_part(entry=entry, part=NAME)
    audience = audience_of(announcement)
    if not audience.reached().exists():
        raise Invalid({"audience": [nobody(audience)]})
    announcement.asked_version, announcement.asked_at = entry.version, timezone.now()
    announcement.save(update_fields=["asked_version", "asked_at"])
    edition = keep_edition(entry, editor_id=actor_id)
    audit(
        action="announcements.published",
        actor_id=actor_id,
        target=announcement,
        version=entry.version,
        sha256=edition.sha256 if edition is not None else "",
        asks=announcement.asks,
    )
    spread_soon(announcement)


def keep_edition(entry: Entry, *, editor_id: UUID | None) -> Edition | None:
    """Keep a published text as it is now, with its fingerprint; None for one that has not been published yet."""
    announcement = Announcement.objects.filter(entry=entry, asked_at__isnull=False).first()
    if announcement is None:
        return None
    files = [
        [name, sha256]
        for name, sha256 in entry.attachments.order_by("position").values_list("name", "file__sha256")
    ]
    edition, _is_new = Edition.objects.get_or_create(
        announcement=announcement,
        version=entry.version,
        defaults={
            "title": entry.title,
            "body": entry.body,
            "files": files,
            "sha256": fingerprint_of(entry.title, entry.body, files),
            "editor_id": editor_id,
        },
    )
    found: Edition = edition
    return found


def ask_again(announcement: Announcement, *, actor: Person) -> None:
    """Ask everybody about the text as it is now; what they acknowledged before stays written down."""
    entry = announcement.entry
    again = current_recipients(announcement).filter(has_acknowledged(announcement)).count()
    announcement.asked_version, announcement.asked_at = entry.version, timezone.now()
    announcement.save(update_fields=["asked_version", "asked_at"])
    Edition.objects.filter(announcement=announcement, version=entry.version).update(asks_again=True)
    Recipient.objects.filter(announcement=announcement).update(steps_taken=0, next_step_at=None)
    audit(
        action="announcements.asked_again",
        actor_id=actor.id,
        target=announcement,
        version=entry.version,
        again=again,
    )


def spread_soon(announcement: Announcement, *, replans: bool = False) -> None:
    """Tell whoever is to be told, after the commit."""
    enqueue(spread, announcement_id=announcement.id, replans=replans)


@job
def spread(announcement_id: str, replans: bool = False) -> None:
    """Tell the audience in turns; again after a worker's death, nobody is told twice."""
    announcement = _standing().filter(pk=UUID(announcement_id)).first()
    if announcement is None:
        return
    if replans:
        plan_steps(announcement, list(_waiting(announcement).filter(told_version=announcement.asked_version)))
    if _spread_once(announcement) >= PEOPLE_AT_ONCE:
        enqueue(spread, announcement_id=announcement_id)


def keep_audiences() -> None:
    """Let whoever came later get what is still open, and ask nobody who can no longer read it."""
    for announcement in _standing().filter(ends_at__gt=timezone.now()):
        _follow_readers(announcement)
        if _spread_once(announcement) >= PEOPLE_AT_ONCE:
            enqueue(spread, announcement_id=announcement.id)


def _standing() -> QuerySet[Announcement]:
    published = Entry.State.PUBLISHED
    found: QuerySet[Announcement] = Announcement.objects.filter(
        asked_at__isnull=False, entry__state=published
    )
    return found.select_related("entry__space", "entry__author")


def _waiting(announcement: Announcement) -> QuerySet[Recipient]:
    return (
        current_recipients(announcement)
        .filter(acknowledged_version__lt=announcement.asked_version)
        .select_related("person__organization")
    )


def _spread_once(announcement: Announcement) -> int:
    added = _add_newcomers(announcement) if announcement.is_open else 0
    told = _tell_some(announcement)
    if added or told:
        progress_changed(announcement)
    return max(added, told)


def _add_newcomers(announcement: Announcement) -> int:
    known = Recipient.objects.filter(announcement=announcement, person=OuterRef("pk"))
    people = audience_of(announcement).reached().filter(~Exists(known)).order_by("id")
    rows = list(people.values_list("id", "unit__name")[:PEOPLE_AT_ONCE])
    Recipient.objects.bulk_create(
        [
            Recipient(announcement=announcement, person_id=id, unit_name=unit_name or "")
            for id, unit_name in rows
        ],
        ignore_conflicts=True,
    )
    return len(rows)


def _tell_some(announcement: Announcement) -> int:
    """Tell those who have not heard of the text that is asked about; their rows say that they have."""
    version = announcement.asked_version
    untold = current_recipients(announcement).filter(told_version__lt=version)
    rows = list(
        untold.select_related("person__organization")
        .order_by("id")
        .select_for_update(of=("self",), skip_locked=True)[:PEOPLE_AT_ONCE]
    )
    if not rows:
        return 0
    _take_older_lines_away(announcement, rows)
    notify(
        recipients=[row.person_id for row in rows],
        subject=subject_of(announcement),
        reason=TO_ACKNOWLEDGE if announcement.asks else ANNOUNCED,
        actor_id=announcement.entry.author_id,
        entry_id=announcement.entry_id,
        is_urgent=urgency.is_urgent(announcement.entry_id),
    )
    now = timezone.now()
    for row in rows:
        row.told_version, row.told_at = version, now
    Recipient.objects.filter(id__in=[row.id for row in rows]).update(told_version=version, told_at=now)
    plan_steps(announcement, [row for row in rows if row.acknowledged_version < version])
    return len(rows)


def _take_older_lines_away(announcement: Announcement, rows: Sequence[Recipient]) -> None:
    by_version: dict[int, list[UUID]] = {}
    for row in rows:
        by_version.setdefault(row.told_version, []).append(row.person_id)
    for version, people in by_version.items():
        if version:
            remove_lines(subject=subject_of(announcement, version), person_ids=people)


def _follow_readers(announcement: Announcement) -> None:
    readers = readers_of(announcement.entry.space).values("id")
    here = Recipient.objects.filter(announcement=announcement)
    here.filter(removed_at__isnull=True).exclude(person_id__in=readers).update(
        removed_at=timezone.now(), next_step_at=None
    )
    back = here.filter(removed_at__isnull=False, person_id__in=readers)
    # Who is back and has not acknowledged hears of it again; the steps that were taken stay taken.
    back.filter(acknowledged_version__lt=announcement.asked_version).update(told_version=0)
    back.update(removed_at=None)


def progress_changed(announcement: Announcement, also: Collection[UUID] = ()) -> None:
    """Let the windows of those who follow it look again; never one of those who may not."""
    hosts = hosts_of(announcement.entry.space).values_list("id", flat=True)[:FOLLOWERS_TOLD]
    people = dict.fromkeys([announcement.entry.author_id, *hosts, *also])
    record(ProgressChanged(entry_id=announcement.entry_id, person_ids=tuple(people)))
