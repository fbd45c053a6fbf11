"""The rules of time, without a database: a week of periods in a zone, less holidays and leave.

A period belongs to the day on which it begins: a night shift that begins before a holiday is worked to its end, and
one that would begin on it is off whole. Where clocks change, a time that comes twice means its first coming, and a
time that never comes means the moment at which the clock jumps. So periods never overlap because of it, none is
longer or shorter than what the clock on the wall says, and every instant has one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from parvis.worktime.holidays import holidays_in

DAY = 24 * 60
WEEK = 7 * DAY
# Whoever has no hours at all is reached when that changes, and not before.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
# Without an hour in so many days after the last leave there is none: every week and every holiday has come.
DAYS_AHEAD = 400
_A_DAY = timedelta(days=1)
# What can be asked: a few days stay before and after it for zones and nights.
_FIRST, _LAST = date(1900, 1, 1), date(9990, 1, 1)


class Period(NamedTuple):
    """From one minute of a day to another; the end may lie in the next day."""

    start: int
    end: int


Day = tuple[Period, ...]
Week = tuple[Day, ...]


class Leave(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Schedule:
    """All that decides when somebody works."""

    week: Week
    time_zone: str
    country: str = ""
    region: str = ""
    leaves: tuple[Leave, ...] = ()


def is_open(schedule: Schedule, at: datetime) -> bool:
    """Tell whether this instant lies in working time."""
    return any(start <= at < end for start, end in _periods_from(schedule, _day_of(schedule, at), days=4))


def next_start(schedule: Schedule, at: datetime) -> datetime:
    """Return the instant itself in working time, else when that begins next; `NEVER` where it never does."""
    if is_open(schedule, at):
        return at
    for start, _end in _periods_from(schedule, _day_of(schedule, at), days=DAYS_AHEAD):
        if start > at:
            return start
    return NEVER


def next_end(schedule: Schedule, at: datetime) -> datetime | None:
    """Return when the working time ends in which this instant lies; None outside."""
    ends = [end for start, end in _periods_from(schedule, _day_of(schedule, at), days=4) if start <= at < end]
    return max(ends, default=None)


def _day_of(schedule: Schedule, at: datetime) -> date:
    """Return the first day whose periods can matter: a night is one day back, a clock that is put back another."""
    day = max(_FIRST, min(_LAST, at.astimezone(UTC).date()))
    return day - 3 * _A_DAY


def _periods_from(schedule: Schedule, day: date, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Return periods in the order of time, for so many days beyond the one asked for; leave does not count as days."""
    if not any(schedule.week):
        return
    zone, last = ZoneInfo(schedule.time_zone), day + timedelta(days=days + 3)
    while day <= last:
        leave = _leave_on(schedule, day)
        if leave is not None:
            after = min(leave.last, _LAST - _A_DAY) + _A_DAY
            if after == _LAST:
                return
            last, day = last + (after - day), after
            continue
        yield from _periods_of(schedule, day, zone)
        day += _A_DAY


def _leave_on(schedule: Schedule, day: date) -> Leave | None:
    return next((leave for leave in schedule.leaves if leave.first <= day <= leave.last), None)


def _periods_of(schedule: Schedule, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    periods = schedule.week[day.weekday()]
    if not periods or is_holiday(schedule.country, schedule.region, day):
        return
    for period in periods:
        start, end = (_instant(day, minute, zone) for minute in period)
        # A period that the clock jumps over does not happen.
        if start < end:
            yield start, end


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return when the clock on the wall first says so, or what is later."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    instant = wall.replace(tzinfo=zone).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # It never says so: the offsets before and after the jump lead to either side of it.
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _jump_between(min(instant, after), max(instant, after), zone)


def _jump_between(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def is_holiday(country: str, region: str, day: date) -> bool:
    """Tell whether nobody works on that day, by the law of a country or of a part of it."""
    return bool(country) and day in holidays_in(country, region, day.year)


# Weeks


def is_well_formed(week: Week) -> bool:
    """Tell whether a week has seven days whose periods end after they begin and never overlap, also over midnight."""
    if len(week) != 7:
        return False
    spans = list(_spans(week))
    if any(not 0 <= period.start < period.end <= period.start + DAY for day in week for period in day):
        return False
    if any(period.start >= DAY for day in week for period in day):
        return False
    spans.extend((start + WEEK, end + WEEK) for start, end in spans[:1])
    return all(end <= start for (_start, end), (start, _end) in pairwise(spans))


def within(narrow: Week, wide: Week) -> Week:
    """Return what lies in both weeks, e.g. somebody's own hours within what a policy allows."""
    days: list[list[Period]] = [[] for _day in range(7)]
    outer = [(start + turn * WEEK, end + turn * WEEK) for turn in (-1, 0, 1) for start, end in _spans(wide)]
    for start, end in _spans(narrow):
        for allowed_start, allowed_end in outer:
            first, last = max(start, allowed_start), min(end, allowed_end)
            if first < last:
                day = first // DAY % 7
                days[day].append(Period(first % DAY, first % DAY + last - first))
    return tuple(tuple(sorted(day)) for day in days)


def minutes_of(week: Week) -> int:
    """Return how long a week is worked."""
    return sum(period.end - period.start for day in week for period in day)


def _spans(week: Week) -> Iterator[tuple[int, int]]:
    """Return the periods as minutes since Monday."""
    for number, day in enumerate(week):
        for period in day:
            yield number * DAY + period.start, number * DAY + period.end


def week_from(days: Iterable[Iterable[Iterable[int]]]) -> Week:
    """Return a week as it is kept: lists of lists of two minutes."""
    return tuple(tuple(sorted(Period(*period) for period in day)) for day in days)


def as_lists(week: Week) -> list[list[list[int]]]:
    """Return a week as it is kept."""
    return [[list(period) for period in day] for day in week]
