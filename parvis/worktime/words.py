"""Weeks as people write and read them: “08:30–12:00, 13:30–18:00”, “Monday to Friday”."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import groupby

from babel.dates import format_date, get_day_names
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.foundation.errors import Invalid
from parvis.foundation.ui.formats import short_time, viewer_locale
from parvis.worktime.holidays import region_name
from parvis.worktime.hours import DAY, Day, Period, Week, is_well_formed

# 8, 8h, 8:30, 8h30, 08.30, 8:30 am; “24:00” is the end of a day.
_CLOCK = r"(\d{1,2})\s*(?:[:h.]\s*(\d{2})?)?\s*(am|pm)?"
_PERIOD = re.compile(rf"\s*{_CLOCK}\s*(?:-|–|—|to|à|a)\s*{_CLOCK}\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;/+\n]|\s(?:and|et)\s")
DAY_TEXT_LENGTH = 120


def day_names() -> list[str]:
    """Return the days from Monday on, in the reader's language."""
    names = get_day_names("wide", context="stand-alone", locale=viewer_locale())
    return [names[number][:1].upper() + names[number][1:] for number in range(7)]


def read_day(text: str) -> Day:
    """Return the periods that somebody typed; `Invalid` says which part is not understood."""
    periods = [_read_period(part) for part in _BETWEEN.split(text) if part.strip()]
    return tuple(sorted(periods))


def _read_period(text: str) -> Period:
    found = _PERIOD.fullmatch(text)
    start, end = (_minute(*found.groups()[:3]), _minute(*found.groups()[3:])) if found else (-1, -1)
    if not 0 <= start < DAY or not 0 <= end <= DAY:
        raise Invalid(
            {"": [_("“%(text)s” is no period of time. Write it like 08:30–12:00.") % {"text": text.strip()}]}
        )
    # Until earlier than it began, or as late: until the next day.
    return Period(start, end if end > start else end + DAY)


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if half and (not 1 <= hours <= 12):
        return -1
    if half:
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    return hours * 60 + minutes if minutes < 60 else -1


def check_week(week: Week) -> Week:
    """Return the week if no two periods overlap; `Invalid` otherwise."""
    if not is_well_formed(week):
        raise Invalid(
            {"": [_("Two periods overlap. One that goes past midnight reaches into the next day.")]}
        )
    return week


def write_day(day: Day) -> str:
    """Return the periods as one types them."""
    return ", ".join(f"{_clock(period.start)}–{_clock(period.end)}" for period in day)


def _clock(minute: int) -> str:
    shown = minute if minute <= DAY else minute - DAY
    return f"{shown // 60:02}:{shown % 60:02}"


def lines_of(week: Week) -> list[tuple[str, str]]:
    """Return a week as few lines: days that are alike in a row are said together, free days too."""
    names, lines = day_names(), []
    for day, group in groupby(range(7), key=lambda number: week[number]):
        numbers = list(group)
        lines.append((_days(names[numbers[0]], names[numbers[-1]], len(numbers)), write_day(day)))
    return lines


def _days(first: str, last: str, count: int) -> str:
    if count == 1:
        return first
    text = _("%(first)s and %(last)s") if count == 2 else _("%(first)s to %(last)s")
    return text % {"first": first, "last": last.lower() if viewer_locale().language == "fr" else last}


def sentence_of(week: Week) -> str:
    """Return a week in one line."""
    shown = [f"{days} {hours}" for days, hours in lines_of(week) if hours]
    return "; ".join(shown) or _("no hours at all")


def moment_of(at: datetime, *, now: datetime | None = None) -> str:
    """Return when something arrives, as one says it: “tomorrow at 08:30”, “on Monday at 08:30”."""
    here, today = timezone.localtime(at), timezone.localtime(now).date()
    days, told = (here.date() - today).days, {"time": short_time(at)}
    if days == 0:
        return _("today at %(time)s") % told
    if days == 1:
        return _("tomorrow at %(time)s") % told
    if 1 < days < 7:
        return _("on %(day)s at %(time)s") % {
            **told,
            "day": format_date(here, "EEEE", locale=viewer_locale()),
        }
    return _("on %(date)s at %(time)s") % {
        **told,
        "date": format_date(here, "d MMMM", locale=viewer_locale()),
    }


def place_of(country: str, region: str = "") -> str:
    """Return the name of a country, with its part if one is meant, in the reader's language."""
    name = viewer_locale().territories.get(country, country)
    return f"{name}, {region_name(country, region)}" if region else name
