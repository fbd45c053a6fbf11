"""When a post may be sent later: suggestions in the writer's own time zone, right across the change of clocks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.ui.formats import short_time

MORNING, AFTERNOON, NOON = time(9), time(14), 12
LOCAL = "%Y-%m-%dT%H:%M"


def later_extra(*, publish_at: datetime | None = None, now: datetime | None = None) -> dict[str, Any]:
    """Return the composer's fields for an hour; times are local, so that nine o'clock stays nine o'clock."""
    here = timezone.localtime(now)
    values = {
        "choices": later_choices(here),
        "zone": timezone.get_current_timezone_name(),
        "publish_at": local_time(publish_at),
    }
    return {"template": "content/later.html", "offers": values}


def local_time(moment: datetime | None) -> str:
    """Return a moment as a browser writes it, in the writer's time zone; empty for none."""
    return timezone.localtime(moment).strftime(LOCAL) if moment else ""


def later_choices(here: datetime) -> list[tuple[str, str]]:
    """Return a few moments that people mean by later, as a browser writes them, with their names."""
    today, tomorrow = here.date(), here.date() + timedelta(days=1)
    monday = today + timedelta(days=7 - today.weekday())
    choices = [_choice(tomorrow, MORNING, _("Tomorrow at %(time)s"))]
    if here.hour < NOON:
        choices.insert(0, _choice(today, AFTERNOON, _("Today at %(time)s")))
    if monday != tomorrow:
        choices.append(_choice(monday, MORNING, _("Monday at %(time)s")))
    return choices


def _choice(day: date, hour: time, label: str) -> tuple[str, str]:
    moment = datetime.combine(day, hour)
    return moment.strftime(LOCAL), label % {"time": short_time(timezone.make_aware(moment))}
