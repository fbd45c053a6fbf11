"""Lines that wait until later: out of the inbox, its count and every channel, and back by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid
from parvis.foundation.events import record
from parvis.foundation.jobs import enqueue, job
from parvis.notifications.events import InboxChanged
from parvis.notifications.models import Notification
from parvis.people.models import Person
from parvis.worktime import hours
from parvis.worktime.queries import applies_to

EVENING, MORNING = time(18), time(9)
FURTHEST = timedelta(days=366)
# In the hour before the evening, this evening is too near to be meant: it is that hour.
NEAR = timedelta(hours=1)


def awake() -> Q:
    """Return the condition that a line is in the inbox now."""
    return Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=Now())


def moments_for(person: Person) -> list[tuple[str, str, datetime]]:
    """Return when a line can come back, each with its name: in an hour, this evening, tomorrow, next week."""
    now = timezone.localtime()
    evening = _at(now.date(), EVENING)
    monday = now.date() + timedelta(days=7 - now.weekday())
    offered = [("hour", _("In an hour"), now + NEAR)]
    if evening - now > NEAR:
        offered.append(("evening", _("This evening"), evening))
    offered.append(("tomorrow", _("Tomorrow"), _start_of(person, now.date() + timedelta(days=1))))
    if monday > now.date() + timedelta(days=1):
        offered.append(("week", _("Next week"), _start_of(person, monday)))
    return offered


def moment_named(person: Person, name: str, day: str = "") -> datetime:
    """Return the moment that was chosen by name, or the start of a day that was typed."""
    found = {key: at for key, _label, at in moments_for(person)}
    if name in found:
        return found[name]
    try:
        at = _start_of(person, date.fromisoformat(day))
    except (ValueError, OverflowError):
        at = datetime.min.replace(tzinfo=UTC)
    check_moment(at)
    return at


def check_moment(at: datetime) -> None:
    """Refuse what has passed, or is too far."""
    now = timezone.now()
    if not now < at <= now + FURTHEST:
        raise Invalid({"day": [_("Choose a day to come, within a year.")]})


def snooze(*, person: Person, subject: str, until: datetime) -> None:
    """Take a line out of the inbox until then."""
    lines = Notification.objects.filter(person=person, subject=subject)
    with transaction.atomic():
        for line in lines.select_for_update():
            line.snoozed_until = until
            line.save(update_fields=["snoozed_until"])
            enqueue(come_back, at=until, notification_id=line.id)
            _tell(line, reason="")


def bring_back(*, person: Person, subject: str) -> None:
    """Let a line be in the inbox again, as it was."""
    lines = Notification.objects.filter(person=person, subject=subject, snoozed_until__isnull=False)
    with transaction.atomic():
        for line in lines.select_for_update():
            line.snoozed_until = None
            line.save(update_fields=["snoozed_until"])
            _tell(line, reason="")


@job
def come_back(notification_id: str) -> None:
    """Let a line call again at its time, on top; one that was brought back or put off again waits for its own."""
    lines = Notification.objects.filter(pk=UUID(notification_id), snoozed_until__lte=timezone.now())
    line = lines.select_for_update().first()
    if line is None:
        return
    line.snoozed_until, line.read_at, line.happened_at = None, None, timezone.now()
    line.unread_count = max(line.unread_count, 1)
    line.save(update_fields=["snoozed_until", "read_at", "happened_at", "unread_count"])
    _tell(line, reason=line.reason)


def _tell(line: Notification, *, reason: str) -> None:
    record(InboxChanged(actor_id=None, person_ids=(line.person_id,), subject=line.subject, reason=reason))


def _start_of(person: Person, day: date) -> datetime:
    """Return when somebody begins to work on a day or after it; in the morning where no hours are foreseen."""
    begin = _at(day, time(0))
    applying = applies_to(person, at=begin)
    start = hours.next_start(applying.schedule, begin)
    return _at(day, MORNING) if applying.is_always or start == hours.NEVER else start


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
