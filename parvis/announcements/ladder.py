"""The ladder of reminders: after how many working days, and who gets the list at its end; in words, too."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parvis.announcements.models import Announcement

# What an author chooses from.
RHYTHMS: tuple[tuple[int, ...], ...] = ((), (2, 5), (1, 3, 5), (5, 10))
MOST_STEPS, LATEST_DAY = 5, 60
# The list goes out so many working days after the last reminder, or after the beginning.
LIST_AFTER, LIST_ALONE = 2, 5

Escalation = Announcement.Escalation


def steps_of(announcement: Announcement) -> list[int]:
    """Return after how many working days each step is taken, counted from when somebody was told."""
    if not announcement.asks:
        return []
    days = list(announcement.reminder_days)
    if announcement.escalation != Escalation.NOBODY:
        days.append(days[-1] + LIST_AFTER if days else LIST_ALONE)
    return days


def is_list_step(announcement: Announcement, step: int) -> bool:
    """Tell whether a step, counted from 1, gives the list to somebody else."""
    return announcement.escalation != Escalation.NOBODY and step == len(steps_of(announcement))


def rhythm_in_words(days: tuple[int, ...] | list[int]) -> str:
    """Say when people are reminded."""
    if not days:
        return _("No reminder")
    last = ngettext("%(num)s working day", "%(num)s working days", days[-1]) % {"num": days[-1]}
    if len(days) == 1:
        return _("Reminder after %(days)s") % {"days": last}
    first = ", ".join(str(day) for day in days[:-1])
    return _("Reminders after %(first)s and %(last)s") % {"first": first, "last": last}


def ladder_in_words(announcement: Announcement) -> list[str]:
    """Say what happens to whoever does not acknowledge, step by step."""
    if not announcement.asks:
        return []
    lines = [rhythm_in_words(announcement.reminder_days)]
    if announcement.escalation != Escalation.NOBODY:
        day = steps_of(announcement)[-1]
        days = ngettext("%(num)s working day", "%(num)s working days", day) % {"num": day}
        who = {
            Escalation.MANAGERS: _("After %(days)s, each person's manager gets the list of who is missing"),
            Escalation.HOSTS: _("After %(days)s, the hosts of the space get the list of who is missing"),
        }[Escalation(announcement.escalation)]
        lines.append(who % {"days": days})
    lines.append(
        _("Only within each person's working time, and never to whoever has acknowledged or has left")
    )
    return lines
