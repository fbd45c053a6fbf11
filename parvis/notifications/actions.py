"""Notify people, mark what they have read, and keep what they want to hear of."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from datetime import time as hour
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Func, IntegerField, Q, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Forbidden, Invalid, NotFound
from parvis.foundation.events import record
from parvis.foundation.prepared import Statement
from parvis.foundation.tenancy import current_organization_id
from parvis.notifications.events import InboxChanged
from parvis.notifications.models import KindChoice, Notification, SpaceLevel
from parvis.notifications.reasons import ranks
from parvis.notifications.snoozing import awake
from parvis.people import policy as people_policy
from parvis.people.models import Person
from parvis.spaces.models import Space

# Faces that a line can show; the count says how many there were.
ACTORS_KEPT = 5
# What a line counts one by one.
ENTRIES_KEPT = 50
# Windows told by one event.
TOLD_AT_ONCE = 500

# One statement for all recipients, be they two or ten thousand (a query of people, never a list of them).
# A line that was read begins anew; while it is unread, the strongest reason stays, and with it where the line
# leads. Handlers are retried, and may name somebody for several reasons: an entry counts once on a line.
# Ids are UUIDv7, made here: the time in front, then what PostgreSQL draws.
UPSERT = """
    INSERT INTO notifications_notification AS n
        (id, organization_id, person_id, subject, reason, entry_id, space_id, actor_ids, entry_ids,
         unread_count, happened_at, is_urgent)
    SELECT (%(id_prefix)s || substr(gen_random_uuid()::text, 16))::uuid, %(organization)s, r.id, %(subject)s,
           %(reason)s, %(entry)s, %(space)s, %(actors)s::uuid[], %(entries)s::uuid[], 1, %(now)s, %(urgent)s
    FROM (SELECT DISTINCT id FROM ({recipients}) AS p (id)) AS r
    WHERE r.id IS DISTINCT FROM %(actor)s
    ON CONFLICT (person_id, subject) DO UPDATE SET
        reason = CASE WHEN {keeps} THEN n.reason ELSE excluded.reason END,
        entry_id = CASE WHEN {keeps} THEN n.entry_id ELSE excluded.entry_id END,
        actor_ids = CASE WHEN n.read_at IS NULL
            THEN (excluded.actor_ids || array_remove(n.actor_ids, excluded.actor_ids[1]))[1:%(kept)s]
            ELSE excluded.actor_ids END,
        entry_ids = CASE WHEN n.read_at IS NULL
            THEN (excluded.entry_ids || n.entry_ids)[1:%(entries_kept)s] ELSE excluded.entry_ids END,
        unread_count = CASE WHEN n.read_at IS NULL THEN n.unread_count + 1 ELSE 1 END,
        is_urgent = excluded.is_urgent OR (n.is_urgent AND n.read_at IS NULL),
        snoozed_until = CASE WHEN excluded.is_urgent THEN NULL ELSE n.snoozed_until END,
        space_id = excluded.space_id, happened_at = excluded.happened_at, read_at = NULL
    WHERE NOT n.entry_ids && excluded.entry_ids
    RETURNING n.person_id
"""

# `ranks` maps each reason to how strong it is; one that is unknown is the weakest.
KEEPS = """(n.read_at IS NULL AND coalesce((%(ranks)s::jsonb ->> n.reason)::int, 99)
             <= coalesce((%(ranks)s::jsonb ->> excluded.reason)::int, 99))"""

# Reactions: one quiet line for each entry, born read, so that no bell rings; who reacted is read from them.
QUIET = """
    INSERT INTO notifications_notification AS n
        (id, organization_id, person_id, subject, reason, entry_id, actor_ids, entry_ids,
         unread_count, happened_at, read_at)
    SELECT (%(id_prefix)s || substr(gen_random_uuid()::text, 16))::uuid, %(organization)s, r.id, %(subject)s,
           %(reason)s, %(entry)s, '{{}}', '{{}}', 0, %(now)s, %(now)s
    FROM (SELECT DISTINCT id FROM ({recipients}) AS p (id)) AS r
    WHERE r.id IS DISTINCT FROM %(actor)s
    ON CONFLICT (person_id, subject) DO UPDATE SET happened_at = excluded.happened_at
    RETURNING n.person_id
"""


def notify(
    *,
    recipients: Iterable[UUID] | QuerySet[Person] | Statement,
    subject: str,
    reason: str,
    actor_id: UUID | None,
    entry_id: UUID | None = None,
    space_id: UUID | None = None,
    is_quiet: bool = False,
    is_urgent: bool = False,
) -> None:
    """Tell each of these people once, grouped under the subject; never the actor.

    The caller names people who can read what it is about; reading it is checked again whenever it is shown.
    A quiet line is in the inbox, and never unread. What is urgent leaves outside working time, too.
    """
    query, parameters = _as_query(recipients)
    sql = (QUIET if is_quiet else UPSERT).format(recipients=query, keeps=KEEPS)
    parameters |= {
        "id_prefix": _id_prefix(),
        "organization": current_organization_id(),
        "subject": subject,
        "reason": str(reason),
        "entry": entry_id,
        "space": space_id,
        "actor": actor_id,
        "actors": [actor_id] if actor_id else [],
        "entries": [entry_id] if entry_id else [],
        "now": timezone.now(),
        "urgent": is_urgent,
        "kept": ACTORS_KEPT,
        "entries_kept": ENTRIES_KEPT,
        "ranks": _ranks_json(),
    }
    with transaction.atomic(savepoint=False):
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            told = [row[0] for row in cursor.fetchall()]
        if is_quiet:
            tell_windows(told, actor_id=actor_id)
        else:
            tell_windows(told, actor_id=actor_id, subject=subject, reason=str(reason), is_urgent=is_urgent)


def _as_query(recipients: Iterable[UUID] | QuerySet[Person] | Statement) -> tuple[str, dict[str, Any]]:
    """Return who is told as SQL, so that ten thousand people never travel to Python."""
    values: Sequence[Any]
    if isinstance(recipients, Statement):
        sql, values = recipients.sql, recipients.parameters
    elif isinstance(recipients, QuerySet):
        try:
            sql, values = recipients.order_by().values("id").query.sql_with_params()
        except EmptyResultSet:
            return "SELECT NULL::uuid WHERE false", {}
    else:
        return "SELECT unnest(%(people)s::uuid[])", {"people": list(recipients)}
    names = iter(range(len(values)))
    named = re.sub("%%|%s", lambda found: found[0] if found[0] == "%%" else f"%(r{next(names)})s", sql)
    return named, {f"r{place}": value for place, value in enumerate(values)}


def _id_prefix() -> str:
    """Return the first half of a UUIDv7 of this moment."""
    digits = f"{time.time_ns() // 1_000_000:012x}"
    return f"{digits[:8]}-{digits[8:]}-7"


def _ranks_json() -> str:
    return json.dumps(ranks())


def tell_windows(
    person_ids: Sequence[UUID],
    *,
    actor_id: UUID | None,
    subject: str = "",
    reason: str = "",
    is_urgent: bool = False,
) -> None:
    """Let the windows of these people look again; with a reason, something calls for their attention."""
    for start in range(0, len(person_ids), TOLD_AT_ONCE):
        some = tuple(person_ids[start : start + TOLD_AT_ONCE])
        event = InboxChanged(
            actor_id=actor_id, person_ids=some, subject=subject, reason=reason, is_urgent=is_urgent
        )
        record(event)


# Read and unread


def mark_read(*, person: Person, subject: str) -> None:
    """Mark one subject as read, in every window."""
    _mark_read(person, Notification.objects.filter(person=person, subject=subject))


def settle(*, person: Person, subject: str, reason: str) -> None:
    """Mark a line as read that asked for something and has been answered; `reason` is what remains of it."""
    lines = Notification.objects.filter(person=person, subject=subject)
    with transaction.atomic():
        lines.update(reason=str(reason))
        _mark_read(person, lines)


def mark_all_read(*, person: Person, day: date | None = None, space_id: UUID | None = None) -> datetime:
    """Mark everything in the inbox as read, or what last changed on a day, or what is of a space, in every window.

    Return the moment, by which it can be taken back.
    """
    lines = Notification.objects.filter(awake(), person=person)
    if day is not None and day.year in {MINYEAR, MAXYEAR}:
        lines = lines.none()
    elif day is not None:
        # Where a clock is changed, a day is an hour longer or shorter.
        start, end = (
            timezone.make_aware(datetime.combine(one, hour())) for one in (day, day + timedelta(days=1))
        )
        lines = lines.filter(happened_at__gte=start, happened_at__lt=end)
    if space_id is not None:
        lines = lines.filter(Q(space=space_id) | Q(entry__space=space_id))
    return _mark_read(person, lines)


def unmark_all_read(*, person: Person, at: datetime) -> None:
    """Take back what was marked as read at that very moment."""
    _mark_unread(person, Notification.objects.filter(person=person, read_at=at))


def _mark_read(person: Person, lines: QuerySet[Notification]) -> datetime:
    at = timezone.now()
    with transaction.atomic():
        if lines.filter(read_at__isnull=True).update(read_at=at, unread_count=0):
            tell_windows([person.id], actor_id=person.id)
    return at


def mark_unread(*, person: Person, subject: str) -> None:
    """Let a line call for attention again, with what it last told."""
    _mark_unread(person, Notification.objects.filter(person=person, subject=subject, read_at__isnull=False))


def _mark_unread(person: Person, lines: QuerySet[Notification]) -> None:
    known = Func("entry_ids", function="cardinality", output_field=IntegerField())
    with transaction.atomic():
        if lines.update(read_at=None, unread_count=Greatest(known, 1)):
            tell_windows([person.id], actor_id=person.id)


def remove_lines(*, subject: str, person_ids: Sequence[UUID]) -> None:
    """Take a subject out of the inboxes of those who may not know of it any more."""
    if Notification.objects.filter(subject=subject, person__in=person_ids).delete()[0]:
        tell_windows(list(person_ids), actor_id=None)


def withdraw(*, subject: str, reason: str, entry_id: UUID) -> None:
    """Take back what there is nothing more to say of, e.g. a reaction that was the only one."""
    lines = Notification.objects.filter(subject=subject, reason=reason, entry_id=entry_id)
    people = list(lines.values_list("person_id", flat=True))
    lines.delete()
    tell_windows(people, actor_id=None)


def move_lines_from(entry_id: UUID) -> None:
    """Let lines that lead to an entry that is gone lead to the next one that they tell of, if there is one."""
    for line in Notification.objects.select_for_update().filter(entry_id=entry_id):
        left = [other for other in line.entry_ids if other != entry_id]
        if not left or line.reason == Notification.Reason.MENTION:
            # Nothing to lead to: the line is not shown while its entry is not; restored, it is back.
            continue
        line.entry_id, line.entry_ids = left[-1], left
        line.unread_count = max(line.unread_count - 1, 0)
        line.save(update_fields=["entry", "entry_ids", "unread_count"])


# What people want to hear of


def set_space_level(*, person: Person, space: Space, level: str) -> None:
    """Keep how much somebody wants to hear of a space that they read; an empty level: what their choices say."""
    if not Space.objects.readable_by(person).filter(pk=space.pk).exists():
        raise NotFound
    if not level:
        SpaceLevel.objects.filter(person=person, space=space).delete()
        return
    if level not in SpaceLevel.Level.values:
        raise Invalid({"level": [_("Choose one of the levels.")]})
    SpaceLevel.objects.update_or_create(person=person, space=space, defaults={"level": level})


def choose_kind(*, person: Person, kind: str, is_on: bool) -> None:
    """Keep whether somebody wants to hear of a kind of event."""
    _choose(person, kind, is_on)


def forget_kind_choice(*, person: Person, kind: str) -> None:
    """Go back to what is usual in the organization for a kind of event."""
    KindChoice.objects.filter(person=person, kind=kind).delete()


def set_default(*, actor: Person, kind: str, is_on: bool) -> None:
    """Decide what is on for whoever has not chosen, as an administrator."""
    if not people_policy.can(actor, "administer", actor.organization):
        raise Forbidden
    _choose(None, kind, is_on)


def _choose(person: Person | None, kind: str, is_on: bool) -> None:
    if kind not in KindChoice.Kind.values:
        raise Invalid({"kind": [_("There is no such kind of event.")]})
    KindChoice.objects.update_or_create(person=person, kind=kind, defaults={"is_on": is_on})
